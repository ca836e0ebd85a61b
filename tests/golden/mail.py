# SPDX-License-Identifier: GPL-3.0-or-later
"""Builds an index of the mails of mails.py and compares it with what Python's email package says.

Usage: mail.py, with mkleakfs and lsleakfs in PATH. Each difference is shown; status 1 if there is
one.
"""
import csv
import hashlib
import io
import os
import subprocess
import sys
import tarfile
import tempfile

import mails
import oracle


def write_archive(path, messages):
    with tarfile.open(path, "w") as archive:
        for number, raw in enumerate(messages, 1):
            member = tarfile.TarInfo(f"{number}.eml")
            member.size = len(raw)
            archive.addfile(member, io.BytesIO(raw))


def listed(option, index, *paths):
    return subprocess.run(["lsleakfs", option, index, *paths], check=True,
                          capture_output=True).stdout


def table(index, name):
    text = listed("--cat", index, f"catalog/{name}.csv").decode()
    return list(csv.DictReader(io.StringIO(text, newline="")))


def texts(index, ids):
    """The body of each .txt: what follows the empty line after its front."""
    paths = [f"by-id/{id_[:2]}/{id_}.txt" for id_ in ids]
    files = io.BytesIO(listed("--cat", index, *paths))
    for row in listed("-l", index, *paths).splitlines():
        yield files.read(int(row.split()[2])).decode().split("\n\n", 1)[1]


def differences(raw, row, attachments, text):
    mail = oracle.read(raw)
    address, name = oracle.sender(mail)
    expected = {"subject": oracle.subject(mail), "date": oracle.date(mail), "from": address,
                "from_name": name, "message_id": str(mail["message-id"]).strip(),
                "size": str(len(raw))}
    found = {column: row[column] for column in expected}
    found["attachments"] = [tuple(a[c] for c in ("part", "filename", "type", "size", "sha256"))
                            for a in attachments]
    expected["attachments"] = oracle.attachments(mail)
    found["text"] = text
    expected["text"] = oracle.body(mail)
    for column, value in expected.items():
        if found[column] != value:
            yield f"{column}: {found[column]!r}, by Python {value!r}"


def main():
    messages = mails.all_mails()
    with tempfile.TemporaryDirectory() as folder:
        archive, index = os.path.join(folder, "mail.tar"), os.path.join(folder, "mail.leakidx")
        write_archive(archive, messages)
        subprocess.run(["mkleakfs", "--progress", "never", "-o", index, archive], check=True)
        rows = {row["sha256"]: row for row in table(index, "messages")}
        attachments = {}
        for row in table(index, "attachments"):
            attachments.setdefault(row["message_id"], []).append(row)
        count = 0
        text_of = dict(zip(rows, texts(index, [row["id"] for row in rows.values()])))
        for number, raw in enumerate(messages, 1):
            digest = hashlib.sha256(raw).hexdigest()
            row = rows.get(digest)
            if row is None:
                found = ["is not in messages.csv"]
            else:
                found = list(differences(raw, row, attachments.get(row["id"], []), text_of[digest]))
            if found:
                count += 1
                print(f"mail {number}:", *found, sep="\n  ")
                print("  " + raw.decode("utf-8", "backslashreplace")[:600].replace("\n", "\n  | "))
    print(f"{len(messages)} mails, {count} differ")
    return 1 if count or len(rows) != len(messages) else 0


sys.exit(main())
