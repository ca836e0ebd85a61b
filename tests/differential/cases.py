# SPDX-License-Identifier: GPL-3.0-or-later
"""A case: a mail and what is true of it, by RFC 6376 and by the words of leakfs-tree(7).

The truth follows from how the mail was made: which canonical text was signed, which one is there
now, and what the record of the key says. No verifier is asked.
"""
import dataclasses

import canonical
import signer

# leakfs-tree(7): the fields whose second copy, or absence from h=, is a flag.
TOLD = (b"subject", b"to", b"cc", b"date", b"reply-to", b"content-type",
        b"content-transfer-encoding")
# The reasons in the order in which a message earns them.
REASONS = ("body-altered", "partial-body", "weak-key", "key-compromised", "from-unsigned",
           "key-missing", "key-revoked", "headers-altered", "altered", "malformed")
# RFC 8601 §2.7.1: what each is in one word. A key that is on file and of no use is a permerror.
RESULTS = {"": ("pass",), "partial-body": ("policy",), "weak-key": ("policy",),
           "key-compromised": ("policy",), "from-unsigned": ("policy",),
           "key-missing": ("neutral", "permerror"), "key-revoked": ("permerror",),
           "body-altered": ("fail",), "headers-altered": ("fail",), "altered": ("fail",),
           "malformed": ("permerror",)}


@dataclasses.dataclass
class Truth:
    """Of one signature. For one that cannot be read, only the reason is promised."""
    reason: str              # "": verified
    is_valid: bool = False   # what RFC 6376 §6.1 calls a success
    columns: dict = None     # of signatures.csv
    flags: set = None        # all of them
    some_flags: set = frozenset()  # of them, if not all are promised
    is_repairable: bool = False  # what was put between or above the fields can be taken away
    may_say_repaired: bool = False  # nothing signed is broken, but a line has to be ignored
    traits: dict = dataclasses.field(default_factory=dict)  # where they are not those of the mail


@dataclasses.dataclass
class Case:
    traits: dict             # signer, a, s, c, body, tags, record, damage
    raw: bytes
    truths: list             # of its signatures, top to bottom
    over: int = 0            # more signatures than leakfs judges (mkleakfs(1), LIMITS)

    def __str__(self):
        return ", ".join(f"{name}: {value}" for name, value in self.traits.items())

    def reason(self):
        """Of the message: verified if one signature verifies it, else the first in the list."""
        if not self.truths:
            return "unsigned"
        return min((truth.reason for truth in self.truths), key=("", *REASONS).index)


@dataclasses.dataclass
class Signed:
    """A signed mail, and what its signature says."""
    mail: object
    c: str
    h: str
    length: int              # or None
    algorithm: str
    key: object
    selector: str
    variation: object
    condition: object


def octets(body, c, length):
    return canonical.BODY[signer.split_method(c)[1]](body)[:length]


def header_text(mail, signed):
    """The canonical header, and the value of b= without white space."""
    place = mail.place_of_signature()
    field = mail.fields[place]
    others = mail.copy()
    del others.fields[place]
    text = signer.header_hash_input(others, signer.names_of(signed.h),
                                    signer.split_method(signed.c)[0], field)
    left = field.partition(b":")[2].split(b";")
    values = [b"".join(tag.split()) for tag in left if tag.partition(b"=")[0].strip() == b"b"]
    return text, values


def flags_of(signed, mail):
    flags = set(signed.variation.flags.split()) | set(signed.condition.flags.split())
    if signed.algorithm == "rsa-sha1":
        flags.add("sha1")
    return flags.union(told_flags(mail.fields, signer.names_of(signed.h)))


def told_flags(fields, covered):
    """For what is there more often than it is covered. covered: names, as often as they are."""
    for name in TOLD:
        there = sum(canonical.name_of(field) == name for field in fields)
        if there > covered.count(name):
            yield ("extra-" if name in covered else "unsigned-") + name.decode()


def is_header_good(mail, signed):
    return header_text(mail, signed) == header_text(signed.mail, signed)


def is_field(field):
    """RFC 5322 §2.2: a name of visible characters, a colon; §4.5: with blanks in between."""
    return b":" in field and b" " not in canonical.name_of(field) and field[:1] != b">"


def without_junk(mail):
    copy = mail.copy()
    copy.fields = [field for field in mail.fields if is_field(field)]
    return copy


def is_header_good_below(mail, signed):
    """Whether it would be good without the fields above the signature."""
    below = mail.copy()
    del below.fields[:below.place_of_signature()]
    return is_header_good(below, signed)


def reason_of(signed, damaged, body, header):
    """The first that a readable signature earns. leakfs-tree(7): body-altered proves the sender."""
    has_one_from = sum(canonical.name_of(field) == b"from" for field in damaged.fields) == 1
    is_weak = 256 < signed.key.bits < 1024  # RFC 8301 §3.2, of RSA
    outcome = signed.variation.outcome or signed.condition.outcome
    if body == "bad":
        is_proof = header == "ok" and has_one_from and not is_weak and not outcome
        return "body-altered" if is_proof else "altered"
    if header == "unknown":
        return "key-revoked" if signed.condition.status == "revoked" else "key-missing"
    if header == "bad":
        return "headers-altered"
    if signed.length is not None and len(octets(damaged.body, signed.c, None)) > signed.length:
        return "partial-body"
    if is_weak:
        return "weak-key"
    return outcome or ("" if has_one_from else "from-unsigned")


def truth_of(signed, damaged):
    if signed.variation.outcome == "malformed":
        return Truth("malformed")
    now = octets(damaged.body, signed.c, signed.length)
    # RFC 6376 §3.5 l=: it MUST NOT be larger than the body.
    is_body_good = (now == octets(signed.mail.body, signed.c, signed.length) and
                    len(now) >= (signed.length or 0))
    body = "ok" if is_body_good else "bad"
    has_key = signed.condition.status in ("found", "wrong")
    is_right = signed.condition.status == "found" and is_header_good(damaged, signed)
    header = "unknown" if not has_key else "ok" if is_right else "bad"
    reason = reason_of(signed, damaged, body, header)
    columns = {"kind": "dkim", "domain": signed.variation.d, "selector": signed.selector,
               "algorithm": signed.algorithm, "body_hash": body,
               "canonicalization": "/".join(signer.split_method(signed.c)),
               "header_signature": header}
    if header == "ok":
        columns["key_bits"] = str(signed.key.bits)
    forbidden = (signed.variation.outcome or signed.condition.outcome) == "from-unsigned"
    return Truth(reason, body == header == "ok" and not forbidden, columns,
                 flags_of(signed, damaged),
                 is_repairable=reason == "headers-altered" and signed.condition.status == "found"
                 and is_header_good_below(damaged, signed),
                 may_say_repaired=not all(map(is_field, damaged.fields)))


def differences(truth, row):
    """Between a signature and its row of signatures.csv."""
    flags = set(row["flags"].split())
    repairs = {flag for flag in flags if flag.startswith("repaired:")}
    if truth.is_repairable and repairs:
        return
    if truth.may_say_repaired:
        flags -= repairs
    if row["reason"] != truth.reason:
        yield f"reason {row['reason'] or 'verified'!r}, not {truth.reason or 'verified'!r}"
    elif row["result"] not in RESULTS[truth.reason]:
        yield f"result {row['result']!r} for {truth.reason!r}"
    for name, value in (truth.columns or {}).items():
        if row[name] != value and not (name == "domain" and row[name] == value.lower()):
            yield f"{name} {row[name]!r}, not {value!r}"
    if truth.flags is not None and flags != truth.flags:
        yield f"flags {sorted(flags)}, not {sorted(truth.flags)}"
    if not truth.some_flags <= flags:
        yield f"flags {sorted(flags)} without {sorted(truth.some_flags - flags)}"
