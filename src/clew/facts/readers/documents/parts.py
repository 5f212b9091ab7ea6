"""The text of a document, piece by piece, each with its locator."""

import csv
import io
import mimetypes
import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import chain, islice
from typing import Any, BinaryIO

import msgspec

from clew.facts.markup import Markup
from clew.facts.reader_api import Found
from clew.formats.encoded import encoding_of
from clew.words.reasons import Unreadable

MOST_UNPACKED = 256 << 20
"""Bytes of text that a packed document may come to; more is reported and not read."""
_MOST_PAGES = 5000
_MOST_CELLS = 64
_LONGEST = 1 << 20
_BLOCKS = frozenset(
    ("address", "article", "blockquote", "br", "dd", "div", "dt", "figcaption", "footer", "h1",
     "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "ol", "p", "pre", "section",
     "table", "td", "th", "title", "tr", "ul")
)  # fmt: skip
_UNSEEN = frozenset(("script", "style", "template"))


class Part(msgspec.Struct, frozen=True):
    """A line, paragraph, row or link of a document."""

    locator: str
    text: str
    is_link: bool = False
    """The target of a link, which nobody reads as text."""


class Refused(Unreadable):
    """A document, or the rest of it, is not read."""


def lines(found: Found) -> Iterator[Part]:
    """Lines of a plain text."""
    for number, text in _decoded(found.open()):
        yield Part(f"line/{number}", text)


def rows(found: Found) -> Iterator[Part]:
    """Rows of a table with commas, semicolons or tabs, their cells side by side."""
    numbered = _decoded(found.open())
    head = list(islice(numbered, 20))  # lines enough to see what separates cells
    counts = {sign: sum(line.count(sign) for _, line in head) for sign in ",;\t|"}
    separator = max(counts, key=lambda sign: counts[sign])
    texts = (f"{text}\n" for _, text in chain(head, numbered))
    reader = csv.reader(texts, delimiter=separator)
    try:
        before = 0
        for cells in reader:
            yield Part(f"line/{before + 1}", _side_by_side(cells))
            before = reader.line_num
    except csv.Error as error:
        raise Refused("damaged", cause=error) from error


def html(found: Found) -> Iterator[Part]:
    """Blocks of an HTML page by the line in which they begin, and the targets of its links."""
    page = _Page()
    for _, text in _decoded(found.open()):
        page.feed(text + "\n")
        yield from page.taken()
    page.close()
    page.end_block()
    yield from page.taken()


def rtf(found: Found) -> Iterator[Part]:
    """Paragraphs of an RTF document, without its tables of fonts, styles and pictures."""
    with found.open() as file:
        raw = file.read(MOST_UNPACKED + 1)
    if len(raw) > MOST_UNPACKED:
        raise Refused("limit:size", mib=MOST_UNPACKED >> 20)
    for number, text in enumerate(_of_rtf(raw.decode("latin-1")).split("\n"), start=1):
        yield Part(f"paragraph/{number}", text)


def pdf(found: Found) -> Iterator[Part]:
    """Lines and links of each page of a PDF."""
    from pypdf import PdfReader

    with found.open() as file:
        document = PdfReader(file, strict=False)
        if document.is_encrypted:
            raise Refused("encrypted")
        pages = len(document.pages)
        silent = 0
        for number in range(min(pages, _MOST_PAGES)):
            lines = list(_page(document, number))
            silent += not any(part.text.strip() for part in lines)
            yield from lines
        if silent:
            raise Refused("no_text", n=silent, pages=pages)
        if pages > _MOST_PAGES:
            raise Refused("limit:pages", pages=pages, read=_MOST_PAGES)


def docx(found: Found) -> Iterator[Part]:
    """Paragraphs, rows of tables, and links of a DOCX."""
    import docx as library

    with found.open() as file:
        document = _opened(file, library.Document, "word/")
    number = tables = 0
    for block in document.iter_inner_content():
        if hasattr(block, "rows"):
            tables += 1
            for rank, row in enumerate(block.rows, start=1):
                cells = dict.fromkeys(cell.text for cell in row.cells)
                yield Part(f"table/{tables}/row/{rank}", _side_by_side(list(cells)))
            continue
        number += 1
        for line in block.text.split("\n"):
            yield Part(f"paragraph/{number}", line)
    for name, relation in sorted(document.part.rels.items()):
        if relation.is_external:
            yield Part(f"link/{name}", str(relation.target_ref), is_link=True)


def xlsx(found: Found) -> Iterator[Part]:
    """Rows of every sheet of an XLSX."""
    mimetypes.knownfiles.clear()  # openpyxl would open /etc/mime.types, which a worker can't
    from openpyxl import load_workbook

    def opened(file: BinaryIO) -> Any:
        return load_workbook(file, read_only=True, data_only=True, keep_links=False)

    with found.open() as file:
        book = _opened(file, opened, "xl/")
        for sheet in book.worksheets:
            with _refusing(at=f"sheet/{sheet.title}"):
                for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
                    said = [_cell(c) for c in cells[:_MOST_CELLS] if c is not None]
                    if said:
                        yield Part(f"sheet/{sheet.title}/row/{number}", _side_by_side(said))


def _opened(file: BinaryIO, library: Callable[[BinaryIO], Any], folder: str) -> Any:
    """A packed document, unless what it comes to is more than fits."""
    with zipfile.ZipFile(file) as packed:
        size = sum(i.file_size for i in packed.infolist() if i.filename.startswith(folder))
    if size > MOST_UNPACKED:
        raise Refused("limit:size", mib=size >> 20)
    file.seek(0)
    return library(file)


def _page(document: Any, number: int) -> Iterator[Part]:
    where = f"page/{number + 1}"
    with _refusing(at=where):
        page = document.pages[number]
        text = page.extract_text() or ""
        links = [a.get_object().get("/A", {}).get("/URI") for a in page.get("/Annots") or ()]
    for rank, line in enumerate(text.split("\n") if text.strip() else (), start=1):
        yield Part(f"{where}/line/{rank}", line)
    for rank, link in enumerate(links, start=1):
        if link:
            yield Part(f"{where}/link/{rank}", str(link), is_link=True)


@contextmanager
def _refusing(*, at: str) -> Iterator[None]:
    """Refuse what a document holds from a location on: the libraries raise whatever they meet."""
    try:
        yield
    except MemoryError:
        raise
    except Exception as error:
        raise Refused("damaged_from", cause=cause_of(error), at=at) from error


def cause_of(error: Exception) -> str:
    """What a library gave as the cause."""
    return f"{type(error).__name__}: {error}"[:200]


def _decoded(file: BinaryIO) -> Iterator[tuple[int, str]]:
    """Lines with their numbers; those that are no UTF-8 are read as Windows-1252."""
    with file:
        mark, encoding = encoding_of(file.read(256))
        file.seek(mark)
        if encoding != "utf-8":
            wide = io.TextIOWrapper(file, encoding, errors="replace", newline="\n")
            pieces: Iterator[str] = iter(lambda: wide.readline(_LONGEST), "")
        else:
            pieces = (_text(raw) for raw in iter(lambda: file.readline(_LONGEST), b""))
        number = 1
        for piece in pieces:
            yield number, piece.rstrip("\r\n")
            number += piece.endswith("\n")


def _text(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def _side_by_side(cells: list[str]) -> str:
    return " | ".join(c.strip() for c in cells if c.strip())


def _cell(value: Any) -> str:
    """A cell as text; a day without a time as the day alone."""
    if isinstance(value, datetime):
        return value.isoformat(" ").removesuffix(" 00:00:00")
    return str(value)


class _Page(Markup):
    """An HTML page as blocks of text and targets of links."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._found: list[Part] = []
        self._block: list[str] = []
        self._size = 0
        self._begun = 1
        self._unseen = 0

    def taken(self) -> list[Part]:
        """What was complete since it was asked last."""
        found, self._found = self._found, []
        return found

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A block ends where one begins."""
        self._unseen += tag in _UNSEEN
        if tag in _BLOCKS:
            self.end_block()
        if target := dict(attrs).get("href"):
            self._found.append(Part(f"line/{self.getpos()[0]}", target, is_link=True))

    def handle_endtag(self, tag: str) -> None:
        """A block ends here."""
        self._unseen -= tag in _UNSEEN and self._unseen > 0
        if tag in _BLOCKS:
            self.end_block()

    def handle_data(self, data: str) -> None:
        """Text of the block that is open."""
        if self._unseen:
            return
        if not self._block:
            self._begun = self.getpos()[0]
        self._block.append(data)
        self._size += len(data)
        if self._size > _LONGEST:
            self.end_block()

    def end_block(self) -> None:
        """Keep the block that is open."""
        text = re.sub(r"[ \t\r\n]+", " ", "".join(self._block)).strip()
        if text:
            self._found.append(Part(f"line/{self._begun}", text))
        self._block, self._size = [], 0


_RTF = re.compile(
    r"\\u(-?\d{1,6})[ ]?(?:\\'[0-9a-f]{2}|[^\\{}])?|\\'([0-9a-f]{2})"
    r"|\\([a-z]{1,32})(-?\d{1,10})?[ ]?"
    r"|\\(.)|([{}])|([^\\{}]+)",
    re.IGNORECASE | re.DOTALL,
)
_RTF_UNSEEN = frozenset(
    ("fonttbl", "colortbl", "stylesheet", "info", "pict", "object", "listtable", "generator",
     "themedata", "datastore", "header", "footer")
)  # fmt: skip
_RTF_BREAKS = frozenset(("par", "line", "row", "sect", "page"))


def _of_rtf(text: str) -> str:
    r"""The text of an RTF document (RTF 1.9.1: groups, control words, ``\\'hh`` and ``\\uN``)."""
    out: list[str] = []
    unseen: list[bool] = [False]
    for match in _RTF.finditer(text):
        word, _, sign, brace = match.groups()[2:6]
        if brace == "{":
            unseen.append(unseen[-1])
        elif brace and len(unseen) > 1:
            unseen.pop()
        elif word in _RTF_UNSEEN or sign == "*":
            unseen[-1] = True
        elif not unseen[-1]:
            out.append(_of_control(match))
    return "".join(out)


def _of_control(match: re.Match[str]) -> str:
    wide, byte, word, _, sign, _, plain = match.groups()
    if wide:
        code = int(wide) % 65536
        return "\ufffd" if 0xD800 <= code < 0xE000 else chr(code)  # surrogates
    if byte:
        return bytes.fromhex(byte).decode("cp1252", errors="replace")
    if word:
        return "\n" if word in _RTF_BREAKS else "\t" if word in ("tab", "cell") else ""
    if sign:
        return sign if sign in "\\{}" else "\u00a0" if sign == "~" else ""
    return (plain or "").replace("\r", "").replace("\n", "")
