#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the exact bytes of messages at random with several threads and compares their hashes.

    tests/corpus/readers.py MOUNTPOINT [SECONDS [THREADS]]

For SECONDS (60), or with 0 until each message was read once, in random order. Ends with status 1 at
a wrong byte, or if the memory of leakfs grew by more than 64 MiB after the first quarter.
"""
import hashlib
import os
import random
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "bench"))
import measure  # noqa: E402

GROWTH_MAX = 64 << 20

point = os.path.abspath(sys.argv[1])
seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 60
threads = int(sys.argv[3]) if len(sys.argv) > 3 else 8
with open(os.path.join(point, "catalog/SHA256SUMS"), encoding="ascii") as file:
    messages = [line.rstrip().split("  ") for line in file]
wrong = []
reads = [0] * threads
end = time.monotonic() + seconds


def check(expected, name):
    with open(os.path.join(point, name), "rb") as file:
        # Past the kernel's memory of it, so that leakfs is asked each time.
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        found = hashlib.sha256(file.read()).hexdigest()
    if found != expected:
        wrong.append(name)


def read(number):
    order = messages[number::threads] if seconds == 0 else messages[:]
    random.Random(number).shuffle(order)
    while True:
        for message in order:
            if wrong or (seconds and time.monotonic() > end):
                return
            check(*message)
            reads[number] += 1
        if seconds == 0:
            return


workers = [threading.Thread(target=read, args=(number,)) for number in range(threads)]
for worker in workers:
    worker.start()
time.sleep(seconds / 4)
before = measure.memory_of_leakfs(point)
for worker in workers:
    worker.join()
after = measure.memory_of_leakfs(point)
print(f"{sum(reads):,} reads by {threads} threads, {len(wrong)} wrong; memory of leakfs "
      f"{before >> 20} MiB, then {after >> 20} MiB")
if wrong:
    sys.exit(f"wrong bytes: {wrong[0]}")
if seconds and after > before + GROWTH_MAX:
    sys.exit("its memory grew")
