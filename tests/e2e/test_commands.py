"""The commands as a user calls them: what they refuse, how, and that nothing changes."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from run_cli import run_cli as clew


def started(*arguments: object) -> subprocess.CompletedProcess[str]:
    """The program itself, in a process of its own."""
    command = [sys.executable, "-c", "from clew.cli import main; main()", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


def state(folder: Path) -> dict[str, str]:
    """All of a case but its custody log, which keeps the attempt."""
    return {
        str(f.relative_to(folder)): hashlib.sha256(f.read_bytes()).hexdigest()
        for f in sorted(folder.rglob("*"))
        if f.is_file() and f.name not in (".lock", "custody.sqlite")
    }


@pytest.fixture
def case(tmp_path: Path) -> Path:
    folder = tmp_path / "case"
    done = clew("new", folder, "--title", "T", "--authority", "Order 1/2026")
    assert done.returncode == 0, done.stderr
    (tmp_path / "ev").mkdir()
    (tmp_path / "ev" / "f.txt").write_text("benign")
    return folder


def add(case: Path, *paths: object, exhibit="ES-01", country="ES", **more: str):
    options = [x for name, value in more.items() for x in (f"--{name}", value)]
    return clew(
        "add", case, *(paths or [case.parent / "ev"]), "--exhibit", exhibit, "--kind", "phone",
        "--country", country, *options,
    )  # fmt: skip


def refused(done, code: int, *words: str) -> None:
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    for word in words:
        assert word in done.stderr
    assert len(done.stderr.strip().splitlines()) >= 2, "it says what to do as well"


def test_the_way_through(tmp_path) -> None:
    case, evidence = tmp_path / "case", tmp_path / "ev"
    evidence.mkdir()
    (evidence / "f.txt").write_text("benign")
    done = started("new", case, "--title", "T", "--authority", "Order 1/2026")
    assert done.returncode == 0, done.stderr
    about = ("--exhibit", "ES-01", "--kind", "phone", "--country", "ES")
    done = started("add", case, evidence, *about)
    assert done.returncode == 0
    assert "seen 1 = processed 1 + skipped 0 + failed 0" in done.stderr
    done = started("run", case)
    assert done.returncode == 0, done.stderr
    for command in (["status"], ["verify"], ["show", "exhibits"], ["show", "groups"]):
        name, *rest = command
        done = started(name, case, *rest)
        assert done.returncode == 0, done.stderr
    done = started("query", case, "select count(*) as n from items", "--json")
    assert json.loads(done.stdout) == {"n": 1}


@pytest.mark.parametrize(
    ("about", "words"),
    [
        ({"exhibit": "../x"}, ["can't be an exhibit id"]),
        ({"country": "XX"}, ["no country code"]),
        ({"country": "UK"}, ["no country code", "GB"]),
        ({"country": "ESP"}, ["no country code"]),
        ({"time-zone": "Europe/Nowhere"}, ["no time zone"]),
    ],
)
def test_a_wrong_word_is_named_and_nothing_changes(case, about, words) -> None:
    before = state(case)
    refused(add(case, **about), 2, *words)
    assert state(case) == before


def test_a_folder_that_does_not_exist(case) -> None:
    before = state(case)
    refused(add(case, case.parent / "nowhere"), 2, "there is no", "nowhere")
    assert state(case) == before


def test_no_authority(tmp_path) -> None:
    case = tmp_path / "c"
    assert clew("new", case, "--title", "T").returncode == 0
    (tmp_path / "ev").mkdir()
    before = state(case)
    refused(add(case), 2, "authority", "case.toml")
    assert state(case) == before


def test_the_same_exhibit_again_and_the_same_id_with_other_content(case) -> None:
    assert add(case).returncode == 0
    before = state(case)
    refused(add(case), 2, "in the case already")
    (case.parent / "other").mkdir()
    (case.parent / "other" / "g").write_text("g")
    refused(add(case, case.parent / "other"), 2, "other content", "--exhibit")
    refused(add(case, exhibit="ES-02"), 2, "as exhibit ES-01")
    assert state(case) == before


def test_a_case_of_a_newer_version_and_a_damaged_case(case) -> None:
    toml = case / "case.toml"
    whole = toml.read_text()
    toml.write_text(whole.replace("format_version = 2", "format_version = 3"))
    refused(clew("status", case), 2, "newer Clew")
    toml.write_text(whole[:20])
    refused(clew("status", case), 3, "damaged")
    toml.unlink()
    refused(clew("run", case), 2, "no case")


def test_a_damaged_table_is_found_by_verify_and_told_by_others(case) -> None:
    assert add(case).returncode == 0
    file = next((case / "evidence" / "items").glob("*.parquet"))
    file.write_bytes(file.read_bytes()[:-20])
    done = clew("verify", case)
    assert done.returncode == 3
    assert "was changed since it was written" in done.stderr
    refused(clew("status", case), 3, "damaged")


def test_a_case_that_can_not_be_written(case) -> None:
    if os.getuid() == 0:
        subprocess.run(["mount", "--bind", case, case], check=False)
        if subprocess.run(["mount", "-o", "remount,ro,bind", case], check=False).returncode:
            pytest.skip("this machine lets nobody mount")
    else:
        case.chmod(0o500)
    try:
        refused(add(case), 4, "can't be written")
    finally:
        if os.getuid() == 0:
            subprocess.run(["umount", "-l", case], check=False)


def test_run_without_an_exhibit(case) -> None:
    refused(clew("run", case), 2, "nothing to run on", "clew add")


@pytest.mark.parametrize(
    "sql",
    [
        "drop view messages", "select 1; select 2", "selec", "select * from nope",
        "copy items to '/tmp/x.csv'", "select * from read_csv('/etc/passwd')", "",
    ],
)  # fmt: skip
def test_a_query_that_does_not_only_read_the_tables(case, sql) -> None:
    refused(clew("query", case, sql), 2)


def test_unmasking_asks_for_a_reason_and_is_logged(case) -> None:
    assert add(case).returncode == 0
    refused(clew("show", case, "accounts", "--unmask"), 2, "--reason")
    assert clew("show", case, "accounts", "--unmask", "--reason", "order 7").returncode == 0
    log = (case / "custody.sqlite").read_bytes()
    assert b"order 7" in log


def test_an_unknown_id(case) -> None:
    assert add(case).returncode == 0
    refused(clew("explain", case, "nobody"), 2, "nothing in the case")


def test_a_file_is_explained_by_its_hash(case) -> None:
    assert add(case).returncode == 0
    digest = hashlib.sha256(b"benign").hexdigest()
    done = clew("explain", case, digest, "--json")
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(r["table"], r.get("path")) for r in rows if r["table"] == "items"] == [
        ("items", "f.txt")
    ]
    *told, check = rows
    assert told[-1]["table"] == "exhibits"
    assert told[-1]["exhibit_id"] == "ES-01"
    assert (check["table"], check["sha256"]) == ("check", digest)
    assert check["file"].endswith("f.txt")


@pytest.mark.parametrize("how", [started, clew], ids=["started", "in this process"])
def test_wrong_calls_of_click_exit_with_2(case, how) -> None:
    assert how("add", case).returncode == 2
    assert how("nope").returncode == 2
    assert how("--help").returncode == 0
    assert how("--version").returncode == 0


@pytest.mark.parametrize(
    "command",
    [("show", "{case}", "persons"), ("query", "{case}", "select 1 from messages"),
     ("explain", "{case}", "figure:messages"), ("report", "{case}", "{case}.html", "--force")],
)  # fmt: skip
def test_every_reading_is_logged_before_anything_is_shown(case, command) -> None:
    assert add(case).returncode == 0
    called = [part.format(case=case) for part in command]
    before = len(clew("custody", "show", case, "--json", "--limit", "0").stdout.splitlines())
    assert clew(*called).returncode == 0
    entries = clew("custody", "show", case, "--json", "--limit", "0").stdout.splitlines()
    assert len(entries) > before
    with closing(sqlite3.connect(case / "custody.sqlite")) as db:
        db.execute("DROP TABLE node")
    refused = clew(*called)
    assert refused.returncode in (3, 4)
    assert refused.stdout == ""
