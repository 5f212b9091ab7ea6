"""What a reader is, what it is given, and how the readers are found.

A reader is one module (or package) in ``clew.facts.readers`` that defines ``READER``. It knows
rows and what is in this module, and nothing of cases, of the sandbox or of other readers. It runs
in a worker process, on a copy of the evidence, and yields rows or batches of rows. Whatever it
can't read is a row too (``Unread``), and every row that it met is counted (``Tally``).
"""

import fnmatch
import hashlib
import importlib
import io
import os
import pkgutil
import re
import sqlite3
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from functools import cache, cached_property
from importlib import resources
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from clew.facts import beginning, outline
from clew.records import Exhibit, Item, Severity, Source, SourceRows, Unread
from clew.schema import Batch, Id, Row
from clew.words import reasons
from clew.words.reasons import weight

SQLITE = "application/vnd.sqlite3"
"""Media type of an SQLite database, recognised by its first sixteen bytes."""

TEXTS = ("text/html", "text/plain", "text/vcard", "text/xml")
"""Media types of text, which intake tells by its first bytes."""
PART_OF_DOCUMENT = re.compile(r"(?i)\.(?:docx|docm|xlsx|xlsm)/(?:.*/)?[^/]*\.(?:xml|rels|vml)$")
"""Paths of the XML inside a DOCX or XLSX, which is read with the whole."""


def may_be_database(path: str, media_type: str | None) -> bool:
    """Whether a file is a database, or is called one and does not begin like anything known."""
    is_called_one = media_type is None and path.casefold().endswith((".db", ".sqlite", ".sqlite3"))
    return media_type == SQLITE or is_called_one


class Found(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """A file offered to a reader, and where on which exhibit it lies."""

    exhibit_id: Id[Exhibit]
    item_id: Id[Item]
    source_id: str
    """SHA-256 of the file."""
    path: str
    """Path on the exhibit, as an examiner knows it."""
    media_type: str | None
    """Type by the first bytes."""
    file: Path
    """Copy to read. A database's write-ahead log and journal lie beside it, as SQLite wants."""
    handle: int | None = None
    """Open descriptor of the file, in a worker that can't open it by its path."""
    with_wal: bool = False
    """A write-ahead log lies beside it."""
    companions: tuple[str, ...] = ()
    """Paths on the exhibit of the files that lie beside it."""
    mappings: tuple[str, ...] = ()
    """Mappings of the case that are meant for a file of this name, as text."""
    date_order: str | None = None
    """Order of its dates, where the case knows it; see ``source_date_orders``."""
    reader: str = ""
    """Reader that reads it, once one is chosen."""
    reader_version: str = ""
    """Version of that reader."""

    outlined: bool = False
    """A probe is shown the outline of a document: what stands far behind its beginning, too."""

    @cached_property
    def begins(self) -> beginning.Beginning:
        """Form and condensed beginning of the content, whatever stands before it."""
        return beginning.beginning(self.open())

    @cached_property
    def outline(self) -> outline.Outline:
        """Keys and outline of a JSON document, of which much is read."""
        return outline.outline(self.open(), self.begins)

    def head(self, *forms: str) -> str:
        """First characters of a content of one of these forms, for a probe; else empty."""
        if self.begins.form not in forms:
            return ""
        is_outline = self.outlined and self.begins.form == "json"
        return self.outline.text if is_outline else self.begins.text

    @property
    def name(self) -> str:
        """Last part of the path on the exhibit."""
        return self.path.rpartition("/")[2]

    def event(self, locator: str) -> Id[Any]:
        """Identifier of the event at ``locator`` in this file."""
        return Id(f"{self.item_id}#{locator}")

    @property
    def fact(self) -> dict[str, Any]:
        """Columns that every fact from this file has."""
        return {"exhibit_id": self.exhibit_id, "source_id": self.source_id}

    def at(self, locator: object) -> dict[str, Any]:
        """Columns of a fact that stands at ``locator``, or of a batch that stands at several."""
        return {**self.fact, "locator": locator}

    def source(self, *, rows_seen: int, rows_skipped: int, **columns: Any) -> Source:
        """The row of this file, once it is read: what is known of it, and what came of its rows."""
        return Source(
            **self.at("file"),
            item_id=self.item_id,
            reader=self.reader,
            reader_version=self.reader_version,
            rows_seen=rows_seen,
            rows_emitted=rows_seen - rows_skipped,
            rows_skipped=rows_skipped,
            **columns,
        )

    def unread(
        self, locator: str, code: str, *, severity: Severity | None = None, **figures: Any
    ) -> Unread:
        """Report that what stands at ``locator`` could not be read, with a registered code.

        Figures stand as they were met; a severity is given where it is not the code's own weight.
        """
        return Unread(
            **self.at(locator),
            item_id=self.item_id,
            path=self.path,
            reader=self.reader,
            severity=severity or Severity(weight("unread", code)),
            code=code,
            figures=reasons.figures(**figures),
        )

    def open(self) -> BinaryIO:
        """Open the file for reading, from its beginning."""
        if self.handle is None:
            return self.file.open("rb")
        return io.BufferedReader(_Placed(self.handle))

    @contextmanager
    def sqlite(self) -> Iterator[sqlite3.Connection]:
        """Open the copy as a database that statements can't write.

        A log is read and never folded into the copy; a journal is rolled back in it.
        """
        mode = "mode=ro" if self.with_wal else "mode=rw"
        uri = f"{self.file.absolute().as_uri()}?{mode}"
        with closing(sqlite3.connect(uri, uri=True, isolation_level=None)) as db:
            db.execute("PRAGMA trusted_schema=0")
            db.execute("PRAGMA cell_size_check=1")
            db.execute("PRAGMA query_only=1")
            yield db

    def only_in_log(self, table: str) -> int:
        """Rows of a table that the main file alone, without its write-ahead log, does not have."""
        if not self.with_wal:
            return 0
        alone = f"{self.file.absolute().as_uri()}?mode=ro&immutable=1"
        name = '"' + table.replace('"', '""') + '"'
        with self.sqlite() as db:
            db.execute("ATTACH ? AS alone", (alone,))
            there = f"SELECT 1 FROM alone.{name} AS a WHERE a.rowid = m.rowid"
            every = f"SELECT count(*) FROM main.{name} AS m"
            try:
                (rows,) = db.execute(f"{every} WHERE NOT EXISTS ({there})").fetchone()
            except sqlite3.Error:  # without the log there is no such table, or no database
                (rows,) = db.execute(every).fetchone()
        return int(rows)


class _Placed(io.RawIOBase):
    """A view of an open descriptor with an offset of its own: several can be read in turn."""

    def __init__(self, handle: int) -> None:
        self._handle = handle
        self._offset = 0

    def readable(self) -> bool:
        """It can be read."""
        return True

    def seekable(self) -> bool:
        """It can be read from any offset."""
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to an offset."""
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._offset}.get(whence)
        self._offset = offset + (os.fstat(self._handle).st_size if base is None else base)
        return self._offset

    def readinto(self, buffer: Any) -> int:
        """Read from the offset on."""
        size = os.preadv(self._handle, [buffer], self._offset)
        self._offset += size
        return size


class FromFile:
    """Whatever makes rows of one file: it knows the columns that all of them have."""

    def __init__(self, found: Found) -> None:
        self.found = found
        self.fact = found.fact
        self.first_at: datetime | None = None
        self.last_at: datetime | None = None

    def seen_at(self, at: datetime | None) -> None:
        """Widen the time from the first to the last message."""
        if at is not None:
            self.first_at = min(self.first_at or at, at)
            self.last_at = max(self.last_at or at, at)

    def at(self, locator: object) -> dict[str, Any]:
        """Columns of a fact that stands at ``locator``, or of a batch that stands at several."""
        return {**self.fact, "locator": locator}


class Probe(msgspec.Struct, frozen=True):
    """What a reader takes a file for."""

    kind: str
    """Such as ``whatsapp.android.msgstore``."""
    confidence: float
    """From 0 to 1; of several readers the surest reads."""


class Tally:
    """The account of a source's rows: each table's rows seen are emitted or skipped."""

    def __init__(self) -> None:
        self._rows: Counter[tuple[str, str, str | None]] = Counter()

    def emitted(self, source_table: str, table: type[Row], rows: int = 1) -> None:
        """Count rows of ``source_table`` that went into ``table``."""
        self._rows[source_table, table.table_name, None] += rows

    def skipped(self, source_table: str, code: str, rows: int = 1) -> None:
        """Count rows of ``source_table`` that were left out on purpose or could not be read."""
        self._rows[source_table, "skipped", code] += rows

    def not_read(self, source_table: str, code: str, rows: int) -> None:
        """Count rows of a table that the reader does not know or does not use."""
        self._rows[source_table, "not_read", code] += rows

    def count(self, source_table: str, became: str | None = None) -> int:
        """Rows of ``source_table`` seen, or those that became ``became``."""
        return sum(
            rows
            for (table, into, _), rows in self._rows.items()
            if table == source_table and became in (None, into)
        )

    def rows(self, found: Found) -> Iterator[SourceRows]:
        """Write the account down, a row for each table and outcome."""
        for (table, became, reason), rows in sorted(
            self._rows.items(), key=lambda entry: (entry[0][0], entry[0][1], entry[0][2] or "")
        ):
            if rows:
                columns = {**found.at(table), "source_table": table, "became": became}
                yield SourceRows(**columns, reason=reason, rows=rows)


class Reader(msgspec.Struct, frozen=True, kw_only=True):
    """One format: which files it wants, how it knows them, which tables it fills, and how."""

    name: str
    version: str
    """Raise it whenever the rows change: what the reader read is then read again."""
    media_types: tuple[str, ...] = ()
    """Types it wants to look at, whatever the name."""
    files: tuple[str, ...] = ()
    """Patterns of file names (last part of the path, case ignored) it wants to look at."""
    forms: tuple[str, ...] = ()
    """Forms of text (see ``beginning``) it wants to look at, whatever the name and type."""
    probe: Callable[[Found], Probe | None]
    """Cheap look: what the file is, or None. It may raise ``sqlite3.DatabaseError``."""
    rows_of: Callable[[Found], Iterator[Row | Batch]]
    """Yield rows, and at the end one ``Source`` and the tally's rows."""
    yields: tuple[type[Row], ...]
    """Tables it fills."""
    recovers: tuple[str, ...] = ()
    """Tables of a database whose deleted rows it can make messages of; see ``recovery``."""
    lookups: tuple[str, ...] = ()
    """Tables that explain those rows, such as the one of addresses."""
    mapped: bool = False
    """It reads what a mapping of the case is meant for, whatever the type and name."""
    knows: tuple[str, ...] = ()
    """Versions and variants of the format that it knows, a phrase each."""
    cannot: tuple[str, ...] = ()
    """What it can't read or does not fill, a phrase each."""

    def wants(self, path: str, media_type: str | None) -> bool:
        """Whether the reader would look at a file of this path and type."""
        name = path.rpartition("/")[2].casefold()
        return media_type in self.media_types or any(
            fnmatch.fnmatchcase(name, pattern.casefold()) for pattern in self.files
        )

    def read(self, found: Found) -> Iterator[Row | Batch]:
        """Read a file; what can't be read is reported under the reader's name."""
        named = {"reader": self.name, "reader_version": self.version}
        return self.rows_of(msgspec.structs.replace(found, **named))

    def takes(self, found: Found) -> bool:
        """Whether the reader would look at this file."""
        return (
            (self.mapped and bool(found.mappings))
            or self.wants(found.path, found.media_type)
            or (bool(self.forms) and found.begins.form in self.forms)
        )


def schema_fingerprint(tables: dict[str, list[str]]) -> str:
    """SHA-256 over the sorted names of tables and columns: what version of a schema this is."""
    lines = [f"{name}({','.join(sorted(cols))})" for name, cols in sorted(tables.items())]
    return hashlib.sha256("\n".join(lines).encode("utf-8", "surrogatepass")).hexdigest()


def data_file(package: str, *path: str) -> dict[str, Any]:
    """A file of a reader's own words and codes, in TOML, beside its modules."""
    return tomllib.loads(resources.files(package).joinpath(*path).read_text(encoding="utf-8"))


@cache
def readers() -> tuple[Reader, ...]:
    """Every reader: each module in ``clew.facts.readers``, and those of other packages.

    A package of its own registers its reader under the entry point ``clew.readers``.
    """
    package = importlib.import_module("clew.facts.readers")
    names = sorted(m.name for m in pkgutil.iter_modules(package.__path__, f"{package.__name__}."))
    own = [importlib.import_module(name).READER for name in names]
    return (*own, *(point.load() for point in sorted(entry_points(group="clew.readers"))))
