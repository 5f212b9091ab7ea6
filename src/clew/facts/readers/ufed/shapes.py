"""Messages that are written alike, known by one pattern instead of being parsed anew.

A report writes its messages by the hundred thousand in a few shapes: the same fields in the same
order, with other values. The XML parser reads the first of each shape. From its text a pattern is
made in which the markup stands letter by letter, and values are free in what can't change the
markup: no ``<``, no ``&``, no end of a CDATA section, no carriage return, which XML would change.
What fits the pattern would be parsed into the same element with other values, so that element is
filled in and handed out again. Whatever else is written goes to the parser.
"""

import re
import xml.etree.ElementTree as ET
from itertools import pairwise
from typing import NamedTuple

_TOKEN = re.compile(
    r"""<(?P<open>[A-Za-z][\w.-]*)(?P<named>(?:[ \n]+[A-Za-z][\w.-]*="[^"<&\t\r\n]*+")*+)[ \n]*/?>
    |</[A-Za-z][\w.-]*[ \n]*>
    |<!\[CDATA\[(?P<cdata>[^\]\r]*+(?:\](?!\]>)[^\]\r]*+)*+)\]\]>
    |(?P<space>(?:[ \t\n]|\r\n)++)(?=<)
    |(?P<text>[^<&\]\r]++)""",
    re.VERBOSE,
)
_ATTRIBUTE = re.compile(r'(?P<name>[\w.-]+)="(?P<value>[^"]*)"')
_FREE = {
    "attribute": r'([^"<&\t\r\n]*+)',
    "cdata": r"([^\]\r]*+(?:\](?!\]>)[^\]\r]*+)*+)",
    "text": r"([^<&\]\r]*+)",
}
_STRUCTURE = ("name", "type")
"""Attributes that say what an element is; one that they differ in is of another shape."""
_MOST = 32
"""Shapes that are kept; the one that fitted longest ago goes."""
_AT_FIRST, _WORTH = 12, 400
"""Shapes learned without having seen one fit, and how many messages must fit for one more: to make
a pattern takes as long as to parse some hundred messages."""


class _Slot(NamedTuple):
    """Where a value stands: an attribute of an element, or its text."""

    element: ET.Element
    attribute: str | None


class Shape(NamedTuple):
    """One way in which messages are written."""

    pattern: re.Pattern[str]
    element: ET.Element
    slots: tuple[_Slot, ...]

    def filled(self, values: tuple[str, ...]) -> ET.Element:
        """The element with these values; it is the same one every time."""
        for (element, attribute), value in zip(self.slots, values, strict=True):
            if attribute is None:
                element.text = value or None
            else:
                element.set(attribute, value)
        return self.element


class Shapes:
    """The shapes that a report has shown, the latest to fit first."""

    def __init__(self) -> None:
        self._known: list[Shape] = []
        self._learned = 0
        self._fitted = 0

    def fit(self, text: str, offset: int, space: str) -> tuple[Shape, re.Match[str]] | None:
        """The message that begins at an offset of the text, if it is of a known shape.

        ``space`` is the namespace of what it stands in, with its braces, or nothing.
        """
        for number, shape in enumerate(self._known):
            if shape.element.tag == f"{space}model" and (m := shape.pattern.match(text, offset)):
                if number:
                    self._known.insert(0, self._known.pop(number))
                self._fitted += 1
                return shape, m
        return None

    def learn(self, text: str, element: ET.Element) -> None:
        """Learn from the text of a message what the parser made of it, if that is worth it."""
        if self._learned > _AT_FIRST + self._fitted // _WORTH:
            return
        self._learned += 1
        shape = _shape(text, element)
        if shape:
            self._known.insert(0, shape)
            del self._known[_MOST:]


def _shape(text: str, element: ET.Element) -> Shape | None:
    """The shape of a message; None where it is written in a way that a pattern can't be sure of."""
    tokens = list(_TOKEN.finditer(text))
    if "".join(token.group() for token in tokens) != text or not _values_alone(tokens):
        return None
    elements = element.iter()
    here: ET.Element | None = None
    parts: list[str] = [r"(?:[ \t\n]|\r\n)*+"]
    slots: list[_Slot] = []
    for token in tokens:
        if token["open"]:
            here = next(elements, None)
            attributes = {a["name"]: a["value"] for a in _ATTRIBUTE.finditer(token["named"])}
            if (
                here is None
                or here.tag.rpartition("}")[2] != token["open"]
                or here.attrib != attributes
            ):
                return None  # it is not the tag of the element, with its attributes
        if here is not None:  # what stands before the message is space
            parts.append(_part(token, here, slots))
    return Shape(re.compile("".join(parts)), element, tuple(slots))


def _values_alone(tokens: list[re.Match[str]]) -> bool:
    """Whether every value is all that its element holds, and nothing is in two pieces."""
    kinds = ["start" if t["open"] and not t.group().endswith("/>") else t.lastgroup for t in tokens]
    inner = ("cdata", "text")
    return all(
        (left == "start" or right not in inner) and (right is None or left not in inner)
        for left, right in pairwise(kinds)
    )


def _part(token: re.Match[str], here: ET.Element, slots: list[_Slot]) -> str:
    """A token as it stands in the pattern; where it holds values, each has a slot."""
    if token["cdata"] is not None:
        slots.append(_Slot(here, None))
        return rf"<!\[CDATA\[{_FREE['cdata']}\]\]>"
    if token["text"] is not None:
        slots.append(_Slot(here, None))
        return _FREE["text"]
    written, done = "", token.start()
    for attribute in (
        _ATTRIBUTE.finditer(token.string, *token.span("named")) if token["open"] else ()
    ):
        if attribute["name"] in _STRUCTURE:
            continue
        slots.append(_Slot(here, attribute["name"]))
        written += re.escape(token.string[done : attribute.start("value")]) + _FREE["attribute"]
        done = attribute.end("value")
    return written + re.escape(token.string[done : token.end()])
