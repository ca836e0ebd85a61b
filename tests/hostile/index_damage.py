# SPDX-License-Identifier: GPL-3.0-or-later
"""What becomes of an index that was damaged, or that somebody forged.

Makes an index of a sample leak and damages copies of it: one bit, 64 random bytes, a cut, a page of
zeros, one byte of a page's header, one byte of the two meta pages. Each copy is tried twice: as it
is, and with the checksums of its seal made to fit, as a forger would. Then the programs are to read
it: no signal, no hang, no more memory than allowed, no name that could drive a terminal; of a copy
that was not forged, no byte that differs from the original's. Some copies are mounted and read by
find and cat.

Usage: index_damage.py [--trials N] [--seed N] [--mounts N] [--memory MIB] [--kind KIND], with
mkleakfs, lsleakfs, leakfs and mkleaksample in PATH, and xxhsum. Of each kind N trials are made;
the full run, which takes an hour or two, is

    tests/hostile/index_damage.py --trials 1500 --mounts 50

Status 1 if a trial fails; the index of a failed trial is kept, and the line says where.
"""
import argparse
import collections
import os
import random
import resource
import shutil
import struct
import subprocess
import sys
import tempfile
import threading
import time

PAGE = 4096
SECONDS_MAX = 60
KINDS = ("bit", "bytes", "cut", "zeros", "header", "meta")


def tables_length(data):
    return struct.unpack_from(">Q", data, len(data) - PAGE + 24)[0]


def damage(data, kind, chance):
    """A damaged copy."""
    out = bytearray(data)
    pages = tables_length(data) // PAGE
    if kind == "bit":
        out[chance.randrange(len(out))] ^= 1 << chance.randrange(8)
    elif kind == "bytes":
        at = chance.randrange(len(out) - 64)
        out[at:at + 64] = chance.randbytes(64)
    elif kind == "cut":
        # A forger moves the seal to the new end.
        keep = chance.randrange(len(out) - PAGE)
        return out[:keep]
    elif kind == "zeros":
        page = chance.randrange(len(out) // PAGE) * PAGE
        out[page:page + PAGE] = bytes(PAGE)
    elif kind == "header":
        out[chance.randrange(pages) * PAGE + chance.randrange(64)] = chance.randrange(256)
    elif kind == "meta":
        out[chance.randrange(2) * PAGE + chance.randrange(16 + 136)] = chance.randrange(256)
    return out


def xxh3(data):
    line = subprocess.run(["xxhsum", "-H2", "-"], input=bytes(data), stdout=subprocess.PIPE,
                          check=True).stdout
    return bytes.fromhex(line.split()[0].decode().removeprefix("XXH128_"))


def forge(data, original):
    """The same with a seal that fits: tables, heap, and the checksums over them."""
    seal = bytearray(original[-PAGE:])
    body = data[:-PAGE] if len(data) == len(original) else data[:len(data) // PAGE * PAGE]
    tables = min(tables_length(original), len(body))
    struct.pack_into(">QQ", seal, 24, tables, len(body) - tables)
    seal[40:56] = xxh3(body[:tables])
    seal[88:104] = xxh3(seal[:88])
    return bytes(body) + bytes(seal)


Outcome = collections.namedtuple("Outcome", "status output text seconds memory")


def run(command):
    """Runs a command; its memory is in MiB."""
    started = time.monotonic()
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=errors)
        timer = threading.Timer(SECONDS_MAX, process.kill)
        timer.start()
        _, status, usage = os.wait4(process.pid, 0)
        timer.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        errors.seek(0)
        return Outcome(process.returncode, output.read(), errors.read(),
                       time.monotonic() - started, usage.ru_maxrss >> 10)


def is_safe(name):
    try:
        text = name.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return 0 < len(name) <= 255 and "/" not in text and all(
        ord(c) >= 32 and not 127 <= ord(c) < 160 for c in text)


class Trials:
    def __init__(self, folder, args):
        self.folder = folder
        self.args = args
        self.failures = 0
        self.outcomes = collections.Counter()
        self.leak = os.path.join(folder, "leak.zip")
        self.index = self.leak + ".leakidx"
        subprocess.run(["mkleaksample", "--scale", "0.002", "--attachment-bytes", "300K",
                        self.leak], check=True)
        subprocess.run(["mkleakfs", "--keys", self.leak + ".keys", self.leak], check=True,
                       stderr=subprocess.DEVNULL)
        with open(self.index, "rb") as file:
            self.original = file.read()
        self.names = run(["lsleakfs", "-R", self.index]).output
        self.files = self.some_files(args.seed)
        self.contents = {name: run(["lsleakfs", "--cat", self.index, name]).output
                         for name in self.files}

    def some_files(self, seed):
        """One of every kind."""
        chance = random.Random(seed)
        folders = ("by-date", "by-sender", "by-status", "eml/by-id", "attachments/by-type",
                   "archive", "evidence", "catalog")
        names = run(["lsleakfs", "-Rl", self.index]).output.decode().splitlines()
        files = [name.split("Z ", 1)[1] for name in names if not name.startswith("d")]
        return [chance.choice([name for name in files if name.startswith(folder + "/")])
                for folder in folders]

    def fail(self, label, what, path):
        self.failures += 1
        kept = os.path.join(tempfile.gettempdir(), f"index_damage.{label}.leakidx")
        shutil.copy(path, kept)
        print(f"{label}: {what}; the index is {kept}", flush=True)

    def judge(self, label, path, command, statuses):
        """Runs it; the outcome if it is one of those that may be."""
        outcome = run(command)
        words = " ".join(command[:2])
        self.outcomes[(command[0], outcome.status)] += 1
        if outcome.status not in statuses:
            self.fail(label, f"{words}: status {outcome.status}: {outcome.text[-600:]!r}", path)
            return None
        if outcome.seconds > SECONDS_MAX / 2:
            self.fail(label, f"{words}: {outcome.seconds:.0f} s", path)
        if self.args.memory and outcome.memory > self.args.memory:
            self.fail(label, f"{words}: {outcome.memory} MiB", path)
        if outcome.status != 0 and not outcome.text.startswith(command[0].encode() + b": "):
            self.fail(label, f"{words}: no message: {outcome.text[-600:]!r}", path)
        return outcome

    def read(self, label, path, is_forged):
        archive = ["--archive", self.leak]
        outcome = self.judge(label, path, ["lsleakfs", "-R", *archive, path], (0, 3))
        if outcome is not None:
            if not all(is_safe(part) for name in outcome.output.splitlines()
                       for part in name.split(b"/")):
                self.fail(label, f"a name: {outcome.output!r}", path)
            is_right = self.names.startswith(outcome.output) if outcome.status else \
                self.names == outcome.output
            if not is_forged and not is_right:
                self.fail(label, "other names", path)
        outcome = self.judge(label, path, ["lsleakfs", "--cat", *archive, path, *self.files],
                             (0, 3))
        if outcome is not None and not is_forged:
            # All are so small that one that fails gives nothing.
            right = b"".join(content for name, content in self.contents.items()
                             if f"lsleakfs: {name}: ".encode() not in outcome.text)
            if outcome.output != right and (outcome.status == 0 or outcome.output):
                self.fail(label, "other bytes", path)

    def mount(self, label, path):
        """find and cat of all that a mount of it has; what it says is not looked at."""
        point = os.path.join(self.folder, "mnt")
        os.makedirs(point, exist_ok=True)
        with subprocess.Popen(["leakfs", "-f", "-o", "archive=" + self.leak, path, point],
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            while process.poll() is None and not os.path.ismount(point):
                time.sleep(0.01)
            if process.poll() is None:
                try:
                    subprocess.run(f"find '{point}' -ls; find '{point}' -type f -exec cat {{}} +",
                                   shell=True, check=False, timeout=SECONDS_MAX,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                except subprocess.TimeoutExpired:
                    self.fail(label, "a mount hangs", path)
                if process.poll() is None:
                    process.terminate()
                try:
                    process.wait(SECONDS_MAX)
                except subprocess.TimeoutExpired:
                    process.kill()
                    self.fail(label, "leakfs does not end", path)
            self.outcomes[("leakfs", process.returncode)] += 1
            if process.returncode not in (0, 3):
                self.fail(label, f"leakfs: status {process.returncode}", path)

    def trial(self, kind, number, is_forged):
        label = f"{kind}.{number}.{'forged' if is_forged else 'plain'}"
        data = damage(self.original, kind, random.Random(f"{self.args.seed}.{kind}.{number}"))
        if is_forged:
            data = forge(data, self.original)
        path = os.path.join(self.folder, "damaged.leakidx")
        with open(path, "wb") as file:
            file.write(data)
        is_sealed = not is_forged and (len(data) != len(self.original) or
                                       data[:tables_length(self.original)] !=
                                       self.original[:tables_length(self.original)])
        checked = self.judge(label, path, ["mkleakfs", "--check", path],
                             (3,) if is_sealed else (0, 3))
        self.read(label, path, is_forged)
        if number < self.args.mounts:
            self.mount(label, path)
        if checked is not None:
            self.judge(label, path, ["mkleakfs", "--no-shipped-keys", "--keys",
                                     self.leak + ".keys", "--reverify", path],
                       (3,) if is_sealed else (0, 1, 3))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--trials", type=int, default=20, help="of each kind, twice")
    parser.add_argument("--mounts", type=int, default=1, help="of the trials of each kind")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--memory", type=int, default=512, help="MiB; 0: do not look at it")
    parser.add_argument("--kind", choices=KINDS, action="append", help="default: all")
    args = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with tempfile.TemporaryDirectory() as folder:
        trials = Trials(folder, args)
        for kind in args.kind or KINDS:
            for number in range(args.trials):
                for is_forged in (False, True):
                    trials.trial(kind, number, is_forged)
        for (program, status), count in sorted(trials.outcomes.items()):
            print(f"{program}: status {status}: {count} times")
        print(f"{trials.failures} failures")
    return 1 if trials.failures else 0


if __name__ == "__main__":
    sys.exit(main())
