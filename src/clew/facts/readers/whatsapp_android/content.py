"""What messages carry beyond their text: locations, and polls with their votes."""

from collections import defaultdict
from collections.abc import Iterator

from clew.facts import geolocation
from clew.facts.database import Join, Selection
from clew.facts.readers.whatsapp_android.database import Database
from clew.facts.readers.whatsapp_android.modern import Modern
from clew.records import Account, MessagePlace, PollOption
from clew.schema import Id, Row

_LOCATIONS, _OPTIONS, _ADDED = "message_location", "message_poll_option", "message_add_on"
VOTES = "message_add_on_poll_vote_selected_option"
_OLD_KINDS = "('5', '16')"
"""Codes of a location and of a live one, as ``messages`` has them."""


def read_places(base: Database) -> Iterator[Row]:
    """Locations of ``message_location``, with where a live one ended."""
    needs = "latitude longitude"
    ended = ("live_location_final_latitude", "live_location_final_longitude")
    names = f"{needs} place_name {' '.join(ended)}"
    for row in base.each(_LOCATIONS, names, needs=needs, key="message_row_id"):
        row.became(MessagePlace)
        message, degrees = f"message/{row.key}", (row["latitude"], row["longitude"])
        yield from geolocation.sent(base, row.locator, message, degrees, row["place_name"])
        last = (row[ended[0]], row[ended[1]])
        if geolocation.degrees(*last):
            yield from geolocation.sent(base, row.locator, message, last, "where sharing ended")


def read_old_places(base: Database) -> Iterator[Row]:
    """Locations that stand in ``messages`` itself, as until 2021."""
    if base.has("messages", "_id", "latitude", "longitude", "media_wa_type"):
        where = f"media_wa_type IN {_OLD_KINDS}"
        for row in base.rows_of(
            Selection("messages", "latitude longitude media_name", where=where)
        ):
            degrees = (row["latitude"], row["longitude"])
            yield from geolocation.sent(base, row.locator, row.locator, degrees, row["media_name"])


def read_polls(modern: Modern) -> Iterator[Row]:
    """The answers of polls, each with who chose it; the question is the message's text."""
    base = modern.base
    if not base.has(_OPTIONS, "_id", "message_row_id", "option_name"):
        return
    voters, ordinals = _voters(modern), defaultdict[object, int](int)
    for row in base.each(_OPTIONS, "message_row_id option_name vote_total"):
        message, total = row["message_row_id"], row["vote_total"]
        chosen = voters.get(row.key, [])
        yield PollOption(
            **row.became(PollOption),
            event_id=base.found.event(f"message/{message}"),
            ordinal=ordinals[message],
            option=row.text("option_name") or "",
            voters=tuple(dict.fromkeys(a for a in chosen if a)),
            votes=max(len(chosen), total if isinstance(total, int) else 0),
        )
        ordinals[message] += 1
    for table in ("message_poll", "message_add_on_poll_vote", VOTES):
        base.tally.emitted(table, PollOption, base.count(table))


def _voters(modern: Modern) -> dict[object, list[Id[Account] | None]]:
    """Who chose each answer, by the row of the answer."""
    base, found = modern.base, defaultdict[object, list[Id[Account] | None]](list)
    known = base.has(VOTES, "_id", "message_add_on_row_id", "message_poll_option_id")
    given = base.has(_ADDED, "_id", "from_me", "sender_jid_row_id", "parent_message_row_id")
    if known and given:
        add_on = Join(_ADDED, "a", f"_id = {VOTES}.message_add_on_row_id",
                      "from_me sender_jid_row_id")  # fmt: skip
        message = Join("message", "m", "_id = a.parent_message_row_id", "chat_row_id")
        for row in base.rows_of(Selection(VOTES, "message_poll_option_id", (add_on, message))):
            chat = modern.chats[row["m.chat_row_id"]]
            who = modern.sender(chat, row["a.from_me"], row["a.sender_jid_row_id"])
            found[row["message_poll_option_id"]].append(who)
    return found
