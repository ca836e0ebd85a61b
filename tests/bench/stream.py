# SPDX-License-Identifier: GPL-3.0-or-later
"""The exact bytes of all messages in the order of the archive, against decompressing it."""
import csv
import os

import measure

args = measure.arguments()
with measure.scratch() as folder:
    index = measure.build(args, folder)
    names = os.path.join(folder, "names")
    with measure.mounted(args, index, folder) as (point, _):
        # SHA256SUMS is in the order of the archive.
        with open(os.path.join(point, "catalog/SHA256SUMS"), encoding="ascii") as sums, \
                open(names, "w", encoding="ascii") as file:
            file.writelines(line.split("  ")[1].rstrip() + "\0" for line in sums)
    with measure.mounted(args, index, folder) as (point, _):
        seconds = measure.run(["xargs", "-0", "-a", names, "cat"], point)[0]
    decompress = measure.best(["bsdtar", "-xOf", args.archive])
    measure.row("all `.eml` in archive order, first", seconds,
                ("`bsdtar -xOf ARCHIVE`", decompress), "<= 1.5x")
