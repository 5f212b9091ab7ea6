"""Under an explanation stands a command that finds the value without Clew: it is run as printed."""

from __future__ import annotations

import json
import shutil
import subprocess

import pytest
from run_cli import run_cli as clew

from clew.casefile import open_case

TOOLS = ("sqlite3", "sed", "jq", "unzip", "sha256sum")
NEEDED = pytest.mark.skipif(
    not all(map(shutil.which, TOOLS)), reason=f"the tools of the lines are not here: {TOOLS}"
)
ROWS = """
SELECT m.event_id, m.text, m.source_id, s.reader, s.generation, i.in_archive, i.media_type,
       row_number() OVER (PARTITION BY s.reader, s.generation, s.with_wal, i.in_archive
                          ORDER BY length(m.text) DESC, m.event_id) AS n
FROM messages AS m
JOIN sources AS s ON s.source_id = m.source_id AND s.exhibit_id = m.exhibit_id
JOIN items AS i ON i.item_id = s.item_id
WHERE m.text IS NOT NULL AND NOT contains(m.text, chr(10)) AND m.state = 'live'
"""


def checked(case, id_: str, *more: str) -> dict[str, str]:
    done = clew("explain", case, id_, "--json", *more)
    assert done.returncode == 0, done.stderr
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    (check, *_) = [row for row in rows if row["table"] == "check"]
    return check


def ran(command: str) -> str:
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, check=False, timeout=60)
    assert done.returncode == 0, (command, done.stderr)
    return done.stdout.decode("utf-8", "replace")


@NEEDED
def test_the_lines_of_every_kind_of_source_find_the_text_and_the_hash(demo) -> None:
    case = demo / "case"
    with open_case(case) as opened:
        rows = [row for row in opened.rows(ROWS) if row["n"] == 1]
    assert {row["reader"] for row in rows} >= {
        "whatsapp-android", "whatsapp-text", "telegram-desktop",
    }  # fmt: skip
    assert {row["in_archive"] for row in rows} == {True, False}
    for row in rows:
        check = checked(case, row["event_id"], "--unmask", "--reason", "a test")
        printed = ran(check["command"])
        assert row["source_id"] in printed, row
        assert row["text"] in printed, (row, check["command"], printed)


@NEEDED
def test_a_masked_reader_s_line_names_nobody_and_a_file_s_gives_its_hash(demo) -> None:
    case = demo / "case"
    with open_case(case) as opened:
        (item,) = opened.rows(
            "SELECT item_id, sha256 FROM items WHERE media_type = 'image/jpeg' "
            "ORDER BY in_archive DESC, item_id LIMIT 1"
        )
    check = checked(case, item["item_id"])
    assert item["sha256"] in ran(check["command"])
    assert check["sha256"] == item["sha256"]


def test_an_explanation_fits_a_screen(demo, monkeypatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("LINES", "40")
    case = demo / "case"
    with open_case(case) as opened:
        (one,) = opened.rows("SELECT person_id FROM roles ORDER BY groups DESC, person_id LIMIT 1")
    who = clew("person", case, one["person_id"], "--json").stdout
    pseudonym = json.loads(who.splitlines()[0])["person_id"]
    lines = clew("explain", case, pseudonym).stdout.splitlines()
    assert len(lines) <= 40
    *told, command = lines
    assert all(len(line) <= 80 for line in told)
    assert command.startswith("    sha256sum ") or "mktemp" in command
    assert len(clew("explain", case, pseudonym, "--all").stdout.splitlines()) > len(lines)
