"""Invitations: where each leads, and through whose hands it passed."""

from __future__ import annotations

from clew.casefile import Case
from clew.casefile.step_manifest import StepManifest
from clew.findings.queries import query
from clew.records.findings import InvitePosting, InviteTarget


def invites(case: Case, done: StepManifest) -> StepManifest:
    """Follow each invitation to its group and to everyone who posted it."""
    postings = query("invite_postings")
    return case.publish(
        done,
        [
            case.derived(InvitePosting, postings + query("invite_places")),
            case.derived(InviteTarget, postings + query("invite_targets")),
        ],
    )
