"""Each line has a time, whose clock it is by, and the row it rests on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from builders.publishing import publish_step

from clew.casefile import create_case
from clew.casefile.step_manifest import WHOLE_CASE
from clew.pipeline import perform
from clew.records import (
    AccountAlias,
    Certainty,
    ClockMethod,
    ClockOffset,
    DatePrecision,
    Entry,
    Exhibit,
    ExhibitKind,
    ExportZone,
    GroupAction,
    GroupEvent,
    MediaFile,
    Message,
    MessageKind,
    OffsetBasis,
    Relation,
    TimeBasis,
    TimePrecision,
    YearBasis,
)
from clew.words import sentence

SHA = "a" * 64
GROUP = "whatsapp:120363000000000001@g.us"
START = datetime(2024, 3, 1, 12, tzinfo=UTC)
ONE, OTHER = "whatsapp:pn:34611222333", "whatsapp:pn:34611222334"


def place(exhibit: str, row: int) -> dict[str, str]:
    return {"exhibit_id": exhibit, "source_id": SHA, "locator": f"message/{row}"}


def message(exhibit: str, row: int, **more) -> Message:
    given = {
        "chat_id": GROUP, "kind": MessageKind.TEXT, "tz_basis": TimeBasis.UTC,
        "sent_at": START, "sender_account_id": ONE, "message_key": f"{GROUP}/{row:020d}", **more,
    }  # fmt: skip
    return Message(**place(exhibit, row), event_id=f"{exhibit}#message/{row}", **given)


def notice(exhibit: str, row: int, action: GroupAction, at: datetime, **more) -> GroupEvent:
    given = {"action_raw": "1", "certainty": Certainty.STATED, **more}
    return GroupEvent(
        **place(exhibit, row), event_id=f"{exhibit}#message/{row}", chat_id=GROUP, at=at,
        action=action, **given,
    )  # fmt: skip


def lines(case, kind: str) -> list[dict]:
    perform(case, "resolve", "merge", "timeline")
    return case.rows('FROM timeline WHERE kind = $kind ORDER BY "at", line_id', kind=kind)


def exhibit(zone: str | None = None, **more) -> Exhibit:
    return Exhibit(
        exhibit_id="ES-01", kind=ExhibitKind.PHONE, country="ES", authority="order 1",
        hash_only=True, content_sha256=SHA, time_zone=zone, **more,
    )  # fmt: skip


def test_messages_are_counted_by_day_exhibit_and_group(case) -> None:
    rows = [message("ES-01", n, sent_at=START + timedelta(hours=n)) for n in range(3)]
    publish_step(
        case, "read", "ES-01", *rows, message("ES-01", 9, sent_at=START + timedelta(days=1))
    )
    first, second = lines(case, "messages")
    assert (first["rows"], second["rows"]) == (3, 1)
    assert (first["at"], first["until"]) == (START, START + timedelta(hours=2))
    assert (first["locator"], first["persons"], first["basis"]) == ("message/0", [ONE], "server")


def test_the_id_of_a_line_tells_nothing_of_whom_it_is_about(case, tmp_path) -> None:
    found = []
    with create_case(tmp_path / "other", "T", "order 1") as other:
        for one, who, group in ((case, ONE, GROUP), (other, OTHER, "whatsapp:34611222334-15@g.us")):
            rows = [message("ES-01", n, sender_account_id=who, chat_id=group) for n in range(2)]
            publish_step(one, "read", "ES-01", *rows)
            ids = {line["line_id"] for line in lines(one, "messages")}
            found.append(ids)
    assert found[0] == found[1]
    assert found[0]


def test_a_devices_own_stamp_is_corrected_where_its_clock_is_known_and_told_where_not(case) -> None:
    publish_step(case, "read", "ES-01", message("ES-01", 1, from_owner=True))
    publish_step(case, "read", "PT-01", message("PT-01", 2, from_owner=True))
    offset = ClockOffset(
        exhibit_id="ES-01", method=ClockMethod.OWN_MESSAGES, messages=9, from_at=START,
        until_at=START, ahead_s=60.0, drift_s=0.0, low_s=-1.0, high_s=1.0,
    )  # fmt: skip
    publish_step(case, "clocks", WHOLE_CASE, offset)
    found = {row["exhibit_id"]: row for row in lines(case, "messages")}
    assert found["ES-01"]["at"] == START - timedelta(seconds=60)
    assert (found["ES-01"]["basis"], found["ES-01"]["corrected"]) == ("device_corrected", True)
    assert (found["PT-01"]["at"], found["PT-01"]["basis"]) == (START, "device_uncorrected")


def local(row: int, text: str) -> Message:
    return message(
        "ES-01", row, sent_at=None, sent_local=text, tz_basis=TimeBasis.EXPORT_LOCAL,
        ts_precision=TimePrecision.MINUTE, message_key=None,
    )  # fmt: skip


def test_local_time_is_put_into_utc_by_the_exports_zone_first(case) -> None:
    publish_step(case, "intake", "ES-01", exhibit("Europe/Madrid"))
    publish_step(case, "read", "ES-01", local(1, "2024-07-01T12:00:00"))
    zone = ExportZone(
        exhibit_id="ES-01", source_id=SHA, since=START, until=START, offset_minutes=60, messages=30,
        agreeing=30,
    )  # fmt: skip
    publish_step(case, "clocks", WHOLE_CASE, zone)
    (row,) = lines(case, "messages")
    assert row["at"] == datetime(2024, 7, 1, 11, tzinfo=UTC)
    assert (row["basis"], row["precision"]) == ("export_zone", "minute")


def test_a_stated_zone_is_an_assumption_and_no_zone_stays_local(case) -> None:
    publish_step(case, "intake", "ES-01", exhibit("Europe/Madrid"))
    publish_step(case, "read", "ES-01", local(1, "2024-07-01T12:00:00"), local(2, "at noon"))
    (row,) = lines(case, "messages")
    assert (row["at"].hour, row["basis"]) == (10, "stated_zone")
    publish_step(case, "intake", "ES-01", exhibit("Mars/Olympus"))
    (row,) = lines(case, "messages")
    assert (row["at"].hour, row["basis"]) == (12, "local")


def test_copies_of_one_notice_are_one_line_and_a_later_one_is_another(case) -> None:
    added = GroupAction.ADDED
    given = {"actor": ONE, "targets": (OTHER,)}
    publish_step(case, "read", "ES-01", notice("ES-01", 1, added, START, **given))
    publish_step(
        case, "read", "PT-01", notice("PT-01", 1, added, START + timedelta(seconds=70), **given),
        notice("PT-01", 2, added, START + timedelta(days=3), **given),
    )  # fmt: skip
    first, second = lines(case, "members")
    assert (first["rows"], first["exhibits"], first["persons"]) == (
        2,
        ["ES-01", "PT-01"],
        [ONE, OTHER],
    )
    assert second["rows"] == 1


def test_a_number_change_that_several_groups_tell_is_one_line(case) -> None:
    alias = {"a": ONE, "b": OTHER, "relation": Relation.NUMBER_CHANGED, "at": START}
    changed = GroupAction.NUMBER_CHANGED
    publish_step(
        case, "read", "ES-01", AccountAlias(**place("ES-01", 1), **alias),
        notice("ES-01", 1, changed, START, targets=(ONE, OTHER)),
        AccountAlias(**place("ES-01", 2), **alias),
    )  # fmt: skip
    (row,) = lines(case, "number_changed")
    assert (row["rows"], row["persons"]) == (2, [ONE])


def test_a_deletion_says_where_the_message_still_lives(case) -> None:
    publish_step(case, "read", "ES-01", message("ES-01", 1, kind=MessageKind.DELETED))
    publish_step(case, "read", "PT-01", message("PT-01", 1, text="still here"))
    (row,) = lines(case, "deletion")
    assert (row["what"], row["exhibits"]) == ("deleted", ["ES-01"])
    assert row["figures"] == ["live=PT-01", "own_time=1"]
    assert "live on PT-01; when is not known" in sentence("timeline", row)


def test_a_note_keeps_its_precision_and_every_reading(case) -> None:
    note = {
        "item_id": "i", "written": "03/04/2024", "precision": DatePrecision.DAY, "places": (),
        "names": (), "text": "x", "year_basis": YearBasis.WRITTEN,
    }  # fmt: skip
    publish_step(
        case, "read", "ES-01",
        Entry(**place("ES-01", 1), readings=("2024-03-04/2024-03-04", "2024-04-03/2024-04-03"),
              **note),
        Entry(**place("ES-01", 2), readings=("2023-05-01/2023-05-31",), first_day="2023-05-01",
              last_day="2023-05-31", **note | {"precision": DatePrecision.MONTH}),
    )  # fmt: skip
    month, march, april = lines(case, "note")
    assert (month["precision"], month["until"].day) == ("month", 31)
    assert (march["at"].month, april["at"].month) == (3, 4)
    assert "one of 2 readings" in sentence("timeline", march)


def test_pictures_say_how_their_zone_is_known_and_seizures_who_stated_them(case) -> None:
    publish_step(case, "intake", "ES-01", exhibit(acquired_at=START))
    given = {"exhibit_id": "ES-01", "locator": "", "media_type": "image/jpeg"}
    publish_step(
        case, "fingerprint", "ES-01",
        MediaFile(**given, source_id="b" * 64, taken_local="2024:05:01 10:00:00",
                  offset_basis=OffsetBasis.UNKNOWN),
        MediaFile(**given, source_id="c" * 64, taken_local="2024:05:01 10:00:00", taken_at=START,
                  offset_basis=OffsetBasis.STATED),
    )  # fmt: skip
    stated, unknown = lines(case, "picture")
    assert (stated["at"], stated["basis"]) == (START, "camera_offset")
    assert (unknown["at"].day, unknown["basis"]) == (1, "local")
    (row,) = lines(case, "seizure")
    assert (row["at"], row["basis"], row["weight"]) == (START, "authority", 3)


def test_an_empty_case_has_an_empty_timeline(case) -> None:
    assert lines(case, "messages") == []
