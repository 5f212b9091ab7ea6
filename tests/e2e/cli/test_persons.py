"""Persons of a generated operation: what devices prove, what is inferred, what is judged."""

from __future__ import annotations

from collections import defaultdict

import msgspec
import pyarrow.parquet as pq
import pytest
import steps
from click.testing import CliRunner

from clew import pipeline
from clew.casefile import create_case, open_case, verify
from clew.casefile.chronicle import Chronicle
from clew.casefile.engine import Progress
from clew.cli.persons import persons
from clew.cli.undo import undo
from clew.demo import Parameters, generate
from clew.demo.intake import take_exhibits
from clew.errors import UsageError
from clew.findings import resolve
from clew.steps import STEPS

pytest.importorskip("splink", reason="the extra network is not installed")
PARAMETERS = Parameters(
    of_interest=40, accounts=900, groups=20, shares=2500, coverage=0.35, forces=4, maps_known=0.6
)


def concluded(case) -> None:
    pipeline.perform(case, "judge", "resolve")


@pytest.fixture(scope="module")
def operation(tmp_path_factory):
    folder = tmp_path_factory.mktemp("persons")
    made = generate(folder, PARAMETERS)
    wanted = [x for x in made.exhibits if x.about["kind"] in ("phone", "laptop")]
    made = msgspec.structs.replace(made, exhibits=tuple(wanted))
    with create_case(folder / "case", made.title, "a test") as case:
        take_exhibits(case, made, Progress(), 2)
        with case.writing():
            for row in case.rows("FROM exhibits ORDER BY exhibit_id"):
                steps.read(case, row["exhibit_id"])
            concluded(case)
    return folder


@pytest.fixture(scope="module")
def owners(operation):
    found = defaultdict(set)
    for row in pq.read_table(operation / "truth" / "accounts.parquet").to_pylist():
        found[row["account_id"]].add(row["person"])
    return found


def run(operation, command: str, *words: str) -> str:
    asked = [command, str(operation / "case"), *words]
    group, asked = (undo, asked[1:]) if command == "undo" else (persons, asked)
    done = CliRunner().invoke(group, asked, standalone_mode=False)
    assert done.exit_code == 0, done.output
    return done.output


def tied(case, but: str = "") -> list[tuple[str, str]]:
    rows = case.rows(
        "SELECT account_id, tied_to FROM person_accounts "
        "WHERE tied_to IS NOT NULL AND rule <> $but",
        but=but,
    )
    return [(row["account_id"], row["tied_to"]) for row in rows]


def test_what_devices_prove_is_right(operation, owners) -> None:
    with open_case(operation / "case") as case:
        proved = tied(case, "linkage")
        assert len(proved) >= 30
        assert all(owners[a] & owners[b] for a, b in proved if a in owners and b in owners)


def test_what_is_inferred_is_mostly_right_and_finds_more(operation, owners) -> None:
    with open_case(operation / "case") as case:
        inferred = set(tied(case)) - set(tied(case, "linkage"))
        right = [bool(owners[a] & owners[b]) for a, b in inferred]
        assert len(right) >= 5
        assert sum(right) / len(right) >= 0.8


def test_every_link_has_lines_of_evidence_that_sum_to_its_weight(operation) -> None:
    with open_case(operation / "case") as case:
        (off,) = case.rows(
            "SELECT max(abs(l.bits - e.bits)) AS most, count(*) AS links FROM person_links AS l "
            "JOIN (SELECT account_a, account_b, sum(bits) AS bits FROM link_evidence "
            "GROUP BY account_a, account_b) AS e "
            "ON e.account_a = l.account_a AND e.account_b = l.account_b"
        )
        (links,) = case.rows("SELECT count(*) AS n FROM person_links")
        assert off["links"] == links["n"] > 0
        assert off["most"] < 0.1


def test_a_persons_weakest_link_is_the_weakest_that_holds_it(operation) -> None:
    with open_case(operation / "case") as case:
        found = case.rows("FROM persons WHERE inferred > 0")
        assert found
        bits = {
            tuple(sorted((r["account_a"], r["account_b"]))): r["bits"]
            for r in case.rows("FROM person_links")
        }
        for person in found:
            held = case.rows(
                "FROM person_accounts WHERE person_id = $p AND rule = 'linkage'",
                p=person["person_id"],
            )
            weights = [bits[tuple(sorted((r["account_id"], r["tied_to"])))] for r in held]
            assert person["weakest_bits"] == min(weights)
            assert len(held) == person["inferred"]


def test_the_same_facts_give_the_same_persons(operation) -> None:
    with open_case(operation / "case") as case, case.writing():
        before = [case.outputs(row)[0].sha256 for row in written()]
        concluded(case)
        assert before == [case.outputs(row)[0].sha256 for row in written()]


def written():
    return next(step.writes for step in STEPS if step.name == "resolve")


def test_judgements_outrank_inference_and_outlive_a_new_run(operation, owners) -> None:
    with open_case(operation / "case") as case:
        taken = case.rows("FROM person_links WHERE state = 'taken' ORDER BY bits LIMIT 1")[0]
        offered = case.rows("FROM person_links WHERE state = 'offered' ORDER BY bits LIMIT 1")[0]
    by = ("--by", "A. Analyst", "--reason", "a test")
    run(operation, "reject", taken["account_a"], taken["account_b"], *by)
    run(operation, "accept", offered["account_a"], offered["account_b"], *by)
    with open_case(operation / "case") as case, case.writing():
        for _ in range(2):
            concluded(case)
            person = {r["account_id"]: r for r in case.rows("FROM person_accounts")}
            assert (person[taken["account_a"]]["person_id"]
                    != person[taken["account_b"]]["person_id"])  # fmt: skip
            assert (person[offered["account_a"]]["person_id"]
                    == person[offered["account_b"]]["person_id"])  # fmt: skip
            states = {r["state"] for r in case.rows("FROM person_links WHERE judgement > 0")}
            assert states == {"accepted", "rejected"}
        assert list(verify.ledger(case, Chronicle(case.custody))) == []
    run(operation, "undo", "1", *by)
    run(operation, "undo", "2", *by)
    with open_case(operation / "case") as case, case.writing():
        concluded(case)
        again = case.rows("FROM person_links WHERE account_a = $a AND account_b = $b",
                          a=taken["account_a"], b=taken["account_b"])  # fmt: skip
        assert again == [taken]


def test_a_split_takes_accounts_out(operation) -> None:
    with open_case(operation / "case") as case:
        person = case.rows("FROM persons WHERE accounts > 2 ORDER BY person_id")[0]["person_id"]
        held = [r["account_id"] for r in case.rows(
            "FROM person_accounts WHERE person_id = $p ORDER BY account_id", p=person)]  # fmt: skip
    run(operation, "split", person, held[-1], "--by", "A", "--reason", "sold")
    with open_case(operation / "case") as case, case.writing():
        concluded(case)
        now = {r["account_id"]: r["person_id"] for r in case.rows("FROM person_accounts")}
        assert now[held[-1]] not in {now[account] for account in held[:-1]}


@pytest.mark.parametrize("words", [("split", "x", "y"), ("accept", "x", "x"), ("undo", "99")])
def test_what_cannot_be_judged_is_told(operation, words) -> None:
    command, *rest = words
    with open_case(operation / "case") as case:
        known = [r["account_id"] for r in case.rows("FROM person_accounts ORDER BY account_id")]
    named = [{"x": known[0], "y": known[-1]}.get(word, word) for word in rest]
    asked = [command, str(operation / "case"), *named, "--by", "A", "--reason", "b"]
    group, asked = (undo, asked[1:]) if command == "undo" else (persons, asked)
    done = CliRunner().invoke(group, asked, standalone_mode=False)
    assert isinstance(done.exception, UsageError)


def test_lists_and_explanations_hide_who_people_are(operation) -> None:
    with open_case(operation / "case") as case:
        link = case.rows("FROM person_links ORDER BY bits DESC LIMIT 1")[0]
        names = {n for r in case.rows("FROM account_names") for n in [r["name"]] if len(n) > 6}
    pair = (link["account_a"], link["account_b"])
    shown = run(operation, "explain", *pair) + run(operation, "list")
    assert not [name for name in names if name in shown]
    assert not [a for a in pair if a.split(":")[-1] in shown]
    open_ = run(operation, "explain", *pair, "--unmask", "--reason", "a test")
    assert all(account in open_ for account in pair)


def test_a_new_countrys_accounts_are_compared_with_the_rest(operation) -> None:
    with open_case(operation / "case") as case:
        country = case.rows("SELECT country FROM exhibits ORDER BY 1 LIMIT 1")[0]["country"]
        every = {(r["account_a"], r["account_b"]): r["bits"]
                 for r in case.rows("FROM person_links")}  # fmt: skip
        context = pipeline.context_of(case, "resolve")
        links = resolve.links_of_country(context, country)
        here = {r["account_id"] for r in context.rows("accounts_of", country=country)}
    assert links
    assert all((link.a in here) != (link.b in here) for link in links)
    assert {(link.a, link.b): link.bits for link in links}.items() <= every.items()


def test_numbers_of_two_owners_are_parted_by_date(operation) -> None:
    with open_case(operation / "case") as case:
        for row in case.rows("FROM recycled_numbers"):
            known = {r["account_id"]: r["person_id"] for r in case.rows("FROM person_accounts")}
            assert row["again_from"] > row["given_up_at"]
            assert known[row["later_account_id"]] != known[row["account_id"]]
