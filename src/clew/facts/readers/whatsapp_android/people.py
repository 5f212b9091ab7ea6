"""Accounts and what ties them; contact cards, calls, reactions and receipts."""

from collections.abc import Iterable, Iterator

import pyarrow as pa

from clew import records
from clew.facts.cards import contact
from clew.facts.messages import events
from clew.facts.readers.whatsapp_android.database import Database, name_of, said
from clew.facts.readers.whatsapp_android.modern import Modern
from clew.facts.whatsapp import chat_of
from clew.records import PollOption
from clew.schema import Batch, Id, Row, batch

_REACTION, _VOTE = 56, 67


def find_owner(modern: Modern) -> None:
    """The holder's account, from the device that wrote the messages sent from here."""
    for account, _ in _authors(modern):
        if account.startswith("whatsapp:pn:"):
            modern.base.owner = account
            return


def read_own_accounts(modern: Modern) -> Iterator[records.AccountAlias]:
    """Other accounts that wrote messages sent from here: earlier numbers, a second SIM card."""
    base = modern.base
    for account, message in _authors(modern):
        if account != base.owner and ":pn:" in base.owner:
            yield records.AccountAlias(
                **base.at(f"message_details/{message}"), a=account, b=base.owner,
                relation=records.Relation.SAME_DEVICE,
            )  # fmt: skip


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


def read_accounts(base: Database, jids: Iterable[tuple[str, str]]) -> Iterator[Row]:
    """One account for each address, in order of first appearance; then the holder's."""
    seen: set[str] = set()
    for locator, jid in jids:
        found = base.address(jid)
        if found is None or found.account_id in seen:
            continue
        seen.add(found.account_id)
        yield base.account_row(locator, found)
    if base.owner not in seen:
        yield base.owner_row("database")


def read_lids(modern: Modern) -> Iterator[Row]:
    """Which number stands behind a hidden id, and the names shown for hidden ids."""
    base = modern.base
    for lid_row, jid_row in base.each(
        "jid_map", "jid_row_id", needs="jid_row_id", key="lid_row_id"
    ):
        lid, number = modern.account.get(lid_row), modern.account.get(jid_row)
        if not lid or not number or lid == number:
            base.tally.skipped("jid_map", "address_gone")
            continue
        base.tally.emitted("jid_map", records.AccountAlias)
        where = f"jid_map/{lid_row}"
        yield records.AccountAlias(
            **base.at(where), a=lid, b=number, relation=records.Relation.LID_OF
        )
    yield from _shown_names(modern)


def _shown_names(modern: Modern) -> Iterator[Row]:
    base, table = modern.base, "lid_display_name"
    for lid_row, name, username in base.each(
        table, "display_name username", needs="display_name", key="lid_row_id"
    ):
        account = modern.account.get(lid_row)
        if not account:
            base.tally.skipped(table, "address_gone")
            continue
        base.tally.emitted(table, records.AccountName)
        for text, kind in ((name, records.NameKind.PUSH), (username, records.NameKind.PROFILE)):
            yield from base.named(f"{table}/{lid_row}", account, text, kind)


def read_cards(base: Database, table: str, messages: str) -> Iterator[Row]:
    """Contact cards sent in messages."""
    needs = "message_row_id vcard"
    for row, message, card in base.each(table, needs, needs=needs):
        if not isinstance(card, str) or not card.strip():
            base.tally.skipped(table, "empty:card")
            continue
        base.tally.emitted(table, records.Contact)
        event = base.found.event(f"{messages}/{message}")
        yield contact(base, f"{table}/{row}", event, card)


def read_calls(modern: Modern) -> Iterator[Row]:
    """Calls and their parties."""
    base = modern.base
    names = "jid_row_id from_me call_id timestamp video_call duration call_result group_jid_row_id"
    for row, jid_row, mine, key, at, video, seconds, result, group in base.each(
        "call_log", names, needs="jid_row_id"
    ):
        jid = modern.jid.get(group) or modern.jid.get(jid_row)
        base.tally.emitted("call_log", records.Call)
        yield records.Call(
            **base.at(f"call_log/{row}"),
            call_id=Id(base.found.event(f"call_log/{row}")),
            call_key=said(key),
            chat_id=chat_of(jid).chat_id if jid else None,
            caller=base.owner if mine == 1 else modern.account.get(jid_row),
            from_owner=mine == 1,
            started_at=base.time("call_log.timestamp", at, row),
            duration_s=seconds if isinstance(seconds, int) else None,
            video=video == 1,
            result=name_of("call", result) or "unknown",
            result_raw=said(result),
        )
    yield from _parties(modern)


def read_reactions(modern: Modern) -> Iterator[Row]:
    """Reactions; votes are read with their polls, pins and other additions are counted."""
    base = modern.base
    voted = base.has("message_add_on_poll_vote_selected_option", "message_add_on_row_id")
    if not base.has("message_add_on", "_id", "parent_message_row_id", "message_add_on_type"):
        return
    fields = base.columns(
        "message_add_on", "parent_message_row_id from_me sender_jid_row_id timestamp", "a"
    )
    reaction = base.columns("message_add_on_reaction", "reaction sender_timestamp", "r")
    join = base.join("message_add_on_reaction", "r", "r.message_add_on_row_id = a._id")
    chat = base.column("message", "chat_row_id", "m")
    select = (
        f"SELECT a._id, a.message_add_on_type, {fields}, {reaction}, {chat} "
        f"FROM message_add_on AS a {join} LEFT JOIN message AS m ON m._id = a.parent_message_row_id"
    )
    for row, kind, message, mine, sender, at, sign, signed, chat_row in base.rows(
        "message_add_on", select, "a._id"
    ):
        if kind == _VOTE and voted:
            base.tally.emitted("message_add_on", PollOption)
            continue
        if kind != _REACTION:
            what = name_of("add_on", kind) or (kind if isinstance(kind, int) else "other")
            base.tally.not_read("message_add_on", f"addition:{what}", 1)
            continue
        base.tally.emitted("message_add_on", records.Reaction)
        yield records.Reaction(
            **base.at(f"message_add_on/{row}"),
            event_id=Id(base.found.event(f"message/{message}")),
            account_id=modern.sender(modern.chat(chat_row), mine, sender),
            reaction=said(sign),
            at=base.time("message_add_on_reaction.sender_timestamp", signed or at, row),
        )
    table = "message_add_on_reaction"
    base.tally.emitted(table, records.Reaction, base.count(table))


def read_receipts(modern: Modern, messages: str) -> Iterator[Row | Batch]:
    """Receipts by recipient, as columns: a device keeps one for each recipient of a message."""
    base, table = modern.base, "receipt_user"
    if not base.has(table, "_id", "message_row_id", "receipt_user_jid_row_id"):
        return
    fields = base.columns(
        table,
        "message_row_id receipt_user_jid_row_id receipt_timestamp read_timestamp played_timestamp",
    )
    select = f"SELECT _id, {fields} FROM {table}"
    for page in base.pages(table, select, "_id"):
        accounts = [modern.account.get(user) for user in page[2]]
        kept = [n for n, account in enumerate(accounts) if account]
        base.tally.skipped(table, "no_recipient", len(accounts) - len(kept))
        base.tally.emitted(table, records.Receipt, len(kept))
        row, message, _, delivered, read, played = ([c[n] for n in kept] for c in page)
        locators, _ = events(base, table, row)
        yield batch(
            records.Receipt,
            len(kept),
            **base.at(locators),
            event_id=events(base, messages, message)[1],
            account_id=pa.array([accounts[n] for n in kept], pa.string()),
            delivered_at=base.times(f"{table}.receipt_timestamp", delivered, row),
            read_at=base.times(f"{table}.read_timestamp", read, row),
            played_at=base.times(f"{table}.played_timestamp", played, row),
        )


def _parties(modern: Modern) -> Iterator[Row]:
    base, table = modern.base, "call_log_participant_v2"
    needs = "call_log_row_id jid_row_id"
    for row, call, jid_row, result in base.each(table, f"{needs} call_result", needs=needs):
        account = modern.account.get(jid_row)
        if not account:
            base.tally.skipped(table, "address_gone")
            continue
        base.tally.emitted(table, records.CallParty)
        yield records.CallParty(
            **base.at(f"{table}/{row}"),
            call_id=Id(base.found.event(f"call_log/{call}")),
            account_id=account,
            result=name_of("call", result) or "unknown",
            result_raw=said(result),
        )
