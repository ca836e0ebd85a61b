# SPDX-License-Identifier: GPL-3.0-or-later
"""Other programs on the same mail, those that are installed: mu and notmuch, which index extracted
files, and file systems that mount the archive itself."""
import os
import random
import shutil
import subprocess
import time

import measure

COUNT = 20  # files read of those that mount; some decompress from the start for each

args = measure.arguments()


def index_with(program, folder, plain):
    """Seconds to index the extracted mail."""
    if program == "mu":
        home = os.path.join(folder, "mu")
        measure.run(["mu", "init", "--muhome", home, "--maildir", plain])
        return measure.run(["mu", "index", "--muhome", home])[0]
    config = os.path.join(folder, "notmuch-config")
    with open(config, "w", encoding="utf-8") as file:
        file.write(f"[database]\npath={plain}\n[user]\nname=x\nprimary_email=x@example.org\n")
    return measure.run(["env", f"NOTMUCH_CONFIG={config}", "notmuch", "new"])[0]


def read_with(command, point, below=""):
    """Seconds to mount and read some of the files below a folder, the same in each run."""
    os.makedirs(point, exist_ok=True)
    started = time.monotonic()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        names = sorted(os.path.join(base, name)
                       for base, _, files in os.walk(os.path.join(point, below))
                       for name in files)
        for name in random.Random(1).sample(names, min(COUNT, len(names))):
            with open(name, "rb") as file:
                file.read()
        return time.monotonic() - started
    finally:
        subprocess.run(["fusermount3", "-uz", point], check=True)


with measure.scratch() as folder:
    index = os.path.join(folder, "bench.leakidx")
    keys = ["--keys", args.keys] if args.keys else []
    build = measure.best(["mkleakfs", "--force", *keys, "-o", index, args.archive])
    plain = os.path.join(folder, "plain")
    # A maildir is what mu wants to see.
    cur = os.path.join(plain, "cur")
    os.makedirs(cur)
    os.makedirs(os.path.join(plain, "new"))
    os.makedirs(os.path.join(plain, "tmp"))
    subprocess.run(["bsdtar", "-xf", args.archive, "-C", cur], check=True)
    for number, (base, _, files) in enumerate(list(os.walk(cur))):
        for name in files:
            if base != cur:
                os.rename(os.path.join(base, name), os.path.join(cur, f"{number}-{name}"))
    for program, target in [("mu", ">= 40x faster"), ("notmuch", ">= 80x faster")]:
        if shutil.which(program):
            measure.row("mkleakfs, wall", build,
                        (f"`{program}` on the extracted files", index_with(program, folder, plain)),
                        target)
    point = os.path.join(folder, "peer")
    own = read_with(["leakfs", "-o", "index=" + index, args.archive, point], point, "archive")
    for command in (["archivemount", "-o", "ro", args.archive, point],
                    ["fuse-archive", args.archive, point], ["ratarmount", args.archive, point]):
        if shutil.which(command[0]):
            measure.row(f"mounting and reading {COUNT:,} random files", own,
                        (f"`{command[0]}`", read_with(command, point)))
