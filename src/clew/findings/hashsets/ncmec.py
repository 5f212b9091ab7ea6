"""NCMEC's hash-sharing XML, version 2: entries, deletions, and what members say of entries.

After the answers that python-threatexchange reads (``exchanges/clients/ncmec``). Entries do not
come in the order of time; a medium is told by its member and id together. A ``deletedImage`` is a
tombstone, and it withdraws that medium from this and every earlier version of the set. The file is
followed as a stream, and one that declares entities is refused before any is expanded.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from xml.parsers import expat

from clew.findings.hashsets.entries import Entry, Format, Reading, digest, photodna, said

_MEDIA = {"image": False, "video": False, "deletedimage": True, "deletedvideo": True}
_HASHES = {"md5": "md5", "sha1": "sha1", "sha256": "sha256", "pdq": "pdq", "pdna": "photodna",
           "photodna": "photodna"}  # fmt: skip
_NOTED = ("timestamp", "id", "classification")


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

    def __init__(self) -> None:
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._data
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.EntityDeclHandler = self._refuse
        self.complete: list[_Medium] = []
        self._medium: _Medium | None = None
        self._path: list[str] = []
        self._text = ""
        self._feedback = ("", "")

    def _refuse(self, *_: object) -> None:
        raise ValueError("it declares a document type or entities")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(":")[2].lower()
        self._text = ""
        self._path.append(tag)
        if self._medium is None:
            if tag in _MEDIA:
                self._medium = _Medium(tag, self.parser.CurrentLineNumber)
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
        medium, text = self._medium, self._text.strip()
        self._text = ""
        if medium is None:
            return
        if tag == medium.tag:
            self.complete.append(medium)
            self._medium = None
        elif self._path[-1] == "fingerprints":
            medium.fingerprints.append((tag, text))
        elif self._path[-1] == medium.tag and tag in _NOTED:
            medium.texts[tag] = text
        elif tag.endswith("feedback"):
            self._feedback = ("", "")

    def _data(self, text: str) -> None:
        self._text += text


def _read(reading: Reading) -> Iterator[Entry]:
    answer = _Answer()
    for chunk in _stripped(reading):
        broken = ""
        try:
            answer.parser.Parse(chunk, not chunk)
        except (expat.ExpatError, ValueError) as error:
            broken = f"the rest can't be read: {error}"
        for medium in answer.complete:
            if entry := _entry(medium, reading):
                yield entry
        answer.complete.clear()
        if broken:
            reading.reject(f"line {answer.parser.CurrentLineNumber}", broken, "")
            return


def _stripped(reading: Reading) -> Iterator[bytes]:
    """The text without blanks before its declaration, and an empty piece that ends it."""
    for number, chunk in enumerate(reading.chunks()):
        yield chunk.lstrip() if number == 0 else chunk
    yield b""


def _entry(medium: _Medium, reading: Reading) -> Entry | None:
    named = medium.texts.get("id")
    place = f"line {medium.line}"
    identity = f"{medium.member}/{medium.tag.removeprefix('deleted')}/{named}"
    if named and _MEDIA[medium.tag]:
        return Entry(record=place, medium=identity, deleted=True, details=said(medium.texts))
    hashes, doubtful = _hashes(medium)
    if doubtful or not hashes:
        reading.reject(place, f"no hash: {', '.join(doubtful)}" if doubtful else "no hash in it",
                       identity)  # fmt: skip
    if not hashes:
        return None
    code = medium.texts.pop("classification", None)
    affirmed, disputed = (
        len({member for member, _ in medium.feedback[kind]}) for kind in ("affirmative", "negative")
    )
    rest: dict[str, Any] = {**medium.texts, "affirmed": affirmed} if affirmed else medium.texts
    disputes = sorted({kind for _, kind in medium.feedback["negative"] if kind})
    elsewhere = [tag for tag, text in medium.fingerprints if tag not in _HASHES]
    for name, found in (("disputed_hashes", disputes), ("other_fingerprints", elsewhere)):
        if found:
            rest = {**rest, name: found}
    return Entry(
        record=place,
        medium=identity if named else None,
        scheme="NCMEC" if code else None,
        country="US" if code else None,
        scheme_version="2" if code else None,
        code=code,
        disputed=disputed or None,
        details=said(rest),
        **hashes,
    )


def _hashes(medium: _Medium) -> tuple[dict[str, Any], list[str]]:
    hashes: dict[str, Any] = {}
    doubtful = []
    for tag, text in medium.fingerprints:
        kind = _HASHES.get(tag)
        if kind is None or not text:
            continue
        value = photodna(text) if kind == "photodna" else digest(kind, text)
        if value is not None:
            hashes[kind] = value
        else:
            doubtful.append(f"{tag} {text[:80]!r}")
    return hashes, doubtful


def _told_by(head: bytes) -> bool:
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    return text[:1] == b"<" and b"queryResult" in text


FORMAT = Format("ncmec", _told_by, _read)
