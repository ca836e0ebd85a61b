# SPDX-License-Identifier: GPL-3.0-or-later
"""Every option of PROGRAM --help stands in its man page, and the reverse.

Usage: options.py PROGRAM PAGE
"""
import re
import subprocess
import sys

program, page = sys.argv[1:]
help_text = subprocess.run([program, "--help"], capture_output=True, text=True, check=True).stdout
with open(page, encoding="utf-8") as file:
    page_text = file.read()

# An option line of a help text starts with blanks and a dash; -o has the mount options behind it.
in_help = set()
for line in re.findall(r"^\s+(-.*)$", help_text, re.MULTILINE):
    words = re.split(r"\s{2,}", line)[0]
    in_help.update(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", words, re.IGNORECASE))
    if words.startswith("-o "):
        in_help.update("-o " + name for name in re.findall(r"[a-z_]+(?==|\b)", words[3:].lower())
                       if name in re.findall(r"(?:^|,)([a-z_]+)", words[3:]))
        in_help.discard("-o")

in_page = set()
for line in re.findall(r"^\.It (Fl .*)$", page_text, re.MULTILINE):
    mount = re.findall(r"Fl o Cm ([a-z_]+)", line)
    in_page.update("-o " + name for name in mount)
    if not mount:
        in_page.update("-" + name for name in re.findall(r"Fl (-?[\w-]+)", line))

for option in sorted(in_help - in_page):
    print(f"{option}: in --help, not in {page}")
for option in sorted(in_page - in_help):
    print(f"{option}: in {page}, not in --help")
sys.exit(in_help != in_page)
