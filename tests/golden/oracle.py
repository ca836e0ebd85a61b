# SPDX-License-Identifier: GPL-3.0-or-later
"""What Python's email package says of a mail, in the words of the catalog.

Where it is wrong by a standard, or another reading is as good, a function here says so and why.
"""
import datetime
import email
import email.policy
import email.utils
import hashlib
import re

def subject(mail):
    """RFC 5322 §3.2.2: a tab that folds means a blank."""
    return str(mail["subject"]).replace("\t", " ")


def date(mail):
    """ISO 8601 in UTC, or empty. RFC 5322 §4.3 puts the years 50 to 68 into the last century,
    Python into this one: no mail of the set has one. Nor has it white space within a time, which
    Python does not read (Appendix A.6.3)."""
    try:
        time = mail["date"].datetime
    except (AttributeError, ValueError):
        return ""
    if time is None:
        return ""
    if time.tzinfo is None:  # -0000
        time = time.replace(tzinfo=datetime.timezone.utc)
    return time.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def sender(mail):
    """Address and name of the first mailbox. A comment is a name, as it was before RFC 5322: the
    policy drops it. RFC 6532 §3.2: bytes are UTF-8, which Python leaves undecoded."""
    mailboxes = mail["from"].addresses
    if not mailboxes:
        return "", ""
    first = mailboxes[0]
    name = first.display_name or ""
    raw = dict(mail.raw_items())["From"]
    if not name and raw.endswith(")") and "<" not in raw:
        name = email.utils.parseaddr(raw)[0]
    return (first.addr_spec.lower().replace('"', ""),
            name.encode("utf-8", "surrogateescape").decode())


def is_text(part):
    return part.get_content_maintype() == "text"


def is_attachment(part):
    return (part.get_content_disposition() == "attachment" or bool(part.get_filename()) or
            not is_text(part))


def attachments(mail):
    """Rows of attachments.csv without the id."""
    rows = []
    for number, part in enumerate(mail.walk()):
        if part.is_multipart() or not is_attachment(part):
            continue
        content = part.get_payload(decode=True)
        rows.append((str(number), part.get_filename() or "", part.get_content_type(),
                     str(len(content)), hashlib.sha256(content).hexdigest()))
    return rows


def leaf_text(part):
    if part.get_content_disposition() == "attachment" or not is_text(part):
        return ""
    charset = part.get_content_charset("us-ascii")
    text = part.get_payload(decode=True).decode(charset, "replace")
    text = re.sub("\r*\n|\r", "\n", text)
    return text if not text or text.endswith("\n") else text + "\n"


def indented(text):
    return "".join(f"> {line}\n" if line else ">\n" for line in text.split("\n")[:-1])


def has_plain_text(part):
    if part.is_multipart():
        return any(has_plain_text(child) for child in part.get_payload())
    return part.get_content_type() == "text/plain"


def joined(texts):
    return "\n".join(text for text in texts if text)


def body(part):
    """leakfs-tree(7): texts one after another, of alternatives the plain one, messages indented."""
    if not part.is_multipart():
        return leaf_text(part)
    children = part.get_payload()
    if part.get_content_type() == "message/rfc822":
        fields = "".join(f"{name}: {children[0][name]}\n"
                         for name in ("From", "To", "Date", "Subject") if children[0][name])
        return indented(joined([fields, body(children[0])]))
    texts = [(child, body(child)) for child in children]
    if part.get_content_type() == "multipart/alternative":
        spoken = [(child, text) for child, text in texts if text.strip()]
        plain = [text for child, text in spoken if has_plain_text(child)]
        return (plain or [text for _, text in spoken] or [""])[0]
    return joined([text for _, text in texts])


def read(raw):
    return email.message_from_bytes(raw, policy=email.policy.default)
