"""Builders that tests of several modules share, on findings."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from clew.pipeline import perform
from clew.records import Message, MessageKind, Share, ShareState, TimeBasis

GROUP = "whatsapp:120363000000000001@g.us"


START = datetime(2024, 3, 1, tzinfo=UTC)


SHA = {name: (name * 64)[:64] for name in "abcdef"}


def where(exhibit: str, row: int) -> dict[str, str]:
    return {"exhibit_id": exhibit, "source_id": SHA["a"], "locator": f"message/{row}"}


def message(exhibit: str, row: int, key: str, sender: str | None, **more) -> Message:
    given = {
        "chat_id": GROUP, "kind": MessageKind.TEXT, "tz_basis": TimeBasis.UTC,
        "sent_at": START + timedelta(minutes=row), "text": "hello", **more,
    }  # fmt: skip
    return Message(
        **where(exhibit, row), event_id=f"{exhibit}#message/{row}", message_key=key,
        sender_account_id=sender, **given,
    )  # fmt: skip


def share(exhibit: str, row: int, key: str, sender: str, digest: str, **more) -> Share:
    given = {"state": ShareState.ABSENT, "sent_at": START + timedelta(minutes=row), **more}
    return Share(
        **where(exhibit, row), event_id=f"{exhibit}#message/{row}", message_key=key, chat_id=GROUP,
        sender_account_id=sender, sha256=digest, **given,
    )  # fmt: skip


def conclude(case) -> None:
    perform(case, "resolve", "merge", "match", "provenance", "network")


def pn(number: int) -> str:
    return f"whatsapp:pn:4477009000{number:02d}"
