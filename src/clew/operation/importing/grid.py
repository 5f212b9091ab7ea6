"""Tables as they come: cells of a CSV file in any encoding, or of a sheet of a workbook."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import msgspec

from clew.errors import UsageError
from clew.formats.encoded import encoding_of
from clew.words.characters import spelt_out

_MOST_BYTES = 64 << 20
_LONGEST = 1 << 20
_SEPARATORS = ";,\t|"
_HEAD = 20


class Row(msgspec.Struct, frozen=True):
    """One row, and where it stands."""

    line: int
    cells: tuple[str, ...]


class Grid(msgspec.Struct, frozen=True, kw_only=True):
    """A table of a file."""

    file: str
    sha256: str
    rows: tuple[Row, ...]
    sheet: str = ""
    """Name of the sheet; empty of a CSV file."""
    other_sheets: tuple[str, ...] = ()
    """Sheets of the workbook that are not read."""
    encoding: str = ""

    @property
    def name(self) -> str:
        """File and sheet."""
        return f"{self.file}!{self.sheet}" if self.sheet else self.file


def content_of(file: Path) -> bytes:
    """Bytes of a file; UsageError where it can't be read, or is too large for a list."""
    try:
        if file.stat().st_size > _MOST_BYTES:
            raise UsageError(
                f"{file.name} has more than {_MOST_BYTES >> 20} MiB", do="Split it by searches."
            )
        return file.read_bytes()
    except OSError as error:
        raise UsageError(
            f"{file} can't be read: {error.strerror}", do="Look to its path, and run it again."
        ) from error


def grid_of(content: bytes, file: str, sha256: str, encoding: str | None = None) -> Grid:
    """The table of a CSV file; UsageError where its text has two encodings, or is none."""
    text, found = _decoded(content, encoding)
    if "\0" in text:
        raise UsageError(f"{file} is no table of text", do="Export it as CSV or XLSX once more.")
    head = text.splitlines()[:_HEAD]
    separator = max(_SEPARATORS, key=lambda sign: max((x.count(sign) for x in head), default=0))
    csv.field_size_limit(_LONGEST)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=False)
    rows: list[Row] = []
    before = 0
    try:
        for cells in reader:
            rows.append(Row(before + 1, tuple(map(_bare, cells))))
            before = reader.line_num
    except csv.Error as error:
        raise UsageError(
            f"line {before + 1} of {file} can't be read: {error}", do="Mend that line."
        ) from error
    return Grid(file=file, sha256=sha256, rows=tuple(rows), encoding=found)


def of_cells(cells: Sequence[Sequence[str]], file: str, sha256: str, sheet: str,
             others: tuple[str, ...]) -> Grid:  # fmt: skip
    """The table of a sheet."""
    rows = tuple(Row(n, tuple(map(_bare, row))) for n, row in enumerate(cells, 1))
    return Grid(file=file, sha256=sha256, rows=rows, sheet=sheet, other_sheets=others)


def _bare(cell: str) -> str:
    """A cell in one line that hides nothing, without the sign that guards it from being run."""
    bare = spelt_out(" ".join(cell.split()))
    return bare[1:] if bare.startswith(("'=", "'+", "'-", "'@")) else bare


def _decoded(content: bytes, encoding: str | None) -> tuple[str, str]:
    mark, shown = encoding_of(content[:1024], "")
    named = encoding or shown
    if not named:
        return _of_lines(content)
    try:
        return content[mark if shown else 0 :].decode(named), named
    except (UnicodeError, LookupError) as error:
        raise UsageError(
            f"the file is not in the encoding {named}: {error}", do="Name it with --encoding."
        ) from error


def _of_lines(content: bytes) -> tuple[str, str]:
    """A text whose bytes alone say what it is: UTF-8, or Windows-1252, and never both."""
    try:
        return content.decode(), "utf-8"
    except UnicodeDecodeError:
        pass
    kinds: dict[bool, int] = {}
    for number, one in enumerate(content.split(b"\n"), 1):
        if not one.isascii():
            kinds.setdefault(_is_utf8(one), number)
    if len(kinds) > 1:
        raise UsageError(
            f"the file has two encodings: line {max(kinds.values())} is in another than line "
            f"{min(kinds.values())}",
            do="Export it once more as a whole, or name the encoding with --encoding.",
        )
    try:
        return content.decode("cp1252"), "cp1252"
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise UsageError(
            f"line {line} is neither UTF-8 nor Windows-1252", do="Name the encoding: --encoding."
        ) from error


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True
