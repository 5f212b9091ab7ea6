"""What goes to a terminal can neither move it nor hide anything; JSON is a line each."""

from __future__ import annotations

import contextlib
import io
import json
import sys
from datetime import UTC, datetime

import pytest

from clew.cli.output import Bar, say, say_next, say_pending, write_json, write_table


def test_a_table_has_its_columns_in_line(capsys) -> None:
    write_table([{"a": 1, "b": None, "c": ["x", "y"]}, {"a": 22, "b": "z" * 99, "c": []}])
    head, one, other = capsys.readouterr().out.splitlines()
    assert head.split() == ["a", "c"]
    assert one.endswith("x, y")
    assert other.split() == ["22"]
    write_table([{"a": 1, "b": None}, {"a": 22, "b": "z " * 99}])
    assert "\u2026" in capsys.readouterr().out


def test_no_rows_are_told_as_none(capsys) -> None:
    write_table([])
    assert capsys.readouterr().out == "(none)\n"


def test_rows_for_programs_are_a_line_each(capsys) -> None:
    rows = [{"a": "\u202e\n", "at": datetime(2026, 1, 1, tzinfo=UTC)}, {"a": None}]
    write_json(rows)
    lines = capsys.readouterr().out.splitlines()
    assert [json.loads(line)["a"] for line in lines] == ["\u202e\n", None]


def test_people_are_told_apart_from_programs(capsys) -> None:
    say("for people")
    bar = Bar()
    bar.start("reading", 3)
    bar.advance(3)
    bar.finish()
    out, err = capsys.readouterr()
    assert out == ""
    assert "for people" in err
    assert "reading" in err


def test_a_list_before_its_step_says_what_is_still_to_do(case, capsys) -> None:
    say_pending(case)
    assert "steps are still to do" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("typed", "path", "said"),
    [("{}/bin/clew", "{}/bin", "clew"), ("{}/bin/clew", "/nowhere", "{}/bin/clew"),
     ("{}/clew/__main__.py", "{}/bin", f"{sys.executable} -m clew")],
)  # fmt: skip
def test_the_next_command_is_said_as_it_can_be_called(
    tmp_path, monkeypatch, typed, path, said
) -> None:
    clew = tmp_path / "bin" / "clew"
    clew.parent.mkdir()
    clew.touch(mode=0o755)
    monkeypatch.setattr(sys, "argv", [typed.format(tmp_path)])
    monkeypatch.setenv("PATH", path.format(tmp_path))
    with contextlib.redirect_stderr(io.StringIO()) as err:
        say_next("show {case} groups", case="a case")
    assert err.getvalue() == f"Next: {said.format(tmp_path)} show 'a case' groups\n"
