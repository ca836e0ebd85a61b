# SPDX-License-Identifier: GPL-3.0-or-later
"""Compares rows of leakfs, and answers of other verifiers, with what is true of the cases.

leakfs has to say what is true. So have the others, unless a rule excuses them.
"""
import argparse
import os

import cases
import rules

SHOWN_MAX = 50


def of_leakfs(case, found):
    message, rows = found
    if len(rows) != len(case.truths):
        yield f"{len(rows)} signatures, not {len(case.truths)}"
        return
    for number, (truth, row) in enumerate(zip(case.truths, rows), 1):
        if row["n"] != str(number):
            yield f"n {row['n']!r}, not {number}"
        for text in cases.differences(truth, row):
            yield f"signature {number}: {text}"
    if ("signatures" in message["problems"].split()) != bool(case.over):
        yield f"problems {message['problems']!r}"
    if len(rows) == 1 and sorted(rows[0]["flags"].split()) != message["flags"].split():
        yield f"flags of the message {message['flags']!r}, of its signature {rows[0]['flags']!r}"
    if bool(message["domains"]) != (message["status"] == "verified"):
        yield f"domains {message['domains']!r} of a message that is {message['status']}"
    reason = case.reason()
    is_repaired = any(truth.is_repairable and "repaired:" in row["flags"]
                      for truth, row in zip(case.truths, rows))
    if message["reason"] != reason and not is_repaired:
        yield f"message {message['reason'] or 'verified'!r}, not {reason or 'verified'!r}"
    if (message["status"] == "verified") != (not message["reason"]):
        yield f"status {message['status']}, reason {message['reason']!r}"


def of_reference(name, table, case, answers):
    if len(case.truths) == 1 and not answers:
        answers = ["not read"]  # Mail::DKIM leaves out what is no list of tags
    for truth, answer in zip(case.truths, answers):
        if (answer == "pass") != truth.is_valid:
            if not rules.explained(table, {**case.traits, **truth.traits}, answer):
                yield f"{name} says {answer!r}, the truth is {truth}"
    if len(answers) != len(case.truths) + case.over:
        yield f"{name} finds {len(answers)} signatures, not {len(case.truths)}"


def save(folder, number, raw):
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, f"{number:05}.eml"), "wb") as file:
        file.write(raw)


def report(found, ours, references, folder=None):
    """ours: rows of leakfs per case, or None to leave it out; references: name, rules and answers
    per case. Returns the exit status."""
    wrong = 0
    for number, case in enumerate(found):
        texts = list(of_leakfs(case, ours[number])) if ours else []
        if texts and folder:
            save(folder, number, case.raw)
        for name, table, answers in references:
            texts += of_reference(name, table, case, answers[number])
        wrong += bool(texts)
        if texts and wrong <= SHOWN_MAX:
            print(f"mail {number}, {case}:", *texts, sep="\n  ")
    stale = 0
    for name, table, _ in references:
        print(f"{name}: {sum(rule.used for rule in table)} differences by {len(table)} rules")
        for rule in table:
            if not rule.used:
                stale += 1
                print(f"  no case needs the rule: {rule.why}")
    print(f"{len(found)} mails, {wrong} differ")
    return 1 if wrong or stale else 0


def options(text):
    parser = argparse.ArgumentParser(description=text)
    parser.add_argument("--references", action="store_true",
                        help="leave out leakfs: are the others of the test's opinion?")
    parser.add_argument("--save", metavar="FOLDER", help="for the mails that leakfs misjudges")
    return parser.parse_args()
