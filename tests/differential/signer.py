# SPDX-License-Identifier: GPL-3.0-or-later
"""A signer that puts white space, tags and fields wherever it is told to.

It is told by a template: the value of the field with {a}, {c}, {h}, {bh}, {b} and the like in it.
"""
import base64
import hashlib

import canonical

HASHES = {"rsa-sha1": "sha1", "rsa-sha256": "sha256", "ed25519-sha256": "sha256"}


def split_method(c):
    """RFC 6376 §3.5 c=: what is not said is "simple"."""
    header, _, body = (c or "simple/simple").partition("/")
    return header, body or "simple"


def without_b(value):
    """§3.7: the value of b= is hashed as if it were empty, with the white space around it."""
    tags = value.split(b";")
    for place, tag in enumerate(tags):
        name, equals, _ = tag.partition(b"=")
        if name.strip() == b"b":
            tags[place] = name + equals
    return b";".join(tags)


def names_of(h):
    return [name.strip().lower() for name in h.encode().split(b":")]


def header_hash_input(mail, names, header_form, signature_field):
    """§3.7: the chosen fields, then the signature itself without a line end."""
    form = canonical.HEADER[header_form]
    name, _, value = signature_field.partition(b":")
    chosen = b"".join(form(field) for field in canonical.select(mail.fields, names))
    return chosen + form(name + b":" + without_b(value).rstrip(b"\r\n") + b"\r\n")[:-2]


def folded(text, fold):
    """Base64 in pieces of 60 characters with `fold` between them."""
    return fold.join(text[start:start + 60] for start in range(0, len(text), 60))


def sign(mail, key, template, name="DKIM-Signature", fold="\r\n\t", **tags):
    """Puts the signature on top of the mail. c and h are what is meant, written or not."""
    header_form, body_form = split_method(tags["c"])
    body = canonical.BODY[body_form](mail.body)
    length = tags.get("length")
    if length is not None:
        body = body[:length]
    hash_name = HASHES[tags["a"]]
    bh = base64.b64encode(hashlib.new(hash_name, body).digest()).decode()
    values = dict(tags, bh=bh, bh0=bh[:11], bh1=bh[11:], l=length)

    def field(b):
        return f"{name}:{template.format(b=b, **values)}\r\n".encode()

    data = header_hash_input(mail, names_of(tags["h"]), header_form, field(""))
    b = base64.b64encode(key.sign(hash_name, data)).decode()
    mail.fields.insert(0, field(folded(b, fold)))
