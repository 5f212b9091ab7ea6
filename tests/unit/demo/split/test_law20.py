"""The score of law 20 is right where the merged case is the whole, and says where it is not."""

from __future__ import annotations

import re

import msgspec
import pytest
from builders.countries import ITEM, rows_of, sha
from builders.merging import COUNTRIES, conclude, new_case, publish_own, receive

from clew.demo.split import law20
from clew.demo.split.agencies import COORDINATOR, agency, introduce
from clew.demo.split.sending import THINGS, Sent
from clew.exchange.receiving.delivering import deliver
from clew.exchange.routing.decisions import Signed
from clew.records import Account, AccountName, Decision, Message, PersonJudgement
from clew.schema import replace

_NAME = re.compile(":(label|username):")
NAMES = ("resolve", "clocks", "merge", "network")


def own_rows(country: str) -> list:
    """Rows of a country as a case has them that names its exhibits by country.

    Names mean another in each country: across origins they never join.
    """
    rows = [replace(row, exhibit_id=f"{country}-E-01") for row in rows_of(country, 7)]
    rows = [replace(row, event_id=row.event_id.replace(ITEM, sha(country)[:20]))
            if hasattr(row, "event_id") else row for row in rows]  # fmt: skip
    return [
        replace(row, account_id=f"{row.account_id} {country}")
        if type(row) in (Account, AccountName) and _NAME.search(row.account_id) else row
        for row in rows
    ]  # fmt: skip


@pytest.fixture(scope="module")
def cases(tmp_path_factory):
    """The whole case, and one to which packages with all rows of each country were merged."""
    home = tmp_path_factory.mktemp("law20")
    whole, merged = new_case(home / "whole"), new_case(home / "merged")
    agencies = {c: agency(home / c, c, c) for c in COUNTRIES[:3]}
    hub = agency(home / "hub", COORDINATOR, None)
    introduce(merged, hub, agencies.values())
    for country, own in agencies.items():
        part = new_case(home / country / "case", own_rows(country))
        introduce(part, own, [hub])
        package = law20.complete(part, own, hub, home)
        with merged.writing():
            assert deliver(merged, package, hub.opener).taken_in
        with whole.writing():
            publish_own(whole, own_rows(country), f"{country}-E-01")
        part.close()
    for case in (whole, merged):
        conclude(case, NAMES)
        case.refresh()
    yield whole, merged
    whole.close()
    merged.close()


def wrong(scores) -> list[str]:
    return [f"{one.name}: {one.detail}" for one in scores if not one.passed]


def test_whole_packages_merged_are_the_whole_case_row_by_row(cases) -> None:
    whole, merged = cases
    tables = law20.compared(whole, merged, merged)
    assert wrong(law20.exact(tables)) == []
    counted = {one.table: one.whole for one in tables}
    assert counted["messages"] > counted["merged_messages"] > 5
    assert counted["groups"] == 3


def test_a_row_that_is_missing_or_says_something_else_is_told(cases, tmp_path) -> None:
    whole, _ = cases
    rows = [row for country in COUNTRIES[:3] for row in own_rows(country)]
    first = next(row for row in rows if type(row) is Message)
    for changed, said in ((None, "messages 1"), (replace(first, is_forwarded=True), "messages 1")):
        other = new_case(tmp_path / f"{changed is None}")
        with other.writing():
            publish_own(other, [changed if row is first else row for row in rows
                                if row is not first or changed])  # fmt: skip
        other.refresh()
        found = law20.exact([t for t in law20.compared(whole, other, other) if not t.is_finding])
        problems = wrong(found)
        assert len(problems) == (1 if changed else 2)
        assert said in problems[-1]
        other.close()


def test_packages_that_lack_a_row_they_should_have_do_not_add_up(cases) -> None:
    whole, merged = cases
    names = ("accounts", "messages")
    rows = {n: whole.rows(f'SELECT count(*) AS n FROM "{n}"')[0]["n"] for n in names}
    things = {thing: frozenset(range(n)) for thing, n in law20.counted(merged).items()}
    sent = Sent(
        package="p", sender="ES", receiver=COORDINATOR, folder=merged.folder, size=0, named=1,
        counted=0, tokens=0, texts=0, texts_withheld=0, total=rows, rows=rows,
        withheld={n: {} for n in names}, things=things,
    )  # fmt: skip
    assert things.keys() == THINGS.keys()
    assert wrong(law20.added_up(whole, merged, [sent])) == []
    less = {**rows, "messages": rows["messages"] - 1}
    lacking = msgspec.structs.replace(sent, rows=less)
    assert len(wrong(law20.added_up(whole, merged, [lacking]))) == 2
    stays = msgspec.structs.replace(lacking, withheld={**sent.withheld, "messages": {"member": 1}})
    assert [one.split(":")[0] for one in wrong(law20.added_up(whole, merged, [stays]))] == [
        "tables of which the coordinator has the rows that were sent"
    ]


def test_rows_of_a_sender_that_are_still_there_are_counted(tmp_path) -> None:
    case = new_case(tmp_path / "case")
    sent = Sent(
        package="none", sender="ES", receiver="x", folder=tmp_path, size=0, named=0, counted=0,
        tokens=0, texts=0, texts_withheld=0, total={}, rows={}, withheld={},
    )  # fmt: skip
    assert law20.left_of(case, sent) == 0
    receive(case, "ES", "PT")
    case.refresh()
    assert law20.left_of(case, sent) > 10
    case.close()


class Shown:
    """A case of which these tables are known, each a list of rows."""

    def __init__(self, **tables: list[dict[str, object]]) -> None:
        self.tables = tables

    def rows(self, sql: str) -> list[dict[str, object]]:
        rows = self.tables[sql.split('"')[1]]
        asked = sql.count(",") + 1
        return [dict([*row.items()][:asked]) for row in rows]


def shown(accounts: dict[str, str], ties: dict[str, str], groups: tuple[str, ...]) -> Shown:
    return Shown(
        person_accounts=[{"a": a, "p": p, "i": False} for a, p in accounts.items()],
        export_chats=[{"e": e, "c": c, "tied": True} for e, c in ties.items()],
        groups=[{"g": g} for g in groups],
    )


WHOLE = shown({"1": "x", "2": "x", "3": "y"}, {"e": "g"}, ("g", "h"))


def test_less_that_is_known_is_explained_and_a_wrong_join_is_told() -> None:
    apart = Shown(
        person_accounts=[{"a": "1", "p": "m", "i": False}, {"a": "3", "p": "m", "i": True},
                         {"a": "ES-0a1b2c3d~2", "p": "n", "i": False}],
        export_chats=[], groups=[{"g": "g"}, {"g": "e"}],
    )  # fmt: skip
    persons, groups = list(law20.explained(WHOLE, apart))
    assert (persons.passed, groups.passed) == (True, True)
    assert persons.detail.startswith("2 for 1 of the whole")
    assert "of 1 nothing was sent, and 1 are exports" in groups.detail
    joined = Shown(
        person_accounts=[{"a": a, "p": "m", "i": False} for a in "13"], export_chats=[],
        groups=[{"g": "other"}],
    )  # fmt: skip
    assert [one.passed for one in law20.explained(WHOLE, joined)] == [False, False]


def test_what_the_whole_infers_and_law_12_offers_is_accepted_and_nothing_else(case) -> None:
    """Not what the whole does not infer, nor what the merged one takes by itself."""

    def links(*found: tuple[str, str, str]) -> list[dict[str, object]]:
        return [{"a": a, "b": b, "state": state} for a, b, state in found]

    whole = Shown(person_links=links(("1", "2", "taken"), ("3", "4", "taken"),
                                     ("5", "6", "offered")))  # fmt: skip
    merged = Shown(person_links=links(
        ("ES-0a1b2c3d~2", "1", "offered"), ("3", "4", "taken"), ("5", "6", "offered"),
        ("7", "8", "offered"),
    ))  # fmt: skip
    merged.ledger = case.ledger
    assert law20.accept_offered(whole, merged, Signed("A", "demo")) == 1
    (one,) = case.ledger.judgements(PersonJudgement)
    assert (one.decision, one.accounts) == (Decision.ACCEPT, ("ES-0a1b2c3d~2", "1"))
