#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Damages a sample leak in every container and checks that mkleakfs loses no more than it says.

A leak of mkleaksample is packed as tar, plain and compressed, zip, 7z (as one block, and as blocks
of 64 KiB) and mbox, and damaged: cut at 64 places, bits flipped, 64 bytes smashed, 100 bytes taken
out, 100 put in. For each damaged archive mkleakfs must end with status 0, 1 or 3, in 10 seconds and
1 GiB. Status 0 is for what lost no message. Each message of the original that an independent reader
(Python's tarfile, zipfile, bz2, lzma and zlib; bsdtar for zstd, 7zz for 7z) still finds whole must
be in the index, byte for byte, but for the last 64 KiB before damage in a 7z, which libarchive
decodes and does not deliver. With status 1 a row of problems.csv names a source of the archive and
an offset.

  archive_damage.py --trials 64            all of it, some minutes
  archive_damage.py --trials 1 --container tar ...    as ctest runs it

Needs mkleakfs, lsleakfs, mkleaksample, bsdtar and 7zz on PATH. Status 1 if anything is not so.
"""
import argparse
import bz2
import hashlib
import io
import lzma
import os
import random
import re
import subprocess
import sys
import tarfile
import tempfile
import zipfile
import zlib

import run

CONTAINERS = ["tar", "tar.gz", "tar.bz2", "tar.xz", "tar.zst", "zip", "7z", "blocks.7z", "mbox"]
SEVEN_ZIP_BUFFER = 64 << 10  # bytes that libarchive decodes at once
DAMAGES = ["cut", "flip", "smash", "gap", "insert"]
FROM_LINE = re.compile(rb"(?:\A|(?<=\n\n))From [^\n]*\d\d:\d\d:\d\d[^\n]*\n")


def digest(content):
    return hashlib.sha256(content).hexdigest()


def make(folder):
    """The sample in all containers: by container its bytes and the sizes of its messages by digest."""
    def within(name):
        return os.path.join(folder, name)
    subprocess.run(["mkleaksample", "--scale", "0.002", "--attachment-bytes", "300K",
                    within("leak.tar.gz")], check=True, stderr=subprocess.DEVNULL)
    plain = within("plain")
    os.mkdir(plain)
    subprocess.run(["bsdtar", "-xf", within("leak.tar.gz"), "-C", plain], check=True)
    truth = {}
    box = b""
    for path, _, names in os.walk(plain):
        for name in names:
            content = open(os.path.join(path, name), "rb").read()
            truth[digest(content)] = len(content)
            box += b"From a Mon Apr 24 08:22:05 2017\n" + content + b"\n\n"
    archives = {"mbox": (box, messages_of_box(box))}
    for container in CONTAINERS[:-1]:
        target = within("packed." + container)
        if container == "blocks.7z":
            subprocess.run(["7zz", "a", "-ms=64k", target, "."], cwd=plain, check=True,
                           stdout=subprocess.DEVNULL)
        else:
            format_ = ["--format=7zip"] if container == "7z" else ["-a"]
            subprocess.run(["bsdtar", "-C", plain, *format_, "-cf", target, "."], check=True)
        archives[container] = (open(target, "rb").read(), truth)
    return archives


def messages_of_box(box):
    starts = list(FROM_LINE.finditer(box))
    ends = [match.start() - 1 for match in starts[1:]] + [len(box) - 1]
    return {digest(box[match.end():end]): end - match.end() for match, end in zip(starts, ends)}


def damage(content, kind, at, generator):
    if kind == "cut":
        return content[:at]
    if kind == "flip":
        return content[:at] + bytes([content[at] ^ 1 << generator.randrange(8)]) + content[at + 1:]
    if kind == "smash":
        return content[:at] + generator.randbytes(64) + content[at + 64:]
    if kind == "gap":
        return content[:at] + content[at + 100:]
    return content[:at] + generator.randbytes(100) + content[at:]


def decompress(content, decoder):
    """As far as it goes."""
    out = b""
    try:
        for at in range(0, len(content), 4096):
            out += decoder.decompress(content[at:at + 4096])
    except (OSError, EOFError, lzma.LZMAError, zlib.error):
        pass
    return out


def read_tar(content):
    found = set()
    try:
        with tarfile.open(fileobj=io.BytesIO(content), ignore_zeros=False) as archive:
            for member in archive:
                data = archive.extractfile(member) if member.isfile() else None
                whole = data.read() if data else b""
                if len(whole) == member.size:
                    found.add(digest(whole))
    except (tarfile.TarError, OSError, EOFError, ValueError):
        pass
    return found


def read_zip(content):
    found = set()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for member in archive.infolist():
                try:
                    found.add(digest(archive.read(member)))
                except Exception:  # whatever is wrong with it, it is not whole
                    pass
    except Exception:  # no directory
        pass
    return found


def unpack(content, *command):
    """What another program unpacks; what is cut has no digest of the truth."""
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "packed"), "wb") as file:
            file.write(content)
        os.mkdir(os.path.join(folder, "out"))
        subprocess.run([*command, "../packed"], cwd=os.path.join(folder, "out"),
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return {digest(open(os.path.join(path, name), "rb").read())
                for path, _, names in os.walk(os.path.join(folder, "out")) for name in names}


def reference(container, content):
    """Digests of the members that an independent reader finds."""
    if container == "tar":
        return read_tar(content)
    if container == "tar.gz":
        return read_tar(decompress(content, zlib.decompressobj(31)))
    if container == "tar.bz2":
        return read_tar(decompress(content, bz2.BZ2Decompressor()))
    if container == "tar.xz":
        return read_tar(decompress(content, lzma.LZMADecompressor()))
    if container == "zip":
        return read_zip(content)
    if container == "mbox":
        return messages_of_box(content).keys()
    if container.endswith("7z"):
        return unpack(content, "7zz", "x", "-y")
    return unpack(content, "bsdtar", "-xf")


def are_in_buffer(sizes):
    """Whether messages of those sizes may be what libarchive did not deliver of a 7z."""
    return sum(sizes) - max(sizes) <= SEVEN_ZIP_BUFFER


def check(path, container, content, truth):
    """What is wrong with how mkleakfs takes the damaged archive."""
    with open(path, "wb") as file:
        file.write(content)
    outcome = run.build(path)
    found = outcome.faults()
    expected = reference(container, content) & truth.keys()
    if outcome.status not in (0, 1):
        if expected and outcome.status == 3:
            found.append(f"status 3, but {len(expected)} messages are whole: {outcome.stderr}")
        return found
    sums = run.cat(outcome.index, "catalog/SHA256SUMS").decode().splitlines()
    served = {line[:64] for line in sums}
    lost = expected - served
    if lost and not (container.endswith("7z") and are_in_buffer([truth[key] for key in lost])):
        found.append(f"{len(lost)} of {len(expected)} whole messages are lost")
    for line in sums[:-1:max(1, len(sums) // 4)] + sums[-1:]:
        if digest(run.cat(outcome.index, line[66:])) != line[:64]:
            found.append(f"{line[66:]} is not what SHA256SUMS says")
    problems = run.rows(outcome.index, "problems")
    # These have no checksum of what they hold.
    missing = truth.keys() - served
    if outcome.status == 0 and missing and container not in ("tar", "tar.zst", "mbox"):
        found.append(f"status 0, but {len(missing)} messages are not there")
    if outcome.status == 1 and not any(row["source"] and row["offset"] for row in problems):
        found.append("status 1, but no row of problems.csv says why")
    os.remove(outcome.index)
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--trials", type=int, default=64, help="of each damage to each container")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--container", choices=CONTAINERS, action="append")
    arguments = parser.parse_args()
    run.no_core_files()
    failures = trials = 0
    with tempfile.TemporaryDirectory() as folder:
        archives = make(folder)
        for container in arguments.container or CONTAINERS:
            content, truth = archives[container]
            for kind in DAMAGES:
                generator = random.Random(f"{arguments.seed} {container} {kind}")
                for trial in range(arguments.trials):
                    at = generator.randrange(len(content))
                    if kind == "cut":
                        at = len(content) * (trial + 1) // (arguments.trials + 1)
                    damaged = damage(content, kind, at, generator)
                    faults = check(os.path.join(folder, "leak." + container), container, damaged,
                                   truth)
                    trials += 1
                    failures += bool(faults)
                    for fault in faults:
                        print(f"{container}: {kind} at {at}: {fault}", flush=True)
    print(f"{trials} damaged archives, {failures} failures")
    return failures > 0


if __name__ == "__main__":
    sys.exit(main())
