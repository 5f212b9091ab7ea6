"""A report as a stream of complete elements, in memory that does not grow with the report.

The tree is built in C and pruned after every piece: all but the last child of an open element is
complete. Declarations of a document type are refused before the first element, so no entity can be
declared, expanded or fetched.
"""

import codecs
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator
from functools import partial
from typing import BinaryIO, NamedTuple
from xml.parsers import expat

from clew.facts.readers.ufed.shapes import Shape, Shapes
from clew.formats.encoded import pieces
from clew.words.reasons import Unreadable

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
_UNMARKED = ((b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))
_LONGEST_REFERENCE = 12
_TAG = "</model>"
_LAST_TAG = re.compile(r'</model>(?=\s*<model\s+type="InstantMessage")')
_KEPT = 1 << 18
"""Characters of a message that are kept back until its end is there."""


class Unit(NamedTuple):
    """A complete element: a file, a model, or a message within a chat that may still be open."""

    element: ET.Element
    chat: ET.Element | None = None
    cut_off: bool = False
    """The report ends within it."""


class Refused(Unreadable):
    """The rest of a report is not read."""


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
        kept = ""
        for piece in pieces(self._file, unmarked, _CHUNK):
            text = kept + piece
            cut = text.find("&", max(len(text) - _LONGEST_REFERENCE, 0))
            text, kept = (text[:cut], text[cut:]) if cut >= 0 else (text, "")
            yield self._clean(text)
        yield self._clean(kept)

    def _clean(self, text: str) -> str:
        self.mended += text.count("\ufffd")
        data = text.encode()
        plain = len(data.translate(None, _CONTROLS)) == len(data)
        if plain and not any(odd in text for odd in _ODD):
            return text
        text, count = _FORBIDDEN.subn("\ufffd", text)
        self.mended += count
        return text


def unmarked(head: bytes) -> str:
    """Encoding of a report without a byte order mark; what is declared counts where it is known."""
    declared = _DECLARED.match(head)
    try:
        name = codecs.lookup(declared[1].decode()).name if declared else "utf-8"
    except LookupError:
        name = "utf-8"
    return next((name for start, name in _UNMARKED if head.startswith(start)), name)


def units(text: Iterable[str]) -> Iterator[Unit]:
    """Files, models and messages as they become complete; each holds until the next is asked for.

    ``Refused`` is raised, after all that was complete, where the report can't be read on.
    """
    passing, prolog = _Passing(), _Prolog()
    for piece in text:
        passing.trouble = prolog.check(piece)
        passing.take(piece)
        if _depth(passing.top) > DEEPEST:
            raise Refused("too_deep", n=DEEPEST)
        yield from passing.units()
        if passing.waiting > LARGEST:
            passing.trouble = Refused("too_large", mib=LARGEST >> 20)
        if passing.trouble:
            break
    passing.end()
    yield from passing.units()
    yield from _rest(passing.top, torn=passing.trouble is not None)
    if passing.trouble:
        raise passing.trouble


class _Position:
    """Where in the report the parser is, for what it says of damage: it never saw all of it."""

    def __init__(self) -> None:
        self._lines = 0
        self._column = 0
        """Line and column that the parser is at, as it counts them."""
        self._more_lines = 0
        self._shifted: tuple[int, int] = (-1, 0)
        """Line of the parser in which text was passed by last, and by how many columns."""

    def parsed(self, text: str) -> None:
        """Text went to the parser."""
        self._lines, self._column = _moved(self._lines, self._column, text)

    def passed(self, text: str, start: int, end: int) -> None:
        """Text went past the parser."""
        if start == end:
            return
        shift = self._shifted[1] if self._shifted[0] == self._lines else 0
        lines, column = _moved(0, self._column + shift, text[start:end])
        self._more_lines += lines
        self._shifted = (self._lines, column - self._column)

    def cause(self, error: ET.ParseError) -> str:
        """What is wrong, and where in the report."""
        line, column = error.position
        shift = self._shifted[1] if self._shifted[0] == line - 1 else 0
        wrong = expat.ErrorString(error.code)
        return f"{wrong}: line {line + self._more_lines}, column {column + shift}"


def _moved(line: int, column: int, text: str) -> tuple[int, int]:
    breaks = text.count("\n")
    return line + breaks, len(text) - text.rfind("\n") - 1 if breaks else column + len(text)


class _Passing:
    """A report while it passes: what is open in the parser, and what is complete.

    Between two messages of a chat, and only there, what is of a known shape goes past the parser.
    That the parser stands there is known from the tree: a tag was handed to it alone, and with it
    the last message of the chat ended.
    """

    def __init__(self) -> None:
        builder = ET.TreeBuilder()
        self.top = builder.start("top", {})
        self.trouble: Refused | None = None
        self.waiting = 0
        """Characters since something was complete."""
        self._parser = ET.XMLParser(target=builder)  # noqa: S314 - the prolog is checked
        self._ends = ET.XMLPullParser(("end",), _parser=self._parser)
        self._shapes = Shapes()
        self._position = _Position()
        self._between: tuple[ET.Element, ET.Element] | None = None
        """The chat between whose messages the parser stands, and the field that holds them."""
        self._kept = ""
        self._complete: list[Unit | _Fitting] = []

    def take(self, piece: str) -> None:
        """Read the next piece; a message that it only begins may be kept back for the one after."""
        self.waiting += len(piece)
        text, self._kept = self._kept + piece, ""
        offset = 0
        while offset < len(text) and self.trouble is None:
            offset = self._past(text, offset)
            end = _LAST_TAG.search(text, offset)
            if end is None and self._between and len(text) - offset < _KEPT:
                self._kept = text[offset:]
                return
            offset = self._parse(text, offset, end.start() if end else len(text))

    def units(self) -> Iterator[Unit]:
        """What has become complete."""
        self._complete += _complete(self.top)
        for unit in self._complete:
            self.waiting = 0
            yield unit if isinstance(unit, Unit) else unit.unit()
        self._complete.clear()

    def end(self) -> None:
        """Read what was kept back, and find whether the report is complete."""
        kept, self._kept = self._kept, ""
        if self.trouble is None:
            self._feed(kept)
        if self.trouble is None:
            try:
                self._parser.close()
            except ET.ParseError as error:
                self.trouble = Refused("truncated", cause=self._position.cause(error))
            except AssertionError:  # the element above the root is ours, and stays open
                pass

    def _past(self, text: str, offset: int) -> int:
        """Take the messages of known shapes that follow; where they end."""
        if self._between is None:
            return offset
        chat, field = self._between
        space = field.tag[: field.tag.find("}") + 1]
        start = offset
        while fit := self._shapes.fit(text, offset, space):
            shape, found = fit
            self._complete.append(_Fitting(shape, found.groups(), chat))
            offset = found.end()
        self._position.passed(text, start, offset)
        return offset

    def _parse(self, text: str, start: int, tag: int) -> int:
        """Parse up to where a message may end, and its last tag alone; where that ends."""
        known, self._between = self._between, None
        self._feed(text[start:tag])
        if tag == len(text) or self.trouble:
            return len(text)
        if _depth(self.top) > DEEPEST:
            raise Refused("too_deep", n=DEEPEST)
        self._complete += _complete(self.top)
        end = tag + len(_TAG)
        (last,) = self._feed(_TAG) or (None,)
        chat = _open_chat(self.top)
        if last is not None and chat is not None and chat[-1][-1:] == [last]:
            del chat[-1][-1]
            self._complete.append(Unit(last, chat))
            if known and known[1] is chat[-1]:
                self._shapes.learn(text[start:end], last)
            self._between = chat, chat[-1]
        return end

    def _feed(self, text: str) -> list[ET.Element]:
        """Hand text to the parser; the elements that it ends."""
        self._position.parsed(text)
        self._ends.feed(text)
        try:
            return [event[1] for event in self._ends.read_events()]  # type: ignore[misc]
        except ET.ParseError as error:
            self.trouble = Refused("damaged", cause=self._position.cause(error))
        return []


class _Fitting(NamedTuple):
    """A message that fitted a shape; it is made where it is wanted, and holds until the next."""

    shape: Shape
    values: tuple[str, ...]
    chat: ET.Element

    def unit(self) -> Unit:
        """The message, filled in."""
        return Unit(self.shape.filled(self.values), self.chat)


def _open_chat(top: ET.Element) -> ET.Element | None:
    """The chat whose messages are open, if the last thing in the report is one of them."""
    node = top
    while len(node) and local(node) != "model":
        node = node[-1]
    is_open = node.get("type") == "Chat" and len(node) and node[-1].get("name") == "Messages"
    return node if is_open else None


class _Met(Exception):
    """The first thing that decides was met: a document type, or an element."""


def _meet(code: str, *_: object) -> None:
    raise _Met(code)


class _Prolog:
    """What stands before the first element, read by the same parser: no declarations there."""

    def __init__(self) -> None:
        self._parser: expat.XMLParserType | None = expat.ParserCreate()
        self._parser.StartDoctypeDeclHandler = partial(_meet, "declares_type")
        self._parser.StartElementHandler = partial(_meet, "")

    def check(self, piece: str) -> Refused | None:
        """Refuse a document type; nothing is looked at once the first element has begun."""
        code = ""
        if self._parser is not None:
            try:
                self._parser.Parse(piece)
            except expat.ExpatError:  # reported by the parser of the report, with its location
                self._parser = None
            except _Met as met:
                self._parser, code = None, str(met)
        return Refused(code) if code else None


def _depth(top: ET.Element) -> int:
    """Depth of the element that is open."""
    depth, node = 0, top
    while len(node):
        node, depth = node[-1], depth + 1
    return depth


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
        raise Refused("too_deep", n=DEEPEST)
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
            yield from _messages(last)
            inner = last[-1] if len(last) else None
            if inner is not None and inner.get("name") == "Messages" and last.get("type") == "Chat":
                yield from (Unit(message, last, cut_off=True) for message in inner)
            yield Unit(last, cut_off=True)
            return
        node = last
