# SPDX-License-Identifier: GPL-3.0-or-later
"""What mkleakfs makes of mails and keys, as rows of the catalog."""
import collections
import csv
import io
import os
import subprocess
import sys
import tarfile
import tempfile

import keys


def write_archive(path, raws):
    with tarfile.open(path, "w") as archive:
        for number, raw in enumerate(raws):
            member = tarfile.TarInfo(f"{number:05}.eml")
            member.size = len(raw)
            archive.addfile(member, io.BytesIO(raw))


def run(*command):
    """Status 1 is that the key file has lines of no use, which it has on purpose."""
    done = subprocess.run(["mkleakfs", *command], text=True, stderr=subprocess.PIPE)
    if done.returncode not in (0, 1):
        sys.exit(f"mkleakfs {' '.join(command)}: status {done.returncode}\n{done.stderr}")


def table(index, name):
    text = subprocess.run(["lsleakfs", "--cat", index, f"catalog/{name}.csv"], check=True,
                          stdout=subprocess.PIPE).stdout.decode()
    return list(csv.DictReader(io.StringIO(text, newline="")))


def rows(index):
    """Member: its row of messages.csv and its rows of signatures.csv."""
    signatures = collections.defaultdict(list)
    for row in table(index, "signatures"):
        signatures[row["id"]].append(row)
    found = {}
    for row in table(index, "messages"):
        for source in row["sources"].split():
            # With a From_ line on top, a member is an mbox: mail.tar/00001.eml#49.
            found.setdefault(source.partition("#")[0], (row, signatures[row["id"]]))
    return found


def judge(raws, records, comments):
    """Rows for each mail. Those of an index that gets the keys later have to be the same."""
    with tempfile.TemporaryDirectory() as folder:
        archive, zone, index, later = (os.path.join(folder, name) for name in (
            "mail.tar", "keys.zone", "mail.leakidx", "later.leakidx"))
        write_archive(archive, raws)
        with open(zone, "wb") as file:
            file.write(keys.zone(records, comments))
        run("--progress", "never", "--no-shipped-keys", "--keys", zone, "-o", index, archive)
        run("--progress", "never", "--no-shipped-keys", "-o", later, archive)
        run("--progress", "never", "--no-shipped-keys", "--reverify", later, "--keys", zone)
        found = rows(index)
        for source, others in rows(later).items():
            if found[source] != others:
                sys.exit(f"{source}: {found[source]}\njudged again: {others}")
        return [found[f"mail.tar/{number:05}.eml"] for number in range(len(raws))]
