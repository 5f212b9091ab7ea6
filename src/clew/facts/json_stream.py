"""JSON exports read as a stream: one record at a time, each with its pointer, whatever is broken.

An export is one object around long arrays of records, gigabytes of them. The arrays named in
``opened`` are walked; every other value is decoded whole and handed over. What is torn or damaged
is reported (``Damage``) with its offset, and reading goes on at the next record that begins as
records of that array do, so that one broken record costs itself. Behind such a gap the number of a
record isn't known: its locator then has the byte where it begins, such as ``/messages/@81920``.

>>> import io
>>> export = b'{"name": "Pets", "messages": [{"id": 1, "type": "a"}, {"id": 2, "ty'
>>> for found in Stream(io.BytesIO(export), ("/messages",), {"/messages": (("id", "type"),)}):
...     print(found)
Record(pointer='/name', offset=9, value='Pets')
Record(pointer='/messages/0', offset=30, value={'id': 1, 'type': 'a'})
Damage(pointer='/messages/1', offset=54, code='json:cut', values={})

References:
    - RFC 8259 (JSON), RFC 6901 (JSON pointers)
    - docs/decisions/0019-json-as-a-stream.md

"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Callable, Iterator, Mapping
from itertools import accumulate
from typing import Any, BinaryIO, NamedTuple, cast

from clew.words.reasons import Unreadable

_CHUNK = 1 << 20
_LONGEST = 16 << 20
_MOST_DAMAGES = 1000
_CUT = "json:cut"
_NO_JSON = "json:broken"
_TAIL = 16 << 10
_SPACE: Callable[[str, int], re.Match[str]]
_SPACE = cast("Any", re.compile(r"[ \t\n\r]*").match)
"""It always matches, if only nothing."""
_NEAR_END = 12
"""How near to the end of what is read an error may only be its cutting (``-Infinity`` is long)."""
_BAD_ESCAPE = re.compile(r"((?:^|[^\\])(?:\\\\)*)\\x([0-9A-Fa-f]{2})")
_raw_decode = json.JSONDecoder(strict=False).raw_decode


class Record(NamedTuple):
    """A value, where it stands (a JSON pointer), and the byte at which it begins."""

    pointer: str
    offset: int
    value: Any


class Damage(NamedTuple):
    """A part that can't be read, and why."""

    pointer: str
    offset: int
    code: str
    values: dict[str, Any]
    """Figures that belong to the code."""

    @property
    def locator(self) -> str:
        """Where it is, for whoever looks for it in the file."""
        return f"{self.pointer or 'file'} at byte {self.offset}"


Heads = Mapping[str, tuple[tuple[str, str], ...]]
"""For an array, the first two keys with which its records may begin."""


class _Lost(Unreadable):
    """Here the text is no JSON, or ends."""


class _Resume(Exception):
    """Reading goes on in an array farther out, or nowhere (None)."""

    def __init__(self, array: _Array | None) -> None:
        super().__init__()
        self.array = array


_VALUE = r'(?:"(?:[^"\\]|\\.){0,4000}"|[^,"{}\[\]]{1,40})'
"""What stands between the first two keys of a record."""


class _Array:
    """An array that is being walked: how its records begin, and how many there were."""

    def __init__(self, pointer: str, pattern: str, heads: tuple[tuple[str, str], ...]) -> None:
        self.pointer = pointer
        self.pattern = pattern
        self.count: int | None = 0
        self.is_walked = False
        key = pattern.rpartition("/")[2]
        self.barrier = re.compile(rf'"{re.escape(key)}"\s*:\s*\[')
        named = [(re.escape(first), re.escape(second)) for first, second in heads]
        starts = "|".join(rf'"{a}"\s*:\s*{_VALUE}\s*,\s*"{b}"\s*:' for a, b in named)
        self.opener = re.compile(rf"\{{\s*(?:{starts})") if starts else None

    def pointer_at(self, offset: int) -> str:
        """Pointer of the record that begins at ``offset``."""
        return f"{self.pointer}/{'@' + str(offset) if self.count is None else self.count}"


class Stream:
    """The records of one file; go through it once.

    ``opened`` names what is walked, with ``*`` for any index of an array, such as
    ``/chats/list/*/messages``; ``heads`` how records of such an array begin.
    """

    def __init__(self, file: BinaryIO, opened: tuple[str, ...], heads: Heads) -> None:
        self.mended = 0
        """Records with bytes that are no text, which are written out (``\\udcff``)."""
        self.damages = 0
        """Parts that could not be read."""
        self._file = file
        steps = (path.split("/") for path in opened)
        self._opened = {part for names in steps for part in accumulate(names, "{}/{}".format)}
        self._heads = heads
        self._decode = codecs.getincrementaldecoder("utf-8")("surrogateescape").decode
        self._text = ""
        self._at = 0
        self._mark = 0
        self._mark_offset = 0
        self._ended = False
        self._arrays: list[_Array] = []
        self._fill()
        if self._text.startswith("\ufeff"):
            self._at = 1

    def __iter__(self) -> Iterator[Record | Damage]:
        """Go through the file."""
        try:
            yield from self._value("", "")
            self._next_or_end()
            if self._at < len(self._text):
                yield self._damage("", _Lost("json:more"))
        except _Resume:
            return
        except _Lost as lost:
            yield self._damage("", lost)
            yield from self._members_after_damage()

    def offset(self) -> int:
        """Byte at which reading stands."""
        passed = self._text[self._mark : self._at]
        self._mark_offset += len(passed.encode("utf-8", "surrogateescape"))
        self._mark = self._at
        return self._mark_offset

    def _value(self, pointer: str, pattern: str) -> Iterator[Record | Damage]:
        sign = self._next()
        if sign == "{" and pattern in self._opened:
            yield from self._object(pointer, pattern)
        elif sign == "[" and pattern in self._opened:
            yield from self._array(pointer, pattern)
        else:
            offset = self.offset()
            yield Record(pointer, offset, self._whole())

    def _object(self, pointer: str, pattern: str) -> Iterator[Record | Damage]:
        self._at += 1
        if self._next() == "}":
            self._at += 1
            return
        while True:
            yield from self._member(pointer, pattern)
            if self._after("}"):
                return

    def _member(self, pointer: str, pattern: str) -> Iterator[Record | Damage]:
        if self._next() != '"':
            raise _Lost(_NO_JSON, cause="Expecting property name")
        name = self._whole()
        if self._next() != ":":
            raise _Lost(_NO_JSON, cause="Expecting ':' delimiter")
        self._at += 1
        escaped = name.replace("~", "~0").replace("/", "~1")
        yield from self._value(f"{pointer}/{escaped}", f"{pattern}/{name}")

    def _array(self, pointer: str, pattern: str) -> Iterator[Record | Damage]:
        array = _Array(pointer, pattern, self._heads.get(pattern, ()))
        array.is_walked = f"{pattern}/*" in self._opened
        self._arrays.append(array)
        self._at += 1
        ends = self._next() == "]"
        self._at += ends
        while not ends:
            where = pointer
            try:
                self._next()
                offset = self.offset()
                where = array.pointer_at(offset)
                if array.is_walked:
                    yield from self._value(where, f"{pattern}/*")
                else:
                    yield Record(where, offset, self._whole())
                ends = self._after("]")
                array.count = None if array.count is None else array.count + 1
            except _Lost as lost:
                yield self._damage(where, lost)
                self._recover(array)
            except _Resume as resume:
                if resume.array is not array:
                    raise
        self._arrays.pop()

    def _damage(self, where: str, lost: _Lost) -> Damage:
        self.damages += 1
        self._next_or_end()
        if self._ended and self._at >= len(self._text):
            lost = _Lost(_CUT)
        return Damage(where, self.offset(), lost.code, lost.values)

    def _recover(self, array: _Array) -> None:
        """Go to where this array goes on, or raise for one farther out."""
        if self.damages >= _MOST_DAMAGES:
            raise _Resume(None)
        self._at = min(self._at + 1, len(self._text))
        while True:
            found = self._opening(array)
            if found:
                self._at, goes_on = found
                goes_on.count = None
                del self._arrays[self._arrays.index(goes_on) + 1 :]
                if goes_on is array:
                    return
                raise _Resume(goes_on)
            if self._ended:
                raise _Resume(None)
            self._at = max(self._at, len(self._text) - _TAIL)
            self._fill()

    def _opening(self, array: _Array) -> tuple[int, _Array] | None:
        """Where the next record of this array or of one around it begins, whichever is first.

        Where another array of the same name begins before it, the record is of another chat.
        """
        barrier = array.barrier.search(self._text, self._at)
        candidates = []
        for depth, known in enumerate(self._arrays):
            if known.opener and (found := known.opener.search(self._text, self._at)):
                is_elsewhere = known is array and barrier and barrier.start() < found.start()
                if not is_elsewhere:
                    candidates.append((found.start(), -depth, known))
        if not candidates:
            return None
        offset, _, known = min(candidates, key=lambda c: c[:2])
        return offset, known

    def _members_after_damage(self) -> Iterator[Record | Damage]:
        """After damage outside every array, go on at the next name that is to be opened."""
        names = sorted({p.split("/")[1] for p in self._opened if p})
        wanted = re.compile(rf'"(?:{"|".join(map(re.escape, names))})"\s*:\s*[\[{{]')
        self._arrays.clear()
        self._at = max(self._at - 1, 0)  # a quotation mark may belong to the name
        while names and self.damages < _MOST_DAMAGES:
            found = wanted.search(self._text, self._at)
            if found:
                self._at = found.start()
                try:
                    yield from self._member("", "")
                    while not self._after("}"):
                        yield from self._member("", "")
                except _Resume:
                    return
                except _Lost as lost:
                    yield self._damage("", lost)
                    continue
                return
            if self._ended:
                return
            self._at = max(self._at, len(self._text) - _TAIL)
            self._fill()

    def _after(self, end: str) -> bool:
        """Pass what stands behind a member: a comma, or the end of what holds it."""
        sign = self._next()
        if sign not in (",", end):
            raise _Lost(_NO_JSON, cause="Expecting ',' delimiter")
        self._at += 1
        return sign == end

    def _next(self) -> str:
        """The next sign that is no space; what lies before it is passed."""
        self._next_or_end()
        if self._at >= len(self._text):
            raise _Lost(_CUT)
        return self._text[self._at]

    def _next_or_end(self) -> None:
        while True:
            self._at = _SPACE(self._text, self._at).end()
            if self._at < len(self._text) or self._ended:
                return
            self._fill()

    def _whole(self) -> Any:
        """Decode the value that begins here, and pass it."""
        while True:
            try:
                value, end = _raw_decode(self._text, self._at)
            except RecursionError:
                raise _Lost("json:deep") from None
            except ValueError as error:
                waiting = len(self._text) - self._at
                if not self._looks_cut(error) or (waiting > _LONGEST and not self._ended):
                    return self._repaired(error)
                if self._ended:
                    raise _Lost(_CUT) from None
                self._fill(more=max(_CHUNK, waiting))
                continue
            if end >= len(self._text) and not self._ended:
                self._fill()
                continue
            return self._passed(value, end)

    def _looks_cut(self, error: ValueError) -> bool:
        """Whether an error is where the text ends."""
        if not isinstance(error, json.JSONDecodeError):
            return False
        is_open = error.msg.startswith("Unterminated")
        return is_open or error.pos >= len(self._text) - _NEAR_END

    def _repaired(self, error: ValueError) -> Any:
        r"""Read a value with ``\x0B``, as Telegram writes control signs, against the standard."""
        reason = getattr(error, "msg", str(error))
        if "escape" not in reason:
            raise _Lost(_NO_JSON, cause=reason) from None
        part = self._text[self._at : self._at + _TAIL * 8]
        growth, fixed = 0, [found.end() for found in _BAD_ESCAPE.finditer(part)]
        try:
            value, end = _raw_decode(_BAD_ESCAPE.sub(r"\1\\u00\2", part))
        except (ValueError, RecursionError):
            raise _Lost(_NO_JSON, cause=reason) from None
        for offset in fixed:  # each repair makes the text two signs longer
            growth += 2 if offset + growth < end else 0
        return self._passed(value, self._at + end - growth)

    def _passed(self, value: Any, end: int) -> Any:
        raw = self._text[self._at : end]
        self._at = end
        if not raw.isascii() or "\\ud" in raw or "\\uD" in raw:
            try:
                raw.encode()
                is_text = "\\u" not in raw or _is_text(value)
            except UnicodeEncodeError:
                is_text = False
            if not is_text:
                self.mended += 1
                return written_out(value)
        return value

    def _fill(self, more: int = _CHUNK) -> None:
        """Read on, and let go of what is passed."""
        if self._at > _CHUNK:
            self.offset()
            self._text = self._text[self._at :]
            self._at = self._mark = 0
        chunk = self._file.read(more)
        self._ended = not chunk
        self._text += self._decode(chunk, self._ended)


def written_out(value: Any) -> Any:
    """The same value with halves of surrogate pairs and bytes that are no text written out."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, list):
        return [written_out(v) for v in value]
    if isinstance(value, dict):
        return {written_out(k): written_out(v) for k, v in value.items()}
    return value


def _is_text(value: Any) -> bool:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except (UnicodeEncodeError, RecursionError):
        return False
    return True
