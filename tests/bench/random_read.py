# SPDX-License-Identifier: GPL-3.0-or-later
"""One message anywhere in the archive, against decompressing 4 MiB of it."""
import os
import random
import statistics
import time

import measure

COUNT = 300

args = measure.arguments()
with measure.scratch() as folder:
    index = measure.build(args, folder)
    with measure.mounted(args, index, folder) as (point, _):
        with open(os.path.join(point, "catalog/SHA256SUMS"), encoding="ascii") as sums:
            names = [line.split("  ")[1].rstrip() for line in sums]
    chosen = random.Random(1).sample(names, min(COUNT, len(names)))
    seconds = []
    with measure.mounted(args, index, folder) as (point, _):
        for name in chosen:
            started = time.monotonic()
            with open(os.path.join(point, name), "rb") as file:
                file.read()
            seconds.append(time.monotonic() - started)
    command = ["sh", "-c", f"bsdtar -xOf '{args.archive}' 2>/dev/null | head -c 4194304"]
    decode = measure.best(command)
    measure.row("one random `.eml`, median", statistics.median(seconds) * 1000,
                ("`bsdtar -xOf ARCHIVE`, its first 4 MiB", decode * 1000), "<= 1.5x", "ms")
    measure.row(f"one random `.eml`, worst of {len(chosen)}", max(seconds) * 1000,
                ("`bsdtar -xOf ARCHIVE`, its first 4 MiB", decode * 1000), "", "ms")
