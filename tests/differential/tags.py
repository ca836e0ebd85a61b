# SPDX-License-Identifier: GPL-3.0-or-later
"""Signature fields that say a thing in another way, say more, or say what they must not."""
import dataclasses

from message import CLOCK

USUAL = (" v=1; a={a}; c={c}; d={d}; s={s};\r\n\tt={t}; h={h};\r\n\tbh={bh};\r\n\tb={b}")
H = "from:to:subject:date"
PAST, FUTURE = CLOCK - 86400, CLOCK + 86400


@dataclasses.dataclass
class Variation:
    template: str = USUAL
    h: str = H             # what is written is also what is meant
    c: str = ""            # "": whatever the grid asks for
    length: str = ""       # exact, half, zero, over: what l= covers
    d: str = "example.org"
    outcome: str = ""      # from-unsigned or malformed: what it earns if all hashes are good
    flags: str = ""
    field: str = "DKIM-Signature"
    fold: str = "\r\n\t"   # within b=


def more(tags, **rest):
    """The usual tags and then these."""
    return Variation(USUAL.replace("\r\n\tt={t};", f"\r\n\tt={{t}}; {tags};"), **rest)


def other(old, new, **rest):
    assert old in USUAL
    return Variation(USUAL.replace(old, new), **rest)


def bad(variation):
    variation.outcome = "malformed"
    return variation


VARIATIONS = {
    "usual": Variation(),
    # Where tags stand (RFC 6376 §3.2), and the white space around them.
    "b first": Variation(" b={b}; v=1; a={a}; c={c}; d={d}; s={s}; t={t}; h={h}; bh={bh}"),
    "b in the middle": Variation(" v=1; a={a}; b={b};\r\n\tc={c}; d={d}; s={s}; h={h}; bh={bh}"),
    "b before bh": Variation(" v=1; a={a}; c={c}; d={d}; s={s}; h={h}; b={b}; bh={bh}"),
    "v last": Variation(" a={a}; c={c}; d={d}; s={s}; t={t}; h={h}; bh={bh}; b={b}; v=1"),
    "semicolon at the end": Variation(USUAL + ";"),
    "semicolon and blanks at the end": Variation(USUAL + "; \t"),
    "no white space": Variation("v=1;a={a};c={c};d={d};s={s};t={t};h={h};bh={bh};b={b}", fold=""),
    "value on the next line": Variation("\r\n\t" + USUAL.strip()),
    "white space everywhere": Variation(
        "\r\n  v = 1 ;\r\n\ta\t=\t{a} ; c =\r\n {c}\r\n\t; d\r\n = {d} ;s= {s} ;\r\n t = {t} ;"
        "\r\n\th = {h} ;\r\n\tbh = \r\n\t {bh} ; b=\r\n\t {b}"),
    "white space around b": Variation(
        " v=1; a={a}; c={c}; d={d}; s={s}; t={t}; h={h}; bh={bh}; b =\r\n\t {b} \r\n\t"),
    "white space behind b": Variation(
        " v=1; a={a}; c={c}; d={d}; s={s}; h={h}; bh={bh}; b={b}\r\n\t ; t={t}"),
    "b on one line": Variation(fold=""),
    "b folded with much white space": Variation(fold=" \t\r\n \t "),
    "b with blanks within": Variation(fold=" "),
    "bh folded": other("bh={bh}", "bh={bh0}\r\n\t {bh1}"),
    "field name in lower case": Variation(field="dkim-signature"),
    "white space before its colon": Variation(field="DKIM-Signature \t"),
    "unknown tags": more("foo=bar; X_9=a=b==c; zz=1,2:3/4"),
    "unknown tag with a folded value": more("note=some\r\n\twords here"),
    "empty unknown tag": more("foo="),
    "unknown tags like b and d": more("bb=x; B=x; D=evil.example; ab=y"),
    "copied header fields": more("z=From:Alice=20=3Cb=3Dx=3E|Subject:b=3D\r\n\t|To:d=3Dz"),
    "copied header fields without end": more("z=" + "|".join(f"X-{n}:=20" for n in range(2000))),
    "tag without a value": bad(more("foo")),
    "tag without a name": bad(more("=foo")),
    "tag twice": bad(more("t={t}")),
    "d twice": bad(more("d=evil.example")),
    "unknown tag twice": bad(more("foo=1; foo=2")),
    "d only in upper case": bad(other("d={d}", "D={d}")),
    # v= and a= (§3.5); a missing v= and 0.5 are those of the drafts.
    "v missing": other("v=1; ", "", flags="draft"),
    "v=0.5": other("v=1", "v=0.5", flags="draft"),
    "v missing, q=dns": Variation(USUAL.replace("v=1; ", "q=dns; "), flags="draft"),
    "v=2": bad(other("v=1", "v=2")),
    "a unknown": bad(other("a={a}", "a=rsa-sha512")),
    "a missing": bad(other(" a={a};", "")),
    "d missing": bad(other(" d={d};", "")),
    "d empty": bad(other("d={d}", "d=")),
    "s missing": bad(other(" s={s};", "")),
    "bh missing": bad(other("bh={bh};", "")),
    "b empty": bad(other("b={b}", "b=")),
    "b missing": bad(other("\r\n\tb={b}", "")),
    "b is no base64": bad(other("b={b}", "b=?{b}?")),
    "bh is no base64": bad(other("bh={bh}", "bh=?{bh}?")),
    # c= (§3.5).
    "c missing": Variation(" v=1; a={a}; d={d}; s={s}; t={t}; h={h}; bh={bh}; b={b}",
                           c="simple/simple"),
    "c=simple": Variation(c="simple"),
    "c=relaxed": Variation(c="relaxed"),
    "c unknown": bad(other("c={c}", "c=tight/{c}")),
    "c of the body unknown": bad(other("c={c}", "c=simple/tight")),
    # h= (§3.5, §5.4).
    "names twice": Variation(h="from:to:from:subject:date:subject:date"),
    "name three times": Variation(h="x-copy:from:x-copy:subject:x-copy:date"),
    "fields that are not there": Variation(h="resent-from:from:x-none:subject:date:x-empty"),
    "names in mixed case": Variation(h="From:SUBJECT:dAtE:To"),
    "names with white space": Variation(h="from :\r\n\tsubject\r\n : date:\t to "),
    "many names": Variation(h="received:received:mime-version:from:to:subject:date:message-id:"
                            "x-copy:x-copy:x-empty:x-8-bit:x-folds:x-bytes:x!#$%&'*+-.^_`|~9:"
                            "content-type"),
    "200 names": Variation(h="from:to:subject:date:" + ":".join(f"x-{n}" for n in range(196))),
    "only From": Variation(h="from"),
    "itself": Variation(h="from:dkim-signature:subject:date"),
    "without From": Variation(h="to:subject:date", outcome="from-unsigned"),
    "h empty": bad(Variation(h="")),
    "h missing": bad(other("h={h};", "", h="")),
    # i= (§3.5, §6.1.1).
    "i is a domain": more("i=@example.org"),
    "i is a sender": more("i=alice@example.org"),
    "i in upper case": more("i=Alice@EXAMPLE.Org"),
    "i in a subdomain": more("i=alice@mail.example.org"),
    "i in quoted-printable": more("i=al=69ce@example.org"),
    "i elsewhere": more("i=alice@example.net", outcome="from-unsigned"),
    "i ends like d": more("i=alice@badexample.org", outcome="from-unsigned"),
    "i above d": more("i=alice@org", outcome="from-unsigned"),
    # t= and x= (§3.5), against the date of the mail.
    "x later": more(f"x={FUTURE}"),
    "x past": Variation(USUAL.replace("\r\n\tt={t};", f"\r\n\tt={PAST - 9}; x={PAST};")),
    "x before Date": Variation(USUAL.replace("\r\n\tt={t};", f"\r\n\tx={PAST};"),
                               flags="expired"),
    "x before t": more(f"x={PAST}", flags="expired"),
    "x far away": more("x=999999999999"),
    "x is no number": bad(more("x=soon")),
    "t far away": other("t={t}", "t=9999999999"),
    "t is no number": bad(other("t={t}", "t=now")),
    # q= (§3.5).
    "q usual": more("q=dns/txt"),
    "q of two": more("q=http/x:dns/txt"),
    "q unknown": bad(more("q=http/x")),
    # l= (§3.5).
    "l exact": more("l={l}", length="exact"),
    "l with zeros in front": more("l=000{l}", length="exact"),
    "l half": more("l={l}", length="half"),
    "l zero": more("l={l}", length="zero"),
    "l over": more("l={l}", length="over"),
    "l negative": bad(more("l=-1")),
    "l is no number": bad(more("l=all")),
    # d= and s= (§3.5).
    "d in upper case": Variation(d="EXAMPLE.ORG"),
    "d is a subdomain": Variation(d="mail.example.org"),
    "d elsewhere": Variation(d="mailer.example", flags="unaligned"),
}
