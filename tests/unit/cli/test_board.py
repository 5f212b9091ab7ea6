"""``clew board``: a day of searches, from sites to the coordinator."""

from __future__ import annotations

import csv
import json
import re

import pytest
from builders.lists import ARRESTS, REGISTER
from run_cli import run_cli as run

from clew.casefile import create_case
from clew.operation.site_files import read_site


@pytest.fixture
def case(tmp_path):
    with create_case(tmp_path / "case", "Test", "Order 1/2026"):
        pass
    run("whoami", "--name", "A. Analyst")
    return tmp_path / "case"


def lines(done) -> list[dict[str, object]]:
    return [json.loads(line) for line in done.stdout.splitlines()]


def board(case, by) -> list[dict[str, object]]:
    return lines(run("board", "show", case, "--by", by, "--json"))


def test_lists_are_tried_imported_once_and_shown(case, tmp_path) -> None:
    file = tmp_path / "seizures.csv"
    file.write_bytes(REGISTER.encode("cp1252"))
    tried = run("board", "import", case, file, "--as", "register", "--dry-run", "--json")
    assert lines(tried)[-1]["items"] == 42
    assert board(case, "exhibit") == []
    done = run("board", "import", case, file, "--as", "register", "--time-zone", "Europe/Madrid")
    assert done.returncode == 0, done.stderr
    assert "3 taken + 0 there already + 1 passed over + 0 refused" in done.stderr
    again = run("board", "import", case, file, "--as", "register", "--time-zone", "Europe/Madrid")
    assert "0 taken + 3 there already" in again.stderr
    assert board(case, "exhibit")[0]["seized_at"] == "2017-03-28T06:50:00Z"
    (tmp_path / "arrests.csv").write_text(ARRESTS)
    assert run("board", "import", case, tmp_path / "arrests.csv", "--as", "status").returncode == 0
    rows = {row["country"]: row for row in board(case, "country")}
    assert (rows["ES"]["seized"], rows["ES"]["arrests"], rows["CO"]["arrests"]) == (42, 2, 1)
    assert run("verify", case).returncode == 0


def test_a_list_with_a_refused_row_or_without_rows_needs_a_look(case, tmp_path) -> None:
    for text, says in (
        ("person_ref,country,status,on\nV-1,ES,safeguarded,2017-04-10\n", "another desk"),
        ("person_ref,country,status,on\n", "no rows"),
        (
            "person_ref,country,status,on\nP,ES,charged,2017-04-01\nP,ES,arrested,2017-04-10\n",
            "P needs a look: order",
        ),
    ):
        (tmp_path / "list.csv").write_text(text)
        done = run("board", "import", case, tmp_path / "list.csv", "--as", "status", "--dry-run")
        assert done.returncode == 1
        assert says in done.stderr


def test_a_site_states_prints_and_is_merged(case, tmp_path) -> None:
    site = tmp_path / "MAD"
    assert run("board", "site", site).returncode == 0
    for about, says, *more in (
        ("search ES-S-01", "entered", "--at", "2017-03-28T05:58Z"),
        ("exhibit ES-S-01/1", "seized", "--with", "kind=phone"),
        ("person ES-P-01", "arrested"),
        ("person ES-P-01", "withdrawn", "--withdraws", "3", "--reason", "brother"),
    ):
        done = run("board", "say", site, about, says, "--by", "MAD-1", *more)
        assert done.returncode == 0, done.stderr
    assert board(site, "search")[0]["state"] == "entered"
    assert run("board", "sheet", site, tmp_path / "p.html").returncode == 0
    page = (tmp_path / "p.html").read_text()
    assert len(re.findall("<svg", page)) == 5
    merged = run("board", "merge", case, site / "MAD.jsonl", "--json")
    assert (merged.returncode, lines(merged)[0]["fresh"]) == (0, 4)
    assert [row["track"] for row in board(case, "person")] == ["withdrawn"]
    others = run("board", "say", case, "person ES-P-01", "withdrawn", "--withdraws", "3")
    assert others.returncode == 2
    assert "no own statement 3" in others.stderr
    text = (site / "MAD.jsonl").read_bytes()
    (tmp_path / "MAD.jsonl").write_bytes(text.replace(b"arrested", b"released"))
    assert run("board", "merge", case, tmp_path / "MAD.jsonl").returncode == 3
    (tmp_path / "MAD.jsonl").write_bytes(b"".join(text.splitlines(keepends=True)[:1]))
    assert read_site(tmp_path / "MAD.jsonl").statements == ()


def test_what_the_case_states_is_masked_and_the_desk_asks_why(case) -> None:
    said = run("board", "say", case, "search ES-S-01", "planned", "--place", "Lugo")
    assert said.returncode == 0, said.stderr
    assert run("board", "say", case, "victim V-1", "possible").returncode == 0
    assert board(case, "search")[0]["place"] == "withheld"
    assert run("board", "show", case, "--by", "desk").returncode == 2
    shown = run("board", "show", case, "--by", "desk", "--unmask", "--reason", "R", "--json")
    assert lines(shown)[0]["reference"] == "V-1"
    assert run("board", "say", case, "person P", "arested").returncode == 2
    assert run("board", "say", case, "person P-2", "possible_victim").returncode == 0
    listed = run("show", case, "statements", "--json").stdout
    assert "ES-S-01" in listed
    assert "V-1" not in listed
    assert "P-2" not in listed


def test_an_export_runs_nothing_and_keeps_numbers_and_no_victim(case, tmp_path) -> None:
    (tmp_path / "r.csv").write_text(
        "exhibit_id,search_id,what,note\n"
        'X-1,S-1,phone,"=HYPERLINK(""http://x"",""y"")"\nX-2,S-1,phone,+34600111222\n'
    )
    run("board", "import", case, tmp_path / "r.csv", "--as", "register")
    run("board", "say", case, "victim V-1", "possible")
    out = tmp_path / "out"
    assert run("board", "export", case, out, "--csv", "--unmask", "--reason", "R").returncode == 0
    text = "".join(file.read_text() for file in sorted(out.iterdir()))
    assert "V-1" not in text
    cells = [
        cell for row in csv.reader((out / "exhibit.csv").read_text().splitlines()) for cell in row
    ]
    assert not [cell for cell in cells if cell.startswith(("=", "+"))]
    assert any("+34600111222" in cell for cell in cells)
    assert run("board", "export", case, tmp_path / "b.xlsx", "--xlsx").returncode == 0
    assert run("board", "export", case, tmp_path / "b.xlsx", "--xlsx").returncode == 2


def test_figures_are_compared(case, tmp_path) -> None:
    (tmp_path / "f.csv").write_text(
        "figure,country,scope,value,source\narrests,*,operation,39,A\narrests,ES,country,0,A\n"
    )
    done = run("board", "compare", case, tmp_path / "f.csv", "--json")
    assert done.returncode == 1
    assert [row["difference"] for row in lines(done)] == [0, -39]


def test_a_thing_of_the_register_is_taken_in_and_found_again(case, tmp_path) -> None:
    (tmp_path / "r.csv").write_text(REGISTER)
    run("board", "import", case, tmp_path / "r.csv", "--as", "register")
    (tmp_path / "e").mkdir()
    (tmp_path / "e" / "a.txt").write_text("benign")
    about = ("--exhibit", "X-1", "--kind", "phone", "--country", "ES")
    assert run("add", case, tmp_path / "e", *about, "--register", "ES-S-01/9").returncode == 2
    done = run("add", case, tmp_path / "e", *about, "--register", "ES-S-01/I-1")
    assert done.returncode == 0, done.stderr
    (row,) = [row for row in board(case, "country") if row["country"] == "ES"]
    assert (row["seized"], row["acquired"], row["read"]) == (42, 1, 0)
    assert board(case, "exhibit")[0]["exhibit_ids"] == ["X-1"]
    seen = run("register", case, case, "--find", "352099001761481", "--json")
    assert [one["entry"] for one in lines(seen)] == ["ES-S-01/I-1"] * 2
    assert "352099" not in seen.stdout
    assert run("register", case).returncode == 0
