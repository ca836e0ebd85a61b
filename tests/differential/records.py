# SPDX-License-Identifier: GPL-3.0-or-later
"""What a name of the DNS may hold: usable records, unusable ones, and several."""
import dataclasses

import keys

P = keys.p_of(keys.DEFAULT.public("spki"))
WRONG_P = keys.p_of(keys.WRONG.public("spki"))
USUAL = f"v=DKIM1; k=rsa; p={P}"
ED_P = keys.p_of(keys.ED25519.public())
ED = f"v=DKIM1; k=ed25519; p={ED_P}"


@dataclasses.dataclass
class Condition:
    texts: list            # the records, as they are asked for
    status: str = "found"  # or missing, revoked, wrong
    outcome: str = ""      # from-unsigned: forbidden by the record although good
    flags: str = ""
    comment: str = ""      # in the zone file
    i: str = ""            # needs this i=
    selector: str = ""     # as s= has it
    algorithms: tuple = ("rsa-sha1", "rsa-sha256")
    key: object = None     # the private one, if not the usual


def spaced(text):
    return " ".join(text[start:start + 50] for start in range(0, len(text), 50))


def ed25519(texts, **rest):
    return Condition(texts, algorithms=("ed25519-sha256",), **rest)


CONDITIONS = {
    "usual": Condition([USUAL]),
    # RFC 6376 §3.6.1: how a record may be written.
    "only p": Condition([f"p={P}"]),
    "v only once and p": Condition([f"v=DKIM1; p={P}"]),
    "semicolon at the end": Condition([USUAL + ";"]),
    "white space everywhere": Condition([f"v = DKIM1 ;\tk = rsa ; p = {spaced(P)} ;"]),
    "unknown tags": Condition([f"v=DKIM1; foo=bar; n=a note; k=rsa; zz=; p={P}"]),
    "g any": Condition([f"v=DKIM1; g=*; k=rsa; p={P}"]),
    "g of another": Condition([f"v=DKIM1; g=bob; k=rsa; p={P}"]),
    "g empty": Condition([f"g=; k=rsa; p={P}"]),
    "PKCS#1": Condition([f"v=DKIM1; k=rsa; p={keys.p_of(keys.DEFAULT.public('pkcs1'))}"]),
    # t=, h=, s=, k=, v=.
    "t=y": Condition([f"v=DKIM1; t=y; p={P}"], flags="test-key"),
    "t=s": Condition([f"v=DKIM1; t=s; p={P}"]),
    "t=s and i of the domain": Condition([f"v=DKIM1; t=s; p={P}"], i="a@example.org"),
    "t=s and i of a subdomain": Condition([f"v=DKIM1; t=s; p={P}"], i="a@mail.example.org",
                                          outcome="from-unsigned"),
    "t=y:s": Condition([f"v=DKIM1; t=y:s; p={P}"], i="@mail.example.org",
                       outcome="from-unsigned", flags="test-key"),
    "t unknown": Condition([f"v=DKIM1; t=z:ys; p={P}"], i="a@mail.example.org"),
    "h of both": Condition([f"v=DKIM1; h=sha1:sha256; p={P}"]),
    "h of both and unknown": Condition([f"v=DKIM1; h = sha512 : sha256 : sha1; p={P}"]),
    "h of another": Condition([f"v=DKIM1; h=sha512; p={P}"], status="unusable"),
    "s=*": Condition([f"v=DKIM1; s=*; p={P}"]),
    "s=email": Condition([f"v=DKIM1; s=other:email; p={P}"]),
    "s of another": Condition([f"v=DKIM1; s=other; p={P}"], status="unusable"),
    "k of another": Condition([f"v=DKIM1; k=dsa; p={P}"], status="unusable"),
    "k=ed25519": Condition([f"v=DKIM1; k=ed25519; p={keys.p_of(keys.ED25519.public())}"],
                           status="unusable"),
    "v of another": Condition([f"v=DKIM2; p={P}"], status="unusable"),
    # Nothing to verify with.
    "missing": Condition([], status="missing"),
    "revoked": Condition(["v=DKIM1; k=rsa; p="], status="revoked"),
    "revoked with a blank": Condition(["v=DKIM1; p= ; n=gone"], status="revoked"),
    "no p": Condition(["v=DKIM1; k=rsa"], status="unusable"),
    "no base64": Condition(["v=DKIM1; p=@@@@"], status="unusable"),
    "no DER": Condition([f"v=DKIM1; p={P[4:]}"], status="unusable"),
    "cut short": Condition([f"v=DKIM1; p={P[:100]}"], status="unusable"),
    "p twice": Condition([f"v=DKIM1; p={P}; p={P}"], status="unusable"),
    "no tags": Condition(["hello world"], status="unusable"),
    # RFC 6376 §6.1.2: of several records each may be tried.
    "wrong": Condition([f"v=DKIM1; k=rsa; p={WRONG_P}"], status="wrong"),
    "wrong, then right": Condition([f"v=DKIM1; p={WRONG_P}", USUAL]),
    "right, then wrong": Condition([USUAL, f"v=DKIM1; p={WRONG_P}"]),
    "revoked, then right": Condition(["v=DKIM1; p=", USUAL]),
    "not DKIM, then right": Condition(["v=spf1 -all", USUAL]),
    "cut short, then right": Condition([f"v=DKIM1; p={P[:100]}", USUAL]),
    "RSA, then Ed25519": ed25519([USUAL, ED]),
    "Ed25519, then RSA": Condition([ED, USUAL]),
    # RFC 8463 §4: p= is the 32 octets of the key.
    "Ed25519": ed25519([ED]),
    "Ed25519 as k=rsa": ed25519([f"v=DKIM1; k=rsa; p={ED_P}"], status="unusable"),
    "Ed25519 without k": ed25519([f"v=DKIM1; p={ED_P}"], status="unusable"),
    "Ed25519, 31 octets": ed25519([f"v=DKIM1; k=ed25519; p={keys.p_of(b'x' * 31)}"],
                                  status="unusable"),
    "Ed25519, another": ed25519([f"v=DKIM1; k=ed25519; p={keys.p_of(b'x' * 32)}"], status="wrong"),
    "Ed25519, revoked": ed25519(["v=DKIM1; k=ed25519; p="], status="revoked"),
    "Ed25519, t=y": ed25519([f"v=DKIM1; k=ed25519; t=y; p={ED_P}"], flags="test-key"),
    "Ed25519, h=sha1": ed25519([f"v=DKIM1; k=ed25519; h=sha1; p={ED_P}"], status="unusable"),
    # RFC 4343: letters of either case are the same name.
    "selector of several labels": Condition([USUAL], selector="a_b.c-d.2017"),
    "selector in upper case": Condition([USUAL], selector="UPPER"),
    # What only a key file can say.
    "compromised": Condition([f"v=DKIM1; p={keys.p_of(keys.STOLEN.public('spki'))}"],
                             outcome="key-compromised", key=keys.STOLEN,
                             comment="seen=2012-01/2017-10 compromised-since=2020-01-01"),
    "seen": Condition([USUAL], comment="seen=2012-01/2016-10 source=somewhere"),
}


def selector_of(name):
    """A selector per condition: letters of its name and its place in the table."""
    if CONDITIONS[name].selector:
        return CONDITIONS[name].selector
    letters = "".join(c if c.isascii() and c.isalnum() else "-" for c in name.lower()).strip("-")
    return f"{letters}-{list(CONDITIONS).index(name)}"
