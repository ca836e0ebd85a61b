# SPDX-License-Identifier: GPL-3.0-or-later
"""How many requests the kernel sends, by the log of leakfs -d. Not a speed: logging costs time."""
import os
import re
import subprocess
import time

import measure

args = measure.arguments()
FIND = ["find", ".", "-ls"]
GREP = ["grep", "-r", "a pattern that is nowhere", "."]


def count(log, since):
    """Requests by kind, in what was logged behind `since` bytes."""
    with open(log, encoding="utf-8", errors="replace") as file:
        file.seek(since)
        found = re.findall(r"opcode: ([A-Z]+)", file.read())
    return {kind: found.count(kind) for kind in sorted(set(found))}


def log_of(archive, index, folder, commands):
    """Rows for the commands, one after the other in one mount."""
    point = os.path.join(folder, "mnt")
    log = os.path.join(folder, "log")
    os.makedirs(point, exist_ok=True)
    with open(log, "w", encoding="utf-8") as errors, \
            subprocess.Popen(["leakfs", "-f", "-d", "-o", "index=" + index, archive, point],
                             stderr=errors, stdout=errors) as daemon:
        while not os.path.ismount(point):
            time.sleep(0.05)
        for what, command in commands:
            since = os.path.getsize(log)
            measure.run(command, os.path.join(point, "by-date"))
            kinds = count(log, since)
            # The kernel never remembers its answer.
            kinds.pop("STATFS", None)
            measure.fact(f"requests of {what}",
                         ", ".join(f"{n:,} {kind}" for kind, n in kinds.items()) or "0")
        subprocess.run(["fusermount3", "-u", point], check=True)
        daemon.wait()


with measure.scratch() as folder:
    index = measure.build(args, folder)
    log_of(args.archive, index, folder, [("`find -ls` over by-date, first", FIND),
                                         ("the same, again", FIND),
                                         ("`grep -r` over by-date, after that", GREP)])
    log_of(args.archive, index, folder, [("`grep -r` over by-date, first", GREP),
                                         ("the same, again", GREP)])
