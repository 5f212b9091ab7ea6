"""What is offered or asked for: identifiers of persons of interest, or a list.

Bystanders, victims and witnesses are never offered: a hit on them would say that they are known
here. Who is of interest was judged a suspect, or is named to this partner by a signed decision.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import msgspec

from clew.casefile import Case
from clew.errors import UsageError
from clew.exchange.deconfliction.forms import Form, Kind, NoForm, normal
from clew.exchange.routing import decisions
from clew.records import PersonCategory, RouteState
from clew.relations import step_queries

OF_INTEREST = frozenset((PersonCategory.SUSPECT, PersonCategory.CONVICTED))
OF_PERSONS = frozenset((Kind.PHONE, Kind.ACCOUNT))
"""Kinds that persons have: only those of persons of interest are offered."""
_NEVER = frozenset((RouteState.NEVER, RouteState.DESK))
_LARGEST = 1 << 28


class Chosen(msgspec.Struct, frozen=True, kw_only=True):
    """What was found to offer or ask for, and what was left out."""

    forms: tuple[Form, ...]
    persons: int = 0
    left_out: dict[str, int] = {}
    """How many identifiers were left out, by the code of why."""
    flagged: int = 0
    """Identifiers that were taken, and may lack something."""


def persons_of_interest(case: Case, goes_to: Iterable[str]) -> list[str]:
    """Who was judged a suspect, or is named to one of these by a decision that counts."""
    judged = decisions.categories(case)
    wanted = {person for person, category in judged.items() if category in OF_INTEREST}
    towards = set(goes_to)
    wanted |= {
        person for (person, to), standing in decisions.in_force(case).items()
        if to in towards and standing.names
    }  # fmt: skip
    return sorted(wanted - {p for p, c in judged.items() if c not in OF_INTEREST})


def refuse_others(case: Case, persons: Sequence[str]) -> None:
    """UsageError where somebody is a bystander, a victim or a witness, or nobody."""
    judged = decisions.categories(case)
    for person in persons:
        (route,) = case.rows(step_queries()["route_of"], person=person) or (None,)
        if route is None:
            raise UsageError(
                "the case has no such person, or no routes yet; nothing was offered",
                do="Copy a person from: clew route CASE. Routes follow from: clew run CASE",
            )
        category = judged.get(person)
        never = category is None and route["state"] in _NEVER
        if never or (category is not None and category not in OF_INTEREST):
            raise UsageError(
                "one of the persons is a bystander, a victim or a witness, and is never offered",
                do="Judge what the person is first: clew route mark CASE PERSON suspect --reason …",
            )


def of_persons(case: Case, kind: Kind, persons: Sequence[str]) -> Chosen:
    """The identifiers of some persons, in the forms that are compared."""
    if kind is Kind.PHONE:
        rows, inferred = _proved(case, step_queries()["numbers_of_persons"], "e164", persons)
        dated = {(r["e164"], r["in_year"], r["in_month"]) for r in rows if r["in_year"]}
        undated = {r["e164"] for r in rows} - {number for number, *_ in dated}
        written = [f"{number}|{year:04}-{month:02}" for number, year, month in dated]
        left = {"undated": len(undated), "inferred": inferred}
        return _chosen(kind, written, persons=len(persons), **left)
    if kind is Kind.ACCOUNT:
        rows, inferred = _proved(case, step_queries()["accounts_of_persons"], "account_id", persons)
        written = [str(row["account_id"]) for row in rows]
        return _chosen(kind, written, persons=len(persons), inferred=inferred)
    raise UsageError(
        f"the tables of a case have no {kind} of a person", do="Give them in a file: --list FILE"
    )


def _proved(
    case: Case, sql: str, column: str, persons: Sequence[str]
) -> tuple[list[dict[str, Any]], int]:
    """What persons have by proof or judgement; and how much else an inference alone ties to them.

    That might be somebody's whom nobody suspects.
    """
    rows = case.rows(sql, persons=list(persons))
    proved = [row for row in rows if not row["inferred"]]
    known = {row[column] for row in proved}
    return proved, len({row[column] for row in rows} - known)


def of_files(case: Case) -> Chosen:
    """The files that analysts gave a category."""
    rows = case.rows(step_queries()["categorised_contents"])
    return _chosen(Kind.SHA256, [str(row["sha256"]) for row in rows])


def of_list(kind: Kind, file: Path, country: str | None) -> Chosen:
    """What a file lists, one a line; UsageError where a line has no form, by its number alone."""
    try:
        if file.stat().st_size > _LARGEST:
            raise UsageError(f"{file} is too large for a list", do="Give a shorter one.")
        lines = file.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeError) as error:
        raise UsageError(
            f"{file} can't be read: {error}", do="Give a text file in UTF-8."
        ) from error
    forms, wrong = [], []
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        try:
            forms.append(normal(kind, line, country))
        except NoForm as error:
            wrong.append(f"{number} ({error.code})")
    if wrong:
        raise UsageError(
            f"{len(wrong)} lines of {file.name} are no {kind}: line {', '.join(wrong[:5])}",
            do=f"Write one a line, such as {_SAMPLES[kind]}; nothing was done.",
        )
    return Chosen(forms=tuple(forms), flagged=sum(bool(form.flag) for form in forms))


_SAMPLES = {
    Kind.PHONE: "+34 600 111 222|2017-H1",
    Kind.ACCOUNT: "telegram:user:123456789",
    Kind.IMEI: "352099001761481",
    Kind.SHA256: "the 64 digits of a SHA-256",
    Kind.SEARCH: "Calle Mayor 12, 28013 Madrid|2017-03-29",
}


def _chosen(kind: Kind, written: Iterable[str], persons: int = 0, **left: int) -> Chosen:
    forms: set[Form] = set()
    left_out = Counter(left)
    for text in written:
        try:
            forms.add(normal(kind, text))
        except NoForm as error:
            left_out[error.code] += 1
    return Chosen(
        forms=tuple(sorted(forms, key=lambda form: form.text)), persons=persons,
        left_out={code: n for code, n in sorted(left_out.items()) if n},
        flagged=sum(bool(form.flag) for form in forms),
    )  # fmt: skip
