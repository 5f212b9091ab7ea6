"""NCMEC's hash-sharing XML, version 2: entries, deletions, and what members say of entries.

After the answers that python-threatexchange reads (``exchanges/clients/ncmec``). Entries do not
come in the order of time; a medium is identified by its member and id together. A ``deletedImage``
is a tombstone: it withdraws that medium from this and every earlier version of the set, unless this
version lists it again with a later time. An answer of many pages is as many documents: they may
stand one after another in a file, and a page that names a next one which does not follow is
reported. The file is followed as a stream, and one that declares entities is refused before any of
them is expanded.
"""

import itertools
from collections.abc import Iterator
from typing import Any
from xml.parsers import expat
from xml.parsers.expat import errors

from clew.findings.hashsets.entries import Entry, Format, Reading, entries_of, hashes_of, said

_MEDIA = {"image": False, "video": False, "deletedimage": True, "deletedvideo": True}
_HASHES = {"md5": "md5", "sha1": "sha1", "sha256": "sha256", "pdq": "pdq", "pdna": "photodna",
           "photodna": "photodna"}  # fmt: skip
_NOTED = ("timestamp", "id", "classification")
_AFTER_THE_END = {
    errors.codes[errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT],
    errors.codes[errors.XML_ERROR_MISPLACED_XML_PI],
}
"""What the parser says where another document begins."""


class _Medium:
    """One medium while its element is open."""

    def __init__(self, tag: str, line: int) -> None:
        self.tag = tag
        self.line = line
        self.texts: dict[str, str] = {}
        self.member = ""
        self.fingerprints: list[tuple[str, str]] = []
        self.feedback: dict[str, set[tuple[str, str]]] = {"affirmative": set(), "negative": set()}


class _Answer:
    """Hears the parser's events and keeps the media that are complete."""

    def __init__(self, lines: int = 0) -> None:
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._data
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.EntityDeclHandler = self._refuse
        self.complete: list[_Medium] = []
        self.next_page: str | None = None
        self.lines = lines
        """Lines of the documents before this one."""
        self._medium: _Medium | None = None
        self._path: list[str] = []
        self._text: list[str] = []
        self._feedback = ("", "")
        self._unparsed = b""
        self._fed = 0

    @property
    def line(self) -> int:
        """Line of the file at which the parser stands."""
        return self.lines + self.parser.CurrentLineNumber

    def hear(self, chunk: bytes) -> tuple[str, bytes | None]:
        """What is broken from here on, if anything; the bytes of the next document, if it began."""
        begins, self._unparsed = self._fed - len(self._unparsed), self._unparsed + chunk
        self._fed += len(chunk)
        try:
            self.parser.Parse(chunk, not chunk)
        except expat.ExpatError as error:
            following = self._unparsed[max(self.parser.ErrorByteIndex - begins, 0) :].lstrip()
            if error.code in _AFTER_THE_END and following[:1] == b"<":
                return "", following
            return str(error), None
        except (ValueError, LookupError) as error:  # the latter of an encoding nobody knows
            return str(error), None
        self._unparsed = chunk
        return "", None

    def _refuse(self, *_: object) -> None:
        raise ValueError("it declares a document type or entities")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(":")[2].lower()
        self._text.clear()
        self._path.append(tag)
        if self._medium is None:
            if tag in _MEDIA:
                self._medium = _Medium(tag, self.line)
            return
        if tag.endswith("feedback") and tag != "feedback":
            self._feedback = (tag.removesuffix("feedback"), attributes.get("type", ""))
        elif tag == "member" and self._path[-2] in _MEDIA:
            self._medium.member = attributes.get("id", "")
        elif tag == "member" and self._feedback[0] in self._medium.feedback:
            said_of = (attributes.get("id", ""), self._feedback[1])
            self._medium.feedback[self._feedback[0]].add(said_of)

    def _end(self, _name: str) -> None:
        tag = self._path.pop()
        medium, text = self._medium, "".join(self._text).strip()
        self._text.clear()
        if medium is None:
            if tag == "next" and self._path[-1:] == ["paging"]:
                self.next_page = text or None
        elif tag == medium.tag:
            self.complete.append(medium)
            self._medium = None
        elif self._path[-1] == "fingerprints":
            medium.fingerprints.append((tag, text))
        elif self._path[-1] == medium.tag and tag in _NOTED:
            medium.texts[tag] = text
        elif tag.endswith("feedback"):
            self._feedback = ("", "")

    def _data(self, text: str) -> None:
        self._text.append(text)


def _read(reading: Reading) -> Iterator[Entry]:
    answer, locators = _Answer(), _Locators()
    stripped = (c if n else c.lstrip() for n, c in enumerate(reading.chunks()))
    for chunk in itertools.chain(stripped, (b"",)):  # an empty piece ends the text
        following: bytes | None = chunk
        while following is not None:
            broken, following = answer.hear(following)
            for medium in answer.complete:
                yield from _entries(medium, locators.of(medium.line), reading)
            answer.complete.clear()
            if broken:
                reading.reject(f"line {answer.line}", f"the rest can't be read: {broken}", "")
                return
            if following is not None:
                answer = _Answer(answer.line - 1)
    if answer.next_page:
        reading.note = f"another page follows, which is not in the file: {answer.next_page[:200]}"


class _Locators:
    """A locator for each medium: an answer often stands in a single line."""

    def __init__(self) -> None:
        self._line = self._turn = 0

    def of(self, line: int) -> str:
        """``line 7``, and ``line 7:2`` for the second medium that begins there."""
        self._turn = self._turn + 1 if line == self._line else 1
        self._line = line
        return f"line {line}" if self._turn == 1 else f"line {line}:{self._turn}"


def _entries(medium: _Medium, locator: str, reading: Reading) -> Iterator[Entry]:
    named = medium.texts.get("id")
    identity = f"{medium.member}/{medium.tag.removeprefix('deleted')}/{named}"
    if named and _MEDIA[medium.tag]:
        yield Entry(record=locator, medium=identity, deleted=True, details=said(medium.texts))
        return
    hashes, doubtful = hashes_of(
        (tag, kind, text) for tag, text in medium.fingerprints if (kind := _HASHES.get(tag))
    )
    reading.doubt(locator, hashes, doubtful, identity)
    code = medium.texts.pop("classification", None) or None
    yield from entries_of(
        locator,
        hashes,
        medium=identity if named else None,
        scheme="NCMEC" if code else None,
        country="US" if code else None,
        scheme_version="2" if code else None,
        code=code,
        disputed=len({member for member, _ in medium.feedback["negative"]}) or None,
        details=said(_rest(medium)),
    )


def _rest(medium: _Medium) -> dict[str, Any]:
    """What else is said of a medium."""
    affirmed = len({member for member, _ in medium.feedback["affirmative"]})
    disputes = sorted({kind for _, kind in medium.feedback["negative"] if kind})
    elsewhere = [tag for tag, text in medium.fingerprints if tag not in _HASHES]
    more = {
        "affirmed": affirmed, "disputed_hashes": disputes, "other_fingerprints": elsewhere,
    }  # fmt: skip
    return {**medium.texts, **{name: found for name, found in more.items() if found}}


def _recognises(head: bytes) -> bool:
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    return text[:1] == b"<" and b"queryResult" in text


FORMAT = Format("ncmec", _recognises, _read)
