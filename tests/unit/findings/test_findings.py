"""Conclusions hold whatever the order of exhibits, and say how far they carry."""

from __future__ import annotations

from datetime import timedelta

import pytest
from builders.findings import SHA, START, conclude, message, pn, share, where
from builders.publishing import publish

from clew.records import (
    Account,
    AccountAlias,
    AccountName,
    Fingerprint,
    IdType,
    MessageKind,
    NameKind,
    Relation,
)
from clew.words import sentence


def test_copies_of_one_message_merge_and_a_deletion_is_told(case) -> None:
    publish(case, "ES-01", message("ES-01", 1, "k1", pn(1)))
    publish(
        case, "PT-01",
        message("PT-01", 7, "k1", pn(1), kind=MessageKind.DELETED, text=None),
    )  # fmt: skip
    conclude(case)
    (row,) = case.rows("FROM merged_messages")
    assert row["witnesses"] == ["ES-01", "PT-01"]
    assert row["deleted_on"] == ["PT-01"]
    assert row["kind"] == "text"


def test_two_senders_with_one_old_key_stay_apart(case) -> None:
    publish(case, "ES-01", message("ES-01", 1, "1492506764-1", pn(1)))
    publish(case, "PT-01", message("PT-01", 2, "1492506764-1", pn(2)))
    conclude(case)
    assert case.rows("SELECT count(*) AS n FROM merged_messages") == [{"n": 2}]


def test_a_hidden_id_and_its_number_are_one_person_and_nothing_else_ties(case) -> None:
    lid = "whatsapp:lid:111222333444555"
    publish(
        case, "ES-01",
        AccountAlias(**where("ES-01", 1), a=lid, b=pn(1), relation=Relation.LID_OF),
        message("ES-01", 1, "k1", lid), message("ES-01", 2, "k2", pn(1)),
        message("ES-01", 3, "k3", pn(2)),
        AccountName(**where("ES-01", 1), account_id=pn(1), name="Same",
                    name_kind=NameKind.PUSH),
        AccountName(**where("ES-01", 1), account_id=pn(2), name="Same",
                    name_kind=NameKind.PUSH),
    )  # fmt: skip
    conclude(case)
    found = {r["account_id"]: r["person_id"] for r in case.rows("FROM person_accounts")}
    assert found == {lid: pn(1), pn(1): pn(1), pn(2): pn(2)}


@pytest.mark.parametrize(
    ("agreeing", "against", "tied"), [(3, 0, True), (2, 0, False), (5, 1, False)]
)
def test_an_unnamed_holder_is_whoever_others_saw_sending(case, agreeing, against, tied) -> None:
    owner = "whatsapp:owner:0123"
    total = agreeing + against
    publish(
        case, "ES-02",
        Account(**where("ES-02", 0), account_id=owner, platform="whatsapp",
                id_type=IdType.OWNER, identifier="0123", is_owner=True),
        *[message("ES-02", n, f"k{n}", owner, from_owner=True) for n in range(total)],
    )  # fmt: skip
    seen = [pn(1)] * agreeing + [pn(2)] * against
    publish(
        case, "ES-01",
        *[message("ES-01", n, f"k{n}", who) for n, who in enumerate(seen)],
        message("ES-01", 99, "other", pn(3)),
    )  # fmt: skip
    conclude(case)
    found = {r["account_id"]: r["person_id"] for r in case.rows("FROM person_accounts")}
    assert (found[owner] == pn(1)) is tied


def test_the_first_of_several_shares_is_the_earliest(case) -> None:
    rows = [
        row for minute, who in ((5, 1), (3, 2), (9, 3))
        for row in (message("ES-01", minute, f"k{minute}", pn(who)),
                    share("ES-01", minute, f"k{minute}", pn(who), SHA["b"]))
    ]  # fmt: skip
    publish(case, "ES-01", *rows)
    conclude(case)
    (row,) = case.rows("FROM first_shares")
    assert (row["person_id"], row["sent_at"]) == (pn(2), START + timedelta(minutes=3))


def test_who_could_have_known_better_is_named(case) -> None:
    publish(
        case, "ES-01", message("ES-01", 0, "k0", pn(2)), message("ES-01", 5, "k5", pn(1)),
        share("ES-01", 5, "k5", pn(1), SHA["b"]),
    )  # fmt: skip
    publish(case, "PT-01", message("PT-01", 9, "k9", pn(2)))
    conclude(case)
    (row,) = case.rows("FROM first_shares")
    assert row["person_id"] == pn(1)
    assert row["certainty"] == "witnessed"
    assert row["could_know_better"] == ["PT-01"]
    said = sentence("first_shares", row)
    assert "PT-01" in said
    assert pn(1) not in said


@pytest.mark.parametrize(("used_on_day", "whose"), [(0, "former"), (90, "later")])
def test_a_device_is_of_who_held_its_number_when_it_was_used(case, used_on_day, whose) -> None:
    day = 24 * 60
    given_up = AccountAlias(
        **where("ES-01", 0), a=pn(1), b=pn(2), relation=Relation.NUMBER_CHANGED,
        at=START + timedelta(days=1),
    )  # fmt: skip
    publish(
        case, "ES-01", given_up, message("ES-01", 0, "k0", pn(1)),
        message("ES-01", 90 * day, "k90", pn(1)),
        message("ES-01", 91 * day, "k91", pn(1)), share("ES-01", 91 * day, "k91", pn(1), SHA["b"]),
    )  # fmt: skip
    own = Account(
        **where("PT-01", 0), account_id=pn(1), platform="whatsapp", id_type=IdType.PHONE,
        identifier=pn(1).rsplit(":", 1)[1], is_owner=True,
    )  # fmt: skip
    hidden = AccountAlias(
        **where("PT-01", 0), a="whatsapp:lid:1", b=pn(1), relation=Relation.LID_OF
    )
    sent = message("PT-01", used_on_day * day, "own", pn(1), from_owner=True)
    publish(case, "PT-01", own, hidden, sent, message("PT-01", 95 * day, "k95", pn(3)))
    conclude(case)
    ids = {"former": pn(1), "later": f"{pn(1)}#2024-05-30"}
    holders = case.rows("SELECT person_id FROM persons WHERE len(is_owner_of) > 0")
    assert holders == [{"person_id": ids[whose]}]
    (hidden,) = case.rows("FROM person_accounts WHERE account_id = 'whatsapp:lid:1'")
    assert hidden["person_id"] == ids[whose]
    (first,) = case.rows("FROM first_shares")
    assert first["person_id"] == ids["later"]
    assert first["certainty"] == ("sender_seized" if whose == "later" else "witnessed")


def test_the_order_of_exhibits_changes_nothing(tmp_path) -> None:
    from clew.casefile import create_case

    results = []
    for order in (("A", "B"), ("B", "A")):
        made = create_case(tmp_path / "".join(order), "t", "a")
        for exhibit in order:
            publish(
                made, exhibit,
                *[message(exhibit, n, f"k{n}", pn(n % 3)) for n in range(40)],
                *[
                    share(exhibit, n, f"k{n}", pn(n % 3), SHA["bcd"[n % 3]])
                    for n in range(0, 40, 4)
                ],
            )  # fmt: skip
        conclude(made)
        results.append({o.file: o.sha256 for d in made.manifests.every() for o in d.outputs})
        made.close()
    assert results[0] == results[1]


def test_the_first_share_among_near_duplicates_is_told(case) -> None:
    prints = [
        Fingerprint(
            exhibit_id="ES-01", source_id=SHA[name], locator="picture", algorithm="pdq",
            value=value * 64, quality=100, width=9, height=9, decode_path="test",
            simple_graphic=False,
        )
        for name, value in (("b", "5"), ("c", "5"), ("d", "a"))
    ]  # fmt: skip
    publish(
        case, "ES-01", *prints, *(message("ES-01", n, f"k{n}", pn(n)) for n in (1, 2, 3)),
        share("ES-01", 1, "k1", pn(1), SHA["c"]), share("ES-01", 2, "k2", pn(2), SHA["b"]),
        share("ES-01", 3, "k3", pn(3), SHA["d"]),
    )  # fmt: skip
    conclude(case)
    found = case.rows("FROM first_shares ORDER BY sha256")
    assert [(r["cluster_id"], r["first_in_cluster"]) for r in found] == [
        (SHA["b"], False), (SHA["b"], True), (SHA["d"], True),
    ]  # fmt: skip
