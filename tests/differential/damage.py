# SPDX-License-Identifier: GPL-3.0-or-later
"""What happens to a mail after it was signed.

Whether a hash survives follows from the canonical forms (cases.py); the tables here also say what
it does to a mail with the usual signature, so that the two are compared.
"""
import re


def body_of(function):
    def change(mail):
        if mail.has_empty_line:
            mail.body = function(mail.body)
    return change


def first_letter_changed(body):
    return re.sub(rb"[A-Za-z0-9.]", b"#", body, count=1)


def top(field):
    return lambda mail: mail.fields.insert(0, field)


def bottom(field):
    return lambda mail: mail.fields.append(field)


def replaced(name, old, new):
    return lambda mail: mail.replace(name, old, new)


def swapped(first, second):
    def change(mail):
        a, b = mail.place_of(first), mail.place_of(second)
        mail.fields[a], mail.fields[b] = mail.fields[b], mail.fields[a]
    return change


def copies_swapped(mail):
    place = mail.place_of(b"x-copy")
    mail.fields[place:place + 2] = mail.fields[place + 1], mail.fields[place]


def renamed(name, text):
    def change(mail):
        place = mail.place_of(name)
        mail.fields[place] = text + mail.fields[place][len(name):]
    return change


def signature_to_the_bottom(mail):
    mail.fields.append(mail.fields.pop(mail.place_of_signature()))


def signature_refolded(mail):
    place = mail.place_of_signature()
    mail.fields[place] = re.sub(rb";[ \t\r\n]*(?=.)", b";\r\n  ", mail.fields[place])


def b_refolded(mail):
    """The last line break, which stands in b= where that is the last tag."""
    place = mail.place_of_signature()
    head, _, tail = mail.fields[place][:-2].rpartition(b"\r\n")
    mail.fields[place] = (head + b"\r\n   " + tail if head else tail) + b"\r\n"


def b_cut_short(mail):
    """The last base64 digits of b= are lost, four of them, so that it still is base64."""
    place = mail.place_of_signature()
    tags = mail.fields[place][:-2].split(b";")
    for number, tag in enumerate(tags):
        if tag.partition(b"=")[0].strip() == b"b":
            tags[number] = re.sub(rb"[A-Za-z0-9+/]{4}(={0,2}\s*)$", rb"\1", tag)
    mail.fields[place] = b";".join(tags) + b"\r\n"


# Name: what is done, and in which header or body forms it breaks the usual signature
# ("" none, "simple" that one, "both").
DAMAGES = {
    "none": (lambda mail: None, "", ""),
    "a letter of the body": (body_of(first_letter_changed), "", "both"),
    "text behind the body": (body_of(lambda body: body + b"More\r\n"), "", "both"),
    "empty lines behind the body": (body_of(lambda body: body + b"\r\n\r\n"), "", ""),
    "blanks within the body": (body_of(lambda body: body.replace(b" ", b"  ", 1)), "", "simple"),
    "blanks at the end of a line": (body_of(lambda body: body.replace(b"\r\n", b" \t\r\n", 1)), "",
                                    "simple"),
    "first line of the body gone": (body_of(lambda body: body.partition(b"\r\n")[2]), "", "both"),
    "Subject changed": (replaced(b"subject", b"budget", b"Budget"), "both", ""),
    "From changed": (replaced(b"from", b"alice", b"mallory"), "both", ""),
    "Date changed": (replaced(b"date", b"24 Apr", b"25 Apr"), "both", ""),
    "Subject unfolded": (replaced(b"subject", b" of\r\n  April \r\n", b" of April\r\n"), "simple",
                         ""),
    "To folded": (replaced(b"to", b" <bob", b"\r\n\t<bob"), "simple", ""),
    "name in another case": (renamed(b"subject", b"SUBJECT"), "simple", ""),
    "white space before a colon": (renamed(b"subject", b"Subject \t"), "simple", ""),
    "no blank behind a colon": (replaced(b"date", b"Date: ", b"Date:"), "simple", ""),
    "field on top": (top(b"Received: from d.example.net; 24 Apr 2017 10:22:07 +0200\r\n"), "", ""),
    "field at the bottom": (bottom(b"X-Spam: no\r\n"), "", ""),
    "unsigned field changed": (replaced(b"mime-version", b"1.0", b"1.0 (by x)"), "", ""),
    "fields in another order": (swapped(b"from", b"date"), "", ""),
    "two fields of a name swapped": (copies_swapped, "", ""),
    "second From on top": (top(b"From: mallory@example.org\r\n"), "", ""),
    "second From at the bottom": (bottom(b"From: mallory@example.org\r\n"), "both", ""),
    "second Subject on top": (top(b"Subject: Pay at once\r\n"), "", ""),
    "second Date on top": (top(b"Date: Mon, 1 May 2017 10:22:05 +0200\r\n"), "", ""),
    "second To on top": (top(b"To: press@example.com\r\n"), "", ""),
    "Reply-To on top": (top(b"Reply-To: mallory@example.net\r\n"), "", ""),
    "second Content-Type on top": (top(b"Content-Type: text/html\r\n"), "", ""),
    "signature at the bottom": (signature_to_the_bottom, "", ""),
    "signature folded anew": (signature_refolded, "simple", ""),
    "b folded anew": (b_refolded, "", ""),
    "b cut short": (b_cut_short, "both", ""),
    "line without a colon": (lambda mail: mail.fields.insert(5, b"no field at all\r\n"), "", ""),
    "quoted From_ line": (lambda mail: mail.fields.insert(1, b">From a Mon Apr 24\r\n"), "", ""),
}
