"""What WhatsApp keeps in Protocol Buffers on iOS, and which of its fields nobody explains.

``ZWAMEDIAITEM.ZMETADATA``: 5 is the id of the message quoted (WCE), 6 who sent that one, 19 its
text, in 1 (two descriptions of real databases), 17 the number of forwards and 21 who forwarded
(iLEAPP, as observed). ``ZWAMESSAGEINFO.ZRECEIPTINFO``: 7 holds the reactions, in 1 those of others
(2 who, 3 sign, 4 when), in 2 the holder's (2 sign, 3 when) (IPED), in 3 those of a channel (1: 1
sign, 2 how many; iLEAPP); 8 holds a poll: its question in 2, its answers in 3 (1), votes in 5 and 6
(1 the answers by number from 0, 4 who), as WCE reads it. Every other field is counted and reported
with the first row that has it. Receipts by recipient are here too; nobody has published how.
"""

from collections import Counter
from collections.abc import Iterator

import msgspec

from clew.facts import protobuf
from clew.facts.protobuf import Field, Malformed
from clew.facts.readers.whatsapp_ios.database import Database

METADATA, RECEIPTS = "ZWAMEDIAITEM.ZMETADATA", "ZWAMESSAGEINFO.ZRECEIPTINFO"
_QUOTED, _QUOTED_TEXT, _FORWARDS, _FORWARDER = 5, 19, 17, 21
_REACTIONS, _POLL = 7, 8
_OTHERS, _OWN, _OF_CHANNEL = 1, 2, 3
_QUESTION, _ANSWER, _VOTES = 2, 3, (5, 6)


class Metadata(msgspec.Struct):
    """What is known of a message's metadata."""

    quoted: str | None = None
    quoted_text: str | None = None
    forwards: int | None = None


class Reacted(msgspec.Struct, frozen=True):
    """One reaction."""

    jid: str | None
    """Address of who reacted; None for the holder of the device."""
    sign: str | None
    at: int | None
    givers: int | None = None
    """How many gave it, where it is counted and nobody is named, as in channels."""


class Vote(msgspec.Struct, frozen=True):
    """One vote of a poll."""

    jid: str | None
    """Address of who voted; None where it is not named."""
    chosen: frozenset[int]
    """Numbers of the answers, from 0."""


class Poll(msgspec.Struct, frozen=True):
    """A poll with its answers and votes."""

    question: str | None
    options: tuple[str, ...]
    votes: tuple[Vote, ...]


class Receipts(msgspec.Struct):
    """What is known of a message's receipts."""

    reactions: list[Reacted] = []
    poll: Poll | None = None


_NOTHING_KNOWN = Metadata()
_PROPERTY_LIST = b"bplist00"


class Blobs:
    """Reads the blobs of a database, and remembers what it could not explain."""

    def __init__(self, base: Database) -> None:
        self._base = base
        self._unexplained: Counter[tuple[str, str]] = Counter()
        self._first: dict[tuple[str, str], str] = {}

    def metadata(self, raw: object, locator: str) -> Metadata:
        """The fields of ``ZMETADATA`` that are known."""
        if raw is None:
            return _NOTHING_KNOWN
        known = Metadata()
        for field in self._fields(METADATA, raw, locator):
            if field.number == _QUOTED and field.text:
                known.quoted = field.text
            elif field.number == _QUOTED_TEXT and (said := protobuf.first_text(field.value, 1)):
                known.quoted_text = said
            elif field.number == _FORWARDS and isinstance(field.value, int):
                known.forwards = min(field.value, 1 << 31)
            elif field.number == _FORWARDER and field.text:
                self._base.report(
                    locator, "forwarder", column=METADATA, field=field.number, value=field.text
                )
            else:
                self._unknown(METADATA, f"field={field.number}", locator)
        return known

    def receipts(self, raw: object, locator: str) -> Receipts | None:
        """The fields of ``ZRECEIPTINFO`` that are known; None where there is nothing to tell."""
        if raw is None:
            return None
        known = Receipts(reactions=[])
        for field in self._fields(RECEIPTS, raw, locator):
            if field.number == _REACTIONS and isinstance(field.value, bytes):
                known.reactions += self._reactions(field.value, locator)
            elif field.number == _POLL and isinstance(field.value, bytes):
                known.poll = self._poll(field.value, locator)
            else:
                self._unknown(RECEIPTS, f"field={field.number}", locator)
        return known if known.reactions or known.poll else None

    def report_unexplained(self) -> None:
        """Say which fields are in the file and not in the tables."""
        for (column, what), number in sorted(self._unexplained.items()):
            kind, _, field = what.partition("=")
            first = self._first[column, what]
            self._base.report(
                first, f"protobuf:{kind}", n=number, column=column, field=field or None
            )

    def _reactions(self, raw: bytes, locator: str) -> Iterator[Reacted]:
        for field in self._fields(RECEIPTS, raw, locator):
            inner = field.value
            if field.number == _OTHERS and isinstance(inner, bytes):
                jid, sign = protobuf.first_text(inner, 2), protobuf.first_text(inner, 3)
                yield Reacted(jid, sign, protobuf.first_number(inner, 4))
            elif field.number == _OWN and isinstance(inner, bytes):
                sign = protobuf.first_text(inner, 2)
                yield Reacted(None, sign, protobuf.first_number(inner, 3))
            elif field.number == _OF_CHANNEL and isinstance(inner, bytes):
                for counted in protobuf.within(inner, 1):
                    sign = protobuf.first_text(counted.value, 1)
                    yield Reacted(None, sign, None, protobuf.first_number(counted.value, 2) or 0)
            else:
                self._unknown(RECEIPTS, f"field=7.{field.number}", locator)

    def _poll(self, raw: bytes, locator: str) -> Poll:
        question, options, votes = None, [], []
        for field in self._fields(RECEIPTS, raw, locator):
            if field.number == _QUESTION and field.text:
                question = field.text
            elif field.number == _ANSWER:
                options.append(protobuf.first_text(field.value, 1) or "")
            elif field.number in _VOTES:
                votes.append(_vote(field))
            else:
                self._unknown(RECEIPTS, f"field=8.{field.number}", locator)
        return Poll(question, tuple(options), tuple(votes))

    def _fields(self, column: str, raw: object, locator: str) -> list[Field]:
        """Fields up to where the bytes are none any more; that they are none is reported."""
        if not isinstance(raw, bytes):
            self._unknown(column, "no_bytes", locator)
            return []
        if raw.startswith(_PROPERTY_LIST):
            self._unknown(column, "property_list", locator)
            return []
        read: list[Field] = []
        try:
            read.extend(protobuf.fields(raw))
        except Malformed:
            self._unknown(column, "broken", locator)
        return read

    def _unknown(self, column: str, what: str, locator: str) -> None:
        self._unexplained[column, what] += 1
        self._first.setdefault((column, what), locator)


def _vote(field: Field) -> Vote:
    """Who chose which answers; numbers stand each in a field, or packed in one."""
    chosen: set[int] = set()
    for value in (answer.value for answer in protobuf.within(field.value, 1)):
        chosen |= {value} if isinstance(value, int) else set(protobuf.packed(value))
    return Vote(protobuf.first_text(field.value, 4), frozenset(chosen))
