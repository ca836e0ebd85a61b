# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the cost of a message grows with their number: synthetic leaks of several sizes.

tests/bench/scale.py [SCALE...]    1 is 71,848 messages; default 0.14 1 14

A leak of more than that is so many archives, each of a seed of its own.
"""
import os
import sys

import measure

PRESET = 71_848
ATTACHMENT_BYTES = 2_000_000  # as few as may be: this is about messages

first = None
print("| messages | mkleakfs | per message | ratio | peak memory | mount until ready |")
print("|---|---|---|---|---|---|")
for scale in map(float, sys.argv[1:] or ["0.14", "1", "14"]):
    with measure.scratch() as folder:
        archives = []
        keys = []
        for seed in range(1, max(1, round(scale)) + 1):
            archive = os.path.join(folder, f"sample{seed}.tar.gz")
            measure.run(["mkleaksample", "--preset", "macron2017", "--scale", str(min(scale, 1)),
                         "--seed", str(seed),
                         "--attachment-bytes", str(round(ATTACHMENT_BYTES * min(scale, 1))), archive])
            archives.append(archive)
            keys += ["-k", archive + ".keys"]
        index = os.path.join(folder, "index")
        seconds, peak = measure.run(["mkleakfs", "-o", index, *keys, *archives])
        count = round(PRESET * min(scale, 1)) * len(archives)
        cost = seconds / count * 1e6
        first = first or cost
        point = os.path.join(folder, "mnt")
        os.makedirs(point)
        ready = min(measure.mount_once(index, archives, point) for _ in range(measure.RUNS))
        print(f"| {count:,} | {seconds:.3g} s | {cost:.3g} us | {cost / first:.2f}x "
              f"| {peak >> 20} MiB | {ready * 1000:.3g} ms |", flush=True)
