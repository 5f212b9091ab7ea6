"""A mapping in a case: added once, logged, read with, and read again when it changes."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from clew.casefile import open_case
from clew.cli import _run

GOLDEN = Path(__file__).parents[2] / "golden" / "csv_mapped" / "semicolon_local"


@pytest.fixture
def taken(tmp_path: Path, capsys) -> Path:
    evidence = tmp_path / "ev"
    evidence.mkdir()
    shutil.copy(GOLDEN / "export.bakery.csv", evidence)
    (evidence / "other.csv").write_text("a,b\n1,2\n")
    case = tmp_path / "c"
    assert _run(["new", str(case), "--title", "t", "--authority", "a"]) == 0
    about = ["--exhibit", "ES-01", "--kind", "phone", "--country", "ES"]
    assert _run(["add", str(case), str(evidence), *about]) == 0
    return case


def messages(case: Path) -> list[str]:
    with open_case(case) as opened:
        return [r["text"] for r in opened.rows("SELECT text FROM messages ORDER BY event_id")]


def test_a_case_reads_with_the_mappings_that_it_was_given(taken, tmp_path) -> None:
    _run(["run", str(taken)])
    assert messages(taken) == []
    mapping = tmp_path / "m.yaml"
    mapping.write_bytes((GOLDEN / "mapping.yaml").read_bytes())
    assert _run(["readers", "add", str(taken), str(mapping)]) == 0
    assert _run(["readers", "add", str(taken), str(mapping)]) == 2
    _run(["run", str(taken)])
    assert len(messages(taken)) == 7
    mapping.write_text(mapping.read_text().replace("text: Text", "text: Type"))
    assert _run(["readers", "add", str(taken), str(mapping)]) == 0
    _run(["run", str(taken)])
    assert "MSG" in messages(taken)
    with open_case(taken) as opened:
        (source,) = opened.rows("FROM sources WHERE reader = 'csv-mapped'")
        logged = [e for e in opened.custody.entries() if "mapping taken in" in str(e)]
    assert source["rows_emitted"] == 7
    assert len(logged) == 2


def test_a_mapping_is_tried_before_it_is_added_and_people_are_masked(capsys) -> None:
    files = [str(GOLDEN / "mapping.yaml"), str(GOLDEN / "export.bakery.csv")]
    assert _run(["readers", "test", *files, "--json"]) == 1
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {r["table"] for r in rows} >= {"messages", "shares", "unread", "source_rows"}
    assert {r["rows"] for r in rows if r["table"] == "messages"} == {7}
    assert not any(word in json.dumps([r for r in rows if r["table"] == "accounts"])
                   for word in ("wheat", "username:rye"))  # fmt: skip


def test_a_mapping_that_can_not_be_used_is_a_wrong_call(tmp_path, capsys) -> None:
    bad = tmp_path / "m.yaml"
    bad.write_text((GOLDEN / "mapping.yaml").read_text().replace("chat_id: Room", "chat: Room"))
    assert _run(["readers", "test", str(bad), str(GOLDEN / "export.bakery.csv")]) == 2
    assert "line 10: messages.chat: is no column to fill" in capsys.readouterr().err
    assert _run(["readers", "test", str(tmp_path / "none.yaml"), str(bad)]) == 2


def test_a_mapping_whose_name_is_a_path_is_refused_and_writes_nothing(
    taken, tmp_path, capsys
) -> None:
    bad = tmp_path / "m.yaml"
    bad.write_text((GOLDEN / "mapping.yaml").read_text().replace("bakery-chat", "../../out"))
    assert _run(["readers", "add", str(taken), str(bad)]) == 2
    assert "line 2: name: '../../out' can't name a file" in capsys.readouterr().err
    assert not list(tmp_path.rglob("out.yaml"))
