"""Known inputs of every reader, and the rows that each gives.

They come with Clew, and stand in ``tests/golden`` of its source: a folder for each reader, in it
one for each input with its ``expected.ndjson``, and beside an input that needs one the mapping of
the case.
"""

import hashlib
import shutil
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

import msgspec
import pyarrow as pa

from clew.casefile import Case
from clew.evidence.signatures import media_type
from clew.facts.reader_api import Found, readers
from clew.schema import Batch, Id, Row, to_arrow
from clew.validation.assertions import Assertion, Plan

_FOLDERS = (Path(__file__).parent / "known", Path(__file__).parents[3] / "tests" / "golden")
"""Where the inputs are in a package that was built, and in one that is run from its source."""
EXPECTED, MAPPING = "expected.ndjson", "mapping.yaml"
_NEEDS = '"code":"needs:'
"""In the row of an input whose reader lacks a library."""


def every_reader(plan: Plan) -> Iterator[Assertion]:
    """Each reader's inputs, read into the rows on record."""
    inputs = plan.inputs or next(filter(Path.is_dir, _FOLDERS), None)
    if inputs is None:
        figures = "no known inputs came with this build; --inputs tests/golden, of the source"
        yield Assertion("KA-R", None, figures, about="that each format has")
        return
    for reader in readers():
        of_it = inputs / reader.name.replace("-", "_")
        folders = sorted(f for f in of_it.iterdir() if f.is_dir()) if of_it.is_dir() else []
        wrong, lacking, rows = list[str](), list[str](), 0
        for number, folder in enumerate(folders):
            scratch = plan.folder / "known" / reader.name / str(number)
            scratch.mkdir(parents=True)
            read = [*lines(gathered(reader.read(laid_out(folder, scratch))))]
            rows += len(read)
            if "".join(read) != (folder / EXPECTED).read_text("utf-8"):
                (lacking if any(_NEEDS in line for line in read) else wrong).append(folder.name)
        figures = f"{rows} rows of {len(folders)} inputs; wrong: {', '.join(wrong) or 'none'}"
        if lacking:
            figures += f"; not read without a library that is missing here: {', '.join(lacking)}"
        passed = None if lacking and not wrong else not wrong and bool(folders)
        yield Assertion(
            f"KA-R-{reader.name}", passed, figures, about=f"{reader.name} {reader.version}"
        )


def exercised(case: Case) -> Iterator[dict[str, object]]:
    """Each reader with its version, and the files and rows that it read of the operation."""
    read = {row["reader"]: row for row in case.rows(
        "SELECT reader, count(*) AS files, CAST(sum(rows_emitted) AS BIGINT) AS rows "
        "FROM sources GROUP BY reader")}  # fmt: skip
    for reader in readers():
        none = {"reader": reader.name, "files": 0, "rows": 0}
        yield {**read.get(reader.name, none), "version": reader.version}


def laid_out(folder: Path, scratch: Path) -> Found:
    """The one input of a folder, laid out as the read step lays it out."""
    (given,) = [f for f in folder.iterdir() if f.name not in (EXPECTED, MAPPING)]
    name, file = given.name, scratch / "evidence"
    if given.suffix == ".sql":
        name = given.stem
        with closing(sqlite3.connect(file)) as db:
            db.executescript(given.read_text(encoding="utf-8"))
            db.commit()
    else:
        shutil.copyfile(given, file)
    found = offered(file, f"data/{name}", hashlib.sha256(given.read_bytes()).hexdigest())
    if (folder / MAPPING).is_file():
        mapping = (folder / MAPPING).read_text(encoding="utf-8")
        return msgspec.structs.replace(found, mappings=(mapping,))
    return found


def offered(file: Path, path: str, digest: str) -> Found:
    """A file as it is offered to readers, of an exhibit that is only there to be checked."""
    return Found(
        exhibit_id=Id("ES-07"), item_id=Id("0123456789abcdef0123"), source_id=digest, path=path,
        media_type=media_type(file.read_bytes()[:4096]), file=file,
    )  # fmt: skip


def gathered(rows: Iterable[Row | Batch]) -> dict[type[Row], pa.Table]:
    """Everything that a reader yields, as a table for each row class."""
    parts: dict[type[Row], list[pa.Table]] = defaultdict(list)
    for row in rows:
        if isinstance(row, Batch):
            parts[row.table].append(pa.Table.from_batches([row.data]))
        else:
            parts[type(row)].append(to_arrow(type(row), [row]))
    return {table: pa.concat_tables(found) for table, found in parts.items()}


def lines(tables: dict[type[Row], pa.Table]) -> Iterator[str]:
    """Rows as they are on record, one a line, without what is empty."""
    for table in sorted(tables, key=lambda t: t.table_name):
        for row in tables[table].to_pylist():
            full = {name: value for name, value in row.items() if value not in (None, [])}
            yield f"{table.table_name} {msgspec.json.encode(full).decode()}\n"
