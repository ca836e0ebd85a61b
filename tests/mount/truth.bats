#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# What leakfs says about a sample is what its generator knows.
load leak

@test "messages.csv agrees with the truth in every column that both know" {
  index leak.tar.gz
  lsleakfs --cat leak.tar.gz.leakidx catalog/messages.csv >messages.csv
  python3 - leak.tar.gz.truth.csv messages.csv <<'PYTHON'
import csv, sys
truth, found = ({row["id"]: row for row in csv.DictReader(open(name, encoding="utf-8", newline=""))}
                for name in sys.argv[1:])
assert truth.keys() == found.keys()
for key, row in truth.items():
    for column in row:
        if column != "flags":
            assert row[column] == found[key][column], (key, column, row[column], found[key][column])
PYTHON
}

@test "the counts of README.txt are those of the truth" {
  index leak.tar.gz
  lsleakfs --cat leak.tar.gz.leakidx README.txt >counts
  messages=$(($(wc -l <leak.tar.gz.truth.csv) - 1))
  verified=$(grep -c ',verified,' leak.tar.gz.truth.csv)
  grep -Eq "^ +$messages messages" counts
  grep -Eq "^ +$verified verified" counts
}

@test "dkimpy passes what is verified, and nothing that is altered" {
  index leak.tar.gz
  mount_leak leak.tar.gz
  /usr/bin/python3 - leak.tar.gz.keys mnt <<'PYTHON'
import csv, datetime, re, sys, time
import dkim

keys = {}
for line in open(sys.argv[1], encoding="utf-8"):
    match = re.match(r"(\S+) IN TXT (.*?) ;", line)
    if match:
        keys[match[1].encode()] = b"".join(s.encode() for s in re.findall(r'"([^"]*)"', match[2]))


def passes(message):
    verifier = dkim.DKIM(message, minkey=512)
    count = sum(1 for name, _ in verifier.headers if name.lower() == b"dkim-signature")
    for i in range(count):
        try:
            if verifier.verify(idx=i, dnsfunc=lambda name, **_: keys.get(name)):
                return True
        except dkim.DKIMException:
            pass
    return False


mnt = sys.argv[2]
failing = {"body-altered", "headers-altered", "altered", "key-missing", "key-revoked", "malformed",
           "unsigned"}
for row in csv.DictReader(open(mnt + "/catalog/messages.csv", encoding="utf-8", newline="")):
    # dkimpy compares x= with the clock; the clock of a leak is that of its mail.
    date = datetime.datetime.fromisoformat(row["date"].replace("Z", "+00:00")).timestamp()
    time.time = lambda: date
    with open(f"{mnt}/eml/by-id/{row['id'][:2]}/{row['id']}.eml", "rb") as file:
        result = passes(file.read())
    if row["status"] == "verified":
        assert result, row
    if row["reason"] in failing:
        assert not result, row
PYTHON
}
