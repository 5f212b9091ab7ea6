"""Words are found whatever their case, accents and script, and only in what is shown."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from builders.publishing import publish, publish_step

from clew.casefile.step_manifest import WHOLE_CASE
from clew.errors import UsageError
from clew.reading import Reading, disclosure_of
from clew.reading.search import search
from clew.records import (
    Account,
    AccountName,
    IdType,
    MergedMessage,
    Message,
    MessageKind,
    Person,
    PersonAccount,
    TimeBasis,
)
from clew.views.narrowing import Narrowing
from clew.words.characters import normal

ANA = "whatsapp:pn:34612345678"
TEXTS = (
    "Nos vemos en M\u00c1LAGA ma\u00f1ana",
    "the m\u200bala was closed",
    "\u4eca\u5929\u665a\u4e0a\u53d1\u9001\u56fe\u7247\u7ed9\u4ed6",
    "\uc624\ub298 \uc0ac\uc9c4\uc744 \ubcf4\ub0b4",
    "\u05e9\u05b8\u05c1\u05dc\u05d5\u05b9\u05dd \u05d7\u05d1\u05e8",
    "\u0645\u064e\u0631\u0652\u062d\u064e\u0628\u064b\u0627 \u0645\u0640\u0640\u0635\u0631",
    "call 612 345 678 or ask Ana L\u00f3pez",
    "send it tonight, then send the rest",
    "it's a 100% 'quoted' \\ thing",
)


@pytest.fixture
def filled(case):
    fact = {"exhibit_id": "ES-01", "source_id": "a" * 64}
    facts, merged = [], []
    for n, text in enumerate(TEXTS):
        event, at = f"0123456789abcdef0123#message/{n}", datetime(2025, 1, 1, n, tzinfo=UTC)
        about = {"chat_id": "whatsapp:1@g.us", "sender_account_id": ANA, "sent_at": at}
        facts.append(
            Message(**fact, **about, locator=f"message/{n}", event_id=event, kind=MessageKind.TEXT,
                    text=text, text_normal=normal(text), tz_basis=TimeBasis.UTC)
        )  # fmt: skip
        merged.append(
            MergedMessage(**about, merged_id=event, kind="text", sources=1, witnesses=("ES-01",),
                          event_ids=(event,), texts=1, senders=1, deleted_on=())
        )  # fmt: skip
    who = {**fact, "locator": "jid/1", "account_id": ANA}
    facts.append(
        Account(**who, platform="whatsapp", id_type=IdType.PHONE, identifier="34612345678",
                e164="+34612345678", is_owner=False)
    )  # fmt: skip
    facts.append(AccountName(**who, name="Ana L\u00f3pez", name_kind="push"))
    publish(case, "ES-01", *facts)
    person = Person(person_id=ANA, accounts=1, inferred=0, names=("Ana L\u00f3pez",),
                    is_owner_of=(), e164="+34612345678")  # fmt: skip
    account = PersonAccount(person_id=ANA, account_id=ANA, rule="itself", score=1.0, inferred=False)
    publish_step(case, "resolve", WHOLE_CASE, person, account, *merged)
    return case


def found(case, *words: str, unmask: bool = False, **how) -> str:
    asked = disclosure_of("search", *words, unmask=unmask, reason="a test" if unmask else None)
    rows = search(Reading(case, asked), words, Narrowing(), **how).page.rows
    return "".join(row["event_id"].rpartition("/")[2] for row in rows)


@pytest.mark.parametrize(
    ("words", "hits"),
    [(("malaga",), "0"), (("MANANA", "vemos"), "0"), (("mala",), "01"), (("vemos", "closed"), ""),
     (("\u56fe\u7247",), "2"), (("\uc0ac\uc9c4",), "3"), (("\u05e9\u05dc\u05d5\u05dd",), "4"),
     (("\u0645\u0631\u062d\u0628\u0627",), "5"), (("\u0645\u0635\u0631",), "5"),
     (("send the rest",), "7"), (("send rest",), ""), (("send", "rest"), "7"), (("end",), ""),
     (("'quoted'",), "8"), (("100% \\",), "8"), (("x' OR true --",), "")],
)  # fmt: skip
def test_words_and_phrases_are_found(filled, words, hits) -> None:
    assert found(filled, *words) == hits
    assert found(filled, *words, unmask=True) == hits


@pytest.mark.parametrize("secret", ["612345678", "678", "Ana", "lopez", "ana lopez"])
def test_who_is_masked_finds_nobody_by_what_is_not_shown(filled, secret) -> None:
    assert found(filled, secret) == ""


def test_who_unmasks_finds_a_name_and_a_pseudonym_is_found_masked(filled) -> None:
    assert found(filled, "lopez", unmask=True) == "6"
    (row,) = search(Reading(filled, disclosure_of("search")), ["ask"], Narrowing()).page.rows
    assert found(filled, re.search(r"number-\w+", row["text"])[0]) == "6"


def test_neighbours_stand_beside_a_hit(filled) -> None:
    assert found(filled, "malaga", context=1) == "01"
    assert found(filled, "\u56fe\u7247", context=2) == "01234"


def test_words_of_signs_alone_are_refused(filled) -> None:
    with pytest.raises(UsageError, match="no word"):
        found(filled, "!!!")


def test_what_is_found_is_kept_within_the_scope(filled) -> None:
    for exhibit, expected in (("ES-01", "0"), ("PT-01", "")):
        asked = disclosure_of("search", scope=Narrowing(exhibit=(exhibit,)))
        rows = search(Reading(filled, asked), ["malaga"], Narrowing()).page.rows
        assert [row["event_id"].rpartition("/")[2] for row in rows] == list(expected)
