# SPDX-License-Identifier: GPL-3.0-or-later
"""Mails as exporting left them, and mails as an attacker would have them.

Needs mkleakfs and lsleakfs in PATH. Where undoing what exporting did makes the hashes match, leakfs
has to verify the mail and to say repaired:HOW; an attack it has to refuse, or to say what is odd.
That the mails are what they are meant to be, dkimpy says: it passes the mail before and, unless the
damage is one that it undoes or the canonical form forgives, does not pass it after.
"""
import dataclasses
import itertools
import re
import sys

import canonical
import cases
import catalog
import compare
import domainkeys
import exports
import grid
import keys
import message
import references
import signer
import tags

USUAL = ("rsa-sha256", *grid.ALGORITHMS["rsa-sha256"])
OVERSIGNED = ("from:to:subject:date:message-id:received:received:received:subject:from:reply-to:"
              "x-keywords")
# Line ends and a From_ line are no matter to dkimpy.
DKIMPY_UNDOES = ("LF", "LF, 8-bit", "LF, last line end missing", "LF, From_ line", "From_ line")


@dataclasses.dataclass
class Repair:
    name: str
    original: bytes
    raw: bytes
    is_broken: bool         # by the letter of the RFC
    kind: str = "dkim"

    def differences(self, message_row, rows):
        flags = message_row["flags"].split()
        if message_row["status"] != "verified":
            yield f"message {message_row['reason']!r}, not verified"
        elif self.is_broken and not any(flag.startswith("repaired:") for flag in flags):
            yield f"flags {flags} without one of a repair"
        row = next((row for row in rows if row["kind"] == self.kind), None)
        if row is None:
            yield f"no signature of the kind {self.kind}"
        elif row["result"] != "pass" or "bad" in (row["header_signature"], row["body_hash"]):
            yield (f"signature: {row['result']}, header {row['header_signature']},"
                   f" body {row['body_hash']}")


@dataclasses.dataclass
class Attack:
    name: str
    raw: bytes
    reasons: tuple          # what it may earn
    flags: tuple = ()       # or one of these, if verified

    def differences(self, message_row, _):
        flags = message_row["flags"].split()
        is_told = any(flag.startswith(self.flags) for flag in flags) if self.flags else False
        if message_row["reason"] not in self.reasons and not (
                message_row["status"] == "verified" and is_told):
            yield (f"message {message_row['reason'] or 'verified'!r} with {flags}, not"
                   f" {self.reasons} or {self.flags}")


def parsed(raw):
    """A mail that has CRLF, or None."""
    head, empty_line, body = raw.partition(b"\r\n\r\n")
    if not empty_line:
        return None
    fields = [field + b"\r\n" for field in re.split(rb"\r\n(?![ \t])", head)]
    return message.Mail(fields, body)


def is_same(signed, raw):
    """Whether what was signed is still there, and nothing has to be undone."""
    mail = parsed(raw)
    if mail is None or not any(canonical.name_of(f) == b"dkim-signature" for f in mail.fields):
        return False
    bodies = [cases.octets(body, signed.c, None) for body in (mail.body, signed.mail.body)]
    return bodies[0] == bodies[1] and cases.is_header_good(mail, signed)


def exported():
    """Every damage with every canonical form."""
    for number, ((name, (body, done)), c) in enumerate(
            itertools.product(exports.EXPORTS.items(), grid.FORMS)):
        mail = message.usual(number, body)
        h = OVERSIGNED if "oversigned" in name else tags.H + ":message-id"
        key, selector = USUAL[1:]
        signer.sign(mail, key, tags.USUAL, a=USUAL[0], c=c, s=selector, d="example.org",
                    t=message.CLOCK, h=h)
        signed = cases.Signed(mail, c, h, None, USUAL[0], key, selector, tags.Variation(),
                              grid.records.CONDITIONS["usual"])
        raw = done(bytes(mail))
        assert raw != bytes(mail), name
        yield Repair(f"{name}, {c}", bytes(mail), raw, not is_same(signed, raw))


def exported_domainkeys():
    for number, ((name, (body, done)), c, h) in enumerate(
            itertools.product(exports.EXPORTS.items(), domainkeys.METHODS, domainkeys.LISTS)):
        mail = message.usual(number + 5000, body)
        domainkeys.sign(mail, keys.DEFAULT, domainkeys.SELECTOR, c, h)
        raw = done(bytes(mail))
        damaged = parsed(raw)
        is_good = damaged is not None and any(
            canonical.name_of(f) == b"domainkey-signature" for f in damaged.fields) and (
                domainkeys.text_of(damaged, c, h) == domainkeys.text_of(mail, c, h))
        yield Repair(f"DomainKeys: {name}, {c}, h={h}", bytes(mail), raw, not is_good, "domainkeys")


def attacks():
    for number, (name, attack) in enumerate(exports.ATTACKS.items()):
        mail = message.usual(number + 9000, attack.body)
        variation = tags.Variation(attack.template or tags.USUAL, h=attack.h, d=attack.d)
        length = None if attack.length is None else int(len(attack.body) * attack.length)
        signer.sign(mail, keys.DEFAULT, variation.template, a="rsa-sha256", c="relaxed/relaxed",
                    s=attack.selector, d=attack.d, t=message.CLOCK, h=attack.h, length=length)
        raw = attack.done(bytes(mail))
        yield Attack(name, raw, attack.reasons, attack.flags)


def dkimpy_differences(repairs, table):
    """That the mails are what they are meant to be."""
    dkim_only = [repair for repair in repairs if repair.kind == "dkim"]
    jobs = [(raw, 1, table) for repair in dkim_only for raw in (repair.original, repair.raw)]
    answers = references.each(references.dkimpy_one, jobs)
    for repair, before, after in zip(dkim_only, answers[::2], answers[1::2]):
        if before != ["pass"]:
            yield f"{repair.name}: dkimpy does not pass the mail before: {before}"
        name = repair.name.rpartition(", ")[0]
        if (after == ["pass"]) == repair.is_broken and name not in DKIMPY_UNDOES:
            yield f"{repair.name}: dkimpy says {after} after, broken: {repair.is_broken}"


def mail_dkim_differences(repairs, table):
    """The same for DomainKeys. Mail::DKIM does not end the last line, and sees no body behind CR CR
    LF, which "nofws" forgives."""
    known = [repair for repair in repairs if repair.kind == "domainkeys"]
    raws = [raw for repair in known for raw in (repair.original, repair.raw)]
    answers = references.mail_dkim_signatures(raws, table)
    for repair, before, after in zip(known, answers[::2], answers[1::2]):
        if before != [("domainkeys", "pass")]:
            yield f"{repair.name}: Mail::DKIM does not pass the mail before: {before}"
        if (after == [("domainkeys", "pass")]) == repair.is_broken:
            if not re.search("last line end missing|CR CR LF, nofws", repair.name):
                yield f"{repair.name}: Mail::DKIM says {after} after, broken: {repair.is_broken}"


def main():
    options = compare.options(__doc__)
    table = grid.all_records()
    repairs = [*exported(), *exported_domainkeys()]
    found = [*repairs, *attacks()]
    texts = [*dkimpy_differences(repairs, table), *mail_dkim_differences(repairs, table)]
    print(*texts, sep="\n")
    wrong = len(texts)
    if not options.references:
        ours = catalog.judge([case.raw for case in found], table, grid.comments())
        for number, (case, rows) in enumerate(zip(found, ours)):
            differences = list(case.differences(*rows))
            wrong += bool(differences)
            if differences:
                print(f"mail {number}, {case.name}:", *differences, sep="\n  ")
            if differences and options.save:
                compare.save(options.save, number, case.raw)
    broken = sum(repair.is_broken for repair in repairs)
    print(f"{broken} repairs, {len(repairs) - broken} without, {len(found) - len(repairs)} attacks,"
          f" {wrong} differ")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
