# SPDX-License-Identifier: GPL-3.0-or-later
"""Compares each DKIM and DomainKeys signature of an index with Mail::DKIM's result for it.

Usage: signatures.py INDEX MAIL-DKIM.tsv

MAIL-DKIM.tsv has a header row and a row per signature, top to bottom: file (the end of the member's
path), n, kind, domain, selector, algorithm, result (pass, fail, invalid), detail. Prints how often
each pair of verdicts occurs, with the rule that explains a difference; those that no rule explains
are listed, status 1.
"""
import collections
import csv
import io
import subprocess
import sys

index, mail_dkim_path = sys.argv[1:]
csv.field_size_limit(1 << 30)

# What leakfs does on purpose and Mail::DKIM does not, by leakfs' flags.
REPAIRED = "an export was undone (leakfs-verdict(7), REPAIRS)"
DRAFT = "a draft before RFC 4871: one hash of header and body"


def catalog(name):
    text = subprocess.run(["lsleakfs", "--cat", index, "catalog/" + name], stdout=subprocess.PIPE,
                          check=True).stdout.decode()
    return csv.DictReader(io.StringIO(text, newline=""))


def rule(ours, theirs):
    """Why the two may differ; empty if they agree; None if nothing explains it."""
    flags = ours["flags"].split()
    good = ours["header_signature"] == "ok" and ours["body_hash"] != "bad"
    if good == (theirs["result"] == "pass"):
        return ""
    if good:
        if any(f.startswith("repaired:") and f != "repaired:lf" for f in flags):
            return REPAIRED
        if "draft" in flags:
            return DRAFT
        if "expired" in theirs["detail"]:
            return "x= is compared with the mail's own time"
    return None


ours = collections.defaultdict(list)
files = {}
for row in catalog("messages.csv"):
    for source in row["sources"].split(" "):
        files["/".join(source.split("/")[-2:])] = row["id"]
for row in catalog("signatures.csv"):
    if row["kind"] != "arc":
        ours[row["id"], row["kind"]].append(row)

theirs = collections.defaultdict(list)
with open(mail_dkim_path, encoding="utf-8", newline="") as file:
    for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
        theirs[row["file"], row["kind"]].append(row)

pairs = collections.Counter()
unexplained = []
compared = 0
for (name, kind), rows in sorted(theirs.items()):
    mine = ours[files[name], kind]
    for number, row in enumerate(rows):
        if number >= len(mine):
            unexplained.append((name, kind, "not judged"))
            continue
        compared += 1
        why = rule(mine[number], row)
        pairs[kind, mine[number]["result"], mine[number]["reason"], row["result"],
              row["detail"], why or ""] += 1
        if why is None:
            unexplained.append((name, kind, mine[number]["reason"], row["detail"]))
for (kind, result, reason, other, detail, why), count in sorted(pairs.items()):
    print(f"{count:6} {kind:10} leakfs {result:9} {reason:16} Mail::DKIM {detail:36} {why}")
print(f"{compared} signatures compared, {len(unexplained)} differences without a rule")
for line in unexplained[:40]:
    print("  " + " ".join(line))
good = {row["id"] for rows in ours.values() for row in rows
        if row["header_signature"] == "ok" and row["body_hash"] != "bad"}
print(f"{len(good)} messages with a good DKIM or DomainKeys signature")
sys.exit(bool(unexplained))
