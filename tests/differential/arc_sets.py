# SPDX-License-Identifier: GPL-3.0-or-later
"""Puts ARC sets (RFC 8617) on a mail, by its own hands, by dkimpy and by Mail::DKIM.

A set is sealed by hopN.example, whose number is also its instance.
"""
import base64
import hashlib
import re

import dkim
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import padding

import canonical
import keys
import message
import references
import signer

AUTHENTICATION, MESSAGE, SEAL = (b"arc-authentication-results", b"arc-message-signature",
                                 b"arc-seal")
HOPS_MAX = 51
AMS = " i={i}; a={a}; c={c}; d={d}; s={s};\r\n\tt={t}; h={h};\r\n\tbh={bh};\r\n\tb={b}"
AS = " i={i}; a={a}; t={t}; cv={cv};\r\n\td={d}; s={s};\r\n\tb={b}"
H = "from:to:subject:date:message-id:dkim-signature"
PASSED = "dkim=pass header.d=example.org"
# Selector: its key, and whether a record names it.
SELECTORS = {"arc": (keys.DEFAULT, True), "weak": (keys.RSA["512", 65537], True),
             "gone": (keys.DEFAULT, False), "stolen": (keys.STOLEN, True)}


def records():
    return {f"{selector}._domainkey.hop{i}.example": [
        f"v=DKIM1; k=rsa; p={keys.p_of(key.public('spki'))}"]
            for i in range(1, HOPS_MAX + 1) for selector, (key, is_there) in SELECTORS.items()
            if is_there}


def comments():
    return {f"stolen._domainkey.hop{i}.example": "compromised-since=2020-01-01"
            for i in range(1, HOPS_MAX + 1)}


def tags_of(field):
    """Of a signature, or of the results: their first part is i=."""
    tags = {}
    for tag in field.partition(b":")[2].split(b";"):
        name, _, value = tag.partition(b"=")
        tags.setdefault(name.strip().decode("latin-1"), b"".join(value.split()).decode("latin-1"))
    return tags


def instance_of(field):
    return tags_of(field).get("i")


def sets_text(mail, i, is_alone):
    """§5.1.1: the sets up to this one, without its seal; if cv=fail (§5.1.2), only this one."""
    chosen = []
    for number in range(i if is_alone else 1, i + 1):
        for name in (AUTHENTICATION, MESSAGE, SEAL)[:2 if number == i else 3]:
            chosen += [field for field in mail.fields
                       if canonical.name_of(field) == name and instance_of(field) == str(number)]
    return b"".join(map(canonical.header_relaxed, chosen))


def seal_text(mail, field, i, is_alone):
    own = field.partition(b":")[0] + b":" + signer.without_b(field.partition(b":")[2])
    return sets_text(mail, i, is_alone) + canonical.header_relaxed(
        own.rstrip(b"\r\n") + b"\r\n")[:-2]


def seal(mail, i, results=PASSED, cv=None, selector="arc", ams=AMS, as_=AS, h=H, a="rsa-sha256",
         seal_a="rsa-sha256", c="relaxed/relaxed", length=None):
    """By own hands. What is wrong with it is asked for."""
    cv = cv or ("none" if i == 1 else "pass")
    key, d = SELECTORS[selector][0], f"hop{i}.example"
    mail.fields.insert(0, f"ARC-Authentication-Results: i={i}; {d}; {results}\r\n".encode())
    signer.sign(mail, key, ams, name="ARC-Message-Signature", i=i, a=a, c=c, d=d, s=selector,
                t=message.CLOCK, h=h, length=length)

    def field(b):
        value = as_.format(i=i, a=seal_a, cv=cv, d=d, s=selector, t=message.CLOCK, b=b)
        return f"ARC-Seal:{value}\r\n".encode()

    data = seal_text(mail, field(""), i, cv == "fail")
    b = base64.b64encode(key.sign(signer.HASHES[seal_a], data)).decode()
    mail.fields.insert(0, field(signer.folded(b, "\r\n\t")))


def results_field(i, results):
    arc = "none" if i == 1 else "pass"
    return f"Authentication-Results: hop{i}.example; arc={arc};\r\n {results}\r\n".encode()


def seal_by_dkimpy(mail, i, results=PASSED):
    mail.fields.insert(0, results_field(i, results))
    fields = dkim.ARC(bytes(mail)).sign(b"arc", f"hop{i}.example".encode(),
                                        keys.DEFAULT.private_pem(), f"hop{i}.example".encode())
    mail.fields[:0] = fields


def seal_by_mail_dkim(mails, i, results=PASSED):
    for mail in mails:
        mail.fields.insert(0, results_field(i, results))
    requests = [("seal", bytes(mail), {"d": f"hop{i}.example", "s": "arc",
                                       "cv": "none" if i == 1 else "pass",
                                       "key": keys.DEFAULT.private_base64().decode()})
                for mail in mails]
    for mail, text in zip(mails, references.ask_mail_dkim(requests, {})):
        mail.fields[:0] = [field + b"\r\n" for field in
                           re.split(rb"\r\n(?![ \t])", bytes.fromhex(text))[:-1]]


def header_fact(key, a, data, b):
    try:
        key.key.public_key().verify(base64.b64decode(b), data, padding.PKCS1v15(),
                                    keys.HASHES[signer.HASHES[a]])
        return "ok"
    except (InvalidSignature, ValueError):
        return "bad"


def facts_of(mail, place):
    """What leakfs has to find of the signature there: columns of signatures.csv."""
    field = mail.fields[place]
    tags = tags_of(field)
    key, is_there = SELECTORS[tags["s"]]
    facts = {"kind": "arc", "domain": tags["d"], "selector": tags["s"], "algorithm": tags["a"],
             "body_hash": "none"}
    if canonical.name_of(field) == SEAL:
        data = seal_text(mail, field, int(tags["i"]), tags.get("cv") == "fail")
    else:
        header_form, body_form = signer.split_method(tags["c"])
        others = mail.copy()
        del others.fields[place]
        data = signer.header_hash_input(others, signer.names_of(tags["h"]), header_form, field)
        body = hashlib.new(signer.HASHES[tags["a"]], canonical.BODY[body_form](mail.body))
        is_same = base64.b64encode(body.digest()).decode() == tags["bh"]
        facts["body_hash"] = "ok" if is_same else "bad"
    facts["header_signature"] = (header_fact(key, tags["a"], data, tags["b"]) if is_there
                                 else "unknown")
    return facts


def all_facts(mail):
    """Of each AS and AMS, top to bottom."""
    return [facts_of(mail, place) for place, field in enumerate(mail.fields)
            if canonical.name_of(field) in (SEAL, MESSAGE)]
