# SPDX-License-Identifier: GPL-3.0-or-later
"""Compares the attachments of a mounted leak with what Python's email package decodes.

Usage: attachments.py MOUNTPOINT

Every message is parsed anew, from eml/. Each file of attachments/by-date has to hold what Python
decodes of that part, and each leaf that has a name or a disposition or is no text has to have a
file. Prints how often each rule explains a difference; those that no rule explains are listed,
status 1.
"""
import binascii
import collections
import csv
import email
import email.policy
import os
import re
import sys

mountpoint = sys.argv[1]
POLICY = email.policy.compat32
REPORTS = ("message/delivery-status", "message/disposition-notification",
           "message/feedback-report")


def files():
    """The files of the messages: {id: {part: path}}."""
    with open(mountpoint + "/catalog/attachments.csv", encoding="utf-8", newline="") as file:
        listed = {(row["message_id"], int(row["part"])) for row in csv.DictReader(file)}
    found = collections.defaultdict(dict)
    for folder, _, names in os.walk(mountpoint + "/attachments/by-date"):
        for name in names:
            # A file name may hold what looks like an id; the catalog says which are any.
            for match in re.finditer(r"(?=_([0-9a-f]{16}(?:-\d+)?)_(\d+)_)", name):
                if (match[1], int(match[2])) in listed:
                    found[match[1]][int(match[2])] = os.path.join(folder, name)
    return found


def encoding_of(part):
    words = str(part.get("Content-Transfer-Encoding", "")).lower().split(";")[0].split()
    return words[0] if words else ""


def is_encoded(part):
    return encoding_of(part) in ("base64", "quoted-printable", "x-uuencode", "uuencode", "x-uue")


def is_leaf(part):
    """Python takes every message/* for a message, and what is in a report too."""
    kind = part.get_content_type()
    if kind.startswith("message/"):
        return kind not in ("message/rfc822", "message/global") or is_encoded(part)
    return not part.is_multipart()


def walk(part):
    yield part
    if not is_leaf(part):
        for child in part.get_payload():
            yield from walk(child)


def is_attachment(part):
    kind = part.get_content_type()
    is_text = kind.startswith(("text/", "multipart/")) or kind in REPORTS
    return part.get_content_disposition() == "attachment" or bool(part.get_filename()) or not is_text


def raw(part):
    """The encoded bytes, or None where Python keeps none."""
    payload = part._payload  # get_payload() would convert its charset
    return payload.encode("ascii", "surrogateescape") if isinstance(payload, str) else None


def past_padding(code):
    """Base64 whose decoding goes on after padding, without what is not in the alphabet."""
    code = re.sub(rb"[^A-Za-z0-9+/=]", b"", code)
    decoded = b""
    for piece in code.split(b"="):
        piece = piece[:len(piece) - 1] if len(piece) % 4 == 1 else piece
        decoded += binascii.a2b_base64(piece + b"=" * (-len(piece) % 4))
    return decoded


def quoted(code):
    """Quoted-printable by RFC 2045, 6.7: blanks at the end of a line go, line ends stay."""
    code = re.sub(rb"[ \t]+(?=\r?\n|$)", b"", code)
    code = re.sub(rb"=(\r?\n|$)", b"", code)
    return re.sub(rb"=([0-9A-Fa-f]{2})", lambda match: bytes.fromhex(match[1].decode()), code)


def parse(content):
    """The message, and the rule by which its structure is another than Python sees."""
    message = email.message_from_bytes(content, policy=POLICY)
    if "\n" not in (message.get_boundary() or ""):
        return message, ""
    # Field names that were folded into a Content-Type: they stand behind the quoted boundary.
    content = re.sub(rb'(boundary="[^"\n]*")(\r?\n[ \t][^\n]*)+', rb"\1", content, count=1)
    return email.message_from_bytes(content, policy=POLICY), "a quoted boundary ends at its quote"


def explain(part, ours):
    """Which rule makes `ours` of the part; "" if Python agrees; None if none does."""
    code = raw(part)
    if code is None:
        return "Python keeps no bytes of this message/*"
    if part.get_payload(decode=True) == ours:
        return ""
    how = encoding_of(part)
    if how == "base64" and past_padding(code) == ours:
        return "base64 goes on after padding"
    if how == "quoted-printable" and quoted(code) == ours:
        return "quoted-printable: blanks before a line end go"
    if code == ours and how not in ("base64", "quoted-printable"):
        return "an unknown encoding is none"
    return None


rules = collections.Counter()
unexplained = []
compared = messages = 0
ours_by_id = files()
with open(mountpoint + "/catalog/SHA256SUMS", encoding="ascii") as sums:
    paths = [line.split()[1] for line in sums]  # in the order of the archive
for path in paths:
    messages += 1
    key = os.path.basename(path).removesuffix(".eml")
    with open(os.path.join(mountpoint, path), "rb") as file:
        message, structure_rule = parse(file.read())
    parts = list(walk(message))
    ours = ours_by_id.get(key, {})
    theirs = {n for n, part in enumerate(parts) if is_leaf(part) and is_attachment(part)}
    for n in sorted(theirs | ours.keys()):
        if n not in ours:
            unexplained.append((key, n, "is no file", parts[n].get_content_type()))
            continue
        with open(ours[n], "rb") as file:
            content = file.read()
        compared += 1
        if n not in theirs:
            unexplained.append((key, n, "Python has no such attachment", len(parts)))
            continue
        why = explain(parts[n], content)
        if why is None:
            unexplained.append((key, n, "differs", encoding_of(parts[n])))
        else:
            rules[why or structure_rule] += 1
print(f"{messages} messages, {compared} attachments compared")
for why, count in rules.most_common():
    print(f"{count:6} {'the same' if why == '' else why}")
print(f"{len(unexplained)} differences without a rule")
for line in unexplained[:60]:
    print("  " + " ".join(str(word) for word in line))
sys.exit(bool(unexplained))
