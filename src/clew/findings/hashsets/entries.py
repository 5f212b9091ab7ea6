"""What the readers of hash sets have in common: entries, and what could not be taken in."""

import contextlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, Any

import msgspec

from clew.casefile.engine import Progress
from clew.errors import UsageError
from clew.formats.hashes import Hash, digest, encoding_of

_SHOWN = 2000
_LONGEST = 1 << 20
"""Characters of a line; what is longer is no line of a set."""


class Entry(msgspec.Struct, kw_only=True, gc=False):
    """One entry, as a reader gives it; the columns of ``known_hashes`` say what each means."""

    record: str
    md5: str | None = None
    sha1: str | None = None
    sha256: str | None = None
    pdq: str | None = None
    pdq_quality: int | None = None
    photodna: str | None = None
    scheme: str | None = None
    country: str | None = None
    scheme_version: str | None = None
    code: str | None = None
    medium: str | None = None
    at_ms: int | None = None
    deleted: bool = False
    disputed: int | None = None
    details: str | None = None
    further: bool = False
    """Only a further hash of a record that is already taken in."""

    @property
    def hashes(self) -> int:
        """How many hashes it has."""
        found = (self.md5, self.sha1, self.sha256, self.pdq, self.photodna)
        return sum(h is not None for h in found)


def entries_of(record: str, hashes: list[Hash], **fields: Any) -> Iterator[Entry]:
    """The entry of a record; where it has several hashes of one kind, an entry for each further.

    The further ones are named ``record/2`` and so on, and say what else the record says.
    """
    first: dict[str, Any] = {}
    further: list[Hash] = []
    for found in hashes:
        if found.kind in first:
            further.append(found)
            continue
        first[found.kind] = found.value
        if found.quality is not None:
            first["pdq_quality"] = found.quality
    if first:
        yield Entry(record=record, **first, **fields)
    if further:
        seen = set(first.items())
        for number, one in enumerate(_together(further, seen), start=2):
            yield Entry(record=f"{record}/{number}", further=True, **one, **fields)


def _together(hashes: list[Hash], seen: set[tuple[str, Any]]) -> list[dict[str, Any]]:
    """Hashes that were not seen, one of each kind together."""
    groups: list[dict[str, Any]] = []
    for found in hashes:
        if (found.kind, found.value) in seen:
            continue
        seen.add((found.kind, found.value))
        one = next((one for one in groups if found.kind not in one), None)
        if one is None:
            groups.append(one := {})
        one[found.kind] = found.value
        if found.quality is not None:
            one["pdq_quality"] = found.quality
    return groups


class Reading:
    """A set's file being read: it hears how far the reader is and what could not be taken in."""

    def __init__(
        self, file: Path, quarantine: IO[bytes], progress: Progress, country: str | None = None
    ) -> None:
        self.file = file
        self.country = country
        """Country of the categories as the caller states it, where the file does not."""
        self.rejected = 0
        self.first_rejected = ""
        """Why the first thing that could not be taken in could not."""
        self.note: str | None = None
        """What is to be said of the file as a whole."""
        self._quarantine = quarantine
        self._progress = progress

    def doubt(self, record: str, hashes: list[Hash], doubtful: list[str], text: str) -> None:
        """Keep an entry that has no hash, or something that is none where one should stand."""
        if doubtful or not hashes:
            why = f"no hash: {', '.join(doubtful)}" if doubtful else "no hash in it"
            self.reject(record, why, text)

    def reject(self, record: str, reason: str, text: str) -> None:
        """Keep what could not be taken in, with its record."""
        if not self.rejected:
            self.first_rejected = f"{record}: {reason}"
        self.rejected += 1
        kept = {"record": record, "reason": reason, "text": text[:_SHOWN]}
        self._quarantine.write(msgspec.json.encode(kept) + b"\n")

    def advance(self, amount: int) -> None:
        """So many bytes of the file are read."""
        self._progress.advance(amount)

    def chunks(self, size: int = 1 << 20) -> Iterator[bytes]:
        """The file's bytes, in order."""
        with readable(self.file), self.file.open("rb") as handle:
            while chunk := handle.read(size):
                yield chunk
                self.advance(len(chunk))

    def lines(self) -> Iterator[str]:
        """The file's lines as text; bytes that are no text are written out."""
        with readable(self.file), self.file.open("rb") as head:
            encoding = encoding_of(head.read(4))
        with readable(self.file), self.file.open(
            encoding=encoding, errors="backslashreplace", newline=""
        ) as lines:  # fmt: skip
            number = 0
            while line := lines.readline(_LONGEST):
                number += 1
                rest = line
                while len(rest) == _LONGEST and not rest.endswith(("\n", "\r")):
                    rest = lines.readline(_LONGEST)
                    self.advance(len(rest))
                if rest is not line:
                    self.reject(f"line {number}", f"longer than {_LONGEST} characters", line)
                yield line
                self.advance(len(line))


class Format(msgspec.Struct, frozen=True):
    """One format of hash sets."""

    name: str
    recognises: Callable[[bytes], bool]
    """Whether the first 64 KiB of a file are of this format."""
    read: Callable[[Reading], Iterator[Entry]]


@contextlib.contextmanager
def readable(file: Path) -> Iterator[None]:
    """Say so where the set's own file can't be read: that is no fault of the case's disk."""
    try:
        yield
    except OSError as error:
        raise UsageError(
            f"{file.name} can't be read: {error.strerror or error}",
            do="Look to its permissions, or copy it anew; nothing was changed.",
        ) from error


def hashes_of(stated: Iterable[tuple[str, str, Any]]) -> tuple[list[Hash], list[str]]:
    """Hashes of a name, a kind and a text each; and what is no hash where one should stand."""
    found, doubtful = [], []
    for name, kind, text in stated:
        if (value := digest(kind, text)) is not None:
            found.append(Hash(kind, value))
        elif text not in (None, ""):
            doubtful.append(f"{name} {str(text)[:80]!r}")
    return found, doubtful


def said(details: dict[str, Any]) -> str | None:
    """What else a record says, as JSON."""
    return msgspec.json.encode(details).decode() if details else None
