"""The documentation is true to the code."""

from __future__ import annotations

import importlib.util
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from clew import errors
from clew.cli import COMMANDS, clew

DOCS = Path(__file__).parents[2] / "docs"


def reference():
    spec = importlib.util.spec_from_file_location("reference", DOCS / "reference.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


PAGES = ("tables.md", "commands.md", "readers.md", "codes.md", "deliberate-faults.md",
         "formats/structures.md", "flow.svg")  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
def test_a_page_made_from_the_code_is_up_to_date(page, request) -> None:
    made = reference().pages()[page]
    if request.config.getoption("--write-golden"):
        (DOCS / page).write_text(made, encoding="utf-8")
    assert (DOCS / page).read_text(encoding="utf-8") == made


def test_every_command_and_error_is_in_the_guide() -> None:
    guide = "\n".join(p.read_text(encoding="utf-8") for p in DOCS.glob("*.md"))
    for name in COMMANDS:
        assert f"clew {name}" in guide
    for error in errors.ClewError.__subclasses__():
        assert f"exit {error.exit_code}" in guide or f"| {error.exit_code} |" in guide


def test_every_page_can_be_reached() -> None:
    index = (DOCS / "index.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"^([\w/-]+)$", index, re.MULTILINE))
    pages = {str(p.relative_to(DOCS).with_suffix("")) for p in DOCS.rglob("*.md")}
    missing = {p for p in pages - {"index"} if p not in listed and "_build" not in p}
    assert not missing


def test_the_readme_opens_with_the_two_commands() -> None:
    readme = (DOCS.parent / "README.md").read_text(encoding="utf-8")
    head = readme[:1500]
    assert "make demo" in head
    assert "make test" in head


def typed(page: Path) -> Iterator[list[str]]:
    """Commands in the blocks of a page, as a shell would take them apart."""
    for block in re.findall(r"```(?:text|sh)?\n(.*?)```", page.read_text("utf-8"), re.DOTALL):
        for command in re.findall(
            r"^(?:\$ )?(?:\.venv/bin/)?clew (.*?)(?=^\S|\Z)", block, re.MULTILINE | re.DOTALL
        ):
            lexer = shlex.shlex(command.replace("\\\n", " "), posix=True, punctuation_chars=">|&")
            lexer.whitespace_split = True
            words = list(lexer)
            stop = (n for n, word in enumerate(words) if word in (">", "|", "&&"))
            yield words[: next(stop, len(words))]


def refuse_unknown(command: click.Command, words: list[str]) -> None:
    """Raise where a command does not know a word, or lacks one that it asks for."""
    while isinstance(command, click.Group):
        context = click.Context(command)
        named = command.get_command(context, words[0])
        words = words[1:] if named else words
        command = named or command.get_command(context, "list")
    options, left, _ = command.make_parser(click.Context(command)).parse_args(words)
    missing = {p.name for p in command.params if p.required and not options.get(p.name)}
    assert not left, left
    assert not missing, missing


BY_HAND = sorted({*DOCS.glob("*.md"), DOCS.parent / "README.md"} - {DOCS / p for p in PAGES})


@pytest.mark.parametrize("page", BY_HAND, ids=lambda page: page.stem)
def test_every_command_of_a_page_can_be_typed(page) -> None:
    for words in typed(page):
        if not words[0].startswith("-"):
            refuse_unknown(clew, words)
