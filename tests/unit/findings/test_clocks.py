"""Clocks are found from what other devices saw, and an export's zone from texts seen elsewhere."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from builders.publishing import publish

from clew.pipeline import perform
from clew.records import Message, MessageKind, TimeBasis

GROUP = "whatsapp:120363000000000001@g.us"
START = datetime(2024, 1, 10, 12, tzinfo=UTC)
A, B = "whatsapp:pn:447700900001", "whatsapp:pn:447700900002"


def row(exhibit: str, number: int, *, mine: bool, at: datetime, late: float = 1.0, **more):
    return Message(
        exhibit_id=exhibit, source_id=exhibit.encode().hex().ljust(64, "0")[:64],
        locator=f"message/{number}", event_id=f"{exhibit}#message/{number}",
        message_key=f"{GROUP}/3A{number:028X}", chat_id=GROUP, sender_account_id=A if mine else B,
        from_owner=mine, kind=MessageKind.TEXT, tz_basis=TimeBasis.UTC, sent_at=at,
        received_at=at + timedelta(seconds=late), **more,
    )  # fmt: skip


def devices(case, *, ahead: float, drift: float = 0.0, messages: int = 40, late=lambda: 1.0):
    """A device whose clock is off, and another that received what it sent."""
    at = [START + timedelta(days=9 * n) for n in range(messages)]
    wrong = [t + timedelta(seconds=ahead + drift * 9 * n / 30) for n, t in enumerate(at)]
    publish(
        case, "ES-01",
        *(row("ES-01", n, mine=True, at=t) for n, t in enumerate(wrong)),
    )  # fmt: skip
    publish(
        case, "PT-01",
        *(row("PT-01", n, mine=False, at=t.replace(microsecond=0), late=late())
          for n, t in enumerate(at)),
    )  # fmt: skip
    return at


@pytest.mark.parametrize(("ahead", "drift"), [(0, 0), (4321.5, 0), (-7200, 1.5), (33, -2)])
def test_a_clock_is_found_from_its_own_messages(case, ahead, drift) -> None:
    at = devices(case, ahead=ahead, drift=drift)
    perform(case, "clocks")
    found = next(o for o in case.rows("FROM clock_offsets") if o["exhibit_id"] == "ES-01")
    assert found["method"] == "own_messages"
    assert found["messages"] == len(at)
    assert found["ahead_s"] == pytest.approx(ahead, abs=0.6)
    assert found["drift_s"] == pytest.approx(drift, abs=0.05)


def test_a_merged_message_has_the_servers_time_or_a_corrected_one(case) -> None:
    at = devices(case, ahead=3600.0)
    alone = [row("ES-01", 900, mine=True, at=at[5] + timedelta(seconds=3600))]
    publish(
        case, "ES-01",
        *alone, *(row("ES-01", n, mine=True, at=t + timedelta(hours=1)) for n, t in enumerate(at)),
    )  # fmt: skip
    perform(case, "resolve", "clocks", "merge")
    merged = {m["message_key"]: m for m in case.rows("FROM merged_messages")}
    seen = merged[f"{GROUP}/3A{3:028X}"]
    assert (seen["time_basis"], seen["sent_at"]) == ("server", at[3])
    only = merged[f"{GROUP}/3A{900:028X}"]
    assert only["time_basis"] == "corrected"
    assert abs((only["sent_at"] - at[5]).total_seconds()) < 1


def test_without_own_messages_the_least_delay_shows_the_clock(case) -> None:
    chance = random.Random(1)
    rows = [
        row("PT-01", n, mine=False, at=START + timedelta(hours=6 * n),
            late=-90 + 0.5 + chance.expovariate(1 / 600))
        for n in range(800)
    ]  # fmt: skip
    publish(case, "PT-01", *rows)
    perform(case, "clocks")
    (found,) = case.rows("FROM clock_offsets")
    assert found["method"] == "received_messages"
    assert -90.5 < found["ahead_s"] < -60


def test_no_clock_is_guessed_from_nothing(case) -> None:
    publish(case, "ES-01", *(row("ES-01", n, mine=True, at=START) for n in range(50)))
    perform(case, "clocks")
    assert case.rows("FROM clock_offsets") == []


def test_the_zone_of_an_export_follows_daylight_saving(case) -> None:
    madrid = ZoneInfo("Europe/Madrid")
    at = [START + timedelta(days=2 * n, minutes=7 * n) for n in range(150)]
    texts = [f"a long benign text with the number {n:05d}" for n in range(150)]
    publish(
        case, "PT-01",
        *(row("PT-01", n, mine=False, at=t, text=x, text_normal=x)
          for n, (t, x) in enumerate(zip(at, texts, strict=True))),
    )  # fmt: skip
    local = [t.astimezone(madrid).replace(tzinfo=None, second=0) for t in at]
    exported = [
        Message(
            exhibit_id="ES-01", source_id="e" * 64, locator=f"line/{n}", event_id=f"x#line/{n}",
            chat_id="whatsapp:export:e", kind=MessageKind.TEXT, text=x, text_normal=x,
            sent_local=t.isoformat(), tz_basis=TimeBasis.EXPORT_LOCAL,
        )
        for n, (t, x) in enumerate(zip(local, texts, strict=True))
    ]  # fmt: skip
    publish(case, "ES-01", *exported)
    perform(case, "clocks")
    zones = case.rows("FROM export_zones ORDER BY since")
    assert [z["offset_minutes"] for z in zones] == [60, 120, 60]
    assert all(z["agreeing"] >= 0.7 * z["messages"] for z in zones)
