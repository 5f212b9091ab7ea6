"""What the readers of exports share."""

from __future__ import annotations

from datetime import UTC, datetime

from clew.facts.exports import (
    call,
    e164,
    group_event,
    milliseconds,
    reaction,
    seconds,
    share,
    texts,
)
from clew.records import GroupAction, Message, MessageKind, ShareState, TimeBasis, TimePrecision

MESSAGE = Message(
    exhibit_id="ES-01", source_id="0" * 64, locator="m/1", event_id="i#m/1", message_key="k",
    chat_id="c", sender_account_id="a", from_owner=False, kind=MessageKind.TEXT, type_raw="7",
    text="pan", sent_at=datetime(2026, 1, 1, tzinfo=UTC), ts_precision=TimePrecision.SECOND,
    tz_basis=TimeBasis.UTC,
)  # fmt: skip


def test_times_out_of_any_calendar_are_no_times() -> None:
    assert [seconds(v) for v in (0, -1, 1 << 40, "x", None)] == [None] * 5
    assert [milliseconds(v) for v in (0, -1, 1 << 60, "x", None)] == [None] * 5
    assert milliseconds(1600000000123).isoformat() == "2020-09-13T12:26:40.123000+00:00"
    assert seconds("1600000000").isoformat() == "2020-09-13T12:26:40+00:00"


def test_a_number_without_a_country_is_no_number_of_the_world() -> None:
    assert e164("+44 7700 900101") == "+447700900101"
    assert [e164(n) for n in ("07700 900101", "+0", "", None)] == [None] * 4


def test_links_are_found_and_defanged() -> None:
    found = texts("see https://example.org/a")
    assert found["urls"] == ("hxxps://example[.]org/a",)
    assert texts("no link")["urls"] is None
    assert texts("") == {}


def test_a_file_is_of_its_message_and_absent_unless_told() -> None:
    made = share(MESSAGE, 0, name="x.jpg")
    assert (made.event_id, made.chat_id, made.sent_at) == ("i#m/1", "c", MESSAGE.sent_at)
    assert (made.caption, made.state) == ("pan", ShareState.ABSENT)
    assert share(MESSAGE, 0, caption=None).caption is None


def test_a_reaction_a_call_and_an_event_lead_back_to_the_message() -> None:
    for made in (
        reaction(MESSAGE, "b", "+"), call(MESSAGE, "missed"),
        group_event(MESSAGE, GroupAction.LEFT),
    ):  # fmt: skip
        assert (made.exhibit_id, made.source_id, made.locator) == ("ES-01", "0" * 64, "m/1")


def test_a_call_is_the_caller_s_and_a_change_its_actor_s() -> None:
    assert call(MESSAGE, "missed").caller == "a"
    event = group_event(MESSAGE, GroupAction.LEFT, actor="b")
    assert (event.actor, event.action_raw) == ("b", "7")
