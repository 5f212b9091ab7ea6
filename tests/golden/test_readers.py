"""What holds for every reader; a new reader needs a folder here and no new test."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

import pytest

from clew.facts.mapping import mapping_of
from clew.facts.reader_api import Reader, readers
from clew.records import Source, SourceRows, Unread
from clew.schema import arrow_schema, problems
from clew.validation.known_inputs import MAPPING, gathered, laid_out, lines
from clew.words.reasons import registered

HERE = Path(__file__).parent
CASES = [
    pytest.param(reader, folder, id=f"{reader.name}-{folder.name}")
    for reader in readers()
    for folder in sorted((HERE / reader.name.replace("-", "_")).iterdir())
    if folder.is_dir()
]


def test_a_mapping_beside_an_input_is_meant_for_it(tmp_path) -> None:
    for number, file in enumerate(sorted(HERE.rglob(MAPPING))):
        (tmp_path / str(number)).mkdir()
        found = laid_out(file.parent, tmp_path / str(number))
        assert [mapping_of(text).fits(found.path) for text in found.mappings] == [True]


def test_every_reader_has_a_golden_folder() -> None:
    assert {r.name for r in readers()} == {p.values[0].name for p in CASES}


@pytest.mark.parametrize(("reader", "folder"), CASES)
class TestReader:
    @pytest.mark.quick
    def test_the_reader_knows_its_file(self, reader: Reader, folder: Path, tmp_path: Path) -> None:
        given = laid_out(folder, tmp_path)
        assert reader.takes(given)
        sure = reader.probe(given)
        assert sure is not None
        for other in readers():
            if other is not reader and other.takes(given):
                assert (less := other.probe(given)) is None or less.confidence < sure.confidence

    @pytest.mark.quick
    def test_rows_are_as_expected(
        self, reader: Reader, folder: Path, tmp_path: Path, request: pytest.FixtureRequest
    ) -> None:
        told = list(lines(gathered(reader.read(laid_out(folder, tmp_path)))))
        expected = folder / "expected.ndjson"
        if request.config.getoption("--write-golden"):
            expected.write_text("".join(told), encoding="utf-8")
        assert told == expected.read_text(encoding="utf-8").splitlines(keepends=True)

    def test_rows_fit_their_tables(self, reader: Reader, folder: Path, tmp_path: Path) -> None:
        tables = gathered(reader.read(laid_out(folder, tmp_path)))
        assert set(tables) <= {*reader.yields, Unread}
        for table, data in tables.items():
            assert data.schema == arrow_schema(table)
            assert list(problems(table, data)) == []
        for table, column in ((Unread, "code"), (SourceRows, "reason")):
            codes = tables[table].column(column).to_pylist() if table in tables else []
            assert not [c for c in codes if c and not registered(table.table_name, c)]

    def test_every_source_row_is_accounted_for(
        self, reader: Reader, folder: Path, tmp_path: Path
    ) -> None:
        tables = gathered(reader.read(laid_out(folder, tmp_path)))
        if Source not in tables:  # recognised and reported as not read
            assert set(tables) == {Unread}
            return
        (source,) = tables[Source].to_pylist()
        assert source["rows_seen"] == source["rows_emitted"] + source["rows_skipped"]
        assert source["rows_seen"] > 0
        assert SourceRows in tables

    def test_the_file_stays_as_it_was(self, reader: Reader, folder: Path, tmp_path: Path) -> None:
        given = laid_out(folder, tmp_path)
        before = given.file.read_bytes()
        gathered(reader.read(given))
        assert given.file.read_bytes() == before

    @pytest.mark.parametrize("kept", [0, 1, 16, 100, 1000, 5000])
    def test_a_torn_file_is_told_not_raised(
        self, reader: Reader, folder: Path, tmp_path: Path, kept: int
    ) -> None:
        given = laid_out(folder, tmp_path)
        whole = given.file.read_bytes()
        given.file.write_bytes(whole[:kept])
        tables = gathered(reader.read(given))
        told = Unread in tables or Source in tables
        assert told
        if whole.startswith(b"SQLite") and kept < len(whole):
            assert Unread in tables

    @pytest.mark.parametrize("seed", range(4))
    def test_a_damaged_file_is_told_not_raised(
        self, reader: Reader, folder: Path, tmp_path: Path, seed: int
    ) -> None:
        given = laid_out(folder, tmp_path)
        data = bytearray(given.file.read_bytes())
        for place in range(100 + 7 * seed, len(data), max(97, len(data) // 40)):
            data[place] ^= 0x5A
        given.file.write_bytes(data)
        gathered(reader.read(given))

    def test_the_module_names_its_sources(
        self, reader: Reader, folder: Path, tmp_path: Path
    ) -> None:
        module: Any = inspect.getmodule(reader.rows_of)
        assert "References:" in (module.__doc__ or "")
