# SPDX-License-Identifier: GPL-3.0-or-later
"""A few hundred mails, the same at each run, that use one rule of the standards each.

They are written byte by byte: a library that writes mail would write only what it can read.
"""
import base64
import quopri
import random

TEXTS = {
    "us-ascii": "Budget, second draft",
    "utf-8": "Déjà vu — 日本語, Привет, 한국어 😀",
    "iso-8859-1": "Réunion à Genève, Straße",
    "iso-8859-2": "Łódź, žluťoučký kůň",
    "iso-8859-5": "Журнал заседаний",
    "iso-8859-7": "Ελλάδα και Κύπρος",
    "iso-8859-8": "שלום עולם",
    "iso-8859-9": "İstanbul, ğüş",
    "iso-8859-15": "Œuvre à 10 €",
    "windows-1250": "Příliš „žluťoučký“",
    "windows-1251": "Привет из Москвы № 5",
    "windows-1252": "“naïve” – 5 €",
    "windows-1253": "Αθήνα ’97",
    "windows-1255": "שלום ש",
    "windows-1256": "مرحبا بالعالم",
    "windows-1257": "Rīga, Šiauliai",
    "koi8-r": "Съешь же ещё булок",
    "koi8-u": "Їжак і ґава",
    "gb2312": "中文邮件",
    "gbk": "中文郵件",
    "gb18030": "中文邮件 €",
    "big5": "中文郵件",
    "shift_jis": "日本語のメール",
    "euc-jp": "日本語のメール",
    "iso-2022-jp": "日本語のメール",
    "euc-kr": "한국어 메일",
    "iso-2022-kr": "한국어 메일",
    "utf-16": "Déjà 日本",
    "utf-7": "Déjà 日本",
    "tis-620": "ภาษาไทย",
    "cp866": "Привет",
    "cp850": "Réunion",
}
# Of these only base64 keeps the bytes; nobody writes header fields in them.
WIDE = ("utf-16", "utf-7", "iso-2022-kr")

DATES = [
    "Fri, 21 Nov 1997 09:55:06 -0600",
    "21 Nov 1997 09:55 -0600",
    "Tue, 1 Jul 2003 10:52:37 +0200 (CEST)",
    "Thu,\r\n 13\r\n Feb\r\n 1997\r\n 23:32\r\n -0330 (Newfoundland Time)",
    "21 Nov 97 09:55:06 GMT",
    "1 Jan 00 00:00:00 +0000",
    "31 Dec 49 23:59:59 +0000",
    "1 Jan 70 00:00:00 UT",
    "29 Feb 2016 12:00:00 +0545",
    "Mon, 24 Apr 2017 10:22:05 +1245",
    "Mon, 24 Apr 2017 10:22:05 -1200",
    "Mon, 24 Apr 2017 10:22:05 +1400",
    "Mon, 24 Apr 2017 10:22:05 -0000",
    "Mon, 24 Apr 2017 10:22:05 EST",
    "Mon, 24 Apr 2017 10:22:05 EDT",
    "Mon, 24 Apr 2017 10:22:05 CST",
    "Mon, 24 Apr 2017 10:22:05 CDT",
    "Mon, 24 Apr 2017 10:22:05 MST",
    "Mon, 24 Apr 2017 10:22:05 MDT",
    "Mon, 24 Apr 2017 10:22:05 PST",
    "Mon, 24 Apr 2017 10:22:05 PDT",
    "mon, 24 apr 2017 10:22:05 +0200",
    "Mon, 24 April 2017 10:22:05 +0200",
    "Mon,24 Apr 2017 10:22:05 +0200",
    "Mon 24 Apr 2017 10:22:05 +0200",
    "Sunday, 06-Nov-94 08:49:37 GMT",
    "Sun Nov  6 08:49:37 1994",
    "Mon, 24 Apr 2017 1:2:3 +0200",
    "31 Feb 2017 10:22:05 +0200",
    "yesterday",
    "",
]

ADDRESSES = [
    "john.q.public@example.com",
    "<boss@nil.test>",
    '"Joe Q. Public" <john.q.public@example.com>',
    "Joe Q. Public <john.q.public@example.com>",
    "Who? <one@y.test>, jdoe@example.org",
    '"Giant; \\"Big\\" Box" <sysservices@example.net>',
    "A Group:Ed Jones <c@a.test>,joe@where.test,John <jdoe@one.test>;",
    "Undisclosed recipients:;",
    "Pete(A nice \\) chap) <pete(his account)@silly.test(his host)>",
    "(Empty list)(start)Hidden recipients  :(nobody(that I know))  ;",
    "Mary Smith <@node.test:mary@example.net>, , jdoe@test  . example",
    "John Doe <jdoe@machine(comment).  example>",
    "Mary Smith\r\n  \r\n          <mary@example.net>",
    "jdoe@test  . example",
    "alice @ example.org",
    '<"a>b,c"@example.org>',
    '"john smith"@example.org',
    '"Martin, Alice <x@y>; (z)" <alice@example.org>, c@d.test',
    "ALICE@EXAMPLE.ORG",
    "Alice <alice@[192.0.2.1]>",
    "jdoe@example.org (John Doe)",
    "=?utf-8?q?Andr=C3=A9_Martin=2C_dir=2E?= <a@example.org>",
    '"=?iso-8859-1?Q?Andr=E9?=" <a@example.org>',
    # Not two words in a row: Python keeps the blank between them (RFC 2047 §6.2).
    "=?koi8-r?B?8NLJ18XU?= <mir@example.org>",
    "André <andre@example.org>",
]


def encoded_words(text, charset, encoding, size):
    """The text in encoded words of `size` characters, folded."""
    words = []
    for start in range(0, len(text), size):
        raw = text[start:start + size].encode(charset)
        if encoding == "B":
            code = base64.b64encode(raw).decode()
        else:
            code = "".join(chr(byte) if chr(byte).isalnum() and byte < 128 else
                           "_" if byte == 32 else f"={byte:02X}" for byte in raw)
        words.append(f"=?{charset}?{encoding}?{code}?=")
    return "\r\n ".join(words)


def transfer(raw, encoding):
    if encoding == "base64":
        return base64.encodebytes(raw).replace(b"\n", b"\r\n")
    if encoding == "quoted-printable":
        return quopri.encodestring(raw).replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    return raw


def percent(raw):
    return "".join(chr(byte) if chr(byte).isalnum() and byte < 128 else f"%{byte:02x}"
                   for byte in raw)


def segmented_name(text, charset, size):
    """RFC 2231 §4.1. Cut between characters: Python decodes each segment by itself."""
    pieces = [percent(text[start:start + size].encode(charset))
              for start in range(0, len(text), size)]
    return ";".join(f"\r\n filename*{n}*={charset + chr(39) * 2 if n == 0 else ''}{piece}"
                    for n, piece in enumerate(pieces))


class Writer:
    """Counts, so that no two mails are the same."""

    def __init__(self):
        self.mails = []

    def add(self, fields, body, line_end=b"\r\n"):
        n = len(self.mails) + 1
        head = {"From": "alice@example.org", "Subject": f"Mail {n}",
                "Date": "Mon, 24 Apr 2017 10:22:05 +0200", "Message-ID": f"<{n}@example.org>"}
        head.update(fields)
        lines = "".join(f"{name}: {value}\r\n" for name, value in head.items()).encode()
        self.mails.append((lines + b"\r\n" + body).replace(b"\r\n", line_end))


def add_header_mails(writer):
    for charset, text in TEXTS.items():
        if charset in WIDE:
            continue
        for encoding in "BQ":
            for size in (3, 100):
                writer.add({"Subject": encoded_words(text, charset, encoding, size)}, b"x\r\n")
    for subject in ("plain", "Re:  two  blanks", "folded\r\n here\r\n\tand there", "raw é",
                    "=?utf-8?q?a?= plain =?utf-8?q?b?=  end", "Re:=?utf-8?q?a?=b",
                    "=?utf-8?q?a?==?utf-8?q?b?=", "=?utf-8?X?no?= =?utf-8?q?yes?=",
                    "=?us-ascii*en?Q?Keith_Moore?=", "=?utf-8?B?w6nD?=\r\n =?utf-8?B?qQ==?=",
                    "=?utf-8?b?w6k?=", "=?utf-8?q?not closed", "100 =? of ?= it", ""):
        writer.add({"Subject": subject}, b"x\r\n")
    for date in DATES:
        writer.add({"Date": date}, b"x\r\n")
    for address in ADDRESSES:
        writer.add({"From": address}, b"x\r\n")


def add_body_mails(writer):
    for charset, text in TEXTS.items():
        raw = f"{text}\r\n\r\n{text}=3D\r\n".encode(charset)
        for encoding in ("8bit", "quoted-printable", "base64"):
            if charset in WIDE and encoding != "base64":
                continue
            fields = {"Content-Type": f"text/plain; charset=\"{charset}\"",
                      "Content-Transfer-Encoding": encoding}
            line_end = b"\n" if encoding == "quoted-printable" else b"\r\n"
            writer.add(fields, transfer(raw, encoding), line_end)


def add_name_mails(writer):
    def add(parameters, type_="application/octet-stream"):
        writer.add({"Content-Type": type_, "Content-Disposition": f"attachment;{parameters}",
                    "Content-Transfer-Encoding": "base64"},
                   base64.encodebytes(parameters.encode()))
    for charset, text in TEXTS.items():
        if charset in WIDE:
            continue
        name = text.replace('"', "") + ".txt"
        add(segmented_name(name, charset, 5))
        add(f" filename*={charset}''{percent(name.encode(charset))}")
        add(f' filename="{encoded_words(name, charset, "B", 100)}"')
    for parameters in (' filename="a;b.pdf"', ' filename="a \\"b\\" (c).pdf"', " filename=a.pdf",
                       " filename = a.pdf ;size=3", ' FileName="A.PDF"', ' filename=""',
                       " filename=a.pdf (a comment)", ' filename*0="a b"; filename*1="c.pdf"',
                       ' filename*1="b.pdf"; filename*0="a"', " filename*=utf-8'fr'%c3%a9.pdf",
                       " filename*0*=utf-8''%C3%A9; filename*1=\"%20b.pdf\"", ""):
        add(parameters)
    add("", "application/pdf; name=\"by type.pdf\"")
    add("", "application/pdf; name*=iso-8859-1''%E9.pdf")


def leaf(rng, level):
    """A part: its header and body."""
    kind = rng.randrange(6)
    number = rng.randrange(1000)
    if kind == 0:
        raw = bytes(rng.randrange(256) for _ in range(rng.randrange(200)))
        encoding = rng.choice(("base64", "quoted-printable"))
        return (f"Content-Type: application/x-random; name=r{number}.bin\r\n"
                f"Content-Transfer-Encoding: {encoding}\r\n\r\n").encode() + transfer(raw, encoding)
    if kind == 1:
        text = rng.choice(list(TEXTS.values()))
        return f"Content-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\nend".encode()
    if kind == 2:
        return b"\r\nno header\r\n--b9\r\n -- b1\r\n--b1x\r\n"
    head = f"From: bob@example.net\r\nSubject: inner {number}\r\n"
    if kind == 3:
        message = f"\r\n{head}\r\ntext"  # of the digest's default type
        parts = "".join(f"--d{number}\r\n{message} {n}\r\n" for n in range(rng.randrange(1, 4)))
        return (f"Content-Type: multipart/digest; boundary=d{number}\r\n\r\n{parts}"
                f"--d{number}--").encode()
    inner = tree(rng, level + 1) if kind == 4 and level < 5 else b"\r\ninner text\r\n"
    return f"Content-Type: message/rfc822\r\n\r\n{head}".encode() + inner


def tree(rng, level):
    """A multipart whose boundary begins with that of the one around it.

    Where it is not closed, its last part ends without a line end: Python takes one away although
    there is no boundary that it could belong to (RFC 2046 §5.1.1).
    """
    boundary = "b" + "1" * level
    kind = rng.choice(("mixed", "alternative", "related", "parallel"))
    quote = rng.choice(('"', ""))
    out = f"Content-Type: multipart/{kind}; boundary={quote}{boundary}{quote}\r\n\r\n"
    out = out.encode() + rng.choice((b"", b"preamble\r\n"))
    for _ in range(rng.randrange(1, 4)):
        out += f"--{boundary}{rng.choice(('', '  '))}\r\n".encode()
        deeper = level < 5 and rng.random() < 0.4
        out += (tree(rng, level + 1) if deeper else leaf(rng, level)) + b"\r\n"
    if rng.random() < 0.2:
        return out.rstrip(b"\r\n")
    return out + f"--{boundary}--\r\n".encode() + rng.choice((b"", b"epilogue\r\n"))


def add_tree_mails(writer):
    rng = random.Random(5322)
    for _ in range(120):
        head, body = tree(rng, 1).split(b"\r\n\r\n", 1)
        fields = {"MIME-Version": "1.0", "Content-Type": head.decode().split(": ", 1)[1]}
        writer.add(fields, body, rng.choice((b"\r\n", b"\n")))


def all_mails():
    writer = Writer()
    add_header_mails(writer)
    add_body_mails(writer)
    add_name_mails(writer)
    add_tree_mails(writer)
    return writer.mails
