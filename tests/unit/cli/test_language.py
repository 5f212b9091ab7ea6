"""What a person reads comes out in the person's language: lists, notes and help."""

from __future__ import annotations

import re

import click
import pytest
from click.testing import CliRunner
from pseudo import LANGUAGE, pseudo, write_language
from telltale import DIGITS, made

from clew.cli import _laid_out
from clew.cli.explain import explain
from clew.cli.language import here
from clew.cli.persons import persons
from clew.cli.show import show
from clew.cli.status import status
from clew.words import catalogue

ENGLISH = re.compile(r"\b(the|of|and|is|are|was|were|which|with|from|that|this|they|have|shows?)\b")


@pytest.fixture
def language(tmp_path, monkeypatch) -> None:
    write_language(tmp_path / "locale")
    monkeypatch.setattr(catalogue, "LOCALES", str(tmp_path / "locale"))
    monkeypatch.setenv(catalogue.LANGUAGE, LANGUAGE)


@pytest.fixture(scope="module")
def full(tmp_path_factory):
    with made(tmp_path_factory.mktemp("language") / "case") as case:
        yield case


def test_without_a_language_texts_are_english() -> None:
    assert here("{n} of {m} shown", n=1, m=2) == "1 of 2 shown"


@pytest.mark.usefixtures("language")
def test_a_text_without_a_translation_stays_english() -> None:
    assert here("nothing that the catalogue has") == "nothing that the catalogue has"


@pytest.mark.usefixtures("language")
@pytest.mark.parametrize(("command", "arguments", "expected"), [
    (show, [], "Which groups"), (show, ["groups"], "subject"), (show, ["persons"], "person_id"),
    (show, ["unread", "--limit", "1"], "shown; --limit"), (status, [], "Steps to do"),
    (persons, ["list"], "Errors are counted"),
    (explain, [f"whatsapp:pn:34{DIGITS[0]}"], "person_id"), (show, ["lineage"], "subject_earlier"),
    (show, ["timeline"], "reason"),
])  # fmt: skip
def test_lists_and_notes_come_out_in_the_language(full, command, arguments, expected) -> None:
    first = [arguments[0]] if command is persons else []
    given = [*first, str(full.folder), *arguments[len(first) :]]
    done = CliRunner().invoke(command, given, standalone_mode=False)
    assert done.exception is None
    assert pseudo(expected) in done.output
    assert not ENGLISH.search(re.sub(r"clew [a-z-]+.*|term \d", "", done.output))


@pytest.mark.usefixtures("language")
def test_help_comes_out_in_the_language() -> None:
    option = click.Option(["--json"], help="One JSON object per line on standard output.")
    command = _laid_out(click.Command("c", params=[option]))
    assert command.params[0].help == pseudo("One JSON object per line on standard output.")
