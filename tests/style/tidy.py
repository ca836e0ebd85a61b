# SPDX-License-Identifier: GPL-3.0-or-later
"""clang-tidy, with the checks of .clang-tidy, finds nothing in any file of a program.

Nine tenths of its time go into the headers of the libraries, so the files of a library are checked
as one, for which no two of them may have a private name in common: that is one thing twice, or two
that a reader takes for one. Tests are left out: with GoogleTest's headers each of them costs what
several files of ours do.

Usage: tidy.py CLANG_TIDY BUILD_DIRECTORY. Clean files are remembered in BUILD_DIRECTORY/tidy by
the hash of their preprocessed text, comments included, of the checks and of the tool's version,
so a second run costs the preprocessing and the folders that changed.
"""
import collections
import concurrent.futures
import hashlib
import json
import os
import shlex
import subprocess
import sys

import sources

tidy, build = sys.argv[1], os.path.abspath(sys.argv[2])
clean = os.path.join(build, "tidy")
empty = os.path.join(clean, "empty.cc")
# That of .clang-tidy and the files themselves, which are included here: what
# bugprone-suspicious-include would find.
FILES = r"/(index|fs|tools)/[^.]*\.(h|cc)$"


def run(command, cwd):
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, errors="replace",
                          check=False)


def target_and_flags(entry):
    """The library or program that a file is of; the command without cache, output and input."""
    words = shlex.split(entry["command"])
    if os.path.basename(words[0]) == "ccache":
        words = words[1:]
    output = words.index("-o")
    return words[output + 1].partition(".dir/")[0], tuple(words[:output])


def together(flags, files):
    return [*flags, *(word for file in files for word in ("-include", file))]


def findings_in(group):
    """Of files with the same flags."""
    flags, files = group
    # What the compiler sees, with comments, for a NOLINT is one.
    text = run([*together(flags, files), "-E", "-CC", empty], build)
    stamp = os.path.join(clean, hashlib.sha256((seed + text.stdout).encode()).hexdigest())
    if text.returncode == 0 and os.path.exists(stamp):
        return ""
    # The warnings of the commands are those of g++, which clang has not all of and which has looked
    # for shadowed names in each file alone.
    result = run([tidy, "-quiet", f"--config-file={checks}", f"--header-filter={FILES}",
                  "--checks=-bugprone-suspicious-include", empty, "--",
                  *together(flags, files)[1:], "-Wno-unknown-warning-option", "-Wno-shadow"],
                 sources.ROOT)
    if result.returncode:
        return result.stdout + "".join(line for line in result.stderr.splitlines(True)
                                       if "error" in line and "generated" not in line)
    with open(stamp, "w", encoding="utf-8"):
        return ""


checks = os.path.join(sources.ROOT, ".clang-tidy")
with open(checks, encoding="utf-8") as file:
    seed = file.read() + run([tidy, "--version"], build).stdout
os.makedirs(clean, exist_ok=True)
with open(empty, "w", encoding="utf-8"):
    pass
groups = collections.defaultdict(list)
with open(os.path.join(build, "compile_commands.json"), encoding="utf-8") as file:
    # What a program wrote into the build tree is no source of ours.
    left_out = (build + os.sep, os.path.join(sources.ROOT, "tests") + os.sep)
    for entry in json.load(file):
        if not entry["file"].startswith(left_out):
            groups[target_and_flags(entry)].append(entry["file"])
# The longest first, so that no processor waits for one that began late.
work = sorted(((flags, files) for (_, flags), files in groups.items()), key=lambda g: -len(g[1]))
with concurrent.futures.ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
    found = [text for text in pool.map(findings_in, work) if text]
sources.finish(found, f"clang-tidy on {sum(len(files) for _, files in work)} files")
