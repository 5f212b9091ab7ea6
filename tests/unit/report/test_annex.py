"""Every list stands in full beside the report, as CSV and in one workbook."""

from __future__ import annotations

import csv
import zipfile

import pytest

from clew.reading import Reading, disclosure_of
from clew.report.annex import write_annexes
from clew.report.book import Book
from clew.report.shown import Shown


@pytest.fixture
def written(answered, tmp_path):
    reading = Reading(answered, disclosure_of("test"))
    book = Book(reading, Shown(reading), {})
    return book, tmp_path / "annex", write_annexes(book, tmp_path / "annex")


def rows(folder, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_annex_is_there_with_its_rows_and_the_workbook_has_a_sheet_of_each(written) -> None:
    _, folder, annexes = written
    names = {a.name for a in annexes}
    assert names == {f.name for f in folder.iterdir()}
    for annex in annexes:
        if annex.name.endswith(".csv"):
            assert len(rows(folder, annex.name[:-4])) == annex.rows
    with zipfile.ZipFile(folder / "annex.xlsx") as book:
        sheets = [n for n in book.namelist() if n.startswith("xl/worksheets/")]
    assert len(sheets) == len(names) - 1


def test_persons_and_groups_bear_the_numbers_of_the_report(written) -> None:
    book, folder, _ = written
    assert [r["number"] for r in rows(folder, "persons")] == [p["label"] for p in book.persons]
    assert {r["created_by"] for r in rows(folder, "groups")} <= {"", "P1"}


def test_new_files_have_whole_hashes_and_who_brought_them_in(written) -> None:
    _, folder, _ = written
    (new,) = rows(folder, "new")
    assert new["sha256"] == "b" * 64
    assert new["brought_in_by"].startswith("P")
    assert new["group"].startswith("G")


def test_what_rests_on_missing_conclusions_is_no_annex(drawn, tmp_path) -> None:
    reading = Reading(drawn, disclosure_of("test"))
    book = Book(reading, Shown(reading), {"gaps": ("timeline_gaps",)})
    assert "gaps.csv" not in {a.name for a in write_annexes(book, tmp_path / "annex")}
