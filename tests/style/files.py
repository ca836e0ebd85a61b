# SPDX-License-Identifier: GPL-3.0-or-later
"""Size, name and licence line of each file."""
import os
import re

import sources

LINES_MAX = 400
SOURCES = (".cc", ".h", ".py", ".sh", ".bats", ".cmake", ".fbs")
# A folder or file of this name collects what nobody could place.
BANNED = re.compile(r"(^|[_-])(utils?|commons?|misc|helpers?)([_-]|$)")
LICENCE = "SPDX-License-Identifier: GPL-3.0-or-later"


def check(path):
    text = sources.lines(path)
    if len(text) > LINES_MAX:
        yield f"{path}: {len(text)} lines, at most {LINES_MAX}: split it by noun"
    for part in path.split("/"):
        if BANNED.search(os.path.splitext(part)[0]):
            yield f"{path}: '{part}' does not say what is inside"
    # A script has its interpreter on the first line; a CMakeLists.txt follows its folder.
    if path.endswith(SOURCES) and not any(LICENCE in line for line in text[:2]):
        yield f"{path}: no line '{LICENCE}' at its top"


sources.finish([finding for path in sources.paths(*SOURCES, "CMakeLists.txt") for finding in check(path)], "files")
