"""Documents and notes: their invitations, and the dated entries of those that are logs.

Text is taken from plain text, HTML, CSV, RTF, PDF, DOCX and XLSX. Any reader that knows a file
better reads it instead. The text itself is not kept: what is kept are the invitations in it and,
where it is a dated log, its entries, each with its locator.

References:
    - docs/formats/documents.md

"""

import importlib.util
from collections.abc import Callable, Iterator
from itertools import chain, islice

from clew import records
from clew.facts.invitations import invited
from clew.facts.reader_api import PART_OF_DOCUMENT, Found, Probe, Reader, Tally
from clew.facts.readers.documents import parts
from clew.facts.readers.documents.notes import SAMPLE, Notes
from clew.facts.readers.documents.parts import Part, Refused, cause_of
from clew.facts.text import invite_links
from clew.schema import Batch, Row

_SURE = 0.1
"""Less than any reader that knows what a text is."""
_OLE = "application/x-ole-storage"
_ZIP = "application/zip"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_HEAD = 1 << 16
_WITH_NEXT = 80
"""Characters of a line that may belong to a link broken in the line before."""
_PART, _WHOLE = records.Severity.WARNING, records.Severity.ERROR
_KINDS: dict[str, tuple[Callable[[Found], Iterator[Part]], str | None]] = {
    "text": (parts.lines, None),
    "csv": (parts.rows, None),
    "html": (parts.html, None),
    "rtf": (parts.rtf, None),
    "pdf": (parts.pdf, "pypdf"),
    "docx": (parts.docx, "docx"),
    "xlsx": (parts.xlsx, "openpyxl"),
}
"""How the text of each kind is taken, and the library that it takes."""
_BY_TYPE = {"application/pdf": "pdf", "application/rtf": "rtf", "text/html": "html"}
_BY_NAME = {
    "docx": "docx", "docm": "docx", "xlsx": "xlsx", "xlsm": "xlsx", "csv": "csv", "tsv": "csv",
    "htm": "html", "html": "html", "xhtml": "html",
}  # fmt: skip
_PACKED = ("docx", "xlsx")
_PLAIN = ("txt", "md", "text", "log", "note", "csv", "tsv", "htm", "html", "xhtml")


def probe(found: Found) -> Probe | None:
    """Take any text, unless a reader is surer of it."""
    kind = _kind(found)
    return Probe(f"document.{kind}", _SURE) if kind else None


def _kind(found: Found) -> str | None:
    ending = found.name.rpartition(".")[2].casefold()
    if PART_OF_DOCUMENT.search(found.path):
        return None
    if found.media_type in _BY_TYPE:
        return _BY_TYPE[found.media_type]
    named = _BY_NAME.get(ending)
    if found.media_type in (_ZIP, _OLE):
        return named if named in _PACKED else None
    if found.media_type == "text/plain" or (found.media_type is None and ending in _PLAIN):
        return named if named not in (None, *_PACKED) else "text"
    return "text" if found.media_type == "text/xml" and named == "html" else None


def read(found: Found) -> Iterator[Row | Batch]:
    """Read the invitations and dated entries of a document."""
    kind = _kind(found) or "text"
    taken, library = _KINDS[kind]
    if found.media_type == _OLE:
        yield _old_or_encrypted(found)
        return
    if library and importlib.util.find_spec(library) is None:
        yield found.unread("file", "needs:clew[documents]", media_type=kind)
        return
    passing = _Passing(found)
    given = passing.until_refused(taken(found))
    sample = list(islice(given, SAMPLE))
    notes = Notes(found, sample)
    for part in chain(sample, given):
        yield from passing.take(part, notes)
    if notes.is_log and not notes.by_machine:
        yield from notes.last()
    if notes.by_machine:
        yield found.unread("file", "machine_log")
    yield from passing.conclusion(kind, notes)


class _Passing:
    """A document while it passes: what came of each part of it."""

    def __init__(self, found: Found) -> None:
        self._found = found
        self._tally = Tally()
        self._seen = 0
        self._before: Part | None = None
        self._refused: Refused | None = None

    def until_refused(self, parts: Iterator[Part]) -> Iterator[Part]:
        """The parts of a document, up to where it can't be read."""
        try:
            yield from parts
        except Refused as refused:
            self._refused = refused
        except MemoryError:
            raise
        except Exception as error:  # noqa: BLE001 - the libraries raise whatever they meet
            self._refused = Refused("damaged", cause=cause_of(error))

    def take(self, part: Part, notes: Notes) -> Iterator[Row]:
        """Invitations and entries of one part."""
        self._seen += 1
        invites = list(self._invites(part))
        yield from invites
        use = None
        if notes.is_log and not notes.by_machine and not part.is_link:
            yield from notes.take(part)
            use = notes.use
        if use:
            folded = " (continuing an entry)" if use == "continued" else ""
            self._tally.emitted(f"part{folded}", records.Entry)
        elif invites:
            self._tally.emitted("part", records.Invite)
        else:
            self._tally.skipped("part", "log_without_entry" if notes.is_log else "no_log")

    def _invites(self, part: Part) -> Iterator[records.Invite]:
        """Invitations in a part, and in one that is broken between it and the part before."""
        text, lead = part.text, ""
        if self._before and not part.is_link and not self._before.is_link:
            lead = self._before.text[-_WITH_NEXT:] + "\n"
        before = {link.code for link in invite_links(lead)} if "/" in lead else set()
        links = invite_links(lead + text[:_WITH_NEXT]) if "/" in lead else ()
        broken = [x for x in links if x.written and x.code not in before]
        found = {link.code: link for link in (*broken, *invite_links(text))}
        for link in found.values():
            columns = {**self._found.at(part.locator), **invited(link)}
            yield records.Invite(**columns, found_in=records.InviteSource.DOCUMENT)
        self._before = part if part.text.strip() else self._before

    def conclusion(self, kind: str, notes: Notes) -> Iterator[Row]:
        """What came of the document as a whole."""
        if self._refused:
            where, severity = ("rest", _PART) if self._seen else ("file", _WHOLE)
            code, values = self._refused.code, self._refused.values
            yield self._found.unread(where, code, severity=severity, **values)
        elif not self._seen:
            yield self._found.unread("file", "empty")
        if self._seen:
            yield self._found.source(
                kind=f"document.{kind}",
                generation="dated log" if notes.is_log else None,
                tz_basis=records.TimeBasis.DEVICE_LOCAL,
                rows_seen=self._seen,
                rows_skipped=self._tally.count("part", "skipped"),
            )
            yield from self._tally.rows(self._found)


def _old_or_encrypted(found: Found) -> records.Unread:
    """An encrypted package of Office, or a document in the binary format before 2007."""
    with found.open() as file:
        head = file.read(_HEAD)
        file.seek(max(found_size := file.seek(0, 2), _HEAD) - _HEAD)
        head += file.read(_HEAD) if found_size > _HEAD else b""
    return found.unread("file", "encrypted" if _ENCRYPTED in head else "binary_office")


READER = Reader(
    name="documents",
    version="2",
    media_types=("text/html", "application/pdf", "application/rtf"),
    files=("*.txt", "*.text", "*.md", "*.log", "*.note", "*.csv", "*.tsv", "*.htm", "*.html",
           "*.xhtml", "*.docx", "*.docm", "*.xlsx", "*.xlsm", "*.pdf", "*.rtf"),
    knows=(
        "plain text in UTF-8, UTF-16 or Windows-1252",
        "HTML, CSV and TSV, RTF",
        "PDF with a text layer, DOCX, XLSX (with clew[documents])",
        "dates in English, Spanish, Portuguese, Italian, German and French, and in digits",
    ),
    cannot=(
        "text in pictures, such as scanned pages: nothing is recognised in images",
        "texts whose names do not end as those of texts do: not looked at",
        "encrypted documents: recognised and reported, not decrypted",
        "Office's binary formats before 2007 (.doc, .xls): reported, not read",
        "links behind cells of an XLSX, and text in headers, footers and text boxes of a DOCX",
        'seasons, feasts and relative dates such as "yesterday"',
    ),
    probe=probe,
    rows_of=read,
    yields=(records.Source, records.SourceRows, records.Invite, records.Entry, records.Unread),
)  # fmt: skip
