# SPDX-License-Identifier: GPL-3.0-or-later
"""shellcheck finds nothing in scripts, bats files and bats libraries."""
import subprocess
import sys

import sources


def is_script(path):
    if path.endswith((".sh", ".bats", ".bash")):
        return True
    with open(f"{sources.ROOT}/{path}", "rb") as file:
        return file.readline(64).startswith((b"#!/bin/sh", b"#!/bin/bash", b"#!/usr/bin/env bash"))


scripts = [path for path in sources.paths() if is_script(path)]
if not scripts:
    sources.finish([], "shell")
sys.exit(subprocess.run([sys.argv[1], "--external-sources", *scripts], cwd=sources.ROOT).returncode)
