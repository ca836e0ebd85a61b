# SPDX-License-Identifier: GPL-3.0-or-later
"""Compares the verdicts of an index with those of two other verifiers on the same mail.

Usage: verdicts.py INDEX DKIMPY.tsv MAIL-DKIM.tsv

Both files have a header row and name a message by the end of its member's path. DKIMPY.tsv: file,
best (pass, bodyfail, sigfail, nokey, syntax or unsigned). MAIL-DKIM.tsv, a row per signature: file,
n, kind, domain, selector, algorithm, result, detail. Differences are listed; status 1 if a message
that both call a DKIM pass is neither verified nor good with a flaw, or if one is verified none of
whose signatures passes in either, without being repaired or of a draft of DKIM, which neither knows.
"""
import collections
import csv
import io
import subprocess
import sys

# Good signatures that are not enough to verify a message.
FLAWED = ("partial-body", "weak-key", "from-unsigned", "key-compromised")

index, dkimpy_path, mail_dkim_path = sys.argv[1:]
csv.field_size_limit(1 << 30)


def catalog(name):
    text = subprocess.run(["lsleakfs", "--cat", index, "catalog/" + name], stdout=subprocess.PIPE,
                          check=True).stdout.decode()
    return csv.DictReader(io.StringIO(text, newline=""))


def table(path):
    with open(path, encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)


def name_of(source):
    """The last two components, as the other verifiers name it."""
    return "/".join(source.split("/")[-2:])


ours = {}
for row in catalog("messages.csv"):
    for source in row["sources"].split(" "):
        ours[name_of(source)] = row
dkimpy = {row["file"]: row["best"] for row in table(dkimpy_path)}
mail_dkim = collections.defaultdict(list)
for row in table(mail_dkim_path):
    mail_dkim[row["file"]].append(row)

pairs = collections.Counter()
missed, unfounded = [], []
for name, best in sorted(dkimpy.items()):
    row = ours[name]
    verdict = row["reason"] or row["status"]
    passes = {r["kind"] for r in mail_dkim[name] if r["result"] == "pass"}
    other = " ".join(sorted(passes)) or "no pass"
    flags = set(row["flags"].split()) - {"repaired:lf"}
    is_ours = "draft" in flags or any(flag.startswith("repaired:") for flag in flags)
    pairs[verdict, best, other] += 1
    if best == "pass" and "dkim" in passes and row["status"] != "verified" and verdict not in FLAWED:
        missed.append((name, verdict))
    if row["status"] == "verified" and best != "pass" and not passes and not is_ours:
        unfounded.append((name, best))

print(f"{'leakfs':18}{'dkimpy':12}{'Mail::DKIM':16}{'messages':>8}")
for (verdict, best, other), count in sorted(pairs.items()):
    print(f"{verdict:18}{best:12}{other:16}{count:8}")
print(f"passes in both that leakfs misses: {len(missed)}")
for name, verdict in missed:
    print(f"  {name}: {verdict}")
print(f"verified that pass in neither: {len(unfounded)}")
for name, best in unfounded:
    print(f"  {name}: {best} by dkimpy")
sys.exit(bool(missed or unfounded))
