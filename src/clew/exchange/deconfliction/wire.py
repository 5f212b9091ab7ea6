r"""How the four files look: a header that is signed, and points or tags in rows of bytes.

The first line is the header in canonical JSON, the second its signature (Ed25519, base64) over a
line of its own, the step and the header. The header has the SHA-256 of all that follows. Nothing in
a file names a person, an exhibit or a number.

| file | body |
|---|---|
| offer | tags of 10 bytes, sorted: a power of two, at least 256 |
| ask | blinded points of 32 bytes, sorted: 64, 256 or 1,024 |
| answer | a point for each point of the ask, in its order; then the proof of 64 bytes |
| notice | the tags of the offer that were hits, sorted |
"""

import base64
import binascii
import hashlib
import os
import stat
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Generic, TypeVar

import msgspec

from clew.casefile.custody.canonical import canonical
from clew.casefile.custody.checkpoint import Signer, is_right, parse_verifier
from clew.exchange.deconfliction import group
from clew.exchange.deconfliction.forms import Kind
from clew.exchange.deconfliction.periods import last_moment
from clew.exchange.deconfliction.refused import Refused
from clew.exchange.deconfliction.voprf import PROOF
from clew.exchange.moments import CLOCKS, moment, stated
from clew.exchange.sealing.envelope import PARTY
from clew.records import Partner

FORMAT = "clew-deconflict/1"
TAG = 10
"""Bytes of a tag: a number that is not in an offer of n tags is a hit by chance in n of 2**80."""
LEAST_OFFER, MOST_OFFER = 1 << 8, 1 << 24
ASKS = (64, 256, 1024)
"""Points of an ask: how many are numbers, only the asker knows."""
_HEADER = 1 << 16
_BEGINS = b"clew deconfliction, version 1\n"
Id = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{32}$")]
"""128 random bits, in hexadecimal."""
Digest = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
Words = Annotated[str, msgspec.Meta(max_length=500)]
Count = Annotated[int, msgspec.Meta(ge=0, le=MOST_OFFER)]
H_co = TypeVar("H_co", bound="Header", covariant=True)
Of = TypeVar("Of", bound="Header")


class Step(StrEnum):
    """What a file is."""

    OFFER = "offer"
    ASK = "ask"
    ANSWER = "answer"
    NOTICE = "notice"


class Header(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True,
    rename={"sender": "from", "receiver": "to"},
):  # fmt: skip
    """What every file says first."""

    step: Step
    sender: str
    """Who sends, by the id under which partners register each other."""
    receiver: str
    """For whom alone it is."""
    offer: Id
    """Id of the offer that it belongs to."""
    kind: Kind
    """What is asked for."""
    period: str
    """Half-year of the offer and its key, such as ``2026-H2``."""
    made_at: str
    """When, in UTC, as ``2026-11-30T12:00:00Z``."""
    holds_until: str
    """Moment until which it may be used."""
    count: Count
    """Tags of an offer or notice, points of an ask or answer."""
    body_sha256: Digest
    """SHA-256 of all that follows the signature."""
    format: str = FORMAT


class Offer(Header, frozen=True, kw_only=True):
    """What a holder has, as tags that only its key can make."""

    public: Digest
    """Public key of the function, in hexadecimal."""


class Ask(Header, frozen=True, kw_only=True):
    """Points of which the holder learns nothing but their number."""

    ask: Id
    """Id of the ask."""
    offer_sha256: Digest
    """SHA-256 of the offer as it came."""
    case: Words
    """Reference of the asker's case."""
    legal_basis: Words
    """On what legal basis is asked."""
    commitment: Digest
    """Root of the tree over what is asked: the list can be shown later, and no other."""


class Officer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who releases an answer."""

    key: Words
    """Public key, in base64."""
    signature: Words
    """Over the digest of the ask, in base64."""


class Answer(Header, frozen=True, kw_only=True):
    """The holder's points, computed with the key of the offer."""

    ask: Id
    ask_sha256: Digest
    """SHA-256 of the ask as it came."""
    officers: tuple[Officer, ...]


class Notice(Header, frozen=True, kw_only=True):
    """The asker's word to the holder: how many were hits, and which tags of the offer they are."""

    ask: Id
    answer_sha256: Digest
    """SHA-256 of the answer as it came."""


_STEPS: dict[Step, type[Header]] = {
    Step.OFFER: Offer, Step.ASK: Ask, Step.ANSWER: Answer, Step.NOTICE: Notice,
}  # fmt: skip


class Document(msgspec.Struct, Generic[H_co], frozen=True):
    """A file that is what it says."""

    header: H_co
    body: bytes
    data: bytes
    """The whole file."""

    @property
    def sha256(self) -> str:
        """SHA-256 of the whole file."""
        return hashlib.sha256(self.data).hexdigest()

    @property
    def rows(self) -> list[bytes]:
        """Tags or points."""
        size = _row(self.header.step)
        return [self.body[at : at + size] for at in range(0, size * self.header.count, size)]

    @property
    def tags(self) -> Any:
        """Tags of an offer as an array of NumPy, of 10 bytes each, for questions to many at once.

        NumPy compares such texts to their last byte that is not zero; all are of one length, so
        that equal ones are equal to the byte.
        """
        import numpy as np

        return np.frombuffer(self.body, f"S{TAG}")

    def among(self, wanted: Sequence[bytes]) -> list[bool]:
        """Which of these are tags of the offer, whose tags are sorted."""
        import numpy as np

        tags, asked = self.tags, np.array(wanted, f"S{TAG}")
        at = np.minimum(np.searchsorted(tags, asked), len(tags) - 1)
        return [bool(found) for found in tags[at] == asked]

    @property
    def proof(self) -> bytes:
        """What follows the points of an answer."""
        return self.body[_row(self.header.step) * self.header.count :]


def made(header: Of, rows: list[bytes], signer: Signer, proof: bytes = b"") -> Document[Of]:
    """A file that is to be written; count and digest of the header are those of the rows."""
    body = b"".join(rows) + proof
    full = msgspec.structs.replace(
        header, count=len(rows), body_sha256=hashlib.sha256(body).hexdigest()
    )
    first = _canonical(full)
    signature = base64.b64encode(signer.sign(_BEGINS + first))
    return Document(full, body, first + b"\n" + signature + b"\n" + body)


def read(file: Path, step: Step, known: Mapping[str, Partner], now: datetime) -> Document[Any]:
    """A file of a registered partner, as far as it can be checked by itself.

    Raises Refused where anything of it is not as it should be.
    """
    document, signature = _parsed(file, step)
    _check_sender(document.header, signature, known, now)
    _check_times(document.header, now)
    _check_body(document)
    return document


def step_of(file: Path) -> Step | None:
    """What a file says that it is; None where it says nothing of the kind. Nothing is checked."""
    try:
        with file.open("rb") as opened:
            return msgspec.json.decode(opened.readline(_HEADER), type=_Beginning).step
    except (OSError, msgspec.MsgspecError, UnicodeError, RecursionError):
        return None


def kept(file: Path, step: Step) -> Document[Any]:
    """A file that was checked before, as the case kept it; whoever reads it knows its digest."""
    document, _ = _parsed(file, step)
    return document


def _parsed(file: Path, step: Step) -> tuple[Document[Any], bytes]:
    """A file in its parts, and its signature."""
    data = _contents(file)
    first, _, rest = data.partition(b"\n")
    signature, _, body = rest.partition(b"\n")
    return Document(_header(file, first, step), body, data), signature


def _contents(file: Path) -> bytes:
    """All of a plain file of a size that a file of deconfliction can have."""
    try:
        handle = os.open(file, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError as error:
        raise Refused("no-file", file=file.name, why=error.strerror) from error
    about = os.fstat(handle)
    if not stat.S_ISREG(about.st_mode):
        os.close(handle)
        raise Refused("no-file", file=file.name, why="it is no plain file")
    with os.fdopen(handle, "rb") as opened:
        if about.st_size > MOST_OFFER * TAG + 2 * _HEADER:
            raise Refused("no-file", file=file.name, why="it is too large")
        return opened.read()


def _header(file: Path, first: bytes, step: Step) -> Header:
    """A header in the one way in which it is written."""
    try:
        found = msgspec.json.decode(first, type=_Beginning).step
        header = msgspec.json.decode(first, type=_STEPS[found])
        _check_words(header, first)
    except (msgspec.MsgspecError, ValueError, TypeError, RecursionError) as error:
        raise Refused("no-file", file=file.name, why=error) from error
    if header.step is not step:
        raise Refused("another-step", file=file.name, found=header.step, wanted=step)
    return header


class _Beginning(msgspec.Struct, frozen=True):
    """What of a header says which one it is."""

    step: Step


def _check_words(header: Header, first: bytes) -> None:
    """ValueError where a header is written otherwise than in its one way, or a word can't be."""
    if len(first) > _HEADER or _canonical(header) != first:
        raise ValueError("its header is not written in the one way that it has")
    if header.format != FORMAT:
        raise ValueError(f"its format is {header.format!r}")
    if not PARTY.fullmatch(header.sender) or not PARTY.fullmatch(header.receiver):
        raise ValueError("its sender or receiver is no id of a partner")
    moment(header.made_at)
    moment(header.holds_until)
    last_moment(header.period)


def _check_sender(
    header: Header, signature: bytes, known: Mapping[str, Partner], now: datetime
) -> None:
    """Refuse what no registered partner signed."""
    sender = known.get(header.sender)
    if sender is None or not sender.verifier:
        raise Refused("stranger", sender=header.sender)
    _, public = parse_verifier(sender.verifier)
    try:
        value = base64.b64decode(signature, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Refused("signature", sender=header.sender) from error
    first = _canonical(header)
    if not is_right(public, value, _BEGINS + first) or base64.b64encode(value) != signature:
        raise Refused("signature", sender=header.sender)
    for at in (now, min(moment(header.made_at), now)):
        if not sender.valid_from <= at <= sender.valid_until:
            raise Refused(
                "partner-expired", sender=header.sender, at=stated(at),
                begin=stated(sender.valid_from), end=stated(sender.valid_until),
            )  # fmt: skip


def _check_times(header: Header, now: datetime) -> None:
    """Refuse what is of the future, or past its time; an answer or notice may come late."""
    if moment(header.made_at) > now + CLOCKS:
        raise Refused("later", at=header.made_at)
    end = last_moment(header.period)
    if moment(header.holds_until) > end:
        raise Refused("period", at=header.holds_until, period=header.period)
    if header.step in (Step.OFFER, Step.ASK) and now > moment(header.holds_until):
        raise Refused("expired", at=header.holds_until)


def _check_body(document: Document[Any]) -> None:
    """Refuse rows that are not those that were signed, or that can't be."""
    header: Header = document.header
    size = _row(header.step) * header.count + (PROOF if header.step is Step.ANSWER else 0)
    digest = hashlib.sha256(document.body).hexdigest()
    if len(document.body) != size or digest != header.body_sha256:
        raise Refused("body")
    if not _may_have(header.step, header.count):
        raise Refused("size", found=header.count)
    if header.step in (Step.OFFER, Step.NOTICE):
        tags = document.tags
        if not (tags[:-1] < tags[1:]).all():
            raise Refused("tags")
        return
    rows = document.rows
    if not all(map(group.is_point, rows)):
        raise Refused("point")
    if len(set(rows)) != len(rows):
        raise Refused("points")


def _may_have(step: Step, count: int) -> bool:
    """Whether a file of a step may have so many rows."""
    if step is Step.OFFER:
        return LEAST_OFFER <= count <= MOST_OFFER and count & (count - 1) == 0
    return count <= ASKS[-1] if step is Step.NOTICE else count in ASKS


def _row(step: Step) -> int:
    return TAG if step in (Step.OFFER, Step.NOTICE) else group.POINT


def _canonical(header: Header) -> bytes:
    return canonical({"format": FORMAT, **msgspec.to_builtins(header)}).encode()
