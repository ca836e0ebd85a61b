# SPDX-License-Identifier: GPL-3.0-or-later
"""Shows that an index is whole or absent, whatever fails while it is written.

For N = 1, 2, 3, ... the N-th call of a kind fails or kills mkleakfs, until a run passes untouched:

    SIGKILL                at pwrite64, fsync, fdatasync, rename, pread64, copy_file_range
    ENOSPC                 at pwrite64, ftruncate, copy_file_range
    EIO                    at pwrite64, fsync, fdatasync, rename, pread64, copy_file_range
    SIGINT, SIGTERM        at pwrite64

After each run the index has to be the old one or the new one, to the byte; mkleakfs has to end by
itself, with a message, unless it was killed; a signal that can be handled leaves nothing else
behind, and after the next run nothing is left in any case.

    faults.py --tools DIRECTORY [--few]

DIRECTORY holds mkleakfs and mkleaksample. With --few not every N is tried. Needs strace(1) and the
right to trace, without which it exits with 77.
"""
import argparse
import os
import pathlib
import subprocess
import sys
import tempfile

FAULTS = (
    [("signal=SIGKILL", call) for call in
     ("pwrite64", "fsync", "fdatasync", "rename", "pread64", "copy_file_range")] +
    [("error=ENOSPC", call) for call in ("pwrite64", "ftruncate", "copy_file_range")] +
    [("error=EIO", call) for call in
     ("pwrite64", "fsync", "fdatasync", "rename", "pread64", "copy_file_range")] +
    [(f"signal={name}", "pwrite64") for name in ("SIGINT", "SIGTERM")]
)
OLD, NEW = "1000000000", "1000000001"  # SOURCE_DATE_EPOCH
TIME_MAX = 60  # seconds


class Trial:
    def __init__(self, tools, directory):
        self.tools = tools
        self.directory = pathlib.Path(directory)
        self.leak = self.directory / "leak.tar.gz"
        self.index = self.directory / "leak.tar.gz.leakidx"
        self.failures = 0
        subprocess.run([tools / "mkleaksample", "--scale", "0.002", self.leak],
                       check=True, stderr=subprocess.DEVNULL)
        self.names = set(os.listdir(directory))
        self.new = self.build(NEW)
        self.old = self.build(OLD)

    def command(self):
        return [self.tools / "mkleakfs", "--force", "--jobs", "1", self.leak]

    def build(self, epoch):
        """An undisturbed run, which has to leave the index and nothing else."""
        subprocess.run(self.command(), check=True, stderr=subprocess.DEVNULL,
                       env={**os.environ, "SOURCE_DATE_EPOCH": epoch}, timeout=TIME_MAX)
        self.expect(self.extra() == set(), f"left behind: {self.extra()}")
        return self.index.read_bytes()

    def extra(self):
        return set(os.listdir(self.directory)) - self.names - {self.index.name}

    def expect(self, is_right, text):
        if not is_right:
            self.failures += 1
            print(f"  {text}")

    def disturb(self, fault, call, number):
        """Whether the N-th call came to pass."""
        log = self.directory.parent / "strace.log"
        tracer = ["strace", "-f", "-qq", "-o", log, "-e", f"trace={call}",
                  "-e", f"inject={call}:{fault}:when={number}"]
        done = subprocess.run(tracer + self.command(), stderr=subprocess.PIPE, timeout=TIME_MAX,
                              env={**os.environ, "SOURCE_DATE_EPOCH": NEW}, check=False)
        was_hit = "INJECTED" in log.read_text(errors="replace") or done.returncode < 0
        place = f"{fault} at {call} {number}: status {done.returncode}"
        index = self.index.read_bytes() if self.index.exists() else None
        # Where the reader of the archive was hit, the index says so and is whole.
        is_partial = done.returncode == 1 and subprocess.run(
            [self.tools / "mkleakfs", "--check", self.index], check=False,
            stderr=subprocess.DEVNULL).returncode == 0
        self.expect(index in (self.old, self.new) or is_partial,
                    f"{place}: the index is neither old nor new")
        # What the dynamic loader reads is not ours.
        is_loading = b"error while loading shared libraries" in done.stderr
        if fault.startswith("error") and not is_loading:
            self.expect(done.returncode in (0, 1, 3, 4), f"{place}: {done.stderr[-300:]}")
            self.expect(done.returncode == 0 or done.stderr.startswith(b"mkleakfs: "),
                        f"{place}: no message")
            # The last fsync is the directory's, when the index has its name already.
            if done.returncode in (3, 4) and call != "fsync":
                self.expect(index == self.old, f"{place}: failed and replaced the index")
        if fault != "signal=SIGKILL":
            self.expect(self.extra() == set(), f"{place}: left behind: {self.extra()}")
        if index != self.old or self.extra():
            self.expect(self.build(OLD) == self.old, f"{place}: the next index differs")
        return was_hit


def numbers(is_few):
    number, step = 1, 1
    while True:
        yield number
        number, step = number + step, 2 * step if is_few else 1


def may_trace():
    try:
        return subprocess.run(["strace", "-o", "/dev/null", "true"], check=False,
                              stderr=subprocess.DEVNULL).returncode == 0
    except FileNotFoundError:
        return False


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tools", type=pathlib.Path, required=True)
    parser.add_argument("--few", action="store_true")
    arguments = parser.parse_args()
    if not may_trace():
        print("strace is missing or may not trace")
        return 77
    with tempfile.TemporaryDirectory() as scratch:
        directory = pathlib.Path(scratch) / "leak"
        directory.mkdir()
        trial = Trial(arguments.tools, directory)
        for fault, call in FAULTS:
            for number in numbers(arguments.few):
                if not trial.disturb(fault, call, number):
                    break
            print(f"{fault} at {call}: {number} runs, {trial.failures} failures", flush=True)
    return 1 if trial.failures else 0


sys.exit(main())
