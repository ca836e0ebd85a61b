# SPDX-License-Identifier: GPL-3.0-or-later
"""The grid of cases: every value of one dimension with every value of those it may depend on."""
import itertools
import random

import dkim

import cases
import damage
import keys
import message
import random_mails
import records
import references
import signer
import tags

FORMS = ["/".join(pair) for pair in itertools.product(("simple", "relaxed"), repeat=2)]
DOMAINS = ("example.org", "mail.example.org", "mailer.example")
ALGORITHMS = {  # a=: the key and selector of most cases
    "rsa-sha1": (keys.DEFAULT, "rsa1024-65537-spki"),
    "rsa-sha256": (keys.DEFAULT, "rsa1024-65537-spki"),
    "ed25519-sha256": (keys.ED25519, "ed"),
}


def all_records():
    """Name: TXT records."""
    usual = {f"{selector}._domainkey.{domain}": texts for domain in DOMAINS
             for selector, texts in keys.usual_records().items()}
    odd = {f"{records.selector_of(name)}._domainkey.{DOMAINS[0]}".lower(): condition.texts
           for name, condition in records.CONDITIONS.items() if condition.texts}
    return {**usual, **odd}


def comments():
    return {f"{records.selector_of(name)}._domainkey.{DOMAINS[0]}": condition.comment
            for name, condition in records.CONDITIONS.items() if condition.comment}


def length_of(kind, size):
    return {"": None, "exact": size, "half": size // 2, "zero": 0, "over": size + 10}[kind]


def sign(mail, a, key, selector, c, name="usual", condition_name="usual"):
    """By signer.py, as the tables want it."""
    variation, condition = tags.VARIATIONS[name], records.CONDITIONS[condition_name]
    key = condition.key or key
    c = variation.c or c
    length = length_of(variation.length, len(cases.octets(mail.body, c, None)))
    template = variation.template
    if condition.i:
        template = template.replace("{d};", f"{{d}}; i={condition.i};")
    signer.sign(mail, key, template, name=variation.field, fold=variation.fold, a=a, c=c,
                s=selector, d=variation.d, t=message.CLOCK, h=variation.h, length=length)
    return cases.Signed(mail, c, variation.h, length, a, key, selector, variation, condition)


class Maker:
    def __init__(self):
        self.cases = []

    def mail(self, body):
        return message.usual(len(self.cases), message.BODIES[body])

    def add(self, traits, signed, done="none"):
        damaged = signed.mail.copy()
        damage.DAMAGES[done][0](damaged)
        truth = cases.truth_of(signed, damaged)
        self.cases.append(cases.Case({**traits, "damage": done}, bytes(damaged), [truth]))

    def own(self, a, key, selector, c, body, name="usual", condition_name="usual", done="none"):
        signed = sign(self.mail(body), a, key, selector, c, name, condition_name)
        self.add({"signer": "own", "a": a, "s": selector, "c": signed.c, "body": body,
                  "tags": name, "record": condition_name}, signed, done)

    def foreign(self, program, field, mail, a, c, body):
        """Signed by another program."""
        key, selector = ALGORITHMS[a]
        mail.fields.insert(0, field)
        signed = cases.Signed(mail, c, tags.H, None, a, key, selector, tags.VARIATIONS["usual"],
                              records.CONDITIONS["usual"])
        self.add({"signer": program, "a": a, "s": selector, "c": c, "body": body,
                  "tags": "usual", "record": "usual"}, signed)


def add_keys(maker):
    for a, form, c in itertools.product(("rsa-sha1", "rsa-sha256"), ("spki", "pkcs1"), FORMS):
        for (name, exponent), key in keys.RSA.items():
            for body in ("text", "empty", "no final line end"):
                maker.own(a, key, keys.selector_of(name, exponent, form), c, body)


def add_damages(maker):
    for a, c, body, done in itertools.product(ALGORITHMS, FORMS, message.BODIES, damage.DAMAGES):
        if a != "rsa-sha1" or done == "none":
            maker.own(a, *ALGORITHMS[a], c, body, done=done)


def add_tags(maker):
    for a, c, body, name in itertools.product(("rsa-sha256", "ed25519-sha256"), FORMS,
                                              ("text", "empty", "no final line end"),
                                              tags.VARIATIONS):
        maker.own(a, *ALGORITHMS[a], c, body, name)
    for name, done in itertools.product(tags.VARIATIONS, damage.DAMAGES):
        c = FORMS[len(maker.cases) % 4]
        maker.own("rsa-sha256", *ALGORITHMS["rsa-sha256"], c, "text", name, done=done)


def add_records(maker):
    for name, c, done in itertools.product(
            records.CONDITIONS, ("simple/simple", "relaxed/relaxed"),
            ("none", "a letter of the body", "Subject changed", "second Subject on top")):
        for a in records.CONDITIONS[name].algorithms:
            maker.own(a, ALGORITHMS[a][0], records.selector_of(name), c, "text", "usual", name,
                      done)


def add_dkimpy(maker):
    """It ends lines that only LF ends, before it signs."""
    for a, c, body in itertools.product(ALGORITHMS, FORMS, message.BODIES):
        if body != "bare LF":
            key, selector = ALGORITHMS[a]
            secret = key.private_pem() if a != "ed25519-sha256" else key.private_base64()
            mail = maker.mail(body)
            field = dkim.DKIM(bytes(mail), minkey=0, signature_algorithm=a.encode()).sign(
                selector.encode(), b"example.org", secret,
                canonicalize=tuple(c.encode().split(b"/")),
                include_headers=tags.H.encode().split(b":"))
            maker.foreign("dkimpy", field, mail, a, c, body)


def add_mail_dkim(maker):
    """Its own fault: "simple" without a line end at the end (rules.py)."""
    wanted = [wish for wish in itertools.product(("rsa-sha1", "rsa-sha256"), FORMS, message.BODIES)
              if wish[1:] not in (("simple/simple", "no final line end"),
                                  ("relaxed/simple", "no final line end"))]
    mails = [message.usual(len(maker.cases) + n, message.BODIES[body])
             for n, (_, _, body) in enumerate(wanted)]
    requests = [("dkim", bytes(mail), {"a": a, "c": c, "h": tags.H, "d": "example.org",
                                       "s": ALGORITHMS[a][1],
                                       "key": ALGORITHMS[a][0].private_base64().decode()})
                for mail, (a, c, _) in zip(mails, wanted)]
    fields = references.ask_mail_dkim(requests, {})
    for mail, field, wish in zip(mails, fields, wanted):
        maker.foreign("Mail::DKIM", bytes.fromhex(field), mail, *wish)


def add_several(maker):
    """Two signatures on one mail: every pair of what a signature may earn."""
    key = keys.DEFAULT
    ways = {  # reason: tags, record, damage between signing and what is kept
        "": ("usual", "usual", "none"),
        "body-altered": ("usual", "usual", "a letter of the body"),
        "partial-body": ("l half", "usual", "none"),
        "weak-key": ("usual", "usual", "none"),
        "key-compromised": ("usual", "compromised", "none"),
        "from-unsigned": ("without From", "usual", "none"),
        "key-missing": ("usual", "missing", "none"),
        "key-revoked": ("usual", "revoked", "none"),
        "headers-altered": ("usual", "usual", "Subject changed"),
        "altered": ("usual", "missing", "a letter of the body"),
        "malformed": ("v=2", "usual", "none"),
    }
    for pair in itertools.product(ways, repeat=2):
        mail = maker.mail("text")
        truths = []
        for reason in reversed(pair):
            name, condition, done = ways[reason]
            signed_by = keys.RSA["768", 3] if reason == "weak-key" else key
            selector = ("rsa768-3-spki" if reason == "weak-key" else
                        records.selector_of(condition))
            before = message.usual(len(maker.cases), message.BODIES["text"])
            damage.DAMAGES[done][0](before)
            signed = sign(before, "rsa-sha256", signed_by, selector, "relaxed/simple", name,
                          condition)
            alone = message.usual(len(maker.cases), message.BODIES["text"])
            alone.fields.insert(0, before.fields[0])
            mail.fields.insert(0, before.fields[0])
            truth = cases.truth_of(signed, alone)
            assert truth.reason == reason, (reason, truth)
            truth.traits = {"tags": name, "s": selector, "record": condition}
            truths.insert(0, truth)
        traits = {"signer": "own", "a": "rsa-sha256", "s": "two", "c": "relaxed/simple",
                  "body": "text", "tags": " and ".join(pair), "record": "two", "damage": "none"}
        maker.cases.append(cases.Case(traits, bytes(mail), truths))


def add_many(maker):
    """Signatures that fail on top of a good one: of 16 it is judged, of 17 it is not."""
    for count in (16, 17):
        mail = maker.mail("text")
        bad, good = mail.copy(), mail.copy()
        damage.DAMAGES["Subject changed"][0](bad)
        usual = ("rsa-sha256", *ALGORITHMS["rsa-sha256"], "relaxed/relaxed")
        last = sign(good, *usual)
        signed = sign(bad, *usual)
        seen = mail.copy()
        seen.fields.insert(0, bad.fields[0])
        truths = [cases.truth_of(signed, seen)] * (count - 1) + [cases.truth_of(last, good)]
        mail.fields[:0] = [bad.fields[0]] * (count - 1) + [good.fields[0]]
        traits = {"signer": "own", "a": "rsa-sha256", "s": "many", "c": "relaxed/relaxed",
                  "body": "text", "tags": f"{count} signatures", "record": "usual",
                  "damage": "none"}
        maker.cases.append(cases.Case(traits, bytes(mail), truths[:16], count - 16))


def add_random(maker):
    rng = random.Random(6376)
    for number in range(2000):
        mail = maker.mail("text")
        mail.body = random_mails.joined(rng, random_mails.BODY, 25)
        for _ in range(rng.randrange(6)):
            mail.fields.insert(rng.randrange(len(mail.fields)), random_mails.field(rng))
        names = ("x-a", "x-b", "x-c", "from", "subject", "date", "x-none")
        h = ":".join(rng.choice(names) for _ in range(rng.randrange(9))) + ":from"
        c = FORMS[number % 4]
        key, selector = ALGORITHMS["rsa-sha256"]
        variation = tags.Variation(h=h.strip(":"))
        signer.sign(mail, key, variation.template, a="rsa-sha256", c=c, s=selector, d=variation.d,
                    t=message.CLOCK, h=variation.h)
        signed = cases.Signed(mail, c, variation.h, None, "rsa-sha256", key, selector, variation,
                              records.CONDITIONS["usual"])
        damaged = random_mails.changed(rng, mail)
        traits = {"signer": "own", "a": "rsa-sha256", "s": selector, "c": c, "tags": variation.h,
                  "body": random_mails.kind_of(damaged.body), "record": "usual",
                  "damage": "random"}
        truth = cases.truth_of(signed, damaged)
        maker.cases.append(cases.Case(traits, bytes(damaged), [truth]))


def add_unsigned(maker):
    for body in message.BODIES:
        traits = {"signer": "none", "body": body}
        maker.cases.append(cases.Case(traits, bytes(maker.mail(body)), []))


def check_damages():
    """That the table of damage.py is right about the usual signature."""
    for (name, (change, header, body)), form in itertools.product(damage.DAMAGES.items(),
                                                                  ("simple", "relaxed")):
        signed = sign(message.usual(0, message.BODIES["text"]), "rsa-sha256",
                      *ALGORITHMS["rsa-sha256"], f"{form}/{form}")
        damaged = signed.mail.copy()
        change(damaged)
        found = cases.truth_of(signed, damaged).columns
        for fact, forms in (("header_signature", header), ("body_hash", body)):
            expected = "bad" if forms in (form, "both") else "ok"
            assert found[fact] == expected, (name, form, fact)


def all_cases():
    check_damages()
    maker = Maker()
    for add in (add_keys, add_damages, add_tags, add_records, add_dkimpy, add_mail_dkim,
                add_several, add_many, add_random, add_unsigned):
        add(maker)
    return maker.cases
