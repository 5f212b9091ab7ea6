"""What hangs on the messages of Signal's Android database: reactions and receipts."""

from collections.abc import Iterator

from clew.facts.database import said
from clew.facts.readers.signal.database import RECEIPTS, Recipients, SignalDatabase
from clew.records import Reaction, Receipt
from clew.schema import Row

_TABLES = ("message", "mms", "sms")


def read_reactions(base: SignalDatabase, recipients: Recipients) -> Iterator[Row]:
    """Reactions, of whichever table of messages."""
    needs = "message_id author_id"
    newest = next((t for t in _TABLES if t in base.tables), "message")
    for row, message, author, sign, at, is_mms in base.each(
        "reaction", f"{needs} emoji date_sent is_mms", needs=needs
    ):
        table = newest if is_mms is None else ("mms" if is_mms == 1 else "sms")
        base.tally.emitted("reaction", Reaction)
        yield Reaction(
            **base.at(f"reaction/{row}"),
            event_id=base.found.event(f"{table}/{message}"),
            account_id=recipients.who(author),
            reaction=said(sign),
            at=base.time("reaction.date_sent", at, row),
        )


def read_receipts(base: SignalDatabase, recipients: Recipients) -> Iterator[Row]:
    """What is known of a message reaching each of a group."""
    table = "group_receipts"
    needs = "mms_id address"
    newest = "message" if "message" in base.tables else "mms"
    for row, message, address, status, at in base.each(
        table, f"{needs} status timestamp", needs=needs
    ):
        account, what = recipients.who(address), RECEIPTS.get(status)
        if account is None or what is None:
            base.tally.skipped(table, "no_recipient" if what else "not_delivered")
            continue
        base.tally.emitted(table, Receipt)
        when = base.time(f"{table}.timestamp", at, row)
        yield Receipt(
            **base.at(f"{table}/{row}"),
            event_id=base.found.event(f"{newest}/{message}"),
            account_id=account,
            delivered_at=when if what == "delivered" else None,
            read_at=when if what == "read" else None,
            played_at=when if what == "played" else None,
        )
