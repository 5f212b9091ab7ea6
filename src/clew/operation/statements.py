"""Statements: how one is written, identified, and found again in another's file.

A site writes a list: JSON, one statement a line, numbered from 1. Its id is the first 128 bits of
the SHA-256 over what it states, in JSON, as an array in the order of ``_STATED``. With ``previous``
each names the one before it, so that a signature over the last id is one over the whole list.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from typing import Any, Self

import msgspec

from clew.casefile import ledger
from clew.errors import EvidenceError
from clew.records import About, Statement
from clew.schema import replace
from clew.words.characters import spelt_out

_STATED = (
    "site", "seq", "previous", "about", "reference", "says", "country", "place", "happened_at",
    "clock_note", "heard_from", "withdraws", "particulars", "judged_by", "judged_at", "reason",
)  # fmt: skip
_stated = attrgetter(*_STATED)
_DIGITS = 32
_COUNTRY = re.compile("[A-Z]{2}")
MOMENT = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?Z?)?")
"""How a moment is written: a day, a local time, or a time in UTC."""
_CLOCKS_DIFFER = timedelta(days=1)
"""By how much a site's clock may be ahead: more is the future."""
WITHDRAWN = "withdrawn"
"""What a statement says that withdraws others."""
_MOST = 10**9
"""Statements of one list."""
LONGEST = 4000
"""Characters of a value."""


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody states, before it has a number in a list."""

    about: About
    reference: str
    says: str
    country: str | None = None
    place: str | None = None
    happened_at: str | None = None
    clock_note: str | None = None
    heard_from: str | None = None
    withdraws: tuple[str, ...] = ()
    particulars: tuple[str, ...] = ()
    reason: str = ""

    @classmethod
    def of(cls, statement: Statement) -> Self:
        """What a statement states, apart from where it stands in its list."""
        return cls(**{name: getattr(statement, name) for name in cls.__struct_fields__})


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A line of a site's file; what it has besides is a particular."""

    site: str
    seq: int
    at: str
    by: str
    about: str
    says: str
    id: str | None = None
    previous: str | None = None
    happened_at: str | None = None
    country: str | None = None
    place: str | None = None
    clock: str | None = None
    heard_from: str | None = None
    withdraws: tuple[int | str, ...] = ()
    reason: str = ""
    particulars: tuple[str, ...] = ()


_OF_A_LINE = frozenset(Line.__struct_fields__) | {"signature"}


def statement_id(statement: Statement) -> str:
    """What identifies a statement: it follows from what it states."""
    stated = msgspec.json.encode(_stated(statement))
    return hashlib.sha256(stated).hexdigest()[:_DIGITS]


def identified(statement: Statement) -> Statement:
    """The same statement with its own id."""
    return replace(statement, statement_id=statement_id(statement))


def listed(
    said: Iterable[Said], site: str, by: str, last: Statement | None = None
) -> list[Statement]:
    """Statements at the end of a site's list, after its last one."""
    now = ledger.now()
    made: list[Statement] = []
    for one in said:
        made.append(
            identified(
                Statement(
                    number=0, statement_id="", site=site, seq=last.seq + 1 if last else 1,
                    previous=last.statement_id if last else None, judged_by=by, judged_at=now,
                    **msgspec.structs.asdict(one),
                )
            )
        )  # fmt: skip
        last = made[-1]
    return made


def particulars(values: Mapping[str, Any]) -> tuple[str, ...]:
    """Values by name, as a statement holds them; those that are empty are left out."""
    kept = ((name, value) for name, value in values.items() if value not in (None, ""))
    return tuple(sorted(f"{name}={value}" for name, value in kept))


def value_of(statement: Statement, name: str) -> str | None:
    """A particular of a statement."""
    begin = f"{name}="
    return next((p[len(begin) :] for p in statement.particulars if p.startswith(begin)), None)


def values_of(statement: Statement) -> dict[str, str]:
    """All particulars of a statement."""
    return {name: value for name, _, value in (p.partition("=") for p in statement.particulars)}


def as_line(statement: Statement) -> dict[str, Any]:
    """A statement as a line of its site's file."""
    stated = {
        "site": statement.site, "seq": statement.seq,
        "at": statement.judged_at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "by": statement.judged_by, "about": f"{statement.about} {statement.reference}",
        "says": statement.says, "id": statement.statement_id, "previous": statement.previous,
        "happened_at": statement.happened_at, "country": statement.country,
        "place": statement.place, "clock": statement.clock_note,
        "heard_from": statement.heard_from, "withdraws": list(statement.withdraws),
        "reason": statement.reason, "particulars": list(statement.particulars),
    }  # fmt: skip
    return {name: value for name, value in stated.items() if value not in (None, "", [])}


def of_line(text: bytes | str, where: str) -> Statement:
    """The statement of a line; EvidenceError, which names ``where``, of a line that is none."""
    try:
        raw = msgspec.json.decode(text, type=dict[str, Any])
        line = msgspec.convert(raw, Line)
        about, _, reference = line.about.partition(" ")
        at = datetime.fromisoformat(line.at)
        made = _of(line, About(about), reference, at, raw)
    except (msgspec.MsgspecError, ValueError, OverflowError, RecursionError) as error:
        raise _none(where, str(error)) from error
    if line.id not in (None, made.statement_id):
        raise _none(where, "it is not what its id was made of: it was changed")
    return made


def _of(line: Line, about: About, reference: str, at: datetime, raw: dict[str, Any]) -> Statement:
    _check(line, reference, at)
    besides = {name: raw[name] for name in raw.keys() - _OF_A_LINE}
    is_code = line.place is not None and _COUNTRY.fullmatch(line.place)
    return identified(
        Statement(
            number=0, statement_id="", site=line.site, seq=line.seq, about=about,
            previous=line.previous, reference=reference, says=line.says,
            country=line.country or (line.place if is_code else None), place=line.place,
            happened_at=line.happened_at, clock_note=line.clock,
            heard_from=line.heard_from, withdraws=tuple(map(str, line.withdraws)),
            particulars=tuple(sorted({*line.particulars, *particulars(besides)})),
            judged_by=line.by, judged_at=at.astimezone(UTC), reason=line.reason,
        )
    )  # fmt: skip


def _check(line: Line, reference: str, at: datetime) -> None:
    """ValueError of a line that can't be taken as it stands."""
    needed = (line.site, line.by, line.says, reference)
    if not all(needed) or not 1 <= line.seq <= _MOST or at.tzinfo is None:
        raise ValueError("it needs a site, a number from 1, a time with its zone, who, and what")
    text = " ".join(needed)
    if len(text) > LONGEST or spelt_out(text) != text:
        raise ValueError("a value is too long, or has characters that move or hide text")
    if line.country is not None and not _COUNTRY.fullmatch(line.country):
        raise ValueError(f"{line.country!r} is no country of two letters")
    if line.happened_at is not None and not MOMENT.fullmatch(line.happened_at):
        raise ValueError(f"{line.happened_at!r} is no time")
    latest = datetime.now(UTC) + _CLOCKS_DIFFER
    if at > latest or (line.happened_at and line.happened_at[:10] > latest.date().isoformat()):
        raise ValueError("it is dated in the future")


def _none(where: str, why: str) -> EvidenceError:
    return EvidenceError(
        f"{where} is no statement: {why[:300]}",
        do="Nothing was merged. Ask the site for its file once more, whole and unchanged.",
    )
