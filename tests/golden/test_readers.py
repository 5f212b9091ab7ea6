"""What holds for every reader; a new reader needs a folder here and no new test."""

from __future__ import annotations

import hashlib
import inspect
import shutil
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pytest

from clew.evidence.signatures import media_type
from clew.facts.mapping import mapping_of
from clew.facts.reader_api import Found, Reader, readers
from clew.records import Source, SourceRows, Unread
from clew.schema import Batch, Row, arrow_schema, problems, to_arrow
from clew.words.reasons import registered

HERE = Path(__file__).parent
MAPPING = "mapping.yaml"
"""Beside an input: the mapping of the case that is meant for it."""
CASES = [
    pytest.param(reader, folder, id=f"{reader.name}-{folder.name}")
    for reader in readers()
    for folder in sorted((HERE / reader.name.replace("-", "_")).iterdir())
    if folder.is_dir()
]


def found(folder: Path, scratch: Path) -> Found:
    """The one input of a golden folder, laid out as the read step lays it out."""
    (given,) = [f for f in folder.iterdir() if f.name not in ("expected.ndjson", MAPPING)]
    name = given.name
    file = scratch / "evidence"
    if given.suffix == ".sql":
        name = given.stem
        with closing(sqlite3.connect(file)) as db:
            db.executescript(given.read_text(encoding="utf-8"))
            db.commit()
    else:
        shutil.copyfile(given, file)
    offer = offered(file, f"data/{name}", hashlib.sha256(given.read_bytes()).hexdigest())
    if (folder / MAPPING).is_file():
        text = (folder / MAPPING).read_text(encoding="utf-8")
        assert mapping_of(text).fits(offer.path)
        return msgspec.structs.replace(offer, mappings=(text,))
    return offer


def offered(file: Path, path: str, digest: str) -> Found:
    return Found(
        exhibit_id="ES-07",
        item_id="0123456789abcdef0123",
        source_id=digest,
        path=path,
        media_type=media_type(file.read_bytes()[:4096]),
        file=file,
    )


def gathered(rows: Iterator[Row | Batch]) -> dict[type[Row], pa.Table]:
    """Everything a reader yields, as a table for each row class."""
    parts: dict[type[Row], list[pa.Table]] = defaultdict(list)
    for row in rows:
        if isinstance(row, Batch):
            parts[row.table].append(pa.Table.from_batches([row.data]))
        else:
            parts[type(row)].append(to_arrow(type(row), [row]))
    return {table: pa.concat_tables(found) for table, found in parts.items()}


def lines(tables: dict[type[Row], pa.Table]) -> Iterator[str]:
    for table in sorted(tables, key=lambda t: t.table_name):
        for row in tables[table].to_pylist():
            full = {name: value for name, value in row.items() if value not in (None, [])}
            yield f"{table.table_name} {msgspec.json.encode(full).decode()}\n"


def test_every_reader_has_a_golden_folder() -> None:
    assert {r.name for r in readers()} == {p.values[0].name for p in CASES}


@pytest.mark.parametrize(("reader", "folder"), CASES)
class TestReader:
    def test_the_reader_knows_its_file(self, reader: Reader, folder: Path, tmp_path: Path) -> None:
        given = found(folder, tmp_path)
        assert reader.takes(given)
        sure = reader.probe(given)
        assert sure is not None
        for other in readers():
            if other is not reader and other.takes(given):
                assert (less := other.probe(given)) is None or less.confidence < sure.confidence

    def test_rows_are_as_expected(
        self, reader: Reader, folder: Path, tmp_path: Path, request: pytest.FixtureRequest
    ) -> None:
        told = list(lines(gathered(reader.read(found(folder, tmp_path)))))
        expected = folder / "expected.ndjson"
        if request.config.getoption("--write-golden"):
            expected.write_text("".join(told), encoding="utf-8")
        assert told == expected.read_text(encoding="utf-8").splitlines(keepends=True)

    def test_rows_fit_their_tables(self, reader: Reader, folder: Path, tmp_path: Path) -> None:
        tables = gathered(reader.read(found(folder, tmp_path)))
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
        tables = gathered(reader.read(found(folder, tmp_path)))
        if Source not in tables:  # recognised and reported as not read
            assert set(tables) == {Unread}
            return
        (source,) = tables[Source].to_pylist()
        assert source["rows_seen"] == source["rows_emitted"] + source["rows_skipped"]
        assert source["rows_seen"] > 0
        assert SourceRows in tables

    def test_the_file_stays_as_it_was(self, reader: Reader, folder: Path, tmp_path: Path) -> None:
        given = found(folder, tmp_path)
        before = given.file.read_bytes()
        gathered(reader.read(given))
        assert given.file.read_bytes() == before

    @pytest.mark.parametrize("kept", [0, 1, 16, 100, 1000, 5000])
    def test_a_torn_file_is_told_not_raised(
        self, reader: Reader, folder: Path, tmp_path: Path, kept: int
    ) -> None:
        given = found(folder, tmp_path)
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
        given = found(folder, tmp_path)
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
