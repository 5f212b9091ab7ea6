"""What was deleted and is still there in the bytes of a database.

These are tables of their own, so that nothing that reads the live ones can take a deleted record
for a live one: no finding reads them unless it names them.
"""

from enum import StrEnum

from clew.records.facts import Fact, RecordState
from clew.records.invites import Invite
from clew.records.messages import Message
from clew.records.shares import Share
from clew.schema import Raw, Term


class RecoveredFrom(StrEnum):
    """Where the bytes of a deleted record were found, or of an older state of a live one."""

    FREEBLOCK = "freeblock"
    """In a page that is in use, on the list of its free blocks."""
    UNALLOCATED = "unallocated"
    """In a page that is in use, between its pointers and its contents."""
    FREELIST = "freelist"
    """In a page that the database has given up."""
    WAL_OLDER = "wal-older"
    """In an earlier version of a page, in the write-ahead log."""
    WAL_STALE = "wal-stale"
    """Behind the end of the write-ahead log, from before it was last started anew."""
    JOURNAL = "journal"
    """In a page of the rollback journal, as it was before a change."""
    UNCOMMITTED = "uncommitted"
    """Written and never committed: a change that was cut off, and is taken back at opening."""
    SUPERSEDED = "superseded"
    """Another state of a row that is still there: an earlier one, or one never committed."""
    TOOL_REPORT = "tool_report"
    """Another tool found it among what was deleted, and says so in its report."""


class RecoveredRow(Fact, table="recovered_rows"):
    """A row of a database that is not live, value by value, whatever table it belonged to."""

    source_table: Term
    """Table whose schema its bytes fit."""
    row: int | None = None
    """Its row number; empty where its bytes were overwritten."""
    found_in: RecoveredFrom
    """Where the bytes were found."""
    part: Term
    """File that holds them: ``main``, ``wal`` or ``journal``; ``report`` for a tool's report."""
    page: int | None = None
    """Page of the database, from 1; empty for a tool's report."""
    offset: int | None = None
    """Byte in that file at which it begins; empty for a tool's report."""
    complete: bool
    """Every value was there; otherwise the first ones may be rebuilt from what fits."""
    values: Raw
    """Its columns and values, as JSON; bytes in hexadecimal after ``x:``."""


class RecoveredMessage(Message, table="recovered_messages", key=("event_id",)):
    """A message that is not live, read as a live one would be."""

    found_in: RecoveredFrom
    """Where the bytes were found."""
    complete: bool
    """Every value was there."""


class RecoveredShare(Share, table="recovered_shares", key=("event_id", "ordinal")):
    """A file sent in a message that is not live."""

    found_in: RecoveredFrom
    """Where the bytes of the message were found."""
    complete: bool
    """Every value was there."""


class RecoveredInvite(Invite, table="recovered_invites"):
    """An invitation in what is not live: a deleted message, its caption, or a deleted row."""

    state: RecordState = RecordState.RECOVERED
    """Recovered, always."""
    recovered_from: RecoveredFrom
    """Where the bytes were found."""
