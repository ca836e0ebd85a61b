# SPDX-License-Identifier: GPL-3.0-or-later
"""Judges the mails of arc_cases.py with leakfs, dkimpy and Mail::DKIM.

Needs mkleakfs and lsleakfs in PATH. A chain that holds and whose first hop says dkim=pass attests
what the author's broken signature no longer proves.
"""
import sys

import arc_cases
import arc_example
import arc_sets
import catalog
import compare
import grid
import references
import rules

# It is told to take keys of any size, so that it tells what it finds.
DKIMPY = [
    rules.Rule("^pass", {"name": ("weak key",)}, "it was told so (RFC 8301 §3.2)"),
    rules.Rule("^pass", {"name": ("key public",)}, "only a key file can say it"),
    rules.Rule("^pass", {"name": ("51 sets",)}, "i= is at most 50 (RFC 8617 §4.2.1)"),
    rules.Rule("did not validate", {"name": ("sets upside down",)},
               "instances give the order, not places (RFC 8617 §5.1.1)"),
    rules.Rule("did not validate", {"name": ("second From on top",)},
               "it hashes one From more than h= names (RFC 6376 §3.5 h=)"),
]
MAIL_DKIM = [
    rules.Rule("^pass", {"name": ("key public",)}, "only a key file can say it"),
    rules.Rule("body has been altered", {"name": ("AMS of no body",)},
               "l=0 is no octet, not no limit (RFC 6376 §3.5 l=)"),
    rules.Rule("not asked", {"name": ("50 sets",)}, "see main()"),
    rules.Rule("^pass", {"name": ("h= in a seal",)}, "it MUST fail (RFC 8617 §4.1.3)"),
    rules.Rule("^fail .*Key length 512 too short", {"name": ("RFC 8617, appendix B",)},
               "it is told to be strict (RFC 8301 §3.2)"),
]
# A seal with cv=fail covers its own set only (RFC 8617 §5.1.2); dkimpy has it cover all.
NOT_FOR_DKIMPY = ("cv=fail at second", "sets upside down", "second From on top")


def of_leakfs(case, facts, found):
    message, rows = found
    if message["reason"] != case.reason:
        yield f"message {message['reason'] or 'verified'!r}, not {case.reason or 'verified'!r}"
    if facts is None:
        return
    rows = [row for row in rows if row["kind"] == "arc"]
    if len(rows) != len(facts):
        yield f"{len(rows)} rows of ARC, not {len(facts)}"
    for number, (row, columns) in enumerate(zip(rows, facts), 1):
        for name, value in columns.items():
            if row[name] != value:
                yield f"row {number} of ARC: {name} {row[name]!r}, not {value!r}"


def of_dkimpy_sets(facts, results):
    """dkimpy tells of each AS and AMS whether it is valid."""
    own = {}
    for columns in facts:
        kind = "as" if columns["body_hash"] == "none" else "ams"
        is_valid = columns["header_signature"] == "ok" and columns["body_hash"] != "bad"
        own[kind, columns["domain"]] = is_valid
    for result in results:
        for kind in ("as", "ams"):
            domain = result[f"{kind}-domain"].decode()
            if result[f"{kind}-valid"] != own[kind, domain]:
                yield f"dkimpy says {result[f'{kind}-valid']} of {kind} {domain}"


def main():
    options = compare.options(__doc__)
    found = arc_cases.all_cases() + arc_example.cases()
    table = {**grid.all_records(), **arc_sets.records(), **arc_example.RECORDS}
    raws = [bytes(case.mail) for case in found]
    comments = {**grid.comments(), **arc_sets.comments()}
    ours = None if options.references else catalog.judge(raws, table, comments)
    # Mail::DKIM looks for each set in each field, by a pattern that tries every semicolon.
    asked = [n for n, case in enumerate(found) if case.name not in ("50 sets", "51 sets")]
    answers = references.ask_mail_dkim([("arc", raws[n], {}) for n in asked], table)
    perl = dict(zip(asked, answers))
    python = references.each(references.dkimpy_arc_one, [(raw, table) for raw in raws])
    wrong = 0
    for number, case in enumerate(found):
        facts = case.facts() if case.has_facts else None
        texts = list(of_leakfs(case, facts, ours[number])) if ours else []
        if texts and options.save:
            compare.save(options.save, number, raws[number])
        verdict, reason, results = python[number]
        if facts and case.name not in NOT_FOR_DKIMPY:
            texts += of_dkimpy_sets(facts, results)
        for name, rule_table, answer in (("dkimpy", DKIMPY, f"{verdict} ({reason})"),
                                         ("Mail::DKIM", MAIL_DKIM, perl.get(number, "not asked"))):
            if answer.startswith("pass") != case.is_chain_good:
                if not rules.explained(rule_table, {"name": case.name}, answer):
                    texts.append(f"{name} says {answer!r}, is good: {case.is_chain_good}")
        wrong += bool(texts)
        if texts:
            print(f"mail {number}, {case.name}:", *texts, sep="\n  ")
    stale = [rule.why for rule in DKIMPY + MAIL_DKIM if not rule.used]
    print(*[f"no case needs the rule: {why}" for why in stale], sep="\n")
    print(f"{len(found)} mails, {wrong} differ")
    return 1 if wrong or stale else 0


if __name__ == "__main__":
    sys.exit(main())
