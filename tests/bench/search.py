# SPDX-License-Identifier: GPL-3.0-or-later
"""Searching and listing by-date, against the same files copied to a local disk."""
import os
import shutil

import measure

args = measure.arguments()
# A pattern that no mail has: every byte is read and none printed.
GREP = ["grep", "-r", "a pattern that is nowhere", "."]
FIND = ["find", ".", "-ls"]

with measure.scratch() as folder:
    index = measure.build(args, folder)
    local = os.path.join(folder, "local")
    with measure.mounted(args, index, folder) as (point, _):
        by_date = os.path.join(point, "by-date")
        first_find = measure.run(FIND, by_date)[0]
        again_find = measure.best(FIND, by_date)
        first_grep = measure.run(GREP, by_date)[0]
        again_grep = measure.best(GREP, by_date)
        shutil.copytree(by_date, local)
    measure.run(GREP, local)
    warm_find = measure.best(FIND, local)
    warm_grep = measure.best(GREP, local)
    measure.row("`find -ls` over by-date, first", first_find, ("local disk, warm", warm_find),
                "<= 3x")
    measure.row("the same, again", again_find, ("local disk, warm", warm_find))
    if os.geteuid() == 0:
        cold_grep = measure.best(GREP, local, before=measure.drop_caches, runs=1)
        measure.row("`grep -r` over by-date, first", first_grep, ("local disk, cold", cold_grep),
                    "< 1x")
    measure.row("the same, warm", again_grep, ("local disk, warm", warm_grep), "<= 1.15x")
