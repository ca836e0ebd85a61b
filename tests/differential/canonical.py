# SPDX-License-Identifier: GPL-3.0-or-later
"""The canonical forms of RFC 6376 §3.4 and RFC 4870 §3.4.2, written from their text alone."""
import functools
import re


def header_simple(field):
    return field


def header_relaxed(field):
    """§3.4.2. `field` ends with CRLF, and so does the result."""
    name, _, value = field.partition(b":")
    value = value.replace(b"\r\n", b"")
    value = re.sub(rb"[ \t]+", b" ", value).strip(b" ")
    return name.rstrip(b" \t").lower() + b":" + value + b"\r\n"


def without_empty_end(body):
    while body.endswith(b"\r\n\r\n"):
        body = body[:-2]
    return b"" if body == b"\r\n" else body


def body_simple(body):
    """§3.4.3: one CRLF at the end, and an empty body is one."""
    if not body.endswith(b"\r\n"):
        body += b"\r\n"
    return without_empty_end(body) or b"\r\n"


def body_relaxed(body):
    """§3.4.4: white space is reduced before empty lines at the end are dropped."""
    lines = [re.sub(rb"[ \t]+", b" ", line).rstrip(b" ") for line in body.split(b"\r\n")]
    body = b"\r\n".join(lines)
    if body and not body.endswith(b"\r\n"):
        body += b"\r\n"
    return without_empty_end(body)


HEADER = {"simple": header_simple, "relaxed": header_relaxed}
BODY = {"simple": body_simple, "relaxed": body_relaxed}


@functools.cache
def name_of(field):
    return field.partition(b":")[0].rstrip(b" \t").lower()


def select(fields, names):
    """§5.4.2: from the bottom up for each time that a name is listed; what is missing is empty."""
    left = list(fields)
    for name in names:
        for position in range(len(left) - 1, -1, -1):
            if name_of(left[position]) == name:
                yield left.pop(position)
                break


def domainkeys_message(fields, body, is_nofws):
    """RFC 4870 §3.4.2: the chosen fields and the body as one text, lines at its end dropped.

    With "nofws" a field is one line, and no line has white space, nor CR or LF that end none.
    """
    if is_nofws:
        fields = [re.sub(rb"[ \t\r\n]", b"", field) + b"\r\n" for field in fields]
        body = b"\r\n".join(re.sub(rb"[ \t\r\n]", b"", line) for line in body.split(b"\r\n"))
    if body and not body.endswith(b"\r\n"):
        body += b"\r\n"
    text = b"".join(fields) + b"\r\n" + body
    while text.endswith(b"\r\n\r\n"):
        text = text[:-2]
    return text
