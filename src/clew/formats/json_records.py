"""JSON records of a file too large to hold and perhaps broken: each is cut out by its brackets.

A parser of whole JSON gives up at the first broken record, and with it all that follows; in the
files of some exporters one in ten thousand is broken (``"IsSuspected":"true""``). Here strings and
brackets are followed by a pattern that stops at the very byte where the text is no JSON any more;
what is broken is handed over as it stands, and the next record is found by the way records begin.
"""

import re
from collections.abc import Iterable, Iterator

import msgspec

_STRING = rb'"[^"\\\x00-\x1f]*+(?:\\.[^"\\\x00-\x1f]*+)*+"'
_GAP = rb'(?:\s*+[:,][^"{}\[\]]*+|\s*+(?=[\]}]))'
_FLAT = rb'[^"{}\[\]]*+(?:' + _STRING + _GAP + rb")*+"
_WALK = re.compile(_FLAT)
_NAMED = rb"(?:(?<=:)|(?<=: ))"
"""What an object holds stands behind its name; what doesn't is no JSON."""


def _holding(inner: bytes) -> bytes:
    """An object or list that holds such objects and lists, or none."""
    members = rb"(?:" + _NAMED + inner + _FLAT + rb")*+"
    return rb"(?:\{" + _FLAT + members + rb"\}|\[" + _FLAT + rb"(?:" + inner + _FLAT + rb")*+\])"


_WHOLE = re.compile(
    rb"\{" + _FLAT + rb"(?:" + _NAMED + _holding(_holding(_holding(rb"(?!)"))) + _FLAT + rb")*+\}"
)
"""A record as nearly all are: whole, and no more than four brackets deep."""
_CASE = re.compile(rb'"media"\s*:', re.IGNORECASE)
_KEY = re.compile(rb'"([^"\\]*)"\s*:\s*$')
_FIRST_KEY = re.compile(rb'\{\s*"([^"\\]*)"')
_USUAL_FIRST = rb"@?odata\.[a-zA-Z.]+|MediaID|Category|MD5"
_LOOKAHEAD = 1 << 16
_LARGEST = 1 << 24
"""Bytes of one text or record; what is larger is none of a set."""
_HEAD = 1 << 12
_OPEN = {ord("{"): ord("}"), ord("["): ord("]")}


class Record(msgspec.Struct, frozen=True):
    """One record's text, and where it stands."""

    number: int
    """Which record it is, from 0."""
    offset: int
    """Byte at which it begins."""
    text: bytes
    broken: str = ""
    """What is wrong with it, where its end could only be guessed."""


class Splitter:
    """Cuts the records out of ``value`` or, in a case, out of ``Media``."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        self._text = b""
        self._offset = 0
        self._more = True
        self._stack: list[tuple[int, bytes]] = []
        self._number = 0
        self._begins: int | None = None
        self._depth = 0
        self._first = _USUAL_FIRST
        self.complete = False
        """Whether the outermost bracket was closed."""

    def __iter__(self) -> Iterator[Record]:
        at = 0
        while True:
            end = self._walked(at)
            if end is None:
                at = self._drop(at)
                if len(self._text) - at <= _LARGEST:
                    if self._fill():
                        continue
                    yield from self._torn()
                    return
                found, at = self._broken(len(self._text) - 1)
            elif whole := self._whole(end):
                found, at = self._cut(end, whole.end()), whole.end()
            elif self._text[end] in b"{}[]":
                found = self._bracket(end, at)
                at = end + 1
            else:
                found, at = self._broken(end)
            if found:
                yield found

    def _whole(self, end: int) -> re.Match[bytes] | None:
        """The record that begins here, where it is seen at once; a case that holds some is none."""
        if self._begins is not None or not self._holds_records:
            return None
        match = _WHOLE.match(self._text, end)
        return match if match and not _CASE.search(self._text, end, match.end()) else None

    def _walked(self, at: int) -> int | None:
        """Where the next bracket stands, or the byte that is no JSON; None where more is needed."""
        match = _WALK.match(self._text, at)
        assert match is not None
        end = match.end()
        if end >= len(self._text):
            return None
        if self._text[end] in b"{}[]" or len(self._text) - end > _LOOKAHEAD or not self._more:
            return end
        return None

    def _fill(self) -> bool:
        """Read more of the file."""
        chunk = next(self._chunks, None)
        if chunk is None:
            self._more, more = False, self._more and bool(self._text)
            return more
        self._text += chunk
        return True

    def _drop(self, at: int) -> int:
        """Forget what has been cut out; the offset to go on at."""
        kept = at if self._begins is None else self._begins
        kept = max(kept - _HEAD, 0) if self._begins is None else kept
        self._text = self._text[kept:]
        self._offset += kept
        if self._begins is not None:
            self._begins = 0
        return at - kept

    def _bracket(self, end: int, at: int) -> Record | None:
        kind = self._text[end]
        if kind in _OPEN:
            return self._opened(kind, end, at)
        self._close(kind)
        self.complete = not self._stack
        if self._begins is None or len(self._stack) != self._depth:
            return None
        record = self._cut(self._begins, end + 1)
        self._begins = None
        return record

    def _close(self, kind: int) -> None:
        """Close a bracket, and with it those of the same record that were left open within."""
        lowest = len(self._stack) - 1 if self._begins is None else self._depth
        for level in range(len(self._stack) - 1, max(lowest, 0) - 1, -1):
            if _OPEN[self._stack[level][0]] == kind:
                del self._stack[level:]
                return

    def _opened(self, kind: int, end: int, at: int) -> Record | None:
        key = _KEY.search(self._text, max(at, end - 200), end) if self._shallow else None
        name = key[1].lower() if key else b""
        left_open = None
        if kind == ord("{") and self._begins is not None and self._follows(end, at) == b",":
            left_open = self._cut(
                self._begins, end, f"no bracket closes it before byte {self._offset + end}"
            )
            del self._stack[self._depth :]
            self._begins = None
        if kind == ord("[") and name == b"media":
            self._begins = None  # what looked like a record is a case that holds records
        elif kind == ord("{") and self._begins is None and self._holds_records:
            self._begins, self._depth = end, len(self._stack)
        self._stack.append((kind, name))
        return left_open

    def _follows(self, end: int, at: int) -> bytes:
        """What stands before an object that the record itself holds, and no list in it."""
        return self._text[max(at, end - _HEAD) : end].rstrip()[-1:] if self._shallow else b""

    @property
    def _shallow(self) -> bool:
        return self._begins is None or len(self._stack) == self._depth + 1

    @property
    def _holds_records(self) -> bool:
        if not self._stack:
            return False
        kind, name = self._stack[-1]
        return kind == ord("[") and (name in (b"value", b"media") or len(self._stack) == 1)

    def _cut(self, begins: int, end: int, broken: str = "") -> Record:
        text = self._text[begins:end]
        first = _FIRST_KEY.match(text)
        if first and not broken:
            self._first = re.escape(first[1])
        record = Record(self._number, self._offset + begins, text, broken)
        self._number += 1
        return record

    def _broken(self, end: int) -> tuple[Record | None, int]:
        """The rest of a broken record, and the offset where the next one begins."""
        begins = end if self._begins is None else self._begins
        level = self._depth if self._begins is not None else len(self._stack)
        boundary = re.compile(rb"\}\s*,\s*(?=\{\s*\"(?:" + self._first + rb')"\s*:)')
        while not (match := boundary.search(self._text, end)):
            if len(self._text) - begins > _LARGEST or not self._fill():
                del self._stack[level:]
                self._begins = None
                return self._cut(begins, len(self._text), "no JSON; the next was not found"), len(
                    self._text
                )
        del self._stack[level:]
        self._begins = None
        return self._cut(begins, match.end(), f"no JSON at byte {self._offset + end}"), match.end()

    def _torn(self) -> Iterator[Record]:
        """What is left of a record where the file ends within it."""
        if self._begins is not None:
            yield self._cut(self._begins, len(self._text), "the file ends within it")
