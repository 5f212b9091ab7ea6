"""What senders allowed beyond the handling codes of what they sent: append-only and signed."""

from enum import StrEnum

from clew.records.judgements import Judgement
from clew.schema import Term


class Permits(StrEnum):
    """What the owner of received information allowed beyond its handling code."""

    JUDICIAL_USE = "judicial_use"
    """Use in a court report although it came with H1."""
    ONWARD = "onward"
    """Passing it on although it came with H2."""


class Permission(Judgement, table="permissions", key=("number",)):
    """What the sender allowed afterwards of what came under a handling code."""

    origin: Term | None = None
    """Case that the rows came from; empty where a permission is taken back."""
    handling_code: Term | None = None
    """The code that it lifts: ``H1`` or ``H2``."""
    permits: Permits | None = None
    """What was allowed."""
    partner_id: Term | None = None
    """Agency that allowed it."""
    letter_ref: Term | None = None
    """Reference of the letter that says so."""
