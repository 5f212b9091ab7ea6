"""What hangs on the messages of Signal's Android database: reactions and receipts."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from clew.facts.readers.signal.database import CODES, Recipients, SignalDatabase
from clew.records import Reaction, Receipt
from clew.schema import Row

_TABLES = ("message", "mms", "sms")


def read_reactions(base: SignalDatabase, recipients: Recipients) -> Iterator[Row]:
    """Reactions, of whichever table of messages."""
    needs = "message_id author_id"
    newest = next((t for t in _TABLES if t in base.tables), "message")
    for row in base.each("reaction", f"{needs} emoji date_sent is_mms", needs=needs):
        is_mms = row["is_mms"]
        table = newest if is_mms is None else ("mms" if is_mms == 1 else "sms")
        yield Reaction(
            **row.became(Reaction),
            event_id=base.found.event(f"{table}/{row['message_id']}"),
            account_id=recipients.who(row["author_id"]),
            reaction=row.text("emoji"),
            at=row.time("date_sent"),
        )


def read_receipts(base: SignalDatabase, recipients: Recipients) -> Iterator[Row]:
    """What is known of a message reaching each of a group."""
    needs = "mms_id address"
    newest = "message" if "message" in base.tables else "mms"
    for row in base.each("group_receipts", f"{needs} status timestamp", needs=needs):
        account, what = recipients.who(row["address"]), CODES.meaning("receipt", row["status"])
        if account is None or what is None:
            row.skipped("no_recipient" if what else "not_delivered")
            continue
        yield receipt(
            what,
            row.time("timestamp"),
            **row.became(Receipt),
            event_id=base.found.event(f"{newest}/{row['mms_id']}"),
            account_id=account,
        )


def receipt(what: str, at: datetime | None, **columns: Any) -> Receipt:
    """A receipt of which one step alone is known: ``delivered``, ``read`` or ``played``."""
    return Receipt(**{**columns, f"{what}_at": at})
