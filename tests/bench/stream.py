# SPDX-License-Identifier: GPL-3.0-or-later
"""The exact bytes of all messages in the order of the archive, against decompressing it.

grep reads them, for it costs least: cat takes 50 microseconds a file on any file system.
"""
import os

import measure

args = measure.arguments()
PATTERN = "a pattern that is nowhere"

with measure.scratch() as folder:
    index = measure.build(args, folder)
    names = os.path.join(folder, "names")
    with measure.mounted(args, index, folder) as (point, _):
        # SHA256SUMS is in the order of the archive.
        with open(os.path.join(point, "catalog/SHA256SUMS"), encoding="ascii") as sums, \
                open(names, "w", encoding="ascii") as file:
            file.writelines(line.split("  ")[1].rstrip() + "\0" for line in sums)
    # It finds nothing, which is a failure to xargs.
    command = ["sh", "-c", f"xargs -0 -a '{names}' grep -h '{PATTERN}' || :"]
    with measure.mounted(args, index, folder) as (point, _):
        unlisted = measure.run(command, point)[0]
    with measure.mounted(args, index, folder) as (point, _):
        members = measure.run(["grep", "-r", PATTERN, "archive"], point)[0]
        memory = measure.memory_of_leakfs(point)
    decompress = ("`bsdtar -xOf ARCHIVE`", measure.best(["bsdtar", "-xOf", args.archive]))
    measure.row("`grep` of all `.eml` in archive order, first", unlisted, decompress, "<= 1.5x")
    measure.row("`grep -r` over archive/, first", members, decompress)
    measure.fact("leakfs after that, memory of its own", f"{memory >> 20} MiB",
                 "<= 64 MiB + cache_size (64 MiB)")
