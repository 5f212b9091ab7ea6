"""A country stands with what says it, and what says another stands beside it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from builders.publishing import publish_step

from clew.casefile.step_manifest import WHOLE_CASE
from clew.findings.countries import countries_in
from clew.pipeline import perform
from clew.records import (
    Account,
    AccountAlias,
    AccountName,
    Chat,
    ChatType,
    Contact,
    DatePrecision,
    Entry,
    Exhibit,
    ExhibitKind,
    IdType,
    Introduction,
    Membership,
    MembershipBasis,
    MemberState,
    NameKind,
    Origin,
    OwnDevice,
    Relation,
    Role,
    YearBasis,
)
from clew.words import sentence

SHA = "a" * 64
START = datetime(2024, 3, 1, tzinfo=UTC)
GROUP = "whatsapp:120363000000000001@g.us"
SPANISH, PORTUGUESE, NOBODY = "+34611222333", "+351912345678", "+15550001111"


def account(number: str) -> str:
    return f"whatsapp:pn:{number[1:]}"


def place(exhibit: str, row: int = 1) -> dict[str, str]:
    return {"exhibit_id": exhibit, "source_id": SHA, "locator": f"row/{row}"}


def known(number: str, exhibit: str = "ES-01", **more) -> Account:
    return Account(
        **place(exhibit), account_id=account(number), platform="whatsapp", id_type=IdType.PHONE,
        identifier=number[1:], e164=number, **more,
    )  # fmt: skip


def named(number: str, name: str, kind: NameKind) -> AccountName:
    return AccountName(**place("ES-01"), account_id=account(number), name=name, name_kind=kind)


def member(number: str, group: str = GROUP) -> Membership:
    return Membership(
        **place("ES-01"), chat_id=group, account_id=account(number), role=Role.MEMBER,
        state=MemberState.CURRENT, basis=MembershipBasis.ROSTER,
    )  # fmt: skip


def group() -> Chat:
    return Chat(**place("ES-01"), chat_id=GROUP, platform="whatsapp", chat_type=ChatType.GROUP)


def exhibit(name: str, country: str) -> Exhibit:
    return Exhibit(
        exhibit_id=name, kind=ExhibitKind.PHONE, country=country, authority="order 1",
        hash_only=True, content_sha256=SHA,
    )  # fmt: skip


def conclude(case) -> None:
    perform(case, "resolve", "merge", "network", "countries")


def of(case, number: str) -> dict:
    (row,) = case.rows("FROM person_countries WHERE person_id = $id", id=account(number))
    return row


def test_a_number_alone_is_weak_and_says_so(case) -> None:
    publish_step(case, "read", "ES-01", known(SPANISH))
    conclude(case)
    row = of(case, SPANISH)
    assert (row["country"], row["number_only"], row["conflict"]) == ("ES", True, False)
    assert row["confidence"] < 0.5
    assert "numbers travel" in sentence("person_countries", row)


def test_a_seized_device_outweighs_a_number_and_the_number_stays_as_a_conflict(case) -> None:
    publish_step(case, "intake", "PT-01", exhibit("PT-01", "PT"))
    publish_step(case, "read", "PT-01", known(SPANISH, "PT-01", is_owner=True))
    conclude(case)
    row = of(case, SPANISH)
    assert (row["country"], row["conflict"]) == ("PT", True)
    assert row["other_countries"] == ["ES=0.40"]


def test_two_countries_told_alike_are_not_decided(case) -> None:
    change = AccountAlias(
        **place("ES-01"), a=account(SPANISH), b=account(PORTUGUESE),
        relation=Relation.NUMBER_CHANGED,
    )  # fmt: skip
    publish_step(case, "read", "ES-01", known(SPANISH), known(PORTUGUESE), change)
    conclude(case)
    (row,) = case.rows("FROM person_countries")
    assert (row["country"], row["confidence"], row["conflict"]) == (None, 0, True)
    assert len(row["other_countries"]) == 2
    assert sentence("person_countries", row).startswith("Not decided")


def test_a_shared_prefix_that_no_plan_assigns_tells_nothing(case) -> None:
    publish_step(case, "read", "ES-01", known(NOBODY))
    conclude(case)
    assert of(case, NOBODY)["country"] is None
    assert case.rows("FROM country_evidence") == []


def test_own_words_address_books_and_notes_are_evidence_with_their_place(case) -> None:
    item = "item-1"
    note = Entry(
        **place("ES-01", 9), item_id=item, written="3 May", precision=DatePrecision.DAY,
        readings=("2024-05-03/2024-05-03",), year_basis=YearBasis.WRITTEN, places=(), names=(),
        text=f"call {SPANISH[:6]} {SPANISH[6:]} in Deutschland",
    )  # fmt: skip
    card = Contact(
        **place("ES-01", 4), account_id=account(SPANISH), phones=(SPANISH, "+351 912 345 678")
    )
    publish_step(
        case, "read", "ES-01", known(SPANISH, about="living in France"), card, note,
        named(SPANISH, "Eva \U0001f1ee\U0001f1f9", NameKind.PUSH),
        named(SPANISH, "Eva Österreich", NameKind.ADDRESS_BOOK),
    )  # fmt: skip
    conclude(case)
    found = {(r["country"], r["basis"]): r for r in case.rows("FROM country_evidence")}
    assert set(found) == {
        ("ES", "number_prefix"), ("FR", "stated"), ("IT", "stated"), ("AT", "contact"),
        ("PT", "contact"), ("DE", "contact"),
    }  # fmt: skip
    assert found["DE", "contact"]["locator"] == "row/9"
    assert found["PT", "contact"]["locator"] == "row/4"
    assert of(case, SPANISH)["conflict"]


@pytest.mark.parametrize("name", ["Mauricio", "Georgia", "Jordan Smith", "Chad", "Ana", "España2"])
def test_given_names_are_no_countries(name) -> None:
    assert countries_in(name) == ({"ES": "country"} if "España" in name else {})


def test_pairs_count_persons_of_common_groups_and_contents_by_direction(case) -> None:
    publish_step(
        case, "read", "ES-01", group(), known(SPANISH), known(PORTUGUESE), member(SPANISH),
        member(PORTUGUESE),
    )  # fmt: skip
    shared = {
        "event_id": "x", "chat_id": GROUP, "forwarded": False, "exposed": False, "chance": 0.95,
    }  # fmt: skip
    origin = Origin(
        cluster_id=SHA, person_id=account(SPANISH), event_id="x", chat_id=GROUP, at=START,
        chance=0.95, least_chance=0.92, answered=True, introduced=0.97, unseen_before=0.02,
        likely_person_id=account(SPANISH), likely_chance=0.95,
        sharers=2, forwarded=False, own_device=OwnDevice.NOT_SEIZED,
    )  # fmt: skip
    firsts = [
        Introduction(cluster_id=SHA, person_id=account(n), at=START + timedelta(days=d),
                     rank=1 + d, **shared)
        for d, n in enumerate((SPANISH, PORTUGUESE))
    ]  # fmt: skip
    publish_step(case, "introductions", WHOLE_CASE, origin, *firsts)
    conclude(case)
    (tie,) = case.rows("FROM country_ties")
    assert (tie["a"], tie["b"], tie["persons"], tie["groups"]) == ("ES", "PT", 2, 1)
    assert (tie["a_to_b"], tie["a_to_b_answered"], tie["b_to_a"]) == (1, 1, 0)
    spain = case.rows("FROM countries WHERE country = 'ES'")[0]
    assert (spain["persons"], spain["introduced"], spain["answered"]) == (1, 1, 1)


def test_an_empty_case_has_no_countries(case) -> None:
    conclude(case)
    for table in ("country_evidence", "person_countries", "countries", "country_ties"):
        assert case.rows(f"FROM {table}") == []
