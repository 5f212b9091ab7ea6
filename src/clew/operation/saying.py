"""One statement as somebody types it, held to what can be stated."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from clew.errors import UsageError, nearest
from clew.operation.figures import PUBLISHED
from clew.operation.importing.values import Moments, RowError, country
from clew.operation.persons import DeskTrack, Track
from clew.operation.register import MOVED, ExhibitState
from clew.operation.searches import SearchState
from clew.operation.statements import MOMENT, WITHDRAWN, Said, particulars
from clew.records import About, PersonCategory, Statement
from clew.words.characters import spelt_out

SAYS: dict[About, frozenset[str]] = {
    About.SEARCH: frozenset((*SearchState, "result", WITHDRAWN)),
    About.EXHIBIT: frozenset((*ExhibitState, MOVED, WITHDRAWN)),
    About.PERSON: frozenset((*Track, *PersonCategory, WITHDRAWN)),
    About.VICTIM: frozenset((*DeskTrack, WITHDRAWN)),
    About.OPERATION: frozenset((PUBLISHED, WITHDRAWN)),
}
"""What can be stated, by what it is about."""


def check_withdrawn(said: Said, own: Iterable[Statement]) -> None:
    """UsageError where it withdraws what its own list does not say of the same thing."""
    known = [str(o.seq) for o in own if (o.about, o.reference) == (said.about, said.reference)]
    for number in said.withdraws:
        if number not in known:
            raise UsageError(
                f"there is no own statement {number} about {said.about} {said.reference}",
                do=f"Such statements are: {', '.join(known) or 'none'}.",
            )


def stated(about: str, says: str, values: Iterable[str], given: Mapping[str, Any]) -> Said:
    """What somebody types; UsageError of words that can't be stated."""
    kind, _, reference = about.partition(" ")
    if kind not in frozenset(About) or not reference.strip():
        raise UsageError(
            f"{about!r} is nothing that a statement is about",
            do=f'{nearest(kind, About)}Give a kind and a code, such as: "person ES-P-01". Kinds '
            f"are: {', '.join(About)}.",
        )
    if spelt_out(about) != about:
        raise UsageError(
            f"{spelt_out(about)!r} has characters that hide something", do="Type it anew."
        )
    known = SAYS[About(kind)]
    if says not in known:
        raise UsageError(
            f"{says!r} can't be stated of a {kind}",
            do=f"{nearest(says, known)}It can be: {', '.join(sorted(known))}.",
        )
    if (says == WITHDRAWN) != bool(given["withdraws"]):
        raise UsageError(
            "a withdrawal says withdrawn and names what it takes back",
            do='As in: clew board say CASE "person ES-P-02" withdrawn --withdraws 4 --reason WHY',
        )
    if kind == About.EXHIBIT and "/" not in reference:
        raise UsageError(
            f"{reference!r} names no search", do="Give search and number: exhibit ES-S-01/7."
        )
    stated_values = {**given, "withdraws": tuple(map(str, given["withdraws"]))}
    stated_values |= {"happened_at": _moment(given.get("happened_at"))}
    stated_values |= {"country": _country(given.get("country"))}
    return Said(about=About(kind), reference=reference.strip(), says=says,
                particulars=_particulars(values), **stated_values)  # fmt: skip


def _moment(text: str | None) -> str | None:
    if text is None:
        return None
    try:
        found = Moments((), None, None).read(text)
    except RowError as error:
        found = None if error.code == "no_date" else ""
    if not found or not MOMENT.fullmatch(found):
        raise UsageError(
            f"{text!r} is no moment that has passed",
            do="Write 2017-03-28, 2017-03-28T06:10 or, in UTC, 2017-03-28T06:10Z.",
        )
    return found


def _country(text: str | None) -> str | None:
    try:
        return country(text or "")
    except RowError as error:
        meant = error.figures.get("meant")
        raise UsageError(
            f"{text!r} is no country of ISO 3166-1",
            do=f"Give {meant}." if meant else "Give two letters, such as ES.",
        ) from error


def _particulars(values: Iterable[str]) -> tuple[str, ...]:
    found = dict[str, str]()
    for value in values:
        name, sign, rest = value.partition("=")
        if not sign or not name or not rest:
            raise UsageError(f"{value!r} is no particular", do="Give --with kind=phone.")
        found[name] = rest
    return particulars(found)
