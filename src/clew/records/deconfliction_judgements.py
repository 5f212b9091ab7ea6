"""What was asked of other agencies without showing it, and what they were told: append-only."""

from datetime import datetime
from enum import StrEnum

from clew.records.evidence import Sha256
from clew.records.judgements import Judgement
from clew.schema import FreeText, Handle, Hash, Term


class DeconflictionStep(StrEnum):
    """What was done with a file of deconfliction."""

    OFFERED = "offered"
    """Tags were given to a partner."""
    ASKED = "asked"
    """Points were sent to a partner."""
    RELEASED = "released"
    """One officer agreed that an ask is answered; a second one has to."""
    ANSWERED = "answered"
    """A second officer agreed, and the answer was made."""
    READ = "read"
    """The answer of a partner was read."""
    NOTICED = "noticed"
    """A partner's word of how many were hits was read."""


class Deconfliction(Judgement, table="deconflictions", key=("number",)):
    """One step of asking whether two agencies have the same; no number and no name stands here."""

    step: DeconflictionStep
    """What was done."""
    exchange_id: Term
    """Id of the ask; of an offer its own."""
    offer_id: Term
    """Offer that it belongs to."""
    partner_id: Term
    """The other agency."""
    asked_kind: Term
    """What is asked for: ``phone``, ``account``, ``imei``, ``sha256`` or ``search``."""
    period: Term
    """Half-year of the offer and its key."""
    points: int
    """Size of the file, padded: tags of an offer, points of an ask."""
    own_count: int | None = None
    """How many identifiers were offered or asked for; empty where only the partner knows."""
    hits: int | None = None
    """How many were hits; empty where only the partner knows."""
    legal_basis: FreeText
    """On what legal basis."""
    holds_until: datetime
    """Moment until which the file may be used, in UTC."""
    file_sha256: Sha256
    """SHA-256 of the file."""
    commitment: Hash | None = None
    """Of an ask, the root over the list that is asked for."""
    officer_key: Hash | None = None
    """Of a release, the public key of the officer, in base64."""
    release: Hash | None = None
    """Of a release, the officer's signature over the ask, in base64."""


class DeconflictionResult(Judgement, table="deconfliction_results", key=("number",)):
    """What a partner's answer says of one identifier: received, and never a fact of this case.

    A hit says that the partner offered the same identifier, and nothing of why. It leads to an
    ordinary request.
    """

    exchange_id: Term
    """Id of the ask."""
    partner_id: Term
    """The other agency, whose word it is."""
    asked_kind: Term
    """What it is."""
    identifier: Handle
    """The identifier, in the form that is compared."""
    seen: Term | None = None
    """Half-year or day that it was asked for with."""
    is_hit: bool
    """Whether both have it."""
    is_own_question: bool
    """Whether this case asked; otherwise the partner did, of what this case offered."""
