# SPDX-License-Identifier: GPL-3.0-or-later
"""Every header of ours compiles alone, so that no file depends on what another one included.

That the build has shown of a header which the file of its name includes first.

Usage: headers.py BUILD_DIRECTORY, for the compiler and its flags in compile_commands.json.
"""
import concurrent.futures
import json
import os
import shlex
import subprocess
import sys

import sources

FLAGS = ("-I", "-D", "-std=", "-f", "-W", "-isystem")


def compiler_and_flags(build):
    """One compiler and the union of all flags, in the order of their first use."""
    with open(os.path.join(build, "compile_commands.json"), encoding="utf-8") as file:
        commands = [shlex.split(entry["command"]) for entry in json.load(file)]
    compiler = next(word for word in commands[0] if os.path.basename(word) != "ccache")
    flags = {}
    for command in commands:
        for word, following in zip(command, [*command[1:], ""]):
            if word == "-isystem":
                flags[word + following] = [word, following]
            elif word.startswith(FLAGS):
                flags[word] = [word]
    return compiler, [word for words in flags.values() for word in words]


compiler, flags = compiler_and_flags(sys.argv[1])


def compile_alone(path):
    command = [compiler, *flags, "-fsyntax-only", "-x", "c++", "-include", path, "/dev/null"]
    return subprocess.run(command, cwd=sources.ROOT, capture_output=True, text=True, check=False)


def is_compiled_alone(path):
    source = path.removesuffix(".h") + ".cc"
    if not os.path.exists(os.path.join(sources.ROOT, source)):
        return False
    first = next((line for line in sources.lines(source) if line.startswith("#include")), "")
    return first == f'#include "{path}"'


headers = [path for top in ("index", "fs", "tools") for path in sources.paths(".h", under=top)
           if not is_compiled_alone(path)]
findings = []
with concurrent.futures.ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
    for path, result in zip(headers, pool.map(compile_alone, headers)):
        if result.returncode:
            findings.append(f"{path} does not compile alone:\n{result.stderr}")
sources.finish(findings, f"{len(headers)} headers alone")
