"""What messages carry beyond their text: places, and polls with their votes."""

from collections.abc import Iterator

from clew.facts import geolocation
from clew.facts.readers.whatsapp_android.database import Database, said
from clew.facts.readers.whatsapp_android.modern import Modern
from clew.records import Account, MessagePlace, PollOption
from clew.schema import Id, Row

LOCATIONS, OPTIONS, VOTES = (
    "message_location", "message_poll_option", "message_add_on_poll_vote_selected_option",
)  # fmt: skip
_POLLS = ("message_poll", "message_add_on_poll_vote", VOTES)
_OLD_KINDS = "('5', '16')"
"""Codes of a place and of a live one, as ``messages`` has them."""


def read_places(base: Database) -> Iterator[Row]:
    """Places of ``message_location``, with where a live one ended."""
    needs = "latitude longitude"
    last = "live_location_final_latitude live_location_final_longitude"
    for row, north, east, name, last_north, last_east in base.each(
        LOCATIONS, f"{needs} place_name {last}", needs=needs, key="message_row_id"
    ):
        base.tally.emitted(LOCATIONS, MessagePlace)
        where = f"{LOCATIONS}/{row}"
        yield from geolocation.sent(base, where, f"message/{row}", (north, east), name)
        if geolocation.degrees(last_north, last_east):
            ended = (last_north, last_east)
            yield from geolocation.sent(base, where, f"message/{row}", ended, "where sharing ended")


def read_old_places(base: Database) -> Iterator[Row]:
    """Places that stand in ``messages`` itself, as until 2021."""
    if not base.has("messages", "_id", "latitude", "longitude", "media_wa_type"):
        return
    name = base.column("messages", "media_name")
    select = (
        f"SELECT _id, latitude, longitude, {name} FROM messages WHERE media_wa_type IN {_OLD_KINDS}"
    )
    for row, north, east, called in base.rows("messages", select, "_id"):
        where = f"messages/{row}"
        yield from geolocation.sent(base, where, where, (north, east), called)


def read_polls(modern: Modern) -> Iterator[Row]:
    """The answers of polls, each with who chose it; the question is the message's text."""
    base = modern.base
    if not base.has(OPTIONS, "_id", "message_row_id", "option_name"):
        return
    voters, ordinals = _voters(modern), dict[object, int]()
    names = "message_row_id option_name vote_total"
    for row, message, option, total in base.each(OPTIONS, names):
        base.tally.emitted(OPTIONS, PollOption)
        ordinal = ordinals[message] = ordinals.get(message, -1) + 1
        chosen = voters.get(row, [])
        yield PollOption(
            **base.at(f"{OPTIONS}/{row}"),
            event_id=base.found.event(f"message/{message}"), ordinal=ordinal,
            option=said(option) or "", voters=tuple(dict.fromkeys(a for a in chosen if a)),
            votes=max(len(chosen), total if isinstance(total, int) else 0),
        )  # fmt: skip
    for table in _POLLS:
        base.tally.emitted(table, PollOption, base.count(table))


def _voters(modern: Modern) -> dict[object, list[Id[Account] | None]]:
    """Who chose each answer, by the row of the answer."""
    base, found = modern.base, dict[object, list[Id[Account] | None]]()
    known = base.has(VOTES, "_id", "message_add_on_row_id", "message_poll_option_id")
    given = base.has("message_add_on", "_id", "from_me", "sender_jid_row_id")
    if not (known and given and base.has("message_add_on", "parent_message_row_id")):
        return found
    select = (
        f"SELECT s.message_poll_option_id, a.from_me, a.sender_jid_row_id, m.chat_row_id "
        f"FROM {VOTES} AS s LEFT JOIN message_add_on AS a ON a._id = s.message_add_on_row_id "
        f"LEFT JOIN message AS m ON m._id = a.parent_message_row_id ORDER BY s._id"
    )
    for option, mine, sender, chat in base.fetch(VOTES, select):
        who = modern.sender(modern.chat(chat), mine, sender)
        found.setdefault(option, []).append(who)
    return found
