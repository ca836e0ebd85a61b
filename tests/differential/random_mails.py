# SPDX-License-Identifier: GPL-3.0-or-later
"""Mails put together by chance, the same at each run, of what canonical forms treat apart."""
BODY = (b" ", b"\t", b"\r\n", b"\r\n", b"\r\n", b"\r", b"a", b"bc", b".", b"\0", b"\xe9",
        b"From ", b"-- ", b"=", b":", b";", b"\v", b"\f", b"\xa0")
VALUE = (b" ", b"\t", b"\r\n ", b"\r\n\t", b"a", b"bc", b":", b";", b"\xe9", b"=", b",")
NAMES = (b"X-A", b"x-a", b"X-B", b"X-b", b"X-C")


def joined(rng, pieces, count):
    return b"".join(rng.choice(pieces) for _ in range(rng.randrange(count)))


def field(rng):
    return rng.choice(NAMES) + b":" + joined(rng, VALUE, 15) + rng.choice((b"", b" z")) + b"\r\n"


def changed(rng, mail):
    """A copy with, three times in four, one change somewhere, that may or may not matter."""
    copy = mail.copy()
    kind, place = rng.randrange(4), rng.randrange(1, len(mail.fields) - 1)
    if kind == 1:
        body = copy.body.replace(rng.choice(BODY), rng.choice(BODY), 1)
        # message.BODIES has a bare LF, and exports.py CR CR LF.
        if b"\n" not in body.replace(b"\r\n", b"") and b"\r\r\n" not in body:
            copy.body = body
    elif kind == 2:
        copy.fields.insert(place, field(rng))
    elif kind == 3:
        copy.fields[place:place + 2] = copy.fields[place + 1], copy.fields[place]
    return copy


def kind_of(body):
    """By its end, which the rules for other verifiers are about."""
    if not body or body.endswith(b"\r\n"):
        return "random"
    return "no final line end" if body.rstrip(b" \t") == body else "blanks and no final line end"
