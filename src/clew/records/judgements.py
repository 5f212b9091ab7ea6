"""What people decide: append-only, each with a name and a reason, never overwritten."""

from datetime import datetime
from enum import StrEnum

from clew.records.accounts import Account
from clew.records.chats import Chat
from clew.records.evidence import Sha256
from clew.records.facts import DateOrder
from clew.schema import FreeText, Home, Id, Row, Staff, Term


class FileCategory(Row, table="file_categories", home=Home.JUDGEMENTS, key=("number",)):
    """A category that an analyst gave to a content; of one country's scheme the latest counts."""

    number: int
    """Order in the ledger."""
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


class PersonJudgement(Row, table="person_judgements", home=Home.JUDGEMENTS, key=("number",)):
    """A judgement on which accounts are one person's; of two on one pair the later counts."""

    number: int
    """Order in the ledger."""
    decision: Decision
    """What was decided."""
    accounts: tuple[Id[Account], ...]
    """The accounts: two of an acceptance or rejection, those taken out of a split person."""
    others: tuple[Id[Account], ...]
    """Of a split, the accounts that they are kept apart from."""
    undoes: int | None = None
    """Of an undoing, the number of the judgement that counts no more."""
    counts: bool = True
    """Whether the judgement stands: it undoes none, and no later one undoes it."""
    judged_by: Staff
    """Who decided."""
    reason: FreeText
    """Why."""
    judged_at: datetime
    """When, in UTC."""


class ExportJudgement(Row, table="export_judgements", home=Home.JUDGEMENTS, key=("number",)):
    """An analyst's judgement on which conversation was exported as text; the latest counts."""

    number: int
    """Order in the ledger."""
    export_chat: Id[Chat] | None = None
    """The export; empty where a judgement is undone."""
    chat_id: Id[Chat] | None = None
    """The conversation of the databases that it is; empty where it is none that they have."""
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


class DateJudgement(Row, table="date_judgements", home=Home.JUDGEMENTS, key=("number",)):
    """An analyst's judgement on the order of the dates of a text export; the latest counts."""

    number: int
    """Order in the ledger."""
    source_id: Sha256 | None = None
    """SHA-256 of the export; empty where a judgement is undone."""
    date_order: DateOrder | None = None
    """The order that its dates are read in."""
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
