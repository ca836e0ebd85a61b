# SPDX-License-Identifier: GPL-3.0-or-later
"""Building an index: time against decompressing the archive, peak memory, and size."""
import os

import measure

args = measure.arguments()
with measure.scratch() as folder:
    index = os.path.join(folder, "bench.leakidx")
    keys = ["--keys", args.keys] if args.keys else []
    command = ["mkleakfs", "--force", *keys, "-o", index, args.archive]
    results = [measure.run(command) for _ in range(measure.RUNS)]
    decompress = measure.best(["bsdtar", "-xOf", args.archive])
    measure.row("mkleakfs, wall", min(seconds for seconds, _ in results),
                ("`bsdtar -xOf ARCHIVE`", decompress), "<= 2x")
    measure.fact("mkleakfs, peak memory", f"{max(peak for _, peak in results) >> 20} MiB",
                 "<= 400 MiB")
    measure.fact("size of the index", f"{os.path.getsize(index) / 1e6:.0f} MB, archive "
                 f"{os.path.getsize(args.archive) / 1e6:.0f} MB")
