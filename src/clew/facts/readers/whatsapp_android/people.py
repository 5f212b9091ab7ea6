"""Accounts and what ties them; contact cards, calls, reactions and receipts."""

from collections.abc import Iterator

from clew import records
from clew.facts.cards import contact
from clew.facts.database import Join, Selection
from clew.facts.messages import events
from clew.facts.readers.whatsapp_android.content import VOTES
from clew.facts.readers.whatsapp_android.database import Database, name_of
from clew.facts.readers.whatsapp_android.modern import Modern
from clew.facts.whatsapp import chat_id
from clew.records import PollOption, Relation
from clew.schema import Batch, Id, Row, batch

_REACTION, _VOTE = 56, 67
_ADDED, _REACTED = "message_add_on", "message_add_on_reaction"


def find_owner(modern: Modern) -> None:
    """The holder's account, from the device that wrote the messages sent from here."""
    numbers = (a for a, _ in _authors(modern) if a.startswith("whatsapp:pn:"))
    modern.base.owner = next(numbers, modern.base.owner)


def read_own_accounts(modern: Modern) -> Iterator[records.AccountAlias]:
    """Other accounts that wrote messages sent from here: earlier numbers, a second SIM card."""
    base = modern.base
    for account, message in _authors(modern):
        if account != base.owner and ":pn:" in base.owner:
            where, same = base.at(f"message_details/{message}"), Relation.SAME_DEVICE
            yield records.AccountAlias(**where, a=account, b=base.owner, relation=same)


def _authors(modern: Modern) -> Iterator[tuple[Id[records.Account], int]]:
    """Accounts that the device gives to messages sent from it, each with the first such message.

    The account of the most messages comes first.
    """
    base = modern.base
    if not (
        base.has("message_details", "message_row_id", "author_device_jid")
        and base.has("message", "_id", "from_me")
    ):
        return
    select = (
        "SELECT d.author_device_jid, count(*), min(m._id) FROM message_details AS d "
        "JOIN message AS m ON m._id = d.message_row_id WHERE m.from_me = 1 AND m.message_type <> 7 "
        "GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 20"
    )
    found: dict[Id[records.Account], list[int]] = {}
    for jid_row, messages, first in base.db.execute(select).fetchall():
        account = modern.account.get(jid_row)
        if account:
            count, least = found.get(account, [0, first])
            found[account] = [count + messages, min(first, least)]
    for account, (_, first) in sorted(found.items(), key=lambda met: (-met[1][0], met[0])):
        yield account, first


def read_lids(modern: Modern) -> Iterator[Row]:
    """Which number stands behind a hidden id, and the names shown for hidden ids."""
    base = modern.base
    for row in base.each("jid_map", "jid_row_id", needs="jid_row_id", key="lid_row_id"):
        lid, number = modern.account.get(row.key), modern.account.get(row["jid_row_id"])
        if not lid or not number or lid == number:
            row.skipped("address_gone")
            continue
        where = row.became(records.AccountAlias)
        yield records.AccountAlias(**where, a=lid, b=number, relation=Relation.LID_OF)
    for row in base.each(
        "lid_display_name", "display_name username", needs="display_name", key="lid_row_id"
    ):
        account = modern.account.get(row.key)
        if not account:
            row.skipped("address_gone")
            continue
        row.became(records.AccountName)
        yield from base.named(row.locator, account, row["display_name"], records.NameKind.PUSH)
        yield from base.named(row.locator, account, row["username"], records.NameKind.PROFILE)


def read_cards(base: Database, table: str, messages: str) -> Iterator[Row]:
    """Contact cards sent in messages."""
    needs = "message_row_id vcard"
    for row in base.each(table, needs, needs=needs):
        if not isinstance(row["vcard"], str) or not row["vcard"].strip():
            row.skipped("empty:card")
            continue
        row.became(records.Contact)
        event = base.found.event(f"{messages}/{row['message_row_id']}")
        yield contact(base, row.locator, event, row["vcard"])


def read_calls(modern: Modern) -> Iterator[Row]:
    """Calls and their parties."""
    base = modern.base
    names = "jid_row_id from_me call_id timestamp video_call duration call_result group_jid_row_id"
    for row in base.each("call_log", names, needs="jid_row_id"):
        jid = modern.jid.get(row["group_jid_row_id"]) or modern.jid.get(row["jid_row_id"])
        mine, duration = row["from_me"] == 1, row["duration"]
        yield records.Call(
            **row.became(records.Call),
            call_id=Id(row.event),
            call_key=row.text("call_id"),
            chat_id=chat_id(jid) if jid else None,
            caller=base.owner if mine else modern.account.get(row["jid_row_id"]),
            from_owner=mine,
            started_at=row.time("timestamp"),
            duration_s=duration if isinstance(duration, int) else None,
            video=row["video_call"] == 1,
            result=name_of("call", row["call_result"]) or "unknown",
            result_raw=row.text("call_result"),
        )
    names = needs = "call_log_row_id jid_row_id"
    for row in base.each("call_log_participant_v2", f"{names} call_result", needs=needs):
        account = modern.account.get(row["jid_row_id"])
        if not account:
            row.skipped("address_gone")
            continue
        yield records.CallParty(
            **row.became(records.CallParty),
            call_id=Id(base.found.event(f"call_log/{row['call_log_row_id']}")),
            account_id=account,
            result=name_of("call", row["call_result"]) or "unknown",
            result_raw=row.text("call_result"),
        )


def read_reactions(modern: Modern) -> Iterator[Row]:
    """Reactions; votes are read with their polls, pins and other additions are counted."""
    base = modern.base
    voted = base.has(VOTES, "message_add_on_row_id")
    if not base.has(_ADDED, "_id", "parent_message_row_id", "message_add_on_type"):
        return
    names = "message_add_on_type parent_message_row_id from_me sender_jid_row_id timestamp"
    reaction = Join(_REACTED, "r", f"message_add_on_row_id = {_ADDED}._id",
                    "reaction sender_timestamp")  # fmt: skip
    message = Join("message", "m", f"_id = {_ADDED}.parent_message_row_id", "chat_row_id")
    for row in base.rows_of(Selection(_ADDED, names, (reaction, message))):
        kind, chat = row["message_add_on_type"], modern.chats[row["m.chat_row_id"]]
        if kind == _VOTE and voted:
            row.became(PollOption)
            continue
        if kind != _REACTION:
            what = name_of("add_on", kind) or (kind if isinstance(kind, int) else "other")
            base.tally.not_read(_ADDED, f"addition:{what}", 1)
            continue
        at = row["r.sender_timestamp"] or row["timestamp"]
        yield records.Reaction(
            **row.became(records.Reaction),
            event_id=Id(base.found.event(f"message/{row['parent_message_row_id']}")),
            account_id=modern.sender(chat, row["from_me"], row["sender_jid_row_id"]),
            reaction=row.text("r.reaction"),
            at=base.time(f"{_REACTED}.sender_timestamp", at, row.key),
        )
    base.tally.emitted(_REACTED, records.Reaction, base.count(_REACTED))


def read_receipts(modern: Modern, messages: str) -> Iterator[Row | Batch]:
    """Receipts by recipient, as columns: a device keeps one for each recipient of a message."""
    base, table = modern.base, "receipt_user"
    times = ("receipt_timestamp", "read_timestamp", "played_timestamp")
    if not base.has(table, "_id", "message_row_id", "receipt_user_jid_row_id"):
        return
    wanted = Selection(table, f"message_row_id receipt_user_jid_row_id {' '.join(times)}")
    for columns in base.columns_of(wanted):
        accounts = [modern.account.get(user) for user in columns["receipt_user_jid_row_id"]]
        kept = [n for n, account in enumerate(accounts) if account]
        base.tally.skipped(table, "no_recipient", len(accounts) - len(kept))
        base.tally.emitted(table, records.Receipt, len(kept))
        known = {name: [column[n] for n in kept] for name, column in columns.items()}
        delivered, read, played = (
            base.times(f"{table}.{name}", known[name], known["key"]) for name in times
        )
        yield batch(
            records.Receipt,
            len(kept),
            **base.at(events(base, table, known["key"])[0]),
            event_id=events(base, messages, known["message_row_id"])[1],
            account_id=[accounts[n] for n in kept],
            delivered_at=delivered,
            read_at=read,
            played_at=played,
        )
