"""Files that a case keeps to itself for deconfliction; each follows from a step in its ledger."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from clew.errors import EvidenceError
from clew.records import Deconfliction, DeconflictionStep

if TYPE_CHECKING:
    from clew.casefile.case import Case

FOLDER = "deconfliction"
"""Folder of keys and blinds with which numbers are asked for."""


def kept(case: Case) -> set[str]:
    """Paths in the case of the files that were made or taken in; none of a damaged ledger."""
    found = {f"{FOLDER}/.lock"}
    with contextlib.suppress(EvidenceError):
        for row in case.ledger.judgements(Deconfliction):
            if row.step is DeconflictionStep.OFFERED:
                found.add(f"{FOLDER}/keys/{row.offer_id}.json")
            elif row.step is DeconflictionStep.ASKED:
                found.add(f"{FOLDER}/blinds/{row.exchange_id}.json")
                found.add(f"{FOLDER}/offers/{row.offer_id}.offer")
    return found
