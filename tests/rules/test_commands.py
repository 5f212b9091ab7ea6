"""Laws for every command."""

import importlib
import os
import pkgutil
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

import clew.cli as clew_cli
from clew.cli import COMMANDS, GROUPS, clew

HEAVY = ("duckdb", "pyarrow", "jinja2", "phonenumbers")


def commands():
    context = click.Context(clew)
    for name in COMMANDS:
        command = clew.get_command(context, name)
        if isinstance(command, click.Group):
            for below in command.commands.values():
                yield f"{name} {below.name}", below
        else:
            yield name, command


@pytest.mark.parametrize(("name", "command"), list(commands()), ids=lambda x: str(x)[:20])
class TestCommand:
    def test_its_help_has_an_example(self, name, command) -> None:
        assert command.help
        if "list" not in name:
            assert f"clew {name}" in command.help

    def test_its_examples_keep_their_lines(self, name, command) -> None:
        shown = command.get_help(click.Context(command, info_name=name))
        assert "\\b" not in shown
        assert "\\\\" not in shown
        if "list" not in name:
            assert f"\n  clew {name}" in shown

    def test_it_speaks_json(self, name, command) -> None:
        assert any("--json" in p.opts for p in command.params)


def test_every_module_with_a_command_is_a_command_and_nothing_else_names_it() -> None:
    modules = {name for _, name, _ in pkgutil.iter_modules(clew_cli.__path__)}
    found = {
        name
        for name in modules
        if isinstance(
            getattr(importlib.import_module(f"clew.cli.{name}"), name, None), click.Command
        )
    }
    assert set(COMMANDS) == found
    assert {about.group for about in COMMANDS.values()} == set(GROUPS)


def test_no_sql_stands_in_commands_or_the_report() -> None:
    source = Path(clew_cli.__file__).parent.parent
    for file in (*(source / "cli").glob("*.py"), *(source / "report").rglob("*.py")):
        text = file.read_text("utf-8")
        assert not re.search(r'["\s](SELECT|WITH) [\w(*"]|FROM \w+ ', text), file
    assert len(list((source / "views").rglob("*.sql"))) > 100


def test_the_first_page_keeps_its_lines() -> None:
    assert "\n  clew new CASE" in clew.get_help(click.Context(clew))


@pytest.mark.parametrize(
    ("begin", "left"),
    [
        ("from clew.cli import _run; _run(['--help'])", HEAVY),
        ("import clew.sandbox.worker", ("duckdb", "importlib.metadata", "pyarrow.compute")),
    ],
    ids=["help", "worker"],
)
def test_help_and_a_worker_import_nothing_heavy(begin, left) -> None:
    code = (
        f"import sys; {begin}; heavy = [m for m in {left!r} if m in sys.modules];"
        "sys.exit(repr(heavy) if heavy else 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=os.environ, check=False
    )
    assert done.returncode == 0, done.stderr
