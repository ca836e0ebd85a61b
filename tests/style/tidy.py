# SPDX-License-Identifier: GPL-3.0-or-later
"""clang-tidy, with the checks of .clang-tidy, finds nothing in any file of a program.

Tests are left out: with GoogleTest's headers each of them costs what several files of ours do, which
would be more than all other tests together.

Usage: tidy.py CLANG_TIDY BUILD_DIRECTORY. A clean file is remembered in BUILD_DIRECTORY/tidy by
the hash of its preprocessed text, comments included, of the checks and of the tool's version,
so a second run costs the preprocessing of what changed.
"""
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


def run(command, cwd):
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, errors="replace",
                          check=False)


def preprocessed(entry):
    """What the compiler sees, with comments, for a NOLINT is one."""
    words = shlex.split(entry["command"])
    if os.path.basename(words[0]) == "ccache":
        words = words[1:]
    output = words.index("-o")
    return run([*words[:output], *words[output + 2:], "-E", "-CC"], entry["directory"])


def findings_in(entry):
    text = preprocessed(entry)
    stamp = os.path.join(clean, hashlib.sha256((seed + text.stdout).encode()).hexdigest())
    if text.returncode == 0 and os.path.exists(stamp):
        return ""
    # The warnings of the commands are those of g++, some of which clang does not have.
    result = run([tidy, "-quiet", "-p", build, "--extra-arg=-Wno-unknown-warning-option",
                  entry["file"]], sources.ROOT)
    if result.returncode:
        return result.stdout + "".join(line for line in result.stderr.splitlines(True)
                                       if "error" in line and "generated" not in line)
    with open(stamp, "w", encoding="utf-8"):
        return ""


with open(os.path.join(sources.ROOT, ".clang-tidy"), encoding="utf-8") as file:
    seed = file.read() + run([tidy, "--version"], build).stdout
os.makedirs(clean, exist_ok=True)
with open(os.path.join(build, "compile_commands.json"), encoding="utf-8") as file:
    # What a program wrote into the build tree is no source of ours.
    left_out = (build + os.sep, os.path.join(sources.ROOT, "tests") + os.sep)
    entries = [e for e in json.load(file) if not e["file"].startswith(left_out)]
with concurrent.futures.ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
    found = [text for text in pool.map(findings_in, entries) if text]
sources.finish(found, f"clang-tidy on {len(entries)} files")
