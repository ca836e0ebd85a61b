# SPDX-License-Identifier: GPL-3.0-or-later
"""dkimpy and Mail::DKIM, given the keys of a table and the clock of the mails."""
import concurrent.futures
import os
import subprocess
import tempfile
import types

import dkim

import message

PERL_SCRIPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "mail_dkim.pl")
# x= is judged at the date of the mail, as leakfs does (RFC 6376 §3.5 asks for no more).
dkim.time = types.SimpleNamespace(time=lambda: message.CLOCK)


def processors():
    return len(os.sched_getaffinity(0))


class Records:
    """The DNS: name without the last dot: TXT records."""

    def __init__(self, records):
        self.records = records

    def first(self, name, timeout=5):
        """What dkimpy asks: it takes the first record of a name."""
        found = self.records.get(name.decode("latin-1").rstrip(".").lower())
        return found[0].encode() if found else None

    def lines(self):
        return "".join(f"{name}\t{text}\n" for name, texts in self.records.items()
                       for text in texts).encode()


def dkimpy_one(job):
    raw, count, records = job
    answers = []
    for index in range(count):
        try:
            passed = dkim.DKIM(raw, minkey=0).verify(index, dnsfunc=Records(records).first)
            answers.append("pass" if passed else "fail")
        except dkim.DKIMException as error:
            answers.append(f"fail ({error})"[:200])
        except Exception as error:  # what it does not expect, it raises
            answers.append(f"error ({type(error).__name__}: {error})"[:200])
    return answers


def dkimpy_arc_one(job):
    raw, records = job
    try:
        verdict, results, reason = dkim.arc_verify(raw, minkey=0, dnsfunc=Records(records).first)
    except Exception as error:
        return "error", f"{type(error).__name__}: {error}", []
    return (verdict or b"ended").decode(), reason, results


def ask_mail_dkim(requests, records):
    """requests: (what, mail, wishes). Answers as lines, in order; one process per processor."""
    def ask(share):
        stdin = b"".join(
            "\t".join([str(len(raw)), what, *(f"{n}={v}" for n, v in wishes.items())]).encode() +
            b"\n" + raw for what, raw, wishes in share)
        command = ["perl", PERL_SCRIPT, str(message.CLOCK), table.name]
        run = subprocess.run(command, input=stdin, stdout=subprocess.PIPE, check=True)
        lines = run.stdout.decode("utf-8", "replace").split("\n")[:-1]
        assert len(lines) == len(share), (len(lines), len(share))
        return lines

    with tempfile.NamedTemporaryFile() as table:
        table.write(Records(records).lines())
        table.flush()
        count = processors()
        shares = [requests[start::count] for start in range(count)]
        with concurrent.futures.ThreadPoolExecutor(count) as pool:
            answers = list(pool.map(ask, shares))
    merged = [None] * len(requests)
    for start, share in enumerate(answers):
        merged[start::count] = share
    return merged


def mail_dkim_signatures(raws, records):
    """For each mail the answers of its signatures, top to bottom, as (kind, text)."""
    lines = ask_mail_dkim([("verify", raw, {}) for raw in raws], records)
    return [[tuple(answer.split(" ", 1)) for answer in line.split("\t") if answer]
            for line in lines]


def each(function, jobs):
    """In processes of their own: dkimpy does its arithmetic in Python."""
    with concurrent.futures.ProcessPoolExecutor(processors()) as pool:
        return list(pool.map(function, jobs, chunksize=50))
