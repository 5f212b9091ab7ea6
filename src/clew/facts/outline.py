"""The outline of a JSON document: its keys, and of long arrays and objects only the first members.

A chat that stands behind a hundred thousand records of something else is seen by it: what is passed
over costs a search for brackets. Documents one behind the other (JSON lines) are outlined as one.

>>> import io
>>> from clew.facts.beginning import beginning
>>> rows = b",".join(b'{"a": %d}' % n for n in range(9))
>>> raw = b'{"long": [' + rows + b'], "messages": []}'
>>> outlined = outline(io.BytesIO(raw), beginning(io.BytesIO(raw)))
>>> outlined.text
'{"long":[{"a":0},{"a":1},{"a":2}],"messages":[]}'
>>> list(outlined.keys)
['long', 'a', 'messages']

"""

import codecs
import re
from typing import BinaryIO

import msgspec

from clew.facts.beginning import LENGTH, Beginning, shortened

MOST = 32 << 20
"""Bytes that are looked at, at most."""
_CHUNK = 1 << 20
_MEMBERS = {"[": 3, "{": 64}
"""Members of an array or object that are kept; of an object later ones that hold others too."""
_MOST_KEYS = 4000
_DEEPEST = 64
_TOKEN = re.compile(r'\s*(?:("(?:[^"\\]|\\.)*+")|([{}\[\],:])|([^\s"{}\[\],:]++))', re.DOTALL)
_QUOTED = r'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_FLAT = rf'[^"{{}}\[\]]*+(?:{_QUOTED}[^"{{}}\[\]]*+)*+'
_NESTED = rf"{_FLAT}(?:[{{\[]{_FLAT}[}}\]]{_FLAT})*+"
_SKIPPED = re.compile(rf"{_FLAT}(?:[{{\[]{_NESTED}[}}\]]{_FLAT})*+", re.DOTALL)
"""What stands up to the next bracket, together with what is nested up to two deep and ends."""
_PLAIN = re.compile(rf'(?:\s*{_QUOTED}\s*:\s*(?:{_QUOTED}|[^\s"{{}}\[\],:]++)\s*,)*+', re.DOTALL)
"""Members of an object that hold no others."""
_LONGEST = 200


class Outline(msgspec.Struct):
    """What is known of a document."""

    text: str = ""
    """The document with its long arrays and objects cut short."""
    keys: dict[str, None] = msgspec.field(default_factory=dict)
    """Names of members, at any depth, in the order in which they were met."""
    documents: int = 0
    """Documents that stand one behind the other."""


def outline(file: BinaryIO, begins: Beginning) -> Outline:
    """Outline a file of JSON that begins so, within a bound; it is closed."""
    decode = codecs.getincrementaldecoder(begins.encoding)("replace").decode
    passing, rest, read = _Passing(), "", 0
    with file:
        file.seek(begins.offset)
        while read < MOST and not passing.is_full:
            chunk = file.read(_CHUNK)
            read += len(chunk)
            rest = passing.take(shortened(rest) + decode(chunk, not chunk))
            if not chunk:
                break
    return Outline("".join(passing.shown), passing.keys, passing.documents)


class _Open(msgspec.Struct):
    """An array or object that is open."""

    sign: str
    members: int = 0
    shown: int = 0
    """Members that are kept."""
    key: str | None = None
    """Name of the member whose value comes next, in quotes."""

    @property
    def is_long(self) -> bool:
        """Whether it has as many members as are kept."""
        return self.members >= _MEMBERS[self.sign]


class _Passing:
    """A document while it passes, token by token."""

    def __init__(self) -> None:
        self.shown: list[str] = []
        self.keys: dict[str, None] = {}
        self.documents = 0
        self._length = 0
        self._open: list[_Open] = []
        self._passed_over = 0
        """Brackets that are open in what is passed over."""

    @property
    def is_full(self) -> bool:
        """Whether as much is kept as is kept at most."""
        return self._length >= LENGTH

    def take(self, text: str) -> str:
        """Pass a piece of the document; what may go on in the next piece comes back."""
        at = 0
        while at < len(text) and not self.is_full:
            if self._passed_over:
                flat = _SKIPPED.match(text, at)
                at = flat.end() if flat else at
                if at == len(text) or text[at] == '"':  # a string that goes on
                    break
                self._passed_over += 1 if text[at] in "{[" else -1
                at += 1
                continue
            found = _TOKEN.match(text, self._past_plain(text, at))
            if found is None or (found.end() == len(text) and found[2] is None):
                break
            at = found.end()
            self._token(*found.groups())
        return text[at:]

    def _past_plain(self, text: str, at: int) -> int:
        """Where a member comes that may be kept, in what has as many as are kept."""
        here = self._open[-1] if self._open else None
        if here is None or not here.is_long or here.key is not None:
            return at
        found = (_PLAIN if here.sign == "{" else _SKIPPED).match(text, at)
        return found.end() if found else at

    def _token(self, string: str | None, sign: str | None, other: str | None) -> None:
        here = self._open[-1] if self._open else None
        if sign in ("{", "["):
            self._begin(sign, here)
        elif here is None:
            return
        elif sign in ("}", "]"):
            self._show("}" if here.sign == "{" else "]")
            self._open.pop()
        elif sign == ",":
            here.members += 1
        elif sign is None:
            self._word(here, string, other or "")

    def _word(self, here: _Open, string: str | None, other: str) -> None:
        """A name of a member, or a value that holds no others."""
        if string and here.sign == "{" and here.key is None:
            here.key = string
            if len(self.keys) < _MOST_KEYS:
                self.keys[string[1:-1]] = None
            return
        if not here.is_long:
            value = string or other
            self._member(here, value if len(value) < _LONGEST else value[:_LONGEST] + value[-1])
        here.key = None

    def _begin(self, sign: str, here: _Open | None) -> None:
        if here is None:
            self.documents += 1
            is_over = self.documents > _MEMBERS["["]
        else:
            is_over = (here.sign == "[" and here.is_long) or len(self._open) >= _DEEPEST
        if is_over:
            self._passed_over = 1
        else:
            self._member(here, sign)
            self._open.append(_Open(sign))
        if here:
            here.key = None

    def _member(self, here: _Open | None, value: str) -> None:
        """Keep a member: its name, if it has one, and its value or the bracket that opens it."""
        if here:
            comma = "," if here.shown else ""
            here.shown += 1
            self._show(f"{comma}{here.key}:{value}" if here.key else f"{comma}{value}")
        else:
            self._show(f"\n{value}" if self.shown else value)

    def _show(self, text: str) -> None:
        self.shown.append(text)
        self._length += len(text)
