"""Messages of an export are set beside those of a database, scored, and never merged."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from builders.publishing import publish

from clew.pipeline import perform
from clew.records import Chat, ChatType, Message, MessageKind, TimeBasis, TimePrecision

GROUP = "whatsapp:120363000000000001@g.us"
EXPORT = "whatsapp:export:" + "e" * 64
WINTER = datetime(2024, 1, 10, 9, 0, 30, tzinfo=UTC)
SUMMER = datetime(2024, 7, 10, 9, 0, 30, tzinfo=UTC)
ADA, BEN = "whatsapp:pn:447700900001", "whatsapp:pn:447700900002"
LABELS = {ADA: "whatsapp:label:e:Ada", BEN: "whatsapp:label:e:Ben"}


def held(row: int, at: datetime, sender: str, text: str, chat: str = GROUP) -> Message:
    return Message(
        exhibit_id="ES-01", source_id="a" * 64, locator=f"message/{row}",
        event_id=f"db#message/{row}", message_key=f"{chat}/k{row}", chat_id=chat,
        sender_account_id=sender, kind=MessageKind.TEXT, text=text, sent_at=at,
        tz_basis=TimeBasis.UTC,
    )  # fmt: skip


def exported(row: int, local: datetime, sender: str, text: str) -> Message:
    return Message(
        exhibit_id="DE-01", source_id="e" * 64, locator=f"line/{row}", event_id=f"txt#line/{row}",
        chat_id=EXPORT, sender_account_id=LABELS[sender], kind=MessageKind.TEXT, text=text,
        sent_local=local.strftime("%Y-%m-%dT%H:%M"), ts_precision=TimePrecision.MINUTE,
        tz_basis=TimeBasis.EXPORT_LOCAL,
    )  # fmt: skip


def found(case, database: list[Message], export: list[Message]) -> list[dict]:
    chats = {
        name: [Chat(exhibit_id=name, source_id=letter * 64, locator="chat/1", chat_id=chat,
                    platform="whatsapp", chat_type=ChatType.GROUP) for chat in ids]
        for name, letter, ids in (
            ("ES-01", "a", sorted({m.chat_id for m in database})), ("DE-01", "e", [EXPORT]),
        )
    }  # fmt: skip
    for exhibit, rows in (("ES-01", database), ("DE-01", export)):
        publish(case, exhibit, *rows, *chats[exhibit])
    perform(case, "exports", "resolve", "merge", "candidates")
    return case.rows("FROM merge_candidates ORDER BY event_id, rank")


def conversation(start: datetime, first: int) -> list[tuple[int, datetime, str, str]]:
    return [
        (
            first + n,
            start + timedelta(minutes=7 * n),
            (ADA, BEN)[n % 2],
            f"bread number {first + n}",
        )
        for n in range(6)
    ]


def test_an_export_finds_its_conversation_over_summer_time(case) -> None:
    said = conversation(WINTER, 1) + conversation(SUMMER, 11)
    hours = {1: 1, 7: 2}
    rows = found(
        case,
        [held(*m) for m in said],
        [exported(r, at + timedelta(hours=hours[at.month]), s, t) for r, at, s, t in said],
    )
    assert {(r["event_id"][9:], r["merged_id"].rpartition("k")[2]) for r in rows} == {
        (str(r), str(r)) for r, *_ in said
    }
    assert {r["clock_minutes"] for r in rows} == {60, 120}
    assert {r["score"] for r in rows} == {1.0}


def test_nothing_is_merged(case) -> None:
    said = conversation(WINTER, 1)
    found(case, [held(*m) for m in said], [exported(*m) for m in said])
    (row,) = case.rows("SELECT count(*) AS n, max(sources) AS sources FROM merged_messages")
    assert (row["n"], row["sources"]) == (12, 1)


def test_the_same_words_in_one_minute_are_rivals(case) -> None:
    said = [*conversation(WINTER, 1), (20, SUMMER, ADA, "yes"), (21, SUMMER, ADA, "yes")]
    said += [(22, SUMMER + timedelta(minutes=3), BEN, "the bread is there")]
    said += [(23, SUMMER + timedelta(minutes=5), ADA, "the water is there")]
    rows = found(case, [held(*m) for m in said], [exported(*m) for m in said])
    twins = [r for r in rows if r["event_id"] in ("txt#line/20", "txt#line/21")]
    assert len(twins) == 4
    assert {(r["rivals"], r["claimed_by_others"]) for r in twins} == {(1, 1)}


def test_a_conversation_of_others_has_no_candidates(case) -> None:
    export = [exported(r, at, s, f"other {t}") for r, at, s, t in conversation(WINTER, 1)]
    assert found(case, [held(*m) for m in conversation(WINTER, 1)], export) == []


def test_another_sender_costs_score_and_is_said(case) -> None:
    said = conversation(WINTER, 1)
    export = [exported(*m) for m in said]
    odd = exported(6, said[5][1], ADA, said[5][3])
    rows = found(case, [held(*m) for m in said], [*export[:5], odd])
    (last,) = [r for r in rows if r["event_id"] == "txt#line/6"]
    assert last["score"] < min(r["score"] for r in rows if r is not last)
    assert last["sender_match"] == "other_person"


def test_of_messages_alike_in_one_minute_the_order_of_the_lines_decides(case) -> None:
    said = conversation(WINTER, 1)
    twice = [(n, WINTER + timedelta(hours=3, seconds=5 * n), ADA, "ok") for n in (21, 22)]
    later = [(23, WINTER + timedelta(hours=3, minutes=3), ADA, "ok")]
    rows = found(
        case,
        [held(*m) for m in (*said, *twice, *later)],
        [exported(r, at + timedelta(hours=1), s, t) for r, at, s, t in (*said, *twice, *later)],
    )
    best = {r["event_id"][9:]: r for r in rows if r["rank"] == 1}
    assert {line: r["merged_id"].rpartition("k")[2] for line, r in best.items()} == {
        str(n): str(n) for n, *_ in (*said, *twice, *later)
    }
    assert {line: r["rivals"] for line, r in best.items() if r["rivals"]} == {"21": 1, "22": 1}
    assert (best["22"]["rank_in_export"], best["22"]["rank_in_databases"]) == (2, 2)


def test_no_pair_is_kept_that_is_beaten_on_both_sides(case) -> None:
    said = conversation(WINTER, 1)
    neighbours = [(n, WINTER + timedelta(hours=3, minutes=n), ADA, "ok") for n in (21, 22)]
    rows = found(
        case,
        [held(*m) for m in (*said, *neighbours)],
        [exported(r, at + timedelta(hours=1), s, t) for r, at, s, t in (*said, *neighbours)],
    )
    assert all(r["event_id"][9:] == r["merged_id"].rpartition("k")[2] for r in rows)
    assert {r["rivals"] for r in rows} == {0}
