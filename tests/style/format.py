# SPDX-License-Identifier: GPL-3.0-or-later
"""clang-format has nothing to change in any C++ file."""
import subprocess
import sys

import sources

command = [sys.argv[1], "--dry-run", "-Werror", "--ferror-limit=3"]
sys.exit(subprocess.run(command + sources.paths(".h", ".cc"), cwd=sources.ROOT).returncode)
