"""Workbooks: opened in a worker, titles and totals and numbers as they stand there."""

from __future__ import annotations

import hashlib
from datetime import datetime

import pytest

from clew.errors import UsageError
from clew.operation.board import board
from clew.operation.importing.taking import How, plan
from clew.operation.importing.workbook import sheet_of
from clew.operation.statements import listed
from clew.sandbox import Guard


@pytest.fixture(scope="module")
def guard():
    made = Guard()
    yield made
    made.close()


def read(guard, file, sheet=""):
    return sheet_of(guard, file, hashlib.sha256(file.read_bytes()).hexdigest(), sheet)


def check(guard, file, moves) -> None:
    register = plan(read(guard, file), How(role="register"), (), board(()))
    assert [row.became for row in register.rows].count("taken") == 3
    assert register.total is None
    said = listed(register.said, "X", "A")
    found = board(said)
    assert [e.flags for e in found.register] == [("imei_twice",), (), ("imei_twice",)]
    assert found.register[0].seized_at == "2017-03-29T06:30"
    moved = plan(read(guard, file, moves), How(role="moves"), said, found)
    after = board([*said, *listed(moved.said, "Y", "A")])
    assert [m.gaps for m in after.moves] == [(), ("seal_changed",), ("seal_changed",)]


def test_a_register_and_its_moves_are_read(guard, tmp_path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    first = book.active
    first.merge_cells("A1:G1")
    first["A1"] = "Asservatenverzeichnis"
    first.append([])
    first.append(["Asservaten-Nr.", "Durchsuchung", "Gegenstand", "Anzahl", "IMEI",
                  "sichergestellt am", "Siegel"])  # fmt: skip
    day = datetime(2017, 3, 29, 6, 30)  # noqa: DTZ001 - a workbook's times are local
    first.append(["001", "DE-D-01", "Handy", 1, 352099001761481, day, "S0"])
    first.append(["002", "DE-D-01", "Laptop", 1, None, day, "S1"])
    first.append(["003", "DE-D-01", "Handy", 1, "352099001761481", day, "S2"])
    first.append(["", "", "Summe", "=SUM(D4:D6)"])
    second = book.create_sheet("Bewegungen")
    second.append(["Asservaten-Nr.", "von", "an", "wann", "Siegel vorher", "Siegel nachher"])
    second.append(["001", "A", "Labor", "29.03.2017 14:05", "S0", "S0"])
    second.append(["001", "Labor", "Lager", "31.03.2017 09:00", "S0", "S0b"])
    second.append(["002", "A", "Labor", "29.03.2017 14:05", "S1", "S9"])
    book.save(tmp_path / "register.xlsx")
    check(guard, tmp_path / "register.xlsx", "Bewegungen")
    with pytest.raises(UsageError, match="no sheet 'X'"):
        read(guard, tmp_path / "register.xlsx", "X")


def test_nothing_of_a_sheet_is_left_out_without_a_word(guard, tmp_path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.append(["Nº", "Durchsuchung", "Gegenstand"])
    book.active.append(["001", "DE-D-01", "x" * 5000])
    book.save(tmp_path / "long.xlsx")
    (row,) = plan(read(guard, tmp_path / "long.xlsx"), How(role="register"), (), board(())).rows
    assert (row.became, row.code) == ("refused", "cell_long")
    book.active.cell(2, 101, "y")
    book.save(tmp_path / "wide.xlsx")
    with pytest.raises(UsageError, match="more than 100 columns"):
        read(guard, tmp_path / "wide.xlsx")


def test_what_is_no_workbook_costs_itself(guard, tmp_path) -> None:
    (tmp_path / "bad.xlsx").write_bytes(b"PK\x03\x04" + bytes(100))
    with pytest.raises(UsageError, match="can't be opened as a workbook"):
        read(guard, tmp_path / "bad.xlsx")


def test_the_german_register_is_as_it_was_made(guard, fixtures) -> None:
    file = fixtures / "operation" / "register_de.xlsx"
    grid = read(guard, file)
    register = plan(grid, How(role="register"), (), board(()))
    assert (register.items, grid.other_sheets) == (17, ("Bewegungen",))
    said = listed(register.said, "X", "A")
    moved = plan(read(guard, file, "Bewegungen"), How(role="moves"), said, board(said))
    after = board([*said, *listed(moved.said, "Y", "A")])
    assert [m.gaps for m in after.moves] == [(), ("seal_changed",), ("seal_changed",)]
