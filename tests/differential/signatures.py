# SPDX-License-Identifier: GPL-3.0-or-later
"""Judges the mails of grid.py with leakfs, dkimpy and Mail::DKIM, and compares each with the truth.

Needs mkleakfs and lsleakfs in PATH. Status 1 if a row of leakfs is not what is true, or an answer
of the others is neither that nor excused by a rule of rules.py.
"""
import sys

import catalog
import compare
import grid
import references
import rules


def main():
    options = compare.options(__doc__)
    found, records = grid.all_cases(), grid.all_records()
    raws = [case.raw for case in found]
    ours = None if options.references else catalog.judge(raws, records, grid.comments())
    perl = references.mail_dkim_signatures(raws, records)
    jobs = [(case.raw, len(case.truths) + case.over, records) for case in found]
    python = references.each(references.dkimpy_one, jobs)
    answers = [("dkimpy", rules.DKIMPY, python),
               ("Mail::DKIM", rules.MAIL_DKIM, [[text for _, text in row] for row in perl])]
    return compare.report(found, ours, answers, options.save)


if __name__ == "__main__":
    sys.exit(main())
