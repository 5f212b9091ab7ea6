"""The laws of merge, over generated packages of three to five countries in random order.

Volumes are lean in the gate; ``make check-long`` tries many more.
"""

from __future__ import annotations

import hashlib
import random
from pathlib import Path

import msgspec
import pytest
from builders.countries import (
    GROUPS,
    ITEM,
    PICTURE,
    SEALED,
    number,
    package,
    rows_of,
    sha,
    tables_of,
)
from builders.publishing import publish_step
from conftest import WHOLE as AT_FULL_VOLUME

from clew import pipeline
from clew.casefile import create_case
from clew.casefile.received import WHOLE, parted
from clew.casefile.step_manifest import StepManifest
from clew.casefile.verify import verify
from clew.errors import EvidenceError
from clew.exchange.receiving import forget, take_in
from clew.exchange.receiving.forgetting import Why
from clew.exchange.receiving.permissions import in_court, passed_on, scopes
from clew.judgements import decisions
from clew.judgements.decisions import Letter, Ruling
from clew.records import (
    Account,
    AccountName,
    Decision,
    FileCategory,
    Message,
    Permits,
    Person,
    PersonAccount,
    PersonJudgement,
)
from clew.schema import replace, tables
from clew.steps import step

SEEDS = range(60) if AT_FULL_VOLUME else range(1)
COUNTRIES = ("ES", "PT", "CO", "MX", "AR")
STEPS = ("resolve", "clocks", "merge")


def new_case(folder: Path, own: list | None = None):
    case = create_case(folder, "Test", "Order 1/2026")
    if own:
        with case.writing():
            publish_own(case, own)
    return case


def publish_own(case, rows: list, exhibit: str = "E-01") -> None:
    """Rows as the case's own: what intake and reading would have written."""
    taken = [row for row in rows if type(row).home == "evidence"]
    publish_step(case, "intake", exhibit, *taken)
    publish_step(case, "read", exhibit, *(row for row in rows if row not in taken))


def receive(case, *countries: str, seed: int = 0, **about) -> None:
    with case.writing():
        for country in countries:
            take_in(case, package(country, **about), tables_of(rows_of(country, seed)))


def conclude(case, names=STEPS) -> None:
    """Some steps, by the case's own facts and then over what was received as well."""
    with case.writing():
        for name in names:
            step(name).run(pipeline.context_of(case, name))
        for scope, packages in scopes(case).items():
            if not packages:
                continue
            with case.over(scope, packages):
                for name in names:
                    context = msgspec.structs.replace(pipeline.context_of(case, name), scope=scope)
                    step(name).run(context)
                case.publish(StepManifest(WHOLE, scope, "", ()), ())


def state(case) -> str:
    """Digest over all that the case shows: facts of both sides, and the conclusions from them."""
    case.refresh()
    digest = hashlib.sha256()
    for name in sorted(tables()):
        rows = sorted(map(repr, case.rows(f'SELECT * FROM "{name}"')))
        digest.update(repr((name, rows)).encode())
    return digest.hexdigest()


def files(folder: Path) -> dict[str, str]:
    """Every file of a case that is not its log, and every folder."""
    left_out = ("custody.sqlite", "sealed.sqlite", "ledger.sqlite", "runs", "snapshots", ".lock",
                ".generation", "case.toml", "mask.key")  # fmt: skip
    found = {}
    for file in sorted(folder.rglob("*")):
        name = str(file.relative_to(folder))
        if not name.startswith(left_out):
            found[name] = "" if file.is_dir() else hashlib.sha256(file.read_bytes()).hexdigest()
    return found


@pytest.mark.parametrize("seed", SEEDS)
class TestOrderAndRepeats:
    def test_receiving_twice_is_receiving_once_and_order_never_matters(self, tmp_path, seed):
        told = random.Random(seed)
        chosen = told.sample(COUNTRIES, told.randint(3, 5))
        states = set()
        for n in range(2):
            offered = [*chosen, *told.sample(chosen, 2)]
            told.shuffle(offered)
            case = new_case(tmp_path / str(n), rows_of("FR", seed))
            receive(case, *offered, seed=seed)
            conclude(case)
            states.add(state(case))
            case.close()
        assert len(states) == 1

    def test_own_facts_findings_and_ledger_keep_their_bytes(self, tmp_path, seed):
        case = new_case(tmp_path / "case", rows_of("FR", seed))
        decisions.judge(
            case, Ruling(decision=Decision.REJECT, accounts=(number(0), number(1))), "A", "b"
        )
        conclude(case)
        ledger = (case.folder / "ledger.sqlite").read_bytes()
        before = files(case.folder)
        receive(case, *COUNTRIES, seed=seed)
        conclude(case)
        after = files(case.folder)
        assert before.items() <= after.items()
        assert (case.folder / "ledger.sqlite").read_bytes() == ledger
        theirs = {n for n in after.keys() - before.keys() if not n.startswith("received")}
        assert all(n.startswith(("done/joint", "done/receive")) or "joint" in n for n in theirs)

    def test_a_recall_leaves_nothing(self, tmp_path, seed):
        told = random.Random(seed)
        first, *others = told.sample(COUNTRIES, 4)
        plain = new_case(tmp_path / "plain", rows_of("FR", seed))
        case = new_case(tmp_path / "case", rows_of("FR", seed))
        for one, packages in ((plain, others), (case, told.sample([first, *others], 4))):
            receive(one, *packages, seed=seed)
            conclude(one)
        with case.writing():
            rows = forget(case, package(first).package_id, Why.RECALLED)
        conclude(case)
        assert rows > 0
        assert state(case) == state(plain)
        assert files(case.folder) == files(plain.folder)
        assert [p.text for p in verify(case) if p.is_problem] == []
        everything = b"".join(p.read_bytes() for p in case.folder.rglob("*") if p.is_file())
        assert f"{first}-0a0b0c0d~".encode() not in everything

    def test_after_the_last_recall_the_case_is_as_if_it_had_never_received(self, tmp_path, seed):
        case = new_case(tmp_path / "case", rows_of("FR", seed))
        conclude(case)
        before = files(case.folder), state(case)
        receive(case, "ES", "PT", seed=seed)
        conclude(case)
        assert state(case) != before[1]
        with case.writing():
            forget(case, package("ES").package_id, Why.RECALLED)
            forget(case, package("PT").package_id, Why.FORGOTTEN)
        assert (files(case.folder), state(case)) == before


class TestIdentity:
    def test_no_two_rows_become_one_because_labels_agree(self, tmp_path):
        case = new_case(tmp_path / "case", rows_of("FR", 1))
        receive(case, *COUNTRIES, seed=1)
        conclude(case)
        case.refresh()
        (found,) = case.rows("SELECT count(*) AS n, count(DISTINCT exhibit_id) AS d FROM exhibits")
        assert (found["n"], found["d"]) == (6, 6)
        events = [len([r for r in rows_of(c, 1) if type(r) is Message]) for c in (*COUNTRIES, "FR")]
        (copies,) = case.rows("SELECT count(*) AS n, count(DISTINCT event_id) AS d FROM messages")
        assert copies == {"n": sum(events), "d": sum(events)}
        labels = case.rows("SELECT account_id FROM accounts WHERE id_type = 'label'")
        assert len({row["account_id"] for row in labels}) == 6
        persons = case.rows("SELECT person_id FROM persons WHERE named_only")
        assert len(persons) == 6  # nobody is joined to somebody else called Ana

    def test_own_rows_have_no_origin_and_received_ones_have_theirs_in_every_id(self, tmp_path):
        case = new_case(tmp_path / "case", rows_of("FR", 1))
        receive(case, "ES", seed=1)
        case.refresh()
        for row in case.rows("SELECT * FROM received_messages"):
            assert row["origin"] == "ES-0a0b0c0d"
            ids = ("exhibit_id", "event_id", "chat_id", "sender_account_id")
            assert {parted(row[name])[0] for name in ids} == {row["origin"]}
        own = case.rows("SELECT * FROM messages WHERE exhibit_id = 'E-01'")
        assert own
        assert all(parted(row["event_id"])[0] == "" for row in own)

    def test_a_message_is_one_by_its_protocol_key_and_witnesses_say_whose(self, tmp_path):
        case = new_case(tmp_path / "case", rows_of("FR", 1))
        receive(case, *COUNTRIES, seed=1)
        conclude(case)
        case.refresh()
        keys = {r.message_key for c in (*COUNTRIES, "FR") for r in rows_of(c, 1)
                if type(r) is Message}  # fmt: skip
        merged = case.rows("SELECT * FROM merged_messages")
        assert {row["message_key"] for row in merged} == keys
        assert len(merged) == len(keys)
        most = max(merged, key=lambda row: len(row["witnesses"]))
        assert len(most["witnesses"]) == len(most["event_ids"]) > 2
        assert any(parted(one)[0] for one in most["witnesses"])

    def test_one_device_from_two_sides_is_one_exhibit_and_not_two_witnesses(self, tmp_path):
        seen = {}
        for name, own in (("mine", "shared"), ("theirs", None)):
            case = new_case(tmp_path / name, rows_of("FR", 1, own) if own else rows_of("FR", 1))
            with case.writing():
                for country in ("ES", "PT"):
                    take_in(case, package(country), tables_of(rows_of(country, 1, "shared")))
            conclude(case)
            case.refresh()
            seen[name] = case.rows("SELECT * FROM merged_messages")
            exhibits = case.rows("SELECT exhibit_id FROM exhibits ORDER BY 1")
            assert len(exhibits) == (1 if own else 2)
            (one,) = case.rows("SELECT count(*) AS n FROM messages")
            phones = [rows_of("ES", 1, "shared")] + ([] if own else [rows_of("FR", 1)])
            assert one["n"] == sum(type(r) is Message for rows in phones for r in rows)
        assert {len(row["witnesses"]) for row in seen["mine"]} == {1}
        witnesses = {one for row in seen["theirs"] for one in row["witnesses"]}
        assert witnesses == {"E-01", "ES-0a0b0c0d~E-01"}

    def test_a_file_is_one_content_and_the_flags_of_each_side_stand_beside_each_other(
        self, tmp_path
    ):
        case = new_case(tmp_path / "case", rows_of("FR", 3))
        receive(case, *COUNTRIES, seed=3)
        case.refresh()
        contents = case.rows("SELECT DISTINCT sha256 FROM shares")
        assert contents == [{"sha256": PICTURE}]
        codes = case.rows("SELECT code FROM flags ORDER BY 1")
        assert [row["code"] for row in codes] == sorted(
            f"zip:{c.lower()}" for c in (*COUNTRIES, "FR")
        )


class TestPersons:
    def test_persons_join_across_origins_by_number_and_hidden_id_alone(self, tmp_path):
        case = new_case(tmp_path / "case", rows_of("FR", 5))
        receive(case, *COUNTRIES, seed=5)
        conclude(case)
        case.refresh()
        ties = case.rows("SELECT * FROM person_accounts WHERE account_id LIKE '%pn:%' OR "
                         "account_id LIKE '%lid:%'")  # fmt: skip
        assert all(parted(row["account_id"])[0] == "" for row in ties)
        hidden = {row["account_id"]: row["person_id"] for row in ties}
        for n in range(8):
            if f"whatsapp:lid:99{n}" in hidden:
                assert hidden[f"whatsapp:lid:99{n}"] == hidden[number(n)]

    def test_anothers_person_cluster_moves_nothing(self, tmp_path):
        case = new_case(tmp_path / "case", rows_of("FR", 5))
        given = tables_of([
            *rows_of("ES", 5),
            Person(person_id=number(0), accounts=2, inferred=0, names=(), is_owner_of=(),
                   named_only=False),
            *(PersonAccount(person_id=number(0), account_id=number(n), rule="judgement", score=1.0,
                            inferred=False) for n in (0, 1)),
        ])  # fmt: skip
        plain = tables_of(rows_of("ES", 5))
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


def test_a_later_package_takes_the_place_of_the_earlier_and_the_earlier_comes_too_late(tmp_path):
    later = {"number": 2, "supersedes": package("ES").package_id}
    states = []
    for order in ((1, 2), (2,), (2, 1)):
        case = new_case(tmp_path / "".join(map(str, order)), rows_of("FR", 1))
        for n in order:
            if n == 2:
                receive(case, "ES", seed=2, **later)
            elif 2 in order[: order.index(n)]:
                with pytest.raises(EvidenceError, match="superseded"):
                    receive(case, "ES", seed=1)
            else:
                receive(case, "ES", seed=1)
        conclude(case)
        states.append(state(case))
        case.close()
    assert len(set(states)) == 1


def test_only_the_sender_supersedes(tmp_path):
    case = new_case(tmp_path / "case")
    receive(case, "ES", seed=1)
    with pytest.raises(EvidenceError, match="ES"):
        receive(case, "PT", seed=1, supersedes=package("ES").package_id)


class TestHandling:
    def test_what_may_not_be_used_in_court_is_left_out_before_anything_is_concluded(self, tmp_path):
        case = new_case(tmp_path / "case", rows_of("FR", 1))
        receive(case, "ES", seed=1, handling=("H1",))
        receive(case, "PT", seed=1)
        receive(case, "CO", seed=1, handling=("H2",))
        names = {c: package(c).package_id for c in ("ES", "PT", "CO")}
        assert in_court(case) == ("permitted", {names["PT"], names["CO"]})
        assert passed_on(case) == ("case", frozenset())
        conclude(case)
        scope, packages = in_court(case)
        with case.over(scope, packages):
            seen = case.rows("SELECT DISTINCT unnest(witnesses) AS w FROM merged_messages")
            assert {parted(row["w"])[0] for row in seen} == {"", "PT-0a0b0c0d", "CO-0a0b0c0d"}
            assert {row["origin"] for row in case.rows("SELECT origin FROM packages")} == {
                "PT-0a0b0c0d", "CO-0a0b0c0d"}  # fmt: skip

    def test_a_senders_letter_lifts_its_own_code_alone(self, tmp_path):
        case = new_case(tmp_path / "case")
        receive(case, "ES", "PT", seed=1, handling=("H1",))
        assert in_court(case) == ("case", frozenset())
        letter = Letter(origin="ES-0a0b0c0d", permits=Permits.JUDICIAL_USE, partner="ES",
                        reference="ES/7")  # fmt: skip
        decisions.permit(case, letter, "A", "letter of 3 May")
        assert in_court(case) == ("permitted", {package("ES").package_id})


class TestBadInput:
    @pytest.mark.parametrize("origin", ["", "ES~1", "a/b", "~", "E" * 65])
    def test_an_origin_that_could_be_taken_for_something_else_is_refused(self, tmp_path, origin):
        case = new_case(tmp_path / "case")
        with pytest.raises(EvidenceError):
            receive(case, "ES", origin=origin)
        assert not (case.folder / "received").exists()

    def test_rows_that_were_received_from_others_are_refused(self, tmp_path):
        case = new_case(tmp_path / "case")
        rows = [replace(r, exhibit_id="PT-1~E-01") for r in rows_of("ES", 1)]
        with pytest.raises(EvidenceError, match="~"), case.writing():
            take_in(case, package("ES"), tables_of(rows))

    def test_a_label_with_a_tilde_is_no_received_one(self, tmp_path):
        case = new_case(tmp_path / "case")
        at = {"exhibit_id": "E-01", "source_id": sha("x"), "locator": "1"}
        name = AccountName(**at, account_id="whatsapp:label:0a:~ Ana", name="~ Ana",
                           name_kind="export_label")  # fmt: skip
        with case.writing():
            take_in(case, package("ES"), tables_of([name]))
        case.refresh()
        (row,) = case.rows("SELECT * FROM received_account_names")
        assert row["account_id"] == "ES-0a0b0c0d~whatsapp:label:0a:~ Ana"

    def test_a_judgement_of_the_future_is_refused(self, tmp_path):
        case = new_case(tmp_path / "case")
        late = PersonJudgement(number=1, decision=Decision.ACCEPT, accounts=(number(0), number(1)),
                               others=(), judged_by="B", reason="c",
                               judged_at=SEALED.replace(year=2071))  # fmt: skip
        with pytest.raises(EvidenceError, match="2071"), case.writing():
            take_in(case, package("ES"), tables_of([late]))

    def test_two_packages_of_one_id_are_refused(self, tmp_path):
        case = new_case(tmp_path / "case")
        receive(case, "ES", seed=1)
        with pytest.raises(EvidenceError, match="other contents"):
            receive(case, "ES", seed=2, tagmanifest_sha256=sha("other"))


def test_categories_of_others_settle_nothing(tmp_path):
    case = new_case(tmp_path / "case", rows_of("FR", 1))
    theirs = FileCategory(number=1, sha256=PICTURE, scheme="S", country="ES", code="1",
                          judged_by="B", reason="c", judged_at=SEALED)  # fmt: skip
    with case.writing():
        take_in(case, package("ES"), tables_of([*rows_of("ES", 1), theirs]))
    case.refresh()
    assert case.rows("SELECT * FROM categories_that_count") == []
    assert len(case.rows("SELECT * FROM received_file_categories")) == 1


def test_the_parts_of_a_case_merged_equal_the_case_count_by_count(tmp_path):
    names = [*STEPS, "network"]
    whole = new_case(tmp_path / "whole")
    with whole.writing():
        for country in COUNTRIES:
            rows = [replace(row, exhibit_id=f"{country}-E-01") for row in rows_of(country, 7)]
            rows = [replace(row, event_id=row.event_id.replace(ITEM, sha(country)[:20]))
                    if hasattr(row, "event_id") else row for row in rows]  # fmt: skip
            rows = [replace(row, account_id=f"{row.account_id} {country}")
                    if type(row) in (Account, AccountName) and ":label:" in row.account_id else row
                    for row in rows]  # fmt: skip
            publish_own(whole, rows, f"{country}-E-01")
    merged = new_case(tmp_path / "merged")
    receive(merged, *COUNTRIES, seed=7)
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
    assert counts[0]["groups"] == len(GROUPS)
