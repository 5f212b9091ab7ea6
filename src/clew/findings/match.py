"""What the known and ignorable sets know, in files and in records of files that are gone."""

from __future__ import annotations

from clew.casefile import Case
from clew.casefile.done import Done
from clew.findings.queries import query
from clew.records.findings import Match


def match(case: Case, done: Done) -> Done:
    """Match every file, and every record of a shared file that is gone, with the hash sets."""
    return case.publish(done, [case.derived(Match, query("matches"))])
