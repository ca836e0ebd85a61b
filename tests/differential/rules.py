# SPDX-License-Identifier: GPL-3.0-or-later
"""Where dkimpy 1.1.4 and Mail::DKIM 1.20230212 are not right, and by which rule.

A rule holds for cases that have all its traits and an answer that its pattern finds. A difference
that no rule explains fails the test, and so does a rule that explains nothing any more.
"""
import dataclasses
import re

import signer


@dataclasses.dataclass
class Rule:
    answer: str    # a pattern: what the reference says instead
    traits: dict   # dimension: the values it may have; a pattern if it is a string
    why: str
    used: int = 0

    def holds(self, traits, answer):
        return re.search(self.answer, answer) and all(
            re.fullmatch(wanted, traits.get(name, "")) if isinstance(wanted, str) else
            traits.get(name) in wanted for name, wanted in self.traits.items())


RIGHT_SECOND = ".*, then (right|RSA|Ed25519)"
PAST = ("x past", "x before Date", "x before t")

DKIMPY = [
    Rule("^fail \\(missing b'v'=|^fail \\(v= value is not 1",
         {"tags": ("v missing", "v=0.5", "v missing, q=dns")},
         "signatures of the drafts are read, and flagged (draft-ietf-dkim-base-00 to 08)"),
    Rule("^fail \\(x= value is past", {"tags": PAST},
         "an expired signature MAY be invalid; here it is a flag (RFC 6376 §3.5 x=)"),
    Rule("^fail \\(t= value is in the future", {"tags": ("t far away",)},
         "a time in the future MAY be ignored; it proves nothing (RFC 6376 §3.5 t=)"),
    Rule("^fail \\(q= value is not dns/txt", {"tags": ("q of two",)},
         "unknown query methods in a list are ignored (RFC 6376 §3.5 q=)"),
    Rule("^fail$", {"damage": "second From on top"},
         "it hashes one From more than h= names; RFC 6376 §3.5 h= does not, and §8.15 leaves it to"
         " policy: from-unsigned"),
    Rule("^fail \\(Unexpected characters in RFC822 header",
         {"damage": "white space before a colon"},
         "white space in front of the colon is obsolete, not wrong (RFC 5322 §4.5, RFC 6376"
         " §3.4.2)"),
    Rule("^fail \\(Unexpected characters in RFC822 header",
         {"tags": ("white space before its colon",)}, "the same"),
    Rule("^fail \\(Unexpected characters in RFC822 header",
         {"damage": ("line without a colon", "quoted From_ line")},
         "what is no field is not signed; the fields around it are (RFC 6376 §3.7)"),
    Rule("^fail$", {"tags": ("many names",), "header form": "relaxed"},
         "white space is SP and HTAB; it strips VT as well (RFC 6376 §2.8, §3.4.2)"),
    Rule("^fail$", {"tags": ("itself",)},
         "h= never means the signature itself (RFC 6376 §3.5 h=)"),
    Rule("^fail$", {"tags": ("white space behind b",)},
         "the white space around the value of b= is not hashed (RFC 6376 §3.7)"),
    Rule("^fail$", {"tags": ("semicolon and blanks at the end",), "header form": "simple"},
         "only the line end of the signature is not hashed (RFC 6376 §3.7)"),
    Rule("^fail \\(body hash mismatch", {"body": "bare LF"},
         "the body is hashed as it is: only CRLF ends a line (RFC 6376 §3.4.3)"),
    Rule("^fail \\(body hash mismatch",
         {"body": "blanks and no final line end", "body form": "relaxed"},
         "blanks end the last line as they do others (RFC 6376 §3.4.4)"),
    Rule("^fail( \\(None\\))?$|^error \\(ValueError: The signature", {"record": RIGHT_SECOND},
         "of several records each may be tried (RFC 6376 §6.1.2 step 4)"),
    Rule("^fail \\(None\\)$", {"record": ("s=email",)},
         "s= is a list (RFC 6376 §3.6.1 s=)"),
    Rule("^pass$", {"tags": ("h empty",)}, "h= names a field at least (RFC 6376 §3.5 h=)"),
    Rule("^pass$", {"tags": ("without From",)}, "From MUST be signed (RFC 6376 §5.4, §6.1.1)"),
    Rule("^pass$", {"tags": ("l over",)},
         "l= MUST NOT be larger than the body (RFC 6376 §3.5 l=)"),
    Rule("^pass$", {"record": ("t=s and i of a subdomain", "t=y:s")},
         "t=s forbids i= in a subdomain (RFC 6376 §3.6.1 t=)"),
    Rule("^pass$", {"record": ("h of another", "Ed25519, h=sha1")},
         "the hash must be one that h= of the record names (RFC 6376 §6.1.2 step 6)"),
]

MAIL_DKIM = [
    Rule("^invalid \\(unsupported algorithm ed25519", {"a": "ed25519-sha256"},
         "Mail::DKIM does not know Ed25519 (RFC 8463 §3)"),
    Rule("^invalid \\(public key: OpenSSL error: wrong tag", {"s": "rsa.*-pkcs1"},
         "p= is an RSAPublicKey by the letter (RFC 6376 §3.6.1 p=)"),
    Rule("^invalid \\(public key: OpenSSL error: wrong tag", {"record": ("PKCS#1",)}, "the same"),
    Rule("^invalid \\(signature is expired", {"tags": PAST},
         "an expired signature MAY be invalid; here it is a flag (RFC 6376 §3.5 x=)"),
    Rule("^fail \\(body has been altered", {"body": ".*no final line end", "body form": "simple"},
         "a missing CRLF is added at the end (RFC 6376 §3.4.3)"),
    Rule("^fail \\(body has been altered", {"tags": ("l zero",)},
         "l=0 is no octet, not no limit (RFC 6376 §3.5 l=)"),
    Rule("^fail \\(body has been altered", {"tags": ("l half",), "body": "empty"},
         "l= limits the CRLF of an empty body as well (RFC 6376 §3.4.5)"),
    Rule("^fail \\(message has been altered", {"tags": ("white space before its colon",)},
         "white space in front of the colon is obsolete, not wrong (RFC 5322 §4.5)"),
    Rule("^fail \\(message has been altered", {"tags": ("itself",)},
         "h= never means the signature itself (RFC 6376 §3.5 h=)"),
    Rule("^invalid \\(public key: granularity", {"record": ("g of another", "g empty")},
         "g= is no longer a tag (RFC 6376 §3.6.1, appendix C.1)"),
    Rule("^(fail|invalid)", {"record": RIGHT_SECOND},
         "of several records each may be tried (RFC 6376 §6.1.2 step 4)"),
    Rule("^invalid \\(public key: does not support hash", {"record": ("h of both and unknown",)},
         "there may be white space around the colons (RFC 6376 §3.6.1 h=)"),
    Rule("^pass$", {"record": ("p twice",)},
         "a list with a tag twice is invalid (RFC 6376 §3.2)"),
    Rule("^pass$", {"tags": ("tag twice", "unknown tag twice")}, "the same"),
    Rule("^pass$", {"tags": ("tag without a name",)}, "a tag has a name (RFC 6376 §3.2)"),
    Rule("^pass$", {"tags": ("bh missing", "h missing", "h empty")},
         "bh= and h= are required (RFC 6376 §3.5)"),
    Rule("^pass$", {"tags": ("without From",)}, "From MUST be signed (RFC 6376 §5.4, §6.1.1)"),
    Rule("^pass$", {"tags": ("b is no base64", "bh is no base64", "t is no number",
                             "l negative", "l is no number")},
         "values are to be checked meticulously (RFC 6376 §6.1.1)"),
    Rule("^pass$", {"tags": ("l over",)},
         "l= MUST NOT be larger than the body (RFC 6376 §3.5 l=)"),
]

def with_forms(traits):
    if "c" not in traits:
        return traits
    header, body = signer.split_method(traits["c"])
    return {**traits, "header form": header, "body form": body}


def explained(table, traits, answer):
    """Whether a rule holds; all that do are counted."""
    traits = with_forms(traits)
    rules = [rule for rule in table if rule.holds(traits, answer)]
    for rule in rules:
        rule.used += 1
    return bool(rules)
