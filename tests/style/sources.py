# SPDX-License-Identifier: GPL-3.0-or-later
"""Which files belong to the project, and how a check reports: one line per finding, status 1."""
import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def is_foreign(folder):
    """Build trees and dot folders hold nothing that somebody wrote here, except .ci."""
    return folder.startswith("build") or folder == "__pycache__" or (
        folder.startswith(".") and folder != ".ci")


def paths(*suffixes, under=""):
    """Paths from the root, sorted; all files if no suffix is given."""
    found = []
    for folder, folders, names in os.walk(os.path.join(ROOT, under)):
        at_root = folder.rstrip("/") == ROOT
        # index/build is a folder of sources; only at the root is build* the compiler's.
        folders[:] = [f for f in folders if not (is_foreign(f) and (at_root or f[0] in "._"))]
        for name in names:
            if not suffixes or name.endswith(suffixes):
                found.append(os.path.relpath(os.path.join(folder, name), ROOT))
    return sorted(found)


def lines(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        return file.read().splitlines()


def includes(path):
    """Yields (line number, header, is_quoted)."""
    for number, line in enumerate(lines(path), 1):
        match = INCLUDE.match(line)
        if match:
            yield number, match.group(2), match.group(1) == '"'


def finish(findings, what):
    for finding in findings:
        print(finding)
    print(f"{what}: {len(findings)} findings" if findings else f"{what}: clean")
    sys.exit(1 if findings else 0)
