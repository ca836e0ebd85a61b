# SPDX-License-Identifier: GPL-3.0-or-later
"""A mail as a list of fields and a body, all bytes as they stand in the file."""
import canonical

CLOCK = 1493022125  # Mon, 24 Apr 2017 08:22:05 UTC: the date of every mail.
DATE = "Mon, 24 Apr 2017 10:22:05 +0200"


class Mail:
    def __init__(self, fields, body=b"", has_empty_line=True):
        self.fields = list(fields)
        self.body = body
        self.has_empty_line = has_empty_line

    def __bytes__(self):
        head = b"".join(self.fields)
        return head + b"\r\n" + self.body if self.has_empty_line else head

    def copy(self):
        return Mail(self.fields, self.body, self.has_empty_line)

    def place_of(self, name):
        """Where the first field of that name is."""
        return next(n for n, field in enumerate(self.fields) if canonical.name_of(field) == name)

    def place_of_signature(self):
        return next(n for n, field in enumerate(self.fields)
                    if canonical.name_of(field) in (b"dkim-signature", b"domainkey-signature"))

    def replace(self, name, old, new):
        """In the first field of that name."""
        place = self.place_of(name)
        assert old in self.fields[place], (name, old)
        self.fields[place] = self.fields[place].replace(old, new, 1)


# What a body is made of decides which canonical forms and which readers treat it alike.
BODIES = {
    "text": b"Hello Bob,\r\n\r\nthe budget is attached.\r\nAlice\r\n",
    "empty": b"",
    "not even an empty line": None,
    "no final line end": b"Hello Bob,\r\nno line end here",
    "empty lines at the end": b"Hello\r\n\r\n\r\n\r\n\r\n",
    "only empty lines": b"\r\n\r\n\r\n",
    "only blanks": b"  \r\n\t\r\n",
    "blank runs": b"a  b\t\tc \td  \r\n \t e\r\n\t\r\n \r\n",
    "8-bit": "Déjà vu, naïve façade\r\n".encode() + "Réunion à Genève\r\n".encode("latin-1"),
    "dots and From": b".\r\n..\r\n.a\r\nFrom me to you\r\n>From them\r\nFrom \r\n",
    "long lines": b"x" * 998 + b"\r\n" + b"word " * 3000 + b"\r\n",
    "NUL": b"a\0b\0\r\n\0\r\nend\0\r\n",
    "bare CR": b"a\rb\r\n\re\r\nend\r\n",
    "bare LF": b"a\r\nb\nc\r\n\nend\r\n",
}


def usual(number, body):
    """Every mail differs from every other one by its Message-ID."""
    return Mail([
        b"Received: from a.example.org by b.example.net; Mon, 24 Apr 2017 10:22:06 +0200\r\n",
        b"Received: from c.example.org\r\n\tby a.example.org; Mon, 24 Apr 2017 10:22:05 +0200\r\n",
        b"MIME-Version: 1.0\r\n",
        b"From: Alice Martin  <alice@example.org>\r\n",
        b"To: Bob <bob@example.net>,\r\n Carol <carol@example.com>\r\n",
        b"Subject:  The  budget \t of\r\n  April \r\n",
        b"Date: " + DATE.encode() + b"\r\n",
        f"Message-ID: <{number}@example.org>\r\n".encode(),
        b"X-Copy: first\r\n",
        b"x-COPY: second\r\n",
        b"X-Empty:\r\n",
        "X-8-Bit: Déjà vu ".encode() + "à Genève\r\n".encode("latin-1"),
        b"X-Folds: a\r\n \t\r\n  b\r\n\t\r\n",
        b"X-Bytes: \0 \r \x7f \v\r\n",
        b"x!#$%&'*+-.^_`|~9: odd\r\n",
        b"Content-Type: text/plain; charset=utf-8\r\n",
    ], body or b"", body is not None)
