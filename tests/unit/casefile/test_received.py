from __future__ import annotations

from datetime import UTC, datetime

import pytest
from builders.countries import package, rows_of, tables_of
from builders.merging import new_case

from clew.casefile.received import (
    JOINT,
    STEP,
    Beside,
    Delivery,
    as_read,
    deliveries,
    outputs_read,
    parted,
    qualified,
    senders_of,
)
from clew.casefile.step_manifest import WHOLE_CASE, Output, StepManifest
from clew.exchange.receiving import take_in
from clew.records import Message
from clew.schema import replace, to_arrow

AT = datetime(2026, 1, 2, tzinfo=UTC)


def delivery(package: str, exhibits: dict[str, str], **about: object) -> Delivery:
    told = {"origin": "ES-1", "partner": "ES", "sealed_at": AT, **about}
    return Delivery(package=package, exhibits=exhibits, **told)


@pytest.mark.parametrize(
    ("value", "is_everybodys"),
    [
        ("whatsapp:pn:34600111222", True),
        ("whatsapp:lid:99", True),
        ("telegram:user:7000000002", True),
        ("signal:aci:0b-1", True),
        ("whatsapp:label:0a:Ana", False),
        ("telegram:username:ana", False),
        ("signal:owner:0123456789abcdef0123", False),
        ("token:0123456789abcdef", False),
    ],
)
def test_what_a_person_or_an_exhibit_named_stays_under_its_origin(value, is_everybodys) -> None:
    message = Message(
        exhibit_id="E-01", source_id="0" * 64, locator="m/1", event_id="i#m/1", chat_id="x:1@g.us",
        sender_account_id=value, kind="text", tz_basis="utc", mentions=(value, value),
    )  # fmt: skip
    (rows,) = to_arrow(Message, [message]).to_batches()
    (read,) = as_read(Message, rows, "ES-1").to_pylist()
    expected = value if is_everybodys else f"ES-1~{value}"
    assert (read["sender_account_id"], read["mentions"]) == (expected, [expected] * 2)
    assert (read["chat_id"], read["event_id"]) == ("x:1@g.us", "ES-1~i#m/1")
    assert (read["exhibit_id"], read["origin"]) == ("ES-1~E-01", "ES-1")


def test_an_origin_is_told_from_a_name_with_a_tilde() -> None:
    assert parted(qualified("ES-1", "E~01")) == ("ES-1", "E~01")
    assert parted("whatsapp:label:0a:~ Ana")[0] == ""


def test_packages_are_in_the_order_in_which_they_were_sealed() -> None:
    made = [delivery("a", {}), delivery("b", {}, sealed_at=AT.replace(year=2027))]
    manifests = [StepManifest(STEP, d.package, "k", (), d.detail()) for d in made]
    assert [d.package for d in deliveries(manifests)] == ["b", "a"]
    assert deliveries(reversed(manifests)) == deliveries(manifests)


def test_only_the_conclusions_of_the_scope_that_is_read_are_there() -> None:
    def manifest(step: str, scope: str, table: str) -> StepManifest:
        return StepManifest(step, scope, "k", (Output(table, f"{scope}/{table}", 1, ""),))

    found = [
        manifest("network", WHOLE_CASE, "groups"), manifest("network", JOINT, "groups"),
        manifest("judge", WHOLE_CASE, "person_judgements"), manifest("read", "E-01", "messages"),
        manifest(STEP, "p1", "received_messages"),
    ]  # fmt: skip
    own = outputs_read(found, WHOLE_CASE, frozenset())
    assert {n: [o.file for o in files] for n, files in own.items()} == {
        "groups": ["case/groups"], "person_judgements": ["case/person_judgements"],
        "messages": ["E-01/messages"],
    }  # fmt: skip
    joint = outputs_read(found, JOINT, frozenset({"p1"}))
    assert [out.file for out in joint["groups"]] == ["joint/groups"]
    assert set(joint) == {*own, "received_messages"}


def test_a_device_that_two_have_goes_by_one_name_whichever_came_first() -> None:
    one, other = delivery("a", {"ES-1~E": "d"}), delivery("b", {"PT-1~F": "d"})
    views = {
        Beside(order).view(Message, (), {"a": "a.parquet", "b": "b.parquet"}, "*")
        .replace("0 AS package_rank", "").replace("1 AS package_rank", "")
        for order in ([one, other], [other, one])
    }  # fmt: skip
    assert len(views) == 1
    assert "WHEN 'PT-1~F' THEN 'ES-1~E'" in views.pop()


def test_a_partner_does_not_put_rows_in_the_place_of_anothers(tmp_path) -> None:
    """PT knows the digest of a device that ES sent rows of, and says that it has the device too."""
    case, rows = new_case(tmp_path / "case"), rows_of("ES", 1, device="one")
    forged = [replace(one, text="forged") if isinstance(one, Message) else one for one in rows]
    with case.writing():
        take_in(case, package("ES", 1), tables_of(rows))
        take_in(case, package("PT", 2), tables_of(forged))
    shown = case.rows("SELECT exhibit_id, text FROM messages")
    assert {row["exhibit_id"] for row in shown} == {"ES-0a0b0c0d~E-01"}
    assert "forged" not in {row["text"] for row in shown}
    sent = case.rows("SELECT DISTINCT origin FROM received_messages ORDER BY 1")
    assert [row["origin"] for row in sent] == ["ES-0a0b0c0d", "PT-0a0b0c0d"]
    found = senders_of(case.deliveries, {"ES-0a0b0c0d~E-01"})
    assert found == {"ES-0a0b0c0d", "PT-0a0b0c0d"}
    assert senders_of(case.deliveries, {"E-01"}) == set()
