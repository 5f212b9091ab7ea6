"""Invitations: where each leads, and through whose hands it passed."""

from __future__ import annotations

from clew.casefile import Case
from clew.casefile.done import Done
from clew.findings.queries import query
from clew.records.findings import InviteTarget


def invites(case: Case, done: Done) -> Done:
    """Follow each invitation to its group and to everyone who posted it."""
    return case.publish(done, [case.derived(InviteTarget, query("invite_targets"))])
