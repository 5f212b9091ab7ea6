"""What goes to a terminal can neither move it nor hide anything, whichever door it takes."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from run_cli import run_cli

from clew.cli import _say_error, visible
from clew.cli.output import Bar, echo, say, write_json, write_table
from clew.cli.visible import escaped, printable
from clew.errors import EvidenceError

BAD = "\x1b[31m\x07\x7f\x9b\r\u202e\u2066\u200f\u2028\ufeff\U000e0041"
HIDING = {*BAD.replace("[31m", ""), "\udcff"}


@pytest.mark.parametrize("bad", ["\x1b[31m", "\u202e", "\x07", "\u2028", "\ufeff", "\r"])
def test_characters_that_hide_or_turn_are_spelt_out(bad) -> None:
    shown = printable(f"a{bad}b")
    assert bad[0] not in shown
    assert f"U+{ord(bad[0]):04X}" in shown


def test_plain_text_of_any_script_stays() -> None:
    for text in ("río", "мир", "中文", "a\nb"):
        assert printable(text) == text


def doors():
    """Everything by which a command says something."""
    text = f"a{BAD}b"
    yield lambda: say(text)
    yield lambda: echo(text)
    yield lambda: write_table([{"name": text}])
    yield lambda: write_json([{"name": text, text: 1}])
    yield lambda: Bar().start(text, 1)
    yield lambda: _say_error(EvidenceError(text, do=text))


@pytest.mark.parametrize("door", tuple(doors()))
def test_no_door_lets_a_character_hide_or_turn(door, capsys) -> None:
    door()
    said = "".join(capsys.readouterr())
    assert said.strip()
    assert not set(said) & HIDING


@pytest.mark.parametrize(
    "words",
    [("status", "{}"), ("show", "{}", "groups", "--json"), ("report", "{}", "x.html"),
     ("verify", "{}", "--against", "{}"), ("{}",), ("validate", "--report", "{}/no/x.html")],
)  # fmt: skip
def test_a_path_in_an_error_is_shown_as_it_is(tmp_path, words) -> None:
    said = run_cli(*(word.format(tmp_path / f"no{BAD}\udcffsuch") for word in words))
    assert said.returncode in (2, 3)
    assert not set(said.stdout + said.stderr) & HIDING


def test_an_error_of_two_lines_forges_no_other_error(capsys) -> None:
    _say_error(EvidenceError("a\nclew: all is well", do="b"))
    assert not any(line.startswith("clew: all") for line in capsys.readouterr().err.splitlines())


def test_json_keeps_its_value() -> None:
    row = {"text": f'{BAD}\u00e9 \u4e2d "\\ \n'}
    assert json.loads(escaped(json.dumps(row, ensure_ascii=False))) == row


def test_a_path_that_is_no_text_has_json(capsys) -> None:
    path = os.fsdecode(b"/x/\xff")
    write_json([{"file": path}])
    assert json.loads(capsys.readouterr().out) == {"file": path}


def test_commands_print_through_this_door_alone() -> None:
    folder = Path(visible.__file__).parent
    assert [
        file.name
        for file in sorted(folder.glob("*.py"))
        if "click.echo" in file.read_text("utf-8") and file.name != "visible.py"
    ] == []
