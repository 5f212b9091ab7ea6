"""The laws of merge, over generated packages of three to five countries in random order.

Volumes are lean in the gate; ``make check-long`` tries many more.
"""

from __future__ import annotations

import pytest
from builders.countries import (
    ITEM,
    PICTURE,
    SEALED,
    number,
    package,
    rows_of,
    sha,
    tables_of,
)
from builders.merging import (
    COUNTRIES,
    STEPS,
    conclude,
    new_case,
    publish_own,
    receive,
)
from conftest import WHOLE as AT_FULL_VOLUME

from clew.casefile.received import parted
from clew.exchange.receiving import forget, take_in
from clew.exchange.receiving.forgetting import Why
from clew.records import (
    Account,
    AccountName,
    Chat,
    Exhibit,
    FileCategory,
    Message,
    Person,
    PersonAccount,
    Share,
)
from clew.schema import replace

SEEDS = range(60) if AT_FULL_VOLUME else range(1)


@pytest.mark.parametrize("seed", SEEDS)
class TestIdentity:
    def test_no_two_rows_become_one_because_labels_agree(self, tmp_path, seed):
        case = new_case(tmp_path / "case", rows_of("FR", seed))
        receive(case, *COUNTRIES, seed=seed)
        conclude(case)
        case.refresh()
        (found,) = case.rows("SELECT count(*) AS n, count(DISTINCT exhibit_id) AS d FROM exhibits")
        assert (found["n"], found["d"]) == (6, 6)
        events = [
            len([r for r in rows_of(c, seed) if type(r) is Message]) for c in (*COUNTRIES, "FR")
        ]
        (copies,) = case.rows("SELECT count(*) AS n, count(DISTINCT event_id) AS d FROM messages")
        assert copies == {"n": sum(events), "d": sum(events)}
        labels = case.rows("SELECT account_id FROM accounts WHERE id_type = 'label'")
        assert len({row["account_id"] for row in labels}) == 6
        alike = case.rows(
            "SELECT DISTINCT person_id FROM person_accounts WHERE account_id LIKE '%:label:%'"
        )
        assert len(alike) == 6  # nobody is joined to somebody else called Ana

    def test_own_rows_have_no_origin_and_received_ones_have_theirs_in_every_id(
        self, tmp_path, seed
    ):
        case = new_case(tmp_path / "case", rows_of("FR", seed))
        receive(case, "ES", seed=seed)
        case.refresh()
        for row in case.rows("SELECT * FROM received_messages"):
            assert row["origin"] == "ES-0a0b0c0d"
            ids = ("exhibit_id", "event_id", "chat_id", "sender_account_id")
            assert {parted(row[name])[0] for name in ids} == {row["origin"]}
        own = case.rows("SELECT * FROM messages WHERE exhibit_id = 'E-01'")
        assert own
        assert all(parted(row["event_id"])[0] == "" for row in own)

    def test_a_message_is_one_by_its_protocol_key_and_witnesses_say_whose(self, tmp_path, seed):
        case = new_case(tmp_path / "case", rows_of("FR", seed))
        receive(case, *COUNTRIES, seed=seed)
        conclude(case)
        case.refresh()
        keys = {r.message_key for c in (*COUNTRIES, "FR") for r in rows_of(c, seed)
                if type(r) is Message}  # fmt: skip
        merged = case.rows("SELECT * FROM merged_messages")
        assert {row["message_key"] for row in merged} == keys
        assert len(merged) == len(keys)
        most = max(merged, key=lambda row: len(row["witnesses"]))
        assert len(most["witnesses"]) == len(most["event_ids"]) > 2
        assert any(parted(one)[0] for one in most["witnesses"])

    def test_one_device_from_two_sides_is_one_exhibit_and_not_two_witnesses(self, tmp_path, seed):
        seen = {}
        for name, own in (("mine", "shared"), ("theirs", None)):
            case = new_case(
                tmp_path / name, rows_of("FR", seed, own) if own else rows_of("FR", seed)
            )
            with case.writing():
                for country in ("ES", "PT"):
                    take_in(case, package(country), tables_of(rows_of(country, seed, "shared")))
            conclude(case)
            case.refresh()
            seen[name] = case.rows("SELECT * FROM merged_messages")
            exhibits = case.rows("SELECT exhibit_id FROM exhibits ORDER BY 1")
            assert len(exhibits) == (1 if own else 2)
            (one,) = case.rows("SELECT count(*) AS n FROM messages")
            phones = [rows_of("ES", seed, "shared")] + ([] if own else [rows_of("FR", seed)])
            assert one["n"] == sum(type(r) is Message for rows in phones for r in rows)
        assert {len(row["witnesses"]) for row in seen["mine"]} == {1}
        witnesses = {one for row in seen["theirs"] for one in row["witnesses"]}
        assert witnesses == {"E-01", "ES-0a0b0c0d~E-01"}

    def test_a_message_without_an_id_is_one_where_several_have_the_same_file(self, tmp_path, seed):
        case = new_case(tmp_path / "case", _without_ids("FR", seed))
        with case.writing():
            for country in ("ES", "PT"):
                take_in(case, package(country), tables_of(_without_ids(country, seed)))
        conclude(case)
        case.refresh()
        read = [r.locator for r in _without_ids("ES", seed) if type(r) is Message]
        merged = case.rows("SELECT * FROM merged_messages")
        assert len(merged) == len(read)
        witnesses = ["E-01", "ES-0a0b0c0d~E-01", "PT-0a0b0c0d~E-01"]  # three extractions
        assert all(sorted(row["witnesses"]) == witnesses for row in merged)
        assert {len(row["event_ids"]) for row in merged} == {3}

    def test_a_file_is_one_content_and_the_flags_of_each_side_stand_beside_each_other(
        self, tmp_path, seed
    ):
        case = new_case(tmp_path / "case", rows_of("FR", seed))
        receive(case, *COUNTRIES, seed=seed)
        case.refresh()
        given = {r.sha256 for c in (*COUNTRIES, "FR") for r in rows_of(c, seed) if type(r) is Share}
        contents = case.rows("SELECT DISTINCT sha256 FROM shares")
        assert {row["sha256"] for row in contents} == given
        codes = case.rows("SELECT code FROM flags ORDER BY 1")
        assert [row["code"] for row in codes] == sorted(
            f"zip:{c.lower()}" for c in (*COUNTRIES, "FR")
        )


@pytest.mark.parametrize("seed", SEEDS)
class TestPersons:
    def test_persons_join_across_origins_by_number_and_hidden_id_alone(self, tmp_path, seed):
        case = new_case(tmp_path / "case", rows_of("FR", seed))
        receive(case, *COUNTRIES, seed=seed)
        conclude(case)
        case.refresh()
        named = case.rows(
            "SELECT DISTINCT person_id FROM person_accounts WHERE account_id LIKE '%:username:%'"
        )
        assert len(named) == 6  # one account of this name in each country
        ties = case.rows("SELECT * FROM person_accounts WHERE account_id LIKE '%pn:%' OR "
                         "account_id LIKE '%lid:%'")  # fmt: skip
        assert all(parted(row["account_id"])[0] == "" for row in ties)
        hidden = {row["account_id"]: row["person_id"] for row in ties}
        for n in range(8):
            if f"whatsapp:lid:99{n}" in hidden:
                assert hidden[f"whatsapp:lid:99{n}"] == hidden[number(n)]

    def test_anothers_person_cluster_moves_nothing(self, tmp_path, seed):
        case = new_case(tmp_path / "case", rows_of("FR", seed))
        given = tables_of([
            *rows_of("ES", seed),
            Person(person_id=number(0), accounts=2, inferred=0, names=(), is_owner_of=(),
                   named_only=False),
            *(PersonAccount(person_id=number(0), account_id=number(n), rule="judgement", score=1.0,
                            inferred=False) for n in (0, 1)),
        ])  # fmt: skip
        plain = tables_of(rows_of("ES", seed))
        found = []
        for tables_given in (given, plain):
            with case.writing():
                take_in(case, package("ES"), tables_given)
            conclude(case)
            case.refresh()
            found.append(case.rows("SELECT * FROM persons ORDER BY person_id"))
            with case.writing():
                forget(case, package("ES").package_id, Why.FORGOTTEN)
        assert found[0] == found[1]


@pytest.mark.parametrize("seed", SEEDS)
def test_categories_of_others_settle_nothing(tmp_path, seed):
    case = new_case(tmp_path / "case", rows_of("FR", seed))
    theirs = FileCategory(number=1, sha256=PICTURE, scheme="S", country="ES", code="1",
                          judged_by="B", reason="c", judged_at=SEALED)  # fmt: skip
    with case.writing():
        take_in(case, package("ES"), tables_of([*rows_of("ES", seed), theirs]))
    case.refresh()
    assert case.rows("SELECT * FROM categories_that_count") == []
    assert len(case.rows("SELECT * FROM received_file_categories")) == 1


@pytest.mark.parametrize("seed", SEEDS)
def test_the_parts_of_a_case_merged_equal_the_case_count_by_count(tmp_path, seed):
    names = [*STEPS, "network"]
    whole = new_case(tmp_path / "whole")
    with whole.writing():
        for country in COUNTRIES:
            rows = [replace(row, exhibit_id=f"{country}-E-01") for row in rows_of(country, seed)]
            rows = [replace(row, event_id=row.event_id.replace(ITEM, sha(country)[:20]))
                    if hasattr(row, "event_id") else row for row in rows]  # fmt: skip
            rows = [replace(row, account_id=f"{row.account_id} {country}")
                    if type(row) in (Account, AccountName) and _is_name(row.account_id) else row
                    for row in rows]  # fmt: skip
            publish_own(whole, rows, f"{country}-E-01")
    merged = new_case(tmp_path / "merged")
    receive(merged, *COUNTRIES, seed=seed)
    counts = []
    for case in (whole, merged):
        conclude(case, names)
        case.refresh()
        counts.append({
            name: case.rows(f'SELECT count(*) AS n FROM "{name}"')[0]["n"]
            for name in ("messages", "merged_messages", "persons", "person_accounts", "groups",
                         "group_members", "group_links", "shares", "exhibits")
        } | {"witnesses": case.rows(
            "SELECT sum(len(witnesses)) AS n FROM merged_messages")[0]["n"]})  # fmt: skip
    assert counts[0] == counts[1]
    groups = {r.chat_id for c in COUNTRIES for r in rows_of(c, seed) if type(r) is Chat}
    assert counts[0]["groups"] == len(groups)


def _without_ids(country: str, seed: int) -> list:
    """Rows of a phone that several countries extracted, each its own way, without message ids."""
    return [
        replace(row, content_sha256=sha(f"extraction of {country}")) if type(row) is Exhibit
        else replace(row, message_key=None) if type(row) in (Message, Share) else row
        for row in rows_of(country, seed, "shared")
    ]  # fmt: skip


def _is_name(account_id: str) -> bool:
    """Whether an account is known by what means something on one phone only."""
    return ":label:" in account_id or ":username:" in account_id
