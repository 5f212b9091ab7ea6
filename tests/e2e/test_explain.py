"""Any id of any table, and any figure of the report's first page, leads back to the evidence."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing, nullcontext

import pytest
from click.testing import CliRunner
from steps import take_in

from clew import pipeline
from clew.casefile import open_case
from clew.casefile.engine import Progress
from clew.cli.explain import explain
from clew.errors import EvidenceError, UsageError
from clew.evidence.describe import described
from clew.report.figures import figures
from clew.schema import tables
from clew.validation import rederive
from clew.validation.faults import ABOUT

IDS = {"figure", "cluster_id", "match_id", "call_id", "item_id", "event_id", "message_key",
       "merged_id",
       "chat_id", "account_id", "person_id", "code", "sha256", "source_id", "search_id", "set",
       "chat_a", "chat_b", "from_id", "to_id", "node_id", "seen_chat_id", "account_a",
       "sender_account_id", "content_sha256", "community_id", "before", "after"}  # fmt: skip


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
def asked_before() -> dict[str, list[dict]]:
    """What was told of each id: many tables have the same."""
    return {}


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
@pytest.mark.parametrize("table", sorted(n for n in tables() if not n.startswith("doc_")))
def test_every_id_of_every_table_leads_somewhere_and_what_was_read_to_its_exhibit(
    demo, asked_before, table
) -> None:
    with open_case(demo) as case:
        rows = case.rows(f'FROM "{table}" ORDER BY ALL LIMIT 1')
    ids = IDS - ({"code"} if table in ("flags", "unread") else set())
    ids |= {"exhibit_id"} if table == "clock_offsets" else set()
    ids |= {"country", "a", "b"} if table in ("countries", "country_ties") else set()
    ids |= {"line_id", "gap_id"}
    ids |= {"line", "calibrated_on"} if table.startswith("linkage_") else set()
    asked = {row[k] for row in rows for k in ids & set(row) if isinstance(row[k], str)} - {""}
    assert asked or not rows
    for wanted in asked:
        if wanted not in asked_before:
            asked_before[wanted] = told(demo, wanted, "--unmask", "--reason", "test")
        found = asked_before[wanted]
        assert found
        if table not in (
            "known_hashes", "hash_sets", "introduction_model", "invite_targets",
            "linkage_errors", "linkage_weights",
        ):  # fmt: skip
            assert "exhibits" in {row["table"] for row in found} or wanted.startswith("demo")


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
        counts = {row["of"]: row for row in found if row["table"] == "count"}
        assert counts["merged_messages"]["rows"] == group["messages"]
        assert len(case.rows(counts["merged_messages"]["query"])) == group["messages"]
    members = [row for row in found if row["table"] == "group_members"]
    assert len(members) == group["members"]


def test_nothing_is_told_twice(demo) -> None:
    with open_case(demo) as case:
        (file,) = case.rows("FROM file_clusters ORDER BY items DESC LIMIT 1")
    rows = [json.dumps(row, sort_keys=True) for row in told(demo, file["sha256"])]
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
