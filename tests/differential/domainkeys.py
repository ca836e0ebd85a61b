# SPDX-License-Identifier: GPL-3.0-or-later
"""Judges mails with DomainKeys signatures (RFC 4870) and compares as signatures.py does.

dkimpy does not know them; the other verifier, and one of the two signers, is Mail::DKIM.
"""
import base64
import dataclasses
import itertools
import sys

import canonical
import cases
import catalog
import compare
import damage
import grid
import keys
import message
import records
import references
import rules
import signer

SELECTOR = "rsa1024-65537-spki"
METHODS = ("simple", "nofws")
LISTS = ("", "from:to:subject:date:x-copy")
USUAL = " a=rsa-sha1; q=dns; c={c};\r\n\ts={s}; d={d};{h}\r\n\tb={b}"
# §3.3 h=: a name that is there as often as its field, more often, and less often.
LISTS_WITH_NAMES_TWICE = ("x-copy:from:x-copy", "from:x-copy:x-copy:x-copy:date",
                          "from:x-none:subject", "received:from:received:received")
# RFC 4870 §3.4.2.1 leaves to the system what ends a line, so a bare LF has no one meaning.
BODIES = [body for body in message.BODIES if body != "bare LF"]
SOME_BODIES = ("text", "empty", "blank runs")


@dataclasses.dataclass
class Variation:
    template: str = USUAL
    outcome: str = ""


VARIATIONS = {
    "usual": Variation(),
    "b first": Variation(" b={b}; a=rsa-sha1; q=dns; c={c}; s={s}; d={d};{h}"),
    "a missing": Variation(USUAL.replace(" a=rsa-sha1;", "")),
    "white space everywhere": Variation(
        "\r\n\t a = rsa-sha1 ;\r\n\tq =\tdns ; c = {c} ; s = {s} ; d\r\n = {d} ;{h} b=\r\n {b} ;"),
    "no white space": Variation("a=rsa-sha1;q=dns;c={c};s={s};d={d};{h}b={b}"),
    "unknown tags": Variation(USUAL.replace(" q=dns;", " q=dns; zz=1; bb=x;")),
    "a unknown": Variation(USUAL.replace("rsa-sha1", "rsa-md5"), "malformed"),
    "c unknown": Variation(USUAL.replace("c={c}", "c=tight"), "malformed"),
    "d missing": Variation(USUAL.replace(" d={d};", ""), "malformed"),
    "s missing": Variation(USUAL.replace("s={s};", ""), "malformed"),
    "b missing": Variation(USUAL.replace("\r\n\tb={b}", ""), "malformed"),
}
# What the key may say: RFC 4870 §3.2.3. g= is its tag, h= and s= are not.
CONDITIONS = ("usual", "only p", "semicolon at the end", "white space everywhere", "g any",
              "g empty", "t=y", "missing", "revoked", "no p", "cut short", "wrong",
              "wrong, then right", "compromised", "g of another")
# RFC 4870 §3.2.3: what g= names is the local part of the sender. For DKIM it says nothing.
GRANULAR = dataclasses.replace(records.CONDITIONS["g of another"], status="unusable")
# Who: From, Sender, d=, and whether d= is the domain of the sender or above it (§3.5, §3.7).
SENDERS = {
    "in d": ("alice@example.org", "", "example.org", True),
    "in d, in upper case": ("alice@EXAMPLE.Org", "", "example.org", True),
    "below d": ("alice@mail.example.org", "", "example.org", True),
    "above d": ("alice@example.org", "", "mail.example.org", False),
    "elsewhere": ("alice@example.net", "", "example.org", False),
    "like d": ("alice@badexample.org", "", "example.org", False),
    "Sender in d": ("alice@example.net", "bob@example.org", "example.org", True),
    "Sender below d": ("alice@example.net", "bob@mail.example.org", "example.org", True),
    "Sender elsewhere": ("alice@example.org", "bob@example.net", "example.org", False),
}


def covered_fields(mail, h):
    """§3.3 h=: all fields of the names, or all; in both cases those below the signature only."""
    below = mail.fields[mail.place_of_signature() + 1:]
    if not h:
        return below
    left = [field for field in below if canonical.name_of(field) in signer.names_of(h)]
    chosen = []
    names = signer.names_of(h)
    for place in range(len(names) - 1, -1, -1):
        of_name = [field for field in left if canonical.name_of(field) == names[place]]
        # The last one for each time that it is named, and all that are left for the first time.
        taken = of_name[-1:] if names[place] in names[:place] else of_name
        chosen[:0] = taken
        for field in taken:
            left.remove(field)
    return chosen


def text_of(mail, c, h):
    return canonical.domainkeys_message(covered_fields(mail, h), mail.body, c == "nofws")


def sign(mail, key, selector, c, h, d="example.org", template=USUAL):
    mail.fields.insert(0, b"DomainKey-Signature:\r\n")
    b = base64.b64encode(key.sign("sha1", text_of(mail, c, h))).decode()
    value = template.format(c=c, s=selector, d=d, h=f" h={h};" if h else "",
                            b=signer.folded(b, "\r\n\t"))
    mail.fields[0] = f"DomainKey-Signature:{value}\r\n".encode()


def b_of(mail):
    value = mail.fields[mail.place_of_signature()].partition(b":")[2]
    return [b"".join(tag.split()) for tag in value.split(b";")
            if tag.partition(b"=")[0].strip() == b"b"]


def reason_of(header, key, condition, outcome, fields, covered):
    if header == "unknown":
        return "key-revoked" if condition.status == "revoked" else "key-missing"
    if header == "bad":
        return "altered"
    if key.bits < 1024:
        return "weak-key"
    if condition.outcome == "key-compromised":
        return condition.outcome
    froms = [canonical.name_of(field) for field in fields].count(b"from")
    return outcome or ("" if froms == 1 and b"from" in covered else "from-unsigned")


def truth_of(signed, damaged, c, h, key, condition, outcome=""):
    if outcome == "malformed":
        return cases.Truth("malformed")
    covered = [canonical.name_of(field) for field in covered_fields(damaged, h)]
    header = "unknown"
    if condition.status in ("found", "wrong"):
        is_same = (text_of(damaged, c, h), b_of(damaged)) == (text_of(signed, c, h), b_of(signed))
        header = "ok" if is_same and condition.status == "found" else "bad"
    reason = reason_of(header, key, condition, outcome, damaged.fields, covered)
    columns = {"kind": "domainkeys", "algorithm": "rsa-sha1", "canonicalization": c,
               "body_hash": "none", "header_signature": header}
    flags = set(condition.flags.split()).union(cases.told_flags(damaged.fields, covered))
    tidy = cases.without_junk(damaged)
    is_repairable = reason == "altered" and condition.status == "found" and (
        text_of(tidy, c, h), b_of(tidy)) == (text_of(signed, c, h), b_of(signed))
    return cases.Truth(reason, header == "ok" and b"from" in covered and not outcome, columns,
                       some_flags=flags, is_repairable=is_repairable)


class Maker:
    def __init__(self):
        self.cases = []

    def mail(self, body):
        return message.usual(len(self.cases), message.BODIES[body])

    def add(self, traits, signed, c, h, key=keys.DEFAULT, condition="usual", outcome="",
            done="none"):
        damaged = signed.copy()
        damage.DAMAGES[done][0](damaged)
        held = GRANULAR if condition == "g of another" else records.CONDITIONS[condition]
        truth = truth_of(signed, damaged, c, h, key, held, outcome)
        self.cases.append(cases.Case({"signer": "own", "body": "text", "method": c, "h": h,
                                      "record": condition, "damage": done, **traits},
                                     bytes(damaged), [truth]))


def add_damages(maker):
    for c, h, body in itertools.product(METHODS, LISTS, BODIES):
        for done in damage.DAMAGES if body in SOME_BODIES else ("none", "field on top"):
            mail = maker.mail(body)
            sign(mail, keys.DEFAULT, SELECTOR, c, h)
            maker.add({"body": body}, mail, c, h, done=done)


def add_tags(maker):
    for c, h, (name, variation) in itertools.product(METHODS, LISTS, VARIATIONS.items()):
        mail = maker.mail("text")
        sign(mail, keys.DEFAULT, SELECTOR, c, h, template=variation.template)
        maker.add({"tags": name}, mail, c, h, outcome=variation.outcome)


def add_senders(maker):
    for c, h, (who, (author, sender, d, is_right)) in itertools.product(METHODS, LISTS,
                                                                       SENDERS.items()):
        mail = maker.mail("text")
        mail.fields[mail.place_of(b"from")] = f"From: Alice <{author}>\r\n".encode()
        if sender:
            mail.fields.append(f"Sender: {sender}\r\n".encode())
        names = h and h + ":sender"
        sign(mail, keys.DEFAULT, SELECTOR, c, names, d=d)
        maker.add({"who": who}, mail, c, names, outcome="" if is_right else "from-unsigned")
    for c, h in itertools.product(METHODS, ("to:subject:date", "subject")):
        mail = maker.mail("text")
        sign(mail, keys.DEFAULT, SELECTOR, c, h)
        maker.add({"who": "not in h="}, mail, c, h, outcome="from-unsigned")


def add_records(maker):
    for c, h, name in itertools.product(METHODS, LISTS, CONDITIONS):
        for done in ("none", "a letter of the body"):
            mail, key = maker.mail("text"), records.CONDITIONS[name].key or keys.DEFAULT
            sign(mail, key, records.selector_of(name), c, h)
            maker.add({}, mail, c, h, key=key, condition=name, done=done)
    for c, ((name, exponent), key) in itertools.product(METHODS, keys.RSA.items()):
        mail = maker.mail("text")
        sign(mail, key, keys.selector_of(name, exponent, "spki"), c, "")
        maker.add({"key": f"{name}-{exponent}"}, mail, c, "", key=key)


def add_mail_dkim(maker):
    """Its own fault: it does not end the last line (see RULES)."""
    wanted = [*itertools.product(METHODS, LISTS,
                                 [body for body in BODIES if body != "no final line end"]),
              *itertools.product(METHODS, LISTS_WITH_NAMES_TWICE, ["text"])]
    mails = [message.usual(len(maker.cases) + n, message.BODIES[body])
             for n, (_, _, body) in enumerate(wanted)]
    requests = [("domainkeys", bytes(mail),
                 {"a": "rsa-sha1", "c": c, "d": "example.org", "s": SELECTOR,
                  "key": keys.DEFAULT.private_base64().decode(), **({"h": h} if h else {})})
                for mail, (c, h, _) in zip(mails, wanted)]
    for mail, field, (c, h, body) in zip(mails, references.ask_mail_dkim(requests, {}), wanted):
        mail.fields.insert(0, bytes.fromhex(field))
        maker.add({"signer": "Mail::DKIM", "body": body}, mail, c, h)


def add_with_dkim(maker):
    """Both kinds on one mail, as large senders did from 2007 to 2012, in either order."""
    for c, h, is_dkim_on_top, what in itertools.product(
            METHODS, LISTS, (True, False), ("none", "second Subject on top", "DKIM", "body")):
        mail = maker.mail("text")
        dkim_mail = mail.copy()
        if what == "DKIM":
            damage.DAMAGES["Subject changed"][0](dkim_mail)
        usual = ("rsa-sha256", keys.DEFAULT, SELECTOR, "relaxed/simple")
        if is_dkim_on_top:
            sign(mail, keys.DEFAULT, SELECTOR, c, h)
            domainkeys_mail = mail.copy()
            signed = grid.sign(dkim_mail, *usual)
            mail.fields.insert(0, dkim_mail.fields[0])
        else:
            signed = grid.sign(dkim_mail, *usual)
            mail.fields.insert(0, dkim_mail.fields[0])
            sign(mail, keys.DEFAULT, SELECTOR, c, h)
            domainkeys_mail = mail.copy()
        done = {"body": "a letter of the body", "DKIM": "none"}.get(what, what)
        damage.DAMAGES[done][0](mail)
        place = 0 if is_dkim_on_top else 1
        seen = mail.copy()
        seen.fields = [f for f in mail.fields if canonical.name_of(f) != b"domainkey-signature"]
        dkim_truth = cases.truth_of(signed, seen)
        seen = mail.copy()
        if is_dkim_on_top:
            seen.fields = [f for f in mail.fields if canonical.name_of(f) != b"dkim-signature"]
        truths = [truth_of(domainkeys_mail, seen, c, h, keys.DEFAULT, records.CONDITIONS["usual"])]
        truths.insert(place, dkim_truth)
        maker.cases.append(cases.Case({"signer": "own", "method": c, "h": h, "body": "text",
                                       "damage": done, "order": what}, bytes(mail), truths))


RULES = [
    rules.Rule("^fail", {"body": "no final line end"},
               "every line gets a CRLF, the last one too (RFC 4870 §3.4.2.1)"),
    rules.Rule("^(fail|invalid)", {"record": ".*, then right"},
               "of several records each may be tried (RFC 6376 §6.1.2 step 4)"),
]


def main():
    options = compare.options(__doc__)
    maker = Maker()
    for add in (add_damages, add_tags, add_senders, add_records, add_mail_dkim, add_with_dkim):
        add(maker)
    table = grid.all_records()
    raws = [case.raw for case in maker.cases]
    ours = None if options.references else catalog.judge(raws, table, grid.comments())
    perl = references.mail_dkim_signatures(raws, table)
    answers = [("Mail::DKIM", RULES, [[text for _, text in row] for row in perl])]
    return compare.report(maker.cases, ours, answers, options.save)


if __name__ == "__main__":
    sys.exit(main())
