# SPDX-License-Identifier: GPL-3.0-or-later
"""Shows that the programs were built so that an overflow ends them.

    hardening.py PROGRAM...

Each has to be position-independent, without a stack or other memory that can be written and
executed, with all symbols resolved at the start and read-only then, and with canaries.
"""
import subprocess
import sys


def readelf(option, program):
    return subprocess.run(["readelf", "--wide", option, program], check=True,
                          capture_output=True, text=True).stdout


def findings(program):
    header = readelf("--file-header", program)
    segments = readelf("--program-headers", program)
    dynamic = readelf("--dynamic", program)
    symbols = readelf("--dyn-syms", program)
    if "DYN (" not in header:
        yield "not position-independent"
    if any("RWE" in line for line in segments.splitlines()):
        yield "has memory that can be written and executed"
    if "GNU_STACK" not in segments or "GNU_RELRO" not in segments:
        yield "stack may be executable, or relocations stay writable"
    if "NOW" not in dynamic:
        yield "symbols are resolved when they are first used"
    if "__stack_chk_fail" not in symbols:
        yield "no canaries"


def main():
    failed = False
    for program in sys.argv[1:]:
        for finding in findings(program):
            failed = True
            print(f"{program}: {finding}")
    return 1 if failed else 0


sys.exit(main())
