"""Every check, in the order in which they are made."""

from collections.abc import Iterator

from clew.validation import (
    crashes,
    deleted,
    disclosure,
    evidence,
    hostile,
    known_inputs,
    signatures,
    spared,
    tampering,
)
from clew.validation.assertions import Assertion, Check, Plan, timed

CHECKS: tuple[Check, ...] = (
    evidence.known_answers, disclosure.readings, known_inputs.every_reader, evidence.same_output,
    deleted.deleted_is_never_live, hostile.damage_is_reported, hostile.lost_sources_are_reported,
    hostile.decoders_cost_their_file, hostile.nothing_gets_out, spared.nothing_is_written_over,
    spared.erased_for_good, signatures.checkpoints_are_signed, tampering.log_shows_tampering,
    crashes.kills, crashes.moments, crashes.full_disks,
)  # fmt: skip


def run(plan: Plan) -> Iterator[Assertion]:
    """Run every check."""
    plan.folder.mkdir(parents=True)
    for check in CHECKS:
        yield from timed(check, plan)
