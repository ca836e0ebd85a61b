# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs mkleakfs on hostile input and measures it: what the scripts of this folder share."""
import csv
import dataclasses
import io
import os
import resource
import subprocess
import time

# How many times as much time and memory a program takes that was built with sanitizers.
SLOWDOWN = int(os.environ.get("LEAKFS_SLOWDOWN", "1"))
TIME_MAX = 10.0 * SLOWDOWN  # seconds
MEMORY_MAX = SLOWDOWN << 30  # bytes
STATUSES = {0, 1, 3, 6}  # done, partial, no archive, encrypted: those of bad input


@dataclasses.dataclass
class Outcome:
    status: int  # negative: the signal
    seconds: float
    memory: int  # bytes, at most resident, of all its processes
    stderr: str
    index: str
    index_size: int  # bytes on the disk, 0 if there is none

    def faults(self):
        """What no input may do."""
        found = []
        if self.status not in STATUSES:
            found.append(f"status {self.status}: {self.stderr.strip()[-200:]}")
        if self.seconds > TIME_MAX:
            found.append(f"took {self.seconds:.1f} s")
        if self.memory > MEMORY_MAX:
            found.append(f"took {self.memory >> 20} MiB of memory")
        return found


def resident(session):
    """Bytes of the processes of a session, those that some share counted once."""
    total = 0
    for name in os.listdir("/proc"):
        if not name.isdigit():
            continue
        try:
            with open(f"/proc/{name}/stat", encoding="ascii", errors="replace") as file:
                if int(file.read().rpartition(")")[2].split()[3]) != session:
                    continue
            with open(f"/proc/{name}/smaps_rollup", encoding="ascii") as file:
                total += sum(int(line.split()[1]) << 10 for line in file if line.startswith("Pss:"))
        except (OSError, ValueError):
            pass  # it has ended
    return total


def build(archive, *options, timeout=120 * SLOWDOWN):
    """mkleakfs of one archive, into an index beside it."""
    index = archive + ".leakidx"
    command = ["mkleakfs", "--force", "--no-shipped-keys", "-o", index, *options, archive]
    if os.path.exists(index):
        os.remove(index)
    with open(index + ".stderr", "w+b") as stderr:
        start = time.monotonic()
        process = subprocess.Popen(command, stderr=stderr, stdout=stderr, start_new_session=True)
        deadline = start + timeout
        memory = 0
        while True:
            pid, status = os.waitpid(process.pid, os.WNOHANG)
            if pid != 0:
                break
            if time.monotonic() > deadline:
                process.kill()
                _, status = os.waitpid(process.pid, 0)
                break
            memory = max(memory, resident(process.pid))
            time.sleep(0.01)
        seconds = time.monotonic() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        stderr.seek(0)
        text = stderr.read().decode(errors="replace")
    os.remove(index + ".stderr")
    size = os.stat(index).st_blocks * 512 if os.path.exists(index) else 0
    return Outcome(process.returncode, seconds, memory, text, index, size)


def cat(index, path):
    """A file of the tree, through lsleakfs; what it says is wrong goes to stderr."""
    return subprocess.run(["lsleakfs", "--cat", index, path], check=False,
                          stdout=subprocess.PIPE).stdout


def rows(index, name):
    """The rows of a file of the catalog."""
    text = cat(index, f"catalog/{name}.csv").decode(errors="replace")
    csv.field_size_limit(1 << 30)
    return list(csv.DictReader(io.StringIO(text)))


def no_core_files():
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
