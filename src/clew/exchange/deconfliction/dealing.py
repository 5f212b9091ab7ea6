"""What every step needs: who acts for whom, when, and what the ledger has of earlier steps."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import msgspec

from clew.casefile import Case
from clew.casefile.custody.checkpoint import Signer
from clew.errors import UsageError
from clew.exchange.deconfliction.forms import Form
from clew.exchange.deconfliction.wire import Document, Header
from clew.exchange.moments import moment
from clew.exchange.sealing.partners import registered
from clew.records import Deconfliction, DeconflictionStep, Partner

MOST_ASKED = 1000
"""Identifiers of one ask, and of all of a partner in one period."""
MOST_POINTS = 1024
"""Points that a partner may ask in one period: the holder counts padding too, which it can't tell
from numbers."""


class Dealing(msgspec.Struct, frozen=True, kw_only=True):
    """Who works, for which agency, and with which partners."""

    case: Case
    partners: Mapping[str, Partner]
    """Partners as they are registered now, by id."""
    by: str
    """Who decides; the ledger signs with that person's key."""
    reason: str
    at: datetime

    def steps(self, *wanted: DeconflictionStep) -> list[Deconfliction]:
        """Earlier steps of these kinds, in order."""
        every = self.case.ledger.judgements(Deconfliction)
        return [row for row in every if row.step in wanted]

    def row(
        self, step: DeconflictionStep, found: Document[Header], **more: object
    ) -> Deconfliction:
        """What the ledger says of a file."""
        header = found.header
        fields: dict[str, Any] = {
            "exchange_id": getattr(header, "ask", header.offer), "partner_id": header.sender,
            "legal_basis": getattr(header, "legal_basis", ""),
        }  # fmt: skip
        return Deconfliction(
            number=0, step=step, offer_id=header.offer, asked_kind=header.kind,
            period=header.period, holds_until=moment(header.holds_until), points=header.count,
            file_sha256=found.sha256, judged_by=self.by, reason=self.reason, judged_at=self.at,
            **(fields | more),
        )  # fmt: skip


class Agency(msgspec.Struct, frozen=True):
    """Under which id and with which key this agency is registered with its partners."""

    id: str
    signer: Signer


def check_partner(known: Mapping[str, Partner], name: str, at: datetime) -> None:
    """UsageError where no partner of this id is registered, in time and with a key that signs."""
    if not registered(known, name, at).verifier:
        raise UsageError(
            f"{name} is registered without a key that signs",
            do="Ask for their verifier, then: clew partner add",
        )


def distinct(forms: Iterable[Form]) -> tuple[Form, ...]:
    """Each form once, in one order."""
    return tuple(sorted(set(forms), key=lambda form: form.text))
