# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the cost of a message grows with their number: synthetic leaks of several sizes.

tests/bench/scale.py [SCALE...]    1 is 71,848 messages; default 0.14 1 14
"""
import os
import sys

import measure

PRESET = 71_848

first = None
print("| messages | mkleakfs | per message | ratio | peak memory | mount until ready |")
print("|---|---|---|---|---|---|")
for scale in sys.argv[1:] or ["0.14", "1", "14"]:
    with measure.scratch() as folder:
        archive = os.path.join(folder, "sample.tar.gz")
        measure.run(["mkleaksample", "--preset", "macron2017", "--scale", scale,
                     "--attachment-bytes", "0", archive])
        index = os.path.join(folder, "index")
        seconds, peak = measure.run(["mkleakfs", "-o", index, "-k", archive + ".keys", archive])
        count = round(PRESET * float(scale))
        cost = seconds / count * 1e6
        first = first or cost
        point = os.path.join(folder, "mnt")
        os.makedirs(point)
        ready = min(measure.mount_once(index, archive, point) for _ in range(measure.RUNS))
        print(f"| {count:,} | {seconds:.3g} s | {cost:.3g} us | {cost / first:.2f}x "
              f"| {peak >> 20} MiB | {ready * 1000:.3g} ms |", flush=True)
