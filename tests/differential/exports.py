# SPDX-License-Identifier: GPL-3.0-or-later
"""What exporting, mailing lists and attackers do to the bytes of a signed mail."""
import dataclasses
import re

import records
import tags

TEXT = b"Hello Bob,\r\n\r\nthe budget is attached.\r\nAlice\r\n"
FROM = b"Hello\r\nFrom me to you\r\nFrom you to me\r\nend\r\n"
QUOTED_FROM = b"Hello\r\nFrom me\r\n>From you\r\n>>From them\r\nend\r\n"
DOTS = b".\r\n..\r\n.a\r\nb.\r\n"
UTF_8 = "Déjà vu, naïve façade\r\nà Genève, Œuvre\r\n".replace("Œ", "Ü").encode()
LATIN_1 = UTF_8.decode().encode("latin-1")
HTML = (b"<html><head><title>Budget</title></head>\r\n<body><p>Hello Bob,</p></body></html>\r\n")
HTML_LINES = HTML.replace(b"><", b">\r\n<")
META = b'<meta http-equiv="Content-Type" content="text/html; charset=utf-8">'
FROM_LINE = b"From alice@example.org Mon Apr 24 10:22:05 2017"
FOOTERS = {
    "47 underscores": b"_" * 47 + b"\r\nlist mailing list\r\nlist@lists.example.net\r\n"
                      b"https://lists.example.net/listinfo/list\r\n",
    "dash dash blank": b"-- \r\nTo unsubscribe, mail list-off@lists.example.net\r\n",
    "Google Groups": b"--~--~---------~--~----~------------~-------~--~----~\r\n"
                     b"You received this message because you are subscribed.\r\n"
                     b"-~----------~----~----~----~------~----~------~--~---\r\n\r\n",
    "dashes": b"-" * 70 + b"\r\nArchives: https://lists.example.net/archive\r\n",
    "10 dashes": b"-" * 10 + b"\r\nTo unsubscribe, mail list-off@lists.example.net\r\n",
}


def head_and_body(raw):
    head, empty_line, body = raw.partition(b"\r\n\r\n")
    return head + empty_line, body


def in_body(change):
    def done(raw):
        head, body = head_and_body(raw)
        return head + change(body)
    return done


def line_ends(with_what):
    return lambda raw: raw.replace(b"\r\n", with_what)


def both(*changes):
    def done(raw):
        for change in changes:
            raw = change(raw)
        return raw
    return done


def sub(pattern, new):
    return in_body(lambda body: re.sub(pattern, new, body, flags=re.MULTILINE))


def behind(text):
    return in_body(lambda body: body + text)


def on_top(text):
    return lambda raw: text + raw


def replaced(old, new):
    def done(raw):
        assert old in raw, old
        return raw.replace(old, new, 1)
    return done


mboxo, mboxrd = sub(rb"^From ", rb">From "), sub(rb"^(>*From )", rb">\1")
dots_doubled = sub(rb"^\.", rb"..")
to_latin_1 = in_body(lambda body: body.decode().encode("latin-1"))
to_utf_8 = in_body(lambda body: body.decode("latin-1").encode())
from_line = on_top(FROM_LINE + b"\r\n")
trace = on_top(b"Received: by export.example; Tue, 2 May 2017 08:00:00 +0200\r\n")
keywords = on_top(b"X-Keywords: budget\r\n")
LF = line_ends(b"\n")

# Name: the body, and what is done to the bytes.
EXPORTS = {
    "LF": (TEXT, LF),
    "LF, 8-bit": (UTF_8, LF),
    "CR CR LF": (TEXT, line_ends(b"\r\r\n")),
    "last line end missing": (TEXT, lambda raw: raw[:-2]),
    "a line end more": (TEXT, behind(b"\r\n")),
    "mboxo": (FROM, mboxo),
    "mboxrd": (QUOTED_FROM, mboxrd),
    "dots doubled": (DOTS, dots_doubled),
    "UTF-8 to Latin-1": (UTF_8, to_latin_1),
    "Latin-1 to UTF-8": (LATIN_1, to_utf_8),
    "From_ line": (TEXT, from_line),
    "a field on top": (TEXT, trace),
    "a field on top, oversigned": (TEXT, trace),
    "fields on top, oversigned": (TEXT, both(trace, keywords, trace)),
    "Outlook's meta": (HTML, replaced(b"<head>", b"<head>" + META)),
    "Outlook's meta on a line of its own": (
        HTML_LINES, replaced(b"<head>\r\n", b"<head>\r\n" + META + b"\r\n")),
    "Outlook's meta, iso-8859-1": (
        HTML, replaced(b"<head>", b"<head>\r\n" + META.replace(b"utf-8", b"iso-8859-1"))),
    **{f"footer behind {name}": (TEXT, behind(text)) for name, text in FOOTERS.items()},
    **{f"footer behind an empty line and {name}": (TEXT, behind(b"\r\n" + text))
       for name, text in FOOTERS.items()},
    # The line ends of an mbox on Unix, and another damage.
    "LF, last line end missing": (TEXT, both(lambda raw: raw[:-2], LF)),
    "LF, mboxo": (FROM, both(mboxo, LF)),
    "LF, mboxrd": (QUOTED_FROM, both(mboxrd, LF)),
    "LF, dots doubled": (DOTS, both(dots_doubled, LF)),
    "LF, UTF-8 to Latin-1": (UTF_8, both(to_latin_1, LF)),
    "LF, From_ line": (TEXT, both(from_line, LF)),
    "LF, a field on top, oversigned": (TEXT, both(trace, LF)),
    "LF, Outlook's meta": (HTML, both(replaced(b"<head>", b"<head>" + META), LF)),
    **{f"LF, footer behind {name}": (TEXT, both(behind(text), LF))
       for name, text in FOOTERS.items()},
}


@dataclasses.dataclass
class Attack:
    done: object
    reasons: tuple
    flags: tuple = ()       # beginnings of flags that tell of it, if it is verified
    body: bytes = TEXT
    h: str = tags.H + ":message-id"
    template: str = ""
    d: str = "example.org"
    selector: str = "rsa1024-65537-spki"
    length: float = None    # of the body, for l=


def more(text):
    return tags.more(text).template


def nothing(raw):
    return raw


MALLORY = b"From: Mallory <mallory@example.net>\r\n"
PAY = b"Subject: Pay at once\r\n"
DATE = b"Date: Mon, 1 May 2017 10:22:05 +0200\r\n"
BELOW = (replaced(b"\r\n\r\n", b"\r\n" + MALLORY + b"\r\n"),
         replaced(b"\r\n\r\n", b"\r\n" + PAY + b"\r\n"),
         replaced(b"\r\n\r\n", b"\r\n" + DATE + b"\r\n"))
STRICT = records.selector_of("t=s")
EXTRA = ("extra-", "repaired:")
PAYMENT = b"Please pay 1000 to account 7.\r\n"

# RFC 6376 §8 and the contract of leakfs: none of these may be verified in silence.
ATTACKS = {
    "second From on top": Attack(on_top(MALLORY), ("from-unsigned",)),
    "second From below": Attack(BELOW[0], ("headers-altered", "from-unsigned")),
    "second From on top, oversigned": Attack(on_top(MALLORY), ("headers-altered", "from-unsigned"),
                                             ("repaired:",), h="from:from:to:subject:date"),
    "second Subject on top": Attack(on_top(PAY), (), EXTRA),
    "second Subject below": Attack(BELOW[1], ("headers-altered",)),
    "second Subject on top, oversigned": Attack(on_top(PAY), ("headers-altered",), EXTRA,
                                                h="from:to:subject:subject:date"),
    "second Date on top": Attack(on_top(DATE), (), EXTRA),
    "second Date below": Attack(BELOW[2], ("headers-altered",)),
    "second Content-Type on top": Attack(on_top(b"Content-Type: text/html\r\n"), (), EXTRA,
                                         h=tags.H + ":content-type"),
    "Content-Type that is not signed": Attack(nothing, (), ("unsigned-content-type",)),
    "Reply-To that is not signed": Attack(on_top(b"Reply-To: mallory@example.net\r\n"), (),
                                          ("unsigned-reply-to", "extra-", "repaired:")),
    "Subject that is not signed": Attack(replaced(b"budget", b"Budget"), (), ("unsigned-subject",),
                                         h="from:to:date"),
    "text behind l=": Attack(behind(PAYMENT), ("partial-body",), template=more("l={l}"),
                             length=1.0),
    "text behind l=, with a mark": Attack(behind(FOOTERS["dash dash blank"]), ("partial-body",),
                                          ("repaired:",), template=more("l={l}"), length=1.0),
    "half of the body": Attack(nothing, ("partial-body",), template=more("l={l}"), length=0.5),
    "l=0": Attack(in_body(lambda body: PAYMENT), ("partial-body",), template=more("l={l}"),
                  length=0.0),
    "i= outside d=": Attack(nothing, ("from-unsigned",), template=more("i=alice@example.net")),
    "i= that ends like d=": Attack(nothing, ("from-unsigned",),
                                   template=more("i=a@badexample.org")),
    "i= in a subdomain under t=s": Attack(nothing, ("from-unsigned",), selector=STRICT,
                                          template=more("i=a@mail.example.org")),
    "h= without From": Attack(replaced(b"alice@", b"mallory@"), ("from-unsigned",),
                              h="to:subject:date"),
    "d= of another": Attack(nothing, (), ("unaligned",), d="mailer.example"),
    "text without a mark": Attack(behind(PAYMENT), ("body-altered",)),
    "text behind an empty line": Attack(behind(b"\r\n" + PAYMENT), ("body-altered",)),
    "text behind a short line of dashes": Attack(behind(b"--\r\n" + PAYMENT), ("body-altered",),
                                                 ("repaired:",)),
    "text in front of the body": Attack(in_body(lambda body: PAYMENT + body), ("body-altered",)),
    "text in front, with a mark": Attack(
        in_body(lambda body: PAYMENT + FOOTERS["47 underscores"] + body), ("body-altered",)),
    "footer and another text": Attack(
        both(replaced(b"attached", b"rejected"), behind(FOOTERS["47 underscores"])),
        ("body-altered",)),
    "meta of another kind": Attack(
        replaced(b"<head>", b'<head><meta http-equiv="refresh" content="0; url=http://x.example">'),
        ("body-altered",), body=HTML),
    "meta and more": Attack(replaced(b"<head>", b"<head>" + META + b"<base href=http://x.example>"),
                            ("body-altered",), body=HTML),
    "meta in the body": Attack(replaced(b"<p>", b"<p>" + META), ("body-altered",), ("repaired:",),
                               body=HTML),
    "quoted From_ line and another text": Attack(both(mboxo, replaced(b"me to", b"him to")),
                                                 ("body-altered",), body=FROM),
    "Latin-1 and another text": Attack(both(to_latin_1, replaced(b"facade".replace(b"c", b"\xe7"),
                                                                 b"Facade")),
                                       ("body-altered",), body=UTF_8),
    "LF and another text": Attack(both(replaced(b"attached", b"rejected"), LF), ("body-altered",)),
}
