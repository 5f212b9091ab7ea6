"""Every reader is run on its known inputs, and other rows than those on record are noticed."""

from __future__ import annotations

import shutil
import tomllib
from pathlib import Path

import pytest

from clew.facts.reader_api import readers
from clew.validation import known_inputs
from clew.validation.assertions import Plan
from clew.validation.known_inputs import EXPECTED, every_reader

GOLDEN = Path(__file__).parents[2] / "golden"


@pytest.fixture
def inputs(tmp_path) -> Path:
    """The first input of each reader."""
    for reader in readers():
        name = reader.name.replace("-", "_")
        first = min(f for f in (GOLDEN / name).iterdir() if f.is_dir())
        shutil.copytree(first, tmp_path / "inputs" / name / first.name)
    return tmp_path / "inputs"


def test_every_reader_gives_the_rows_on_record(inputs, tmp_path) -> None:
    found = list(every_reader(Plan(folder=tmp_path / "work", inputs=inputs)))
    assert {f.name for f in found} == {f"KA-R-{reader.name}" for reader in readers()}
    assert [f.figures for f in found if not f.passed] == []


def test_a_row_that_is_other_than_on_record_is_noticed(inputs, tmp_path) -> None:
    expected = next((inputs / "telegram_desktop").rglob(EXPECTED))
    text = expected.read_text()
    assert "sent_at" in text
    expected.write_text(text.replace('"sent_at":"20', '"sent_at":"19', 1))
    found = list(every_reader(Plan(folder=tmp_path / "work", inputs=inputs)))
    assert [f.name for f in found if not f.passed] == ["KA-R-telegram-desktop"]


def test_a_reader_without_inputs_has_failed(inputs, tmp_path) -> None:
    shutil.rmtree(inputs / "signal")
    found = list(every_reader(Plan(folder=tmp_path / "work", inputs=inputs)))
    assert [f.name for f in found if not f.passed] == ["KA-R-signal"]


def test_a_reader_whose_library_is_missing_is_neither_passed_nor_failed(
    tmp_path, monkeypatch
) -> None:
    shutil.copytree(GOLDEN / "documents", tmp_path / "inputs" / "documents")
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    plan = Plan(folder=tmp_path / "work", inputs=tmp_path / "inputs")
    (said,) = (found for found in every_reader(plan) if found.name == "KA-R-documents")
    assert said.passed is None
    assert "wrong: none; not read without a library that is missing here: log_docx" in said.figures


def test_without_any_inputs_nothing_is_passed(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(known_inputs, "_FOLDERS", (tmp_path / "nowhere",))
    (found,) = every_reader(Plan(folder=tmp_path))
    assert found.passed is None


def test_the_inputs_that_come_with_clew_are_those_of_the_tests() -> None:
    assert GOLDEN in known_inputs._FOLDERS
    build = tomllib.loads((GOLDEN.parents[1] / "pyproject.toml").read_text())
    included = build["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    assert included == {"tests/golden": "clew/validation/known"}
