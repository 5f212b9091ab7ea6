"""What was typed is understood: the case from CLEW_CASE, and the nearest of a mistyped name."""

from __future__ import annotations

import click
import pytest
from run_cli import run_cli

from clew.cli import CASE_VARIABLE, COMMANDS, _with_case, clew


def of_a_case(command=clew, path=()):
    """Every command that works on a case, as it is typed."""
    context = click.Context(command)
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            yield from of_a_case(command.get_command(context, name), (*path, name))
    elif any(p.envvar == CASE_VARIABLE for p in command.params):
        yield path


@pytest.fixture
def case(tmp_path, monkeypatch):
    folder = tmp_path / "c"
    assert run_cli("new", folder, "--title", "T", "--authority", "A").returncode == 0
    monkeypatch.setenv(CASE_VARIABLE, str(folder))
    return folder


@pytest.mark.parametrize("path", tuple(of_a_case()), ids=" ".join)
def test_the_case_may_stand_in_the_environment(case, path) -> None:
    assert _with_case([*path]) == [*path, str(case)]
    assert _with_case([*path, "--json", "x"]) == [*path, str(case), "--json", "x"]
    assert _with_case([*path, str(case), "x"]) == [*path, str(case), "x"]


def test_a_site_that_is_typed_goes_before_the_case_in_the_environment(case, tmp_path) -> None:
    assert run_cli("board", "site", tmp_path / "MAD").returncode == 0
    typed = ["board", "show", str(tmp_path / "MAD"), "--by", "search"]
    assert _with_case(typed) == typed


@pytest.mark.parametrize(
    "words",
    [("status",), ("show",), ("show", "groups"), ("show", "--limit", "3", "groups"), ("verify",),
     ("explain", "figure:messages"), ("persons", "judgements"), ("custody", "show"),
     ("query", "SELECT 1 AS one")],
    ids=" ".join,
)  # fmt: skip
def test_a_reading_needs_no_case_typed(case, words, monkeypatch) -> None:
    done = run_cli(*words, "--json")
    monkeypatch.delenv(CASE_VARIABLE)
    at = 2 if words[0] in ("persons", "custody") else 1
    again = run_cli(*words[:at], case, *words[at:], "--json")
    assert (done.returncode, bool(done.stdout)) == (again.returncode, bool(again.stdout))
    assert done.returncode == 0, done.stderr


def test_without_the_variable_nothing_is_added(monkeypatch) -> None:
    monkeypatch.delenv(CASE_VARIABLE, raising=False)
    assert _with_case(["show", "groups"]) == ["show", "groups"]


def test_a_mistyped_command_is_told_the_nearest() -> None:
    for name in COMMANDS:
        done = run_cli(f"{name}x", "c")
        assert done.returncode == 2
        assert f"Did you mean {name}?" in done.stderr
    assert "clew --help" in run_cli("qqqqqq").stderr


def test_a_mistyped_list_is_told_the_nearest(case) -> None:
    done = run_cli("show", case, "gruops")
    assert done.returncode == 2
    assert "Did you mean groups?" in done.stderr
