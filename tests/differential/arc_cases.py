# SPDX-License-Identifier: GPL-3.0-or-later
"""Mails with ARC sets: chains that hold, and each way in which they do not."""
import dataclasses
import itertools

import arc_sets
import canonical
import damage
import grid
import message
from arc_sets import AMS, AS, AUTHENTICATION, H, MESSAGE, PASSED, SEAL, seal

ALTERED = "body-altered"    # what the author's signature earns behind a list
ATTESTED = "arc-attested"


@dataclasses.dataclass
class ArcCase:
    name: str
    mail: object
    is_chain_good: bool
    reason: str             # of the message
    has_facts: bool = True  # False: the sets are not in order, so nothing is promised of each

    def facts(self):
        return arc_sets.all_facts(self.mail)


def signed(number):
    """A mail of example.org, with its own good signature."""
    mail = message.usual(number, message.BODIES["text"])
    grid.sign(mail, "rsa-sha256", *grid.ALGORITHMS["rsa-sha256"], "relaxed/relaxed")
    return mail


def add_text(mail):
    """As a list does, but without a line that marks it, behind which leakfs takes text away."""
    mail.body += b"Sent to the list\r\n"


def chain(number, hops, altered_at=1, **options):
    """options: of seal(), of each hop or, as a list, of hop 1, 2..."""
    mail = signed(number)
    for i in range(1, hops + 1):
        if i == altered_at:
            add_text(mail)
        seal(mail, i, **{name: value[i - 1] if isinstance(value, list) else value
                         for name, value in options.items()})
    return mail


def places(mail, name, i):
    return [place for place, field in enumerate(mail.fields)
            if canonical.name_of(field) == name and arc_sets.instance_of(field) == str(i)]


def removed(*wanted):
    def change(mail):
        for name, i in wanted:
            for place in reversed(places(mail, name, i)):
                del mail.fields[place]
    return change


def doubled(*wanted):
    def change(mail):
        for name, i in wanted:
            place = places(mail, name, i)[0]
            mail.fields.insert(place, mail.fields[place])
    return change


def replaced(name, i, old, new):
    def change(mail):
        place = places(mail, name, i)[0]
        assert old in mail.fields[place], (name, i, old)
        mail.fields[place] = mail.fields[place].replace(old, new, 1)
    return change


def b_broken(name, i):
    """Another digit in the middle of b=."""
    def change(mail):
        place = places(mail, name, i)[0]
        head, b, value = mail.fields[place].rpartition(b"\tb=")
        mail.fields[place] = head + b + (b"B" if value[20:21] == b"A" else b"A").join(
            (value[:20], value[21:]))
    return change


def whole(i):
    return (AUTHENTICATION, i), (MESSAGE, i), (SEAL, i)


def upside_down(mail):
    count = next(n for n, field in enumerate(mail.fields)
                 if canonical.name_of(field) == b"dkim-signature")
    mail.fields[:count] = reversed(mail.fields[:count])


def interleaved(mail):
    for place in range(len(mail.fields), 0, -1):
        if canonical.name_of(mail.fields[place - 1]) in (SEAL, MESSAGE, AUTHENTICATION):
            mail.fields.insert(place, b"Received: by x.example; 24 Apr 2017 10:22:09 +0200\r\n")


def renamed(mail):
    for place, field in enumerate(mail.fields):
        name, colon, value = field.partition(b":")
        if name.startswith(b"ARC-"):
            mail.fields[place] = name.lower() + colon + value


# Name: hops, where the list is, what happens after the last hop, whether the chain holds,
# whether the sets are in order (RFC 8617 §5.2).
DAMAGES = {
    "body changed after the last hop": (2, 1, lambda mail: add_text(mail), False, True),
    "Subject changed after the last hop": (
        2, 1, damage.replaced(b"subject", b"budget", b"Budget"), False, True),
    "field added after the last hop": (2, 1, damage.top(b"X-Seen: yes\r\n"), True, True),
    "newest AMS broken": (2, 1, b_broken(MESSAGE, 2), False, True),
    "oldest AMS broken": (2, 1, b_broken(MESSAGE, 1), False, True),
    "newest AS broken": (2, 1, b_broken(SEAL, 2), False, True),
    "oldest AS broken": (3, 1, b_broken(SEAL, 1), False, True),
    "oldest AAR changed": (
        2, 1, replaced(AUTHENTICATION, 1, b"example.org", b"example.com"), False, True),
    "newest AAR changed": (2, 1, replaced(AUTHENTICATION, 2, b"pass", b"fail"), False, True),
    "cv changed": (1, 1, replaced(SEAL, 1, b"cv=none", b"cv=pass"), False, True),
    "white space in an AAR": (2, 1, replaced(AUTHENTICATION, 1, b"; dkim", b";\r\n\t  dkim"), True,
                              True),
    "newest set gone": (3, 1, removed(*whole(3)), True, True),
    "set in the middle gone": (3, 1, removed(*whole(2)), False, False),
    "oldest set gone": (2, 1, removed(*whole(1)), False, False),
    "AAR gone": (1, 1, removed((AUTHENTICATION, 1)), False, False),
    "AMS gone": (2, 1, removed((MESSAGE, 1)), False, False),
    "AS gone": (2, 1, removed((SEAL, 1)), False, False),
    "newest AS gone": (2, 1, removed((SEAL, 2)), False, False),
    "set twice": (2, 1, doubled(*whole(2)), False, False),
    "AAR twice": (2, 1, doubled((AUTHENTICATION, 1)), False, False),
    "AMS twice": (1, 1, doubled((MESSAGE, 1)), False, False),
    "AS twice": (2, 1, doubled((SEAL, 2)), False, False),
    "sets upside down": (3, 2, upside_down, True, True),
    "fields between those of sets": (2, 1, interleaved, True, True),
    "names in lower case": (2, 1, renamed, True, True),
}
# Name: hops, options of seal(), whether the chain holds, whether the sets are in order.
SEALS = {
    "cv=pass at first": (1, {"cv": "pass"}, False, True),
    "cv=none at second": (2, {"cv": "none"}, False, True),
    "cv=fail at first": (1, {"cv": "fail"}, False, True),
    "cv=fail at second": (2, {"cv": ["none", "fail"]}, False, True),
    "cv=fail in the middle": (3, {"cv": ["none", "fail", "pass"]}, False, False),
    "cv missing": (1, {"as_": AS.replace(" cv={cv};", "")}, False, False),
    "cv unknown": (1, {"cv": "maybe"}, False, False),
    "h= in a seal": (1, {"as_": AS.replace("\td={d};", "\th=from; d={d};")}, False, False),
    "seal in h=": (2, {"h": [H, H + ":arc-seal"]}, False, False),
    "instance 0": (1, {"ams": AMS.replace("{i}", "0"), "as_": AS.replace("{i}", "0")}, False,
                   False),
    "instance is no number": (1, {"ams": AMS.replace("{i}", "x"), "as_": AS.replace("{i}", "x")},
                              False, False),
    "instance missing": (1, {"as_": AS.replace(" i={i};", "")}, False, False),
    "AMS with rsa-sha1": (1, {"a": "rsa-sha1"}, False, False),
    "AS with rsa-sha1": (1, {"seal_a": "rsa-sha1"}, False, False),
    "AMS simple/simple": (2, {"c": "simple/simple"}, True, True),
    "i in another place": (2, {"ams": AMS.replace(" i={i};", "").replace(" h=", " i={i}; h="),
                               "as_": AS.replace(" i={i};", "").replace(" cv=", " i={i}; cv=")},
                           True, True),
    "key missing": (2, {"selector": ["arc", "gone"]}, False, True),
    "key of the first missing": (2, {"selector": ["gone", "arc"]}, False, True),
    "weak key": (1, {"selector": "weak"}, False, True),           # RFC 8301 §3.2
    "key public": (1, {"selector": "stolen"}, False, True),       # the contract of leakfs
    "10 sets": (10, {}, True, True),
    "50 sets": (50, {}, True, True),                              # §4.2.1
    "51 sets": (51, {}, False, False),
}
# What a chain that holds does not attest: hops, options of seal(), what happens after the last.
ATTACKS = {
    "AMS without From": (1, {"h": "to:subject:date"}, lambda mail: None),
    "second From on top": (1, {}, damage.top(b"From: mallory@example.net\r\n")),
    "AMS of no body": (1, {"ams": AMS.replace(" h=", " l={l}; h="), "length": 0}, add_text),
    "only the last AMS without From": (2, {"h": [H, "to:subject:date"]}, lambda mail: None),
}
# Results of the first hop (RFC 8601 §2.2), and whether they say dkim=pass.
RESULTS = {
    PASSED: True,
    "DKIM=Pass header.d=example.org": True,
    "spf=pass smtp.mailfrom=a@example.org; dkim=pass header.i=@example.org; dmarc=pass": True,
    "dkim=pass (2048-bit key; unprotected) header.d=example.org": True,
    "dkim = pass header.d=example.org": True,
    "dkim=(good) pass header.d=example.org": True,
    "dkim/1=pass header.d=example.org": True,
    "dkim=fail header.d=example.org header.s=a; dkim=pass header.d=example.org header.s=b": True,
    "dkim=fail header.d=example.org": False,
    "dkim=none": False,
    "none": False,
    "spf=pass smtp.mailfrom=a@example.org": False,
    "dkim=fail (was dkim=pass) header.d=example.org": False,
    "dkim=fail (was; dkim=pass ) header.d=example.org": False,
    'dkim=fail reason="was; dkim=pass" header.d=example.org': False,
    'spf=pass smtp.mailfrom="a; dkim=pass"@example.org': False,
    "x-dkim=pass header.d=example.org": False,
    "dkim-atps=pass header.d=example.org": False,
    "dkim=passed header.d=example.org": False,
    "auth=pass smtp.auth=dkim=pass": False,
}


def good_chains(cases):
    for hops in (1, 2, 3):
        for altered_at in range(hops + 1):
            yield f"own, {hops} hops, altered at {altered_at}", chain(len(cases), hops, altered_at)
            mail = signed(len(cases) + 1000)
            for i in range(1, hops + 1):
                if i == altered_at:
                    add_text(mail)
                arc_sets.seal_by_dkimpy(mail, i)
            yield f"dkimpy, {hops} hops, altered at {altered_at}", mail


def perl_chains(cases):
    """All together, so that Perl starts once for each hop."""
    wanted = [(hops, altered_at) for hops in (1, 2, 3) for altered_at in range(hops + 1)]
    mails = [signed(len(cases) + n + 2000) for n in range(len(wanted))]
    for i in (1, 2, 3):
        for mail, (_, altered_at) in zip(mails, wanted):
            if i == altered_at:
                add_text(mail)
        arc_sets.seal_by_mail_dkim([mail for mail, (hops, _) in zip(mails, wanted) if hops >= i], i)
    for mail, (hops, altered_at) in zip(mails, wanted):
        yield f"Mail::DKIM, {hops} hops, altered at {altered_at}", mail


def all_cases():
    cases = []
    for name, mail in itertools.chain(good_chains(cases), perl_chains(cases)):
        cases.append(ArcCase(name, mail, True, "" if name.endswith("at 0") else ATTESTED))
    for name, (hops, altered_at, change, is_good, has_facts) in DAMAGES.items():
        mail = chain(len(cases), hops, altered_at)
        change(mail)
        alone = "altered" if name.startswith("Subject") else ALTERED
        cases.append(ArcCase(name, mail, is_good, ATTESTED if is_good else alone, has_facts))
    for name, (hops, options, is_good, has_facts) in SEALS.items():
        mail = chain(len(cases), hops, **options)
        cases.append(ArcCase(name, mail, is_good, ATTESTED if is_good else ALTERED, has_facts))
    for name, (hops, options, change) in ATTACKS.items():
        mail = chain(len(cases), hops, **options)
        change(mail)
        alone = "altered" if "second From" in name else ALTERED
        cases.append(ArcCase(name, mail, True, alone, "no body" not in name))
    for results, is_pass in RESULTS.items():
        for hops in (1, 2):
            mail = chain(len(cases), hops, results=[results, PASSED])
            cases.append(ArcCase(results, mail, True, ATTESTED if is_pass else ALTERED))
    mail = chain(len(cases), 2, results=[PASSED, "dkim=fail header.d=example.org"])
    cases.append(ArcCase("only the first hop says pass", mail, True, ATTESTED))
    mail = chain(len(cases), 1, h=H.replace(":dkim-signature", ""))
    mail.fields = [f for f in mail.fields if canonical.name_of(f) != b"dkim-signature"]
    cases.append(ArcCase("the author's signature is gone", mail, True, ATTESTED))
    return cases
