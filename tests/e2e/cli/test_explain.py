"""Any id of any table, and any figure of the report's first page, leads back to the evidence."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing, nullcontext
from functools import cache

import pytest
from click.testing import CliRunner
from steps import take_in

from clew import pipeline, views
from clew.casefile import open_case
from clew.casefile.engine import Progress
from clew.cli.explain import explain
from clew.errors import EvidenceError, UsageError
from clew.evidence.describe import described
from clew.judgements import decisions
from clew.reading import disclose, disclosure_of
from clew.reading.explain import Explanation, Paging, _identifying
from clew.records import Decision
from clew.report.figures import figures
from clew.schema import tables
from clew.validation import rederive
from clew.validation.faults import ABOUT

NO_EXHIBIT = ("known_hashes", "hash_sets", "introduction_model", "invite_targets")
"""Tables that come with no exhibit, or whose rows lead to none by themselves."""

NOT_OF_A_CASE = frozenset(n for n in tables() if n.startswith("doc_"))

A_THIRD = pytest.mark.whole("a third of the tables is asked")
IN_TURN = [
    name if rank % 3 == 0 else pytest.param(name, marks=A_THIRD)
    for rank, name in enumerate(sorted(tables().keys() - NOT_OF_A_CASE))
]


@pytest.fixture(scope="module")
def demo(demo, tmp_path_factory):
    """The demo's case, and in it a phone whose database had rows deleted."""
    folder = tmp_path_factory.mktemp("explain")
    deleted = folder / "deleted"
    deleted.mkdir()
    source = min((demo / "evidence").rglob("msgstore.db"))
    (deleted / "msgstore.db").write_bytes(source.read_bytes())
    with closing(sqlite3.connect(deleted / "msgstore.db", isolation_level=None)) as db:
        db.execute("PRAGMA secure_delete=OFF")
        db.execute("DELETE FROM message WHERE _id % 7 = 0")
    shutil.copytree(demo / "case", folder / "case")
    with open_case(folder / "case") as case, case.writing():
        take_in(case, described(case.config, (deleted,), ABOUT))
        pipeline.run(case, Progress(), 2)
    return folder / "case"


@pytest.fixture(scope="module")
def tables_of(demo):
    """Names of the tables in which an id leads to rows, each id asked once by one reading.

    The tables lie in memory, and what several ids ask alike is asked once.
    """
    with open_case(demo) as case, disclose(case, disclosure_of("test", reason="test")) as reading:
        every = {name: case.sql(f'FROM "{name}"') for name in tables() if name not in NOT_OF_A_CASE}
        remembering = Remembering(reading)

        @cache
        def names(wanted: str) -> set[str]:
            names.asked.add(wanted)
            sections = Explanation(remembering, wanted, Paging(2)).sections()
            return {s.table.table_name for s in sections if s.rows}

        names.asked = set()
        with case.engine.with_tables(**every):
            yield names


class Remembering:
    """A reading whose rows are asked for once."""

    def __init__(self, reading) -> None:
        self.case, self._reading, self._known = reading.case, reading, {}

    def rows(self, sql, **asked):
        key = sql, repr(asked)
        if key not in self._known:
            self._known[key] = self._reading.rows(sql, **asked)
        return self._known[key]


@pytest.fixture(scope="module")
def again(demo):
    """The case concluded anew, for rows of several tables."""
    with open_case(demo) as case, rederive.concluded_anew(case) as anew:
        yield anew


def told(case, *arguments) -> list[dict]:
    result = CliRunner().invoke(explain, [str(case), *arguments, "--json"], standalone_mode=False)
    assert result.exception is None, (arguments, result.exception)
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.mark.slow
@pytest.mark.parametrize("table", IN_TURN)
def test_every_id_of_every_table_leads_somewhere_and_what_was_read_to_its_exhibit(
    demo, tables_of, table
) -> None:
    """Each column that a row class declares as an identifier, of this or any other table."""
    row = tables()[table]
    holding = [
        name for own in (True, False) for part in _identifying(row, own=own) for name in part
    ]
    with open_case(demo) as case:
        rows = case.rows(views.whole(row).query(limit=200))
    rows = sorted(rows, key=lambda found: len(wanted_of(found, holding) - tables_of.asked))[:1]
    asked = {v for found in rows for v in wanted_of(found, holding)}
    assert asked or not rows or not holding
    for wanted in sorted(asked):
        found = tables_of(wanted)
        assert found
        if table not in NO_EXHIBIT:
            assert "exhibits" in found, wanted


def wanted_of(found, names) -> set[str]:
    return {value for name in names for value in several(found[name])}


def several(value) -> list[str]:
    return value if isinstance(value, list) else [value] if value else []


@pytest.mark.parametrize(
    ("table", "column"), [("merged_messages", "merged_id"), ("items", "item_id"),
                          ("items", "sha256"), ("matches", "match_id")],
)  # fmt: skip
def test_the_beginning_of_an_id_stands_for_it_where_it_is_the_only_one(demo, table, column) -> None:
    with open_case(demo) as case:
        ids = [
            r["id"] for r in case.rows(f'SELECT DISTINCT {column} AS id FROM "{table}"') if r["id"]
        ]
        groups = {row["chat_id"] for row in case.rows("SELECT DISTINCT chat_id FROM chats")}
    alone = (i for i in sorted(ids) if sum(o.startswith(i[:-2]) for o in ids) == 1)
    wanted = next(i for i in alone if i[:-2] not in groups)
    whole = told(demo, wanted, "--unmask", "--reason", "test")
    assert alike(told(demo, wanted[:-2], "--unmask", "--reason", "test")) == alike(whole)


def alike(rows: list[dict]) -> list[dict]:
    """Rows without the command for more, which has the id as it was asked for."""
    return [{name: value for name, value in row.items() if name != "command"} for row in rows]


def test_an_ambiguous_beginning_is_refused_with_those_that_it_may_be(demo) -> None:
    with open_case(demo) as case:
        ids = [row["item_id"] for row in case.rows("SELECT item_id FROM items ORDER BY item_id")]
    result = CliRunner().invoke(explain, [str(demo), ids[0][:1]], standalone_mode=False)
    assert isinstance(result.exception, UsageError)
    *listed, more = str(result.exception).rpartition(": ")[2].split(", ")
    assert more == "and more"
    assert len({one for one in listed if one.startswith(ids[0][:1])}) == len(listed) >= 2


def test_nobody_finds_a_number_by_its_first_digits_while_people_are_masked(demo) -> None:
    with open_case(demo) as case:
        (account,) = case.rows(
            "SELECT * FROM accounts WHERE e164 IS NOT NULL ORDER BY e164 LIMIT 1"
        )
    asked = [str(demo), account["account_id"][:-1]]
    assert isinstance(
        CliRunner().invoke(explain, asked, standalone_mode=False).exception, UsageError
    )
    shown = told(demo, account["account_id"][:-1], "--unmask", "--reason", "test")
    assert account["account_id"] in {row.get("account_id") for row in shown}


@pytest.mark.parametrize("kind", ["person", "account", "group", "number"])
def test_a_pseudonym_of_any_kind_and_its_beginning_are_explained(demo, kind) -> None:
    listed = {"person": ("persons", "person_id"), "account": ("accounts", "account_id"),
              "group": ("groups", "chat_id"), "number": ("account-records", "e164")}  # fmt: skip
    name, column = listed[kind]
    with open_case(demo) as case, disclose(case, disclosure_of("test")) as reading:
        rows = reading.view(name).rows
    shown = next(row[column] for row in rows if row[column])
    assert alike(told(demo, shown)) == alike(told(demo, shown[:-1]))


def test_one_screen_is_shown_and_the_rest_of_a_table_page_by_page(demo) -> None:
    with open_case(demo) as case:
        (group,) = case.rows("SELECT * FROM groups ORDER BY messages DESC, chat_id LIMIT 1")
    result = CliRunner().invoke(explain, [str(demo), group["chat_id"]], standalone_mode=False)
    assert len(result.stdout.splitlines()) <= 100
    asked = ("--table", "merged_messages", "--limit", "100")
    pages = [told(demo, group["chat_id"], *asked, "--page", str(page))
             for page in range(1, group["messages"] // 100 + 2)]  # fmt: skip
    rows = [row["merged_id"] for page in pages for row in page if row["table"] == "merged_messages"]
    assert len(rows) == len(set(rows)) == group["messages"]


@pytest.mark.slow
@pytest.mark.parametrize("table", ["messages", "merged_messages", "matches", "recovered_messages",
                                   "calls"])  # fmt: skip
def test_a_row_is_derived_again_the_same(demo, again, monkeypatch, table) -> None:
    monkeypatch.setattr(rederive, "concluded_anew", lambda _: nullcontext(again))
    with open_case(demo) as case:
        (row,) = case.rows(f'FROM "{table}" ORDER BY ALL LIMIT 1')
    key = tables()[table].key[0]
    found = told(demo, row[key], "--derive", "--unmask", "--reason", "test")
    derived = [r for r in found if r["table"] == "again"]
    assert {r["what"] for r in derived} >= {"content"} | ({table} & {r["table"] for r in found})
    assert all(r["same"] for r in derived)


@pytest.mark.slow
@pytest.mark.whole("rows of other tables are derived again")
def test_after_a_judgement_of_persons_conclusions_are_drawn_again_the_same(demo, tmp_path) -> None:
    shutil.copytree(demo, tmp_path / "case")
    with open_case(tmp_path / "case") as case, case.writing():
        (tie,) = case.rows(
            "SELECT account_id, person_id FROM person_accounts WHERE account_id <> person_id "
            "ORDER BY account_id LIMIT 1"
        )
        accounts = (tie["account_id"], tie["person_id"])
        ruling = decisions.Ruling(decision=Decision.REJECT, accounts=accounts)
        decisions.judge(case, ruling, "A. Analyst", "test")
        pipeline.run(case, Progress(), 2)
    found = told(tmp_path / "case", tie["person_id"], "--derive", "--unmask", "--reason", "test")
    derived = [row for row in found if row["table"] == "again"]
    assert {row["what"] for row in derived} >= {"persons", "person_accounts"}
    assert all(row["same"] for row in derived)


def test_each_figure_of_the_first_page_is_counted_again(demo) -> None:
    with open_case(demo) as case:
        counted = figures(case)
    for name in counted:
        first, *files = told(demo, f"figure:{name}")
        assert first["value"] == counted[name]
        assert all(len(row["sha256"]) == 64 for row in files)
    (again,) = (r for r in told(demo, "figure:media", "--derive") if r["table"] == "again")
    assert again["same"]


def test_a_figure_of_a_group_tells_what_it_counts(demo) -> None:
    with open_case(demo) as case:
        (group,) = case.rows("FROM groups ORDER BY messages DESC LIMIT 1")
        found = told(demo, group["chat_id"])
    counts = {row["of"]: row for row in reversed(found) if row["table"] == "count"}
    assert counts["merged_messages"]["rows"] == group["messages"]
    assert counts["group_members"]["rows"] == group["members"]
    members = told(demo, group["chat_id"], "--table", "group_members", "--limit", "0")
    assert len(members) == group["members"]


def test_a_copy_in_an_export_is_no_message_of_its_group_and_leads_to_the_one_it_counts_with(
    demo,
) -> None:
    with open_case(demo) as case:
        (copy,) = case.rows(
            "SELECT x.* FROM exported_copies AS x JOIN merged_messages AS m "
            "ON m.merged_id = x.event_id ORDER BY x.event_id LIMIT 1"
        )
    found = told(demo, copy["event_id"], "--unmask", "--reason", "test")
    assert copy["event_id"] in {row.get("merged_id") for row in found}
    assert copy["merged_id"] in {
        row["merged_id"] for row in found if row["table"] == "merge_candidates"
    }
    assert "exhibits" in {row["table"] for row in found}


def test_nothing_is_told_twice(demo) -> None:
    with open_case(demo) as case:
        (file,) = case.rows("FROM file_clusters ORDER BY items DESC LIMIT 1")
    rows = [json.dumps(row, sort_keys=True) for row in told(demo, file["sha256"], "--limit", "0")]
    assert len(rows) == len(set(rows)) > file["items"]


def test_a_figure_over_a_changed_table_is_not_confirmed(demo, tmp_path) -> None:
    case = tmp_path / "case"
    shutil.copytree(demo, case)
    file = next((case / "evidence" / "items").glob("*.parquet"))
    file.chmod(0o600)
    file.write_bytes(file.read_bytes()[:-1] + b"2")
    command = [str(case), "figure:messages", "--derive", "--json"]
    result = CliRunner().invoke(explain, command, standalone_mode=False)
    assert isinstance(result.exception, Exception) or result.return_value == EvidenceError.exit_code


def test_the_log_never_holds_the_number_that_was_asked_for(demo) -> None:
    with open_case(demo) as case:
        (account,) = case.rows("FROM accounts WHERE e164 IS NOT NULL ORDER BY ALL LIMIT 1")
        told(demo, account["account_id"], "--unmask", "--reason", "request 3/26")
        bodies = "".join(entry.body for entry in case.custody.entries())
    assert account["e164"].lstrip("+") not in bodies
    assert "request 3/26" in bodies


def test_what_is_not_there_is_told(demo) -> None:
    for wanted in ("nobody", "figure:nothing"):
        result = CliRunner().invoke(explain, [str(demo), wanted], standalone_mode=False)
        assert isinstance(result.exception, UsageError)


def test_what_was_stated_can_not_be_derived_and_says_so(demo) -> None:
    result = CliRunner().invoke(explain, [str(demo), "S-03", "--derive"], standalone_mode=False)
    assert result.return_value == 1


def test_rows_deleted_on_one_copy_are_told_beside_the_phone_that_has_them(demo) -> None:
    with open_case(demo) as opened:
        found = opened.rows(
            "SELECT c.*, r.found_in FROM message_conflicts AS c "
            "JOIN recovered_messages AS r ON r.event_id = c.event_id "
            "WHERE c.kind = 'deleted_here_live_there'"
        )
        live = {row["event_id"] for row in opened.rows("SELECT event_id FROM messages")}
    assert found
    for row in found:
        assert row["event_id"] not in live
        assert row["other_event_id"] in live
        assert row["deleted_by"] is None
