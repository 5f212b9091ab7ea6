"""A report as a stream of complete elements, in memory that does not grow with the report.

The tree is built in C and pruned after every piece: all but the last child of an open element is
complete. Declarations of a document type are refused before the first element, so no entity can be
declared, expanded or fetched.
"""

from __future__ import annotations

import codecs
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple
from xml.parsers import expat

_CHUNK = 1 << 16
LARGEST = 32 << 20
"""Characters of one model; a report with a larger one is not read on."""
DEEPEST = 256
"""Elements within elements; the models of a report nest some thirty deep."""
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\r"))
_ODD = ("&#", "\ufffe", "\uffff")
_FORBIDDEN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|&#(?:x0*(?:[0-8bcef]|1[0-9a-f])|0*(?:[0-8]|1[124-9]"
    r"|2[0-9]|3[01]));",
    re.IGNORECASE,
)
_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_UNMARKED = ((b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))
_LONGEST_REFERENCE = 12


class Unit(NamedTuple):
    """A complete element: a file, a model, or a message within a chat that may still be open."""

    element: ET.Element
    chat: ET.Element | None = None
    cut_off: bool = False
    """The report ends within it."""


class Refused(Exception):  # noqa: N818 - it is an outcome of a file, told in a row
    """The rest of a report is not read; ``code`` and the words say why."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code


def local(element: ET.Element) -> str:
    """Name of an element without its namespace."""
    return element.tag.rpartition("}")[2]


class Text:
    """The text of a report, piece by piece, with what XML forbids shown as U+FFFD."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.mended = 0
        """Characters that XML forbids, or bytes that are no text."""

    def __iter__(self) -> Iterator[str]:
        head = self._file.read(_CHUNK)
        mark, encoding = encoding_of(head)
        decoder = codecs.getincrementaldecoder(encoding)("replace")
        piece, held = head[mark:], ""
        while piece:
            text = held + decoder.decode(piece)
            cut = text.find("&", max(len(text) - _LONGEST_REFERENCE, 0))
            text, held = (text[:cut], text[cut:]) if cut >= 0 else (text, "")
            yield self._clean(text)
            piece = self._file.read(_CHUNK)
        yield self._clean(held + decoder.decode(b"", final=True))

    def _clean(self, text: str) -> str:
        self.mended += text.count("\ufffd")
        data = text.encode()
        plain = len(data.translate(None, _CONTROLS)) == len(data)
        if plain and not any(odd in text for odd in _ODD):
            return text
        text, count = _FORBIDDEN.subn("\ufffd", text)
        self.mended += count
        return text


def encoding_of(head: bytes) -> tuple[int, str]:
    """Length of the byte order mark and the encoding; what is declared counts where it is known."""
    for mark, name in _MARKS:
        if head.startswith(mark):
            return len(mark), name
    for start, name in _UNMARKED:
        if head.startswith(start):
            return 0, name
    declared = _DECLARED.match(head)
    try:
        return 0, codecs.lookup(declared[1].decode()).name if declared else "utf-8"
    except LookupError:
        return 0, "utf-8"


def units(text: Text) -> Iterator[Unit]:
    """Files, models and messages as they become complete.

    ``Refused`` is raised, after all that was complete, where the report can't be read on.
    """
    builder = ET.TreeBuilder()
    top = builder.start("top", {})
    parser = ET.XMLParser(target=builder)  # noqa: S314 - the prolog is checked for declarations
    prolog, waiting, trouble = _Prolog(), 0, None
    for piece in text:
        trouble = prolog.check(piece) or _fed(parser, piece)
        waiting += len(piece)
        if _depth(top) > DEEPEST:
            raise _too_deep()
        for unit in _complete(top):
            waiting = 0
            yield unit
        if waiting > LARGEST:
            trouble = Refused("too_large", f"one element takes more than {LARGEST >> 20} MiB")
        if trouble:
            break
    trouble = trouble or _closed(parser)
    yield from _rest(top, torn=trouble is not None)
    if trouble:
        raise trouble


def _fed(parser: ET.XMLParser, piece: str) -> Refused | None:
    try:
        parser.feed(piece)
    except ET.ParseError as error:
        return Refused("damaged", f"the XML can't be read on: {error}")
    return None


def _closed(parser: ET.XMLParser) -> Refused | None:
    try:
        parser.close()
    except ET.ParseError as error:
        return Refused("truncated", f"the report ends before it is complete: {error}")
    except AssertionError:  # the element above the root is ours, and stays open
        return None
    return None


class _Seen(Exception):  # noqa: N818 - it ends the look at the prolog
    """The first thing that decides was met; ``declares`` a document type, or an element."""

    def __init__(self, *, declares: bool) -> None:
        self.declares = declares


class _Prolog:
    """What stands before the first element, read by the same parser: no declarations there."""

    def __init__(self) -> None:
        self._parser: expat.XMLParserType | None = expat.ParserCreate()
        self._parser.StartDoctypeDeclHandler = self._declared
        self._parser.StartElementHandler = self._begun

    def _declared(self, *_: object) -> None:
        raise _Seen(declares=True)

    def _begun(self, *_: object) -> None:
        raise _Seen(declares=False)

    def check(self, piece: str) -> Refused | None:
        """Refuse a document type; nothing is looked at once the first element has begun."""
        if self._parser is None:
            return None
        try:
            self._parser.Parse(piece, False)  # noqa: FBT003 - it has no name
        except expat.ExpatError:  # told by the parser of the report, with its place
            self._parser = None
        except _Seen as seen:
            self._parser = None
            if seen.declares:
                return Refused(
                    "declares_type",
                    "it declares a document type, which no report does; entities in it are "
                    "neither expanded nor fetched, and nothing is read",
                )
        return None


def _depth(top: ET.Element) -> int:
    """Depth of the element that is open."""
    depth, node = 0, top
    while len(node):
        node, depth = node[-1], depth + 1
    return depth


def _too_deep() -> Refused:
    return Refused("too_deep", f"elements nest more than {DEEPEST} deep")


def _complete(node: ET.Element) -> Iterator[Unit]:
    """What is complete within an open element that only holds others; it is taken out."""
    whole = node[:-1]
    del node[:-1]
    for child in whole:
        yield from _within(child)
    if len(node):
        last = node[-1]
        kind = local(last)
        if kind == "model":
            yield from _messages(last)
        elif kind != "file":
            yield from _complete(last)


def _within(node: ET.Element, depth: int = 0) -> Iterator[Unit]:
    """Files and models in an element that is complete."""
    if depth > DEEPEST:
        raise _too_deep()
    kind = local(node)
    if kind == "model":
        yield from _messages(node, whole=True)
        yield Unit(node)
    elif kind == "file" or not len(node):
        yield Unit(node)
    else:
        for child in node:
            yield from _within(child, depth + 1)


def _messages(model: ET.Element, *, whole: bool = False) -> Iterator[Unit]:
    """Complete messages of a chat, which may hold more than fit into memory; they are taken out."""
    if model.get("type") != "Chat":
        return
    for field in model:
        if field.get("name") == "Messages":
            is_open = not whole and field is model[-1]
            messages = field[:-1] if is_open else field[:]
            del field[: len(messages)]
            for message in messages:
                yield Unit(message, model)


def _rest(top: ET.Element, *, torn: bool) -> Iterator[Unit]:
    """What was still open at the end; of a torn report, the model in which it ends."""
    node = top
    while len(node):
        for child in node[:-1]:
            yield from _within(child)
        last = node[-1]
        if not torn:
            yield from _within(last)
            return
        if local(last) == "model":
            yield from _torn(last)
            return
        node = last


def _torn(model: ET.Element) -> Iterator[Unit]:
    yield from _messages(model)
    inner = model[-1] if len(model) else None
    if inner is not None and inner.get("name") == "Messages" and model.get("type") == "Chat":
        for message in inner:
            yield Unit(message, model, cut_off=True)
    yield Unit(model, cut_off=True)
