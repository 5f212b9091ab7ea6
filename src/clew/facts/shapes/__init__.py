"""What a file looks like that no reader understands: a kind of structure, and its parts.

The parts of a structure are the names that it gives itself (keys, elements, headings), never what
stands under them; names that are data, such as a telephone number that is a key, are not shown.
"""

import re
from collections.abc import Iterable

import msgspec

from clew.facts.reader_api import Found
from clew.facts.shapes import binary, delimited

_NAME = re.compile(r"[^\W\d][\w .:/&()#$+-]{0,47}")
_DATA = re.compile(r"\d{4}|@")
_ELEMENT = re.compile(r"<([A-Za-z_][\w.:-]{0,60})((?:\s[^<>]{0,2000})?)")
_ATTRIBUTE = re.compile(r"([A-Za-z_][\w.:-]{0,40})\s*=\s*[\"']")
_PLIST_KEY = re.compile(r"<key>([^<]{1,60})</key>")
_HEADING = re.compile(r"<t[hd]\b[^>]*>\s*((?:<[^>]{1,200}>\s*)*)([^<]{1,60})", re.IGNORECASE)
_ROW = re.compile(r"<tr\b.*?(?:</tr>|\Z)", re.IGNORECASE | re.DOTALL)
_TABLE = b"<table"
_SEARCHED = 8 << 20
_BEGINS = (
    ("vcard", re.compile(r"BEGIN:VCARD", re.IGNORECASE)),
    ("icalendar", re.compile(r"BEGIN:VCALENDAR", re.IGNORECASE)),
    ("mail", re.compile(r"From \S+@\S+ .{0,80}\d{4}|(?:[A-Z][\w-]{1,40}: .*\n(?:[ \t].*\n)*){2}")),
    ("ini", re.compile(r"\[[\w .:-]{1,60}\]\s*\n(?:[\w.-]{1,60}\s*=.*\n?)")),
)  # fmt: skip
_SQL = re.compile(
    r"^\s*(?:CREATE\s+TABLE(?:\s+IF\s+NOT\s+EXISTS)?|INSERT\s+INTO)\s+[\"'`\[]?(\w{1,60})",
    re.IGNORECASE | re.MULTILINE,
)
_NO_UTF8 = re.compile("[\udc80-\udcff]")
_BY_NAME = {
    "json": "json", "jsonl": "json-lines", "ndjson": "json-lines", "json5": "json",
    "geojson": "json", "xml": "xml", "plist": "plist", "yaml": "yaml", "yml": "yaml",
}  # fmt: skip
"""Kinds of text that only their names tell, as where they are damaged."""
_ENDING = re.compile(r"\.[A-Za-z][A-Za-z0-9]{0,7}$")
_SAYS_NOTHING = frozenset(
    ("backup", "bak", "bin", "blob", "cache", "copy", "dat", "data", "download", "dump", "enc",
     "file", "new", "old", "orig", "out", "part", "raw", "save", "tmp", "unpacked")
)  # fmt: skip
"""Endings that say nothing of a content."""


class Shape(msgspec.Struct, kw_only=True):
    """A structure, and what it consists of."""

    kind: str
    """Such as ``json``, ``csv`` or ``leveldb``."""
    names: tuple[str, ...] = ()
    """Names that the structure gives itself, in their order: all that are known."""
    text: str = ""
    """Beginning of the content, in which the catalogue looks for words."""
    root: str = ""
    """Element of XML that holds all others."""

    @property
    def shown(self) -> tuple[str, ...]:
        """Names that can be shown: the first dozen of those that are no data."""
        fit = (n.strip() for n in self.names if _NAME.fullmatch(n.strip()) and not _DATA.search(n))
        return tuple(dict.fromkeys(fit))[:12]


def shape_of(found: Found) -> Shape | None:
    """What a file looks like; None where it has no structure, as a note or a page has none."""
    form = found.begins.form
    if form == "json":
        outline = found.outline
        kind = "json-lines" if outline.documents > 1 else "json"
        return Shape(kind=kind, names=tuple(outline.keys), text=outline.text)
    text = found.begins.text
    if form == "xml":
        return _xml(text)
    if form == "html":
        return _page(found, text)
    return _text(found, text) if form == "text" else _binary(found)


def says_nothing(name: str) -> bool:
    """Whether the name of a file says nothing of what it holds: it has no ending, or such a one."""
    ending = _ENDING.search(name)
    return ending is None or ending[0][1:].casefold() in _SAYS_NOTHING


def _xml(text: str) -> Shape:
    elements = list(_ELEMENT.finditer(text))
    root = elements[0][1] if elements else ""
    if root == "plist":
        return Shape(kind="plist", names=_once(_PLIST_KEY.findall(text)), text=text, root=root)
    attributes = (name for element in elements for name in _ATTRIBUTE.findall(element[2]))
    names = _once([*(element[1] for element in elements), *attributes])
    return Shape(kind="xml", names=names, text=text, root=root)


def _page(found: Found, text: str) -> Shape | None:
    """A page of HTML with a table, or of which the catalogue may know words."""
    if "<table" not in text.casefold():
        with found.open() as file:
            file.seek(found.begins.offset)
            raw = file.read(_SEARCHED).replace(b"\0", b"")
        if _TABLE not in raw.lower():
            return Shape(kind="html", text=text)
        at = raw.lower().index(_TABLE)
        text += raw[at : at + 65536].decode("utf-8", "replace")
    begins = text.casefold().index("<table")
    rows = (_HEADING.findall(row[0]) for row in _ROW.finditer(text, begins))
    cells = next((row for row in rows if len(row) > 1), [])
    return Shape(kind="html-table", names=_once(cell.strip() for _, cell in cells), text=text)


def _text(found: Found, text: str) -> Shape | None:
    if _NO_UTF8.search(text):
        text = text.encode("utf-8", "surrogateescape").decode("cp1252", "replace")
    kind = next((kind for kind, begins in _BEGINS if begins.match(text)), None)
    if kind:
        return Shape(
            kind=kind, names=_once(re.findall(r"(?m)^([A-Z-]{2,20})[:;]", text)), text=text
        )
    if binary.is_leveldb_pointer(text):
        return Shape(kind="leveldb", text=text)
    if tables := _once(_SQL.findall(text)):
        return Shape(kind="sql", names=tables, text=text)
    name = found.name.casefold()
    if table := delimited.table_of(text, is_named=name.endswith((".csv", ".tsv"))):
        return Shape(kind=table.kind, names=table.headings, text=text)
    by_name = _BY_NAME.get(name.rpartition(".")[2])
    kind = by_name or ("text" if says_nothing(name) else None)
    return Shape(kind=kind, text=text) if kind else None


def _binary(found: Found) -> Shape | None:
    looked = binary.look(found)
    if looked is None and not says_nothing(found.name):
        return None
    return Shape(
        kind=looked.kind if looked else "binary",
        names=_once(looked.names) if looked else (),
        text=looked.text if looked else "",
    )


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
