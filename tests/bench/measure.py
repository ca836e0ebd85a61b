# SPDX-License-Identifier: GPL-3.0-or-later
"""What the rows of the benchmark share: timing commands, mounting, and printing a row of Markdown.

A speed is a ratio to a named reference that was measured in the same run on the same machine. The
best of several runs is taken, for what disturbs a run only makes it slower.
"""
import argparse
import contextlib
import os
import subprocess
import sys
import tempfile
import time

RUNS = 3


def arguments():
    """The command line that all rows have."""
    parser = argparse.ArgumentParser()
    parser.add_argument("archive", type=os.path.abspath)
    parser.add_argument("keys", nargs="?", type=os.path.abspath)
    return parser.parse_args()


def run(command, cwd=None):
    """Runs to the end, output dropped; (seconds, peak memory in bytes)."""
    started = time.monotonic()
    with subprocess.Popen(command, cwd=cwd, stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE) as process:
        text = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.monotonic() - started
    if process.returncode not in (0, 1):
        sys.exit(f"{' '.join(command)}: status {process.returncode}\n{text.decode()}")
    return seconds, usage.ru_maxrss * 1024


def best(command, cwd=None, runs=RUNS, before=lambda: None):
    """The least seconds of several runs; `before` is called ahead of each and not timed."""
    def once():
        before()
        return run(command, cwd)[0]
    return min(once() for _ in range(runs))


def drop_caches():
    """Makes the kernel forget what it read. Needs root."""
    os.sync()
    with open("/proc/sys/vm/drop_caches", "w", encoding="ascii") as file:
        file.write("3")


@contextlib.contextmanager
def scratch():
    """A folder on disk, not in memory: $TMPDIR or /var/tmp."""
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR", "/var/tmp")) as folder:
        yield folder


def build(args, folder):
    """Builds an index there; its path."""
    index = os.path.join(folder, "bench.leakidx")
    keys = ["--keys", args.keys] if args.keys else []
    run(["mkleakfs", "--force", *keys, "-o", index, args.archive])
    return index


@contextlib.contextmanager
def mounted(args, index, folder):
    """Mounts; the mount point and the seconds until leakfs returned."""
    point = os.path.join(folder, "mnt")
    os.makedirs(point, exist_ok=True)
    seconds, _ = run(["leakfs", "-o", "index=" + index, args.archive, point])
    try:
        yield point, seconds
    finally:
        subprocess.run(["fusermount3", "-u", point], check=True)


def mount_once(index, archives, point):
    """The seconds until leakfs returned; unmounts."""
    options = [word for archive in archives for word in ("-o", "archive=" + archive)]
    seconds, _ = run(["leakfs", *options, index, point])
    subprocess.run(["fusermount3", "-u", point], check=True)
    return seconds


def memory_of_leakfs(point):
    """Anonymous memory of the leakfs that was told that mount point, in bytes; 0 if none is found."""
    for process in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{process}/cmdline", encoding="utf-8") as file:
                words = file.read().rstrip("\0").split("\0")
            if (os.path.basename(words[0]) != "leakfs"
                    or os.path.basename(words[-1]) != os.path.basename(point)):
                continue
            with open(f"/proc/{process}/status", encoding="utf-8") as file:
                lines = dict(line.split(":", 1) for line in file)
            return int(lines["RssAnon"].split()[0]) << 10
        except (OSError, KeyError):
            continue
    return 0


def row(what, value, reference, target="", unit="s"):
    """`reference` is (what it is, its value)."""
    name, amount = reference
    print(f"| {what} | {value:.3g} {unit} | {name}: {amount:.3g} {unit} "
          f"| {value / amount:.2f}x | {target} |", flush=True)


def fact(what, value, target=""):
    """A row without a reference."""
    print(f"| {what} | {value} | - | - | {target} |", flush=True)
