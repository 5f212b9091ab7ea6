"""What people decide: append-only, each with a name and a reason, never overwritten."""

from datetime import datetime
from enum import StrEnum

from clew.records.accounts import Account
from clew.records.chats import Chat
from clew.records.evidence import Sha256
from clew.records.facts import DateOrder
from clew.schema import FreeText, Home, Id, Row, Staff, Term


class Judgement(Row, home=Home.JUDGEMENTS):
    """What every judgement carries: its number in the ledger, who, why and when."""

    number: int
    """Order in the ledger."""
    undoes: int | None = None
    """Number of the judgement that this one undoes."""
    counts: bool = True
    """Whether the judgement stands: it undoes none, and no later one undoes it."""
    judged_by: Staff
    """Who decided."""
    reason: FreeText
    """Why."""
    judged_at: datetime
    """When, in UTC."""


class FileCategory(Judgement, table="file_categories", key=("number",)):
    """A category that an analyst gave to a content; of one country's scheme the latest counts."""

    sha256: Sha256
    """The content that was looked at."""
    scheme: Term | None = None
    """Scheme of the category; empty where all that were given before are taken back."""
    country: Term | None = None
    """Country model of the scheme; with it and no code, what that country gave is taken back."""
    scheme_version: Term | None = None
    """Version of the scheme."""
    code: Term | None = None
    """Code of the category as the scheme writes it; empty where it is taken back."""


class Decision(StrEnum):
    """What was decided of persons."""

    ACCEPT = "accept"
    """Two accounts are one person's."""
    REJECT = "reject"
    """Two accounts are two persons'."""
    SPLIT = "split"
    """Some accounts of a person are somebody else's."""
    UNDO = "undo"
    """An earlier judgement counts no more."""


class PersonJudgement(Judgement, table="person_judgements", key=("number",)):
    """A judgement on which accounts are one person's; of two on one pair the later counts."""

    decision: Decision
    """What was decided."""
    accounts: tuple[Id[Account], ...]
    """The accounts: two of an acceptance or rejection, those taken out of a split person."""
    others: tuple[Id[Account], ...]
    """Of a split, the accounts that they are kept apart from."""


class ExportJudgement(Judgement, table="export_judgements", key=("number",)):
    """An analyst's judgement on which conversation was exported as text; the latest counts."""

    export_chat: Id[Chat] | None = None
    """The export; empty where a judgement is undone."""
    chat_id: Id[Chat] | None = None
    """The conversation of the databases that it is; empty where it is none that they have."""


class DateJudgement(Judgement, table="date_judgements", key=("number",)):
    """An analyst's judgement on the order of the dates of a text export; the latest counts."""

    source_id: Sha256 | None = None
    """SHA-256 of the export; empty where a judgement is undone."""
    date_order: DateOrder | None = None
    """The order that its dates are read in."""
