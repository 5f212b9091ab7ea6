"""What a pseudonym, or the beginning of an identifier, stands for."""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import pairwise, takewhile

from clew.casefile import Case
from clew.casefile.masking import PERSONAL, Masking
from clew.casefile.received import everybodys
from clew.errors import UsageError
from clew.schema import columns, tables

PSEUDONYM = re.compile(r"(person|account|group|number|handle|message)-[0-9a-f]{1,16}")
_VALUES = {
    "person": "SELECT DISTINCT person_id AS id FROM person_accounts",
    "account": "SELECT DISTINCT account_id AS id FROM accounts",
    "group": "SELECT DISTINCT chat_id AS id FROM chats",
    "number": "SELECT DISTINCT e164 AS id FROM accounts WHERE e164 IS NOT NULL",
    "handle": "SELECT DISTINCT identifier AS id FROM accounts",
    "message": "SELECT DISTINCT merged_id AS id FROM merged_messages",
}
_SHORT = 10
"""Least characters of an identifier that is shown by its beginning."""
_LISTED = 5
"""Identifiers that are named where several begin alike."""
_CONTENTS = (("items", "sha256"), ("file_clusters", "sha256"), ("shares", "sha256"))


def resolve(case: Case, wanted: str, *, masked: bool = True) -> str:
    """The one identifier meant; the text itself where it is none of the case's.

    Raises UsageError where a pseudonym is not of this case, or where several begin alike.
    """
    wanted = everybodys(wanted)
    if "#" in wanted:  # an event: the file it was read from, and the row there
        item, _, row = wanted.partition("#")
        return f"{resolve(case, item, masked=masked)}#{row}"
    kind = found[1] if (found := PSEUDONYM.fullmatch(wanted)) else ""
    meant = (
        _by_pseudonym(case, kind, wanted) if kind else _by_beginning(case, wanted, masked=masked)
    )
    if len(meant) > 1:
        shown = ", ".join(_as_shown(case, kind, value, masked=masked) for value in meant[:_LISTED])
        more = ", and more" if len(meant) > _LISTED else ""
        raise UsageError(
            f"more than one identifier of this case begins with {wanted!r}: {shown}{more}",
            do="Give more of it.",
        )
    if kind and not meant:
        raise UsageError(
            f"{wanted!r} stands for nothing in this case",
            do="Copy a pseudonym from what clew shows of this case.",
        )
    return meant[0] if meant else wanted


def _as_shown(case: Case, kind: str, value: str, *, masked: bool) -> str:
    """An identifier as a reading shows it, so that one of several can be chosen."""
    if not masked:
        return value
    return _pseudonym(case.masking(), kind)(value) if kind else case.masking().text(value)


def _by_pseudonym(case: Case, kind: str, wanted: str) -> list[str]:
    """Values whose pseudonym begins so."""
    shown = _pseudonym(case.masking(), kind)
    values = (row["id"] for row in case.rows(f"{_VALUES[kind]} ORDER BY id"))
    return [value for value in values if shown(value).startswith(wanted)]


def _pseudonym(masking: Masking, kind: str) -> Callable[[str], str]:
    return masking.of if kind == "person" else getattr(masking, kind)


def _by_beginning(case: Case, wanted: str, *, masked: bool) -> list[str]:
    """Identifiers that begin so; the one that is just this, if there is one."""
    found = [row["id"] for row in case.rows(_beginning(masked=masked), wanted=wanted)]
    files = {one.partition("#")[0] for one in found}
    return [wanted] if wanted in found else sorted(files) if len(files) == 1 else found


def shortened(case: Case, values: Sequence[str]) -> dict[str, str]:
    """For each hash its shortest beginning, of ten characters or more, that is no other's.

    Of an event the file is shortened, and the row in it stays.
    """
    events = [value.partition("#") for value in values if "#" in value]
    values = [*(value for value in values if "#" not in value), *(item for item, _, _ in events)]
    if not values:
        return {}
    begins = sorted({value[:_SHORT] for value in values})
    found = case.rows(_beginning_alike(), begins=begins, digits=_SHORT)
    every = sorted({row["id"].partition("#")[0] for row in found} | set(values))
    alike = [0, *(_in_common(*pair) + 1 for pair in pairwise(every)), 0]
    short = {one: one[: max(_SHORT, *alike[n : n + 2])] for n, one in enumerate(every)}
    return short | {f"{item}#{row}": f"{short[item]}#{row}" for item, _, row in events}


def _in_common(one: str, other: str) -> int:
    """How many characters two texts begin with in common."""
    alike = takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))
    return sum(1 for _ in alike)


@cache
def _beginning_alike() -> str:
    """Query for identifiers of any table that begin like one of some."""
    parts = " UNION ALL ".join(
        f'SELECT "{column}" AS id FROM "{table}" '  # noqa: S608 - declared names
        f'WHERE list_contains($begins, left("{column}", $digits))'
        for table, column in _identifiers(masked=False)
    )
    return f"SELECT DISTINCT id FROM ({parts})"  # noqa: S608


@cache
def _beginning(*, masked: bool) -> str:
    """Query for the first few identifiers of any table that begin with a text."""
    parts = " UNION ALL ".join(
        f'SELECT "{column}" AS id FROM "{table}" WHERE starts_with("{column}", $wanted)'  # noqa: S608 - declared names
        for table, column in _identifiers(masked=masked)
    )
    return f"SELECT DISTINCT id FROM ({parts}) ORDER BY length(id), id LIMIT {_LISTED + 1}"  # noqa: S608


def _identifiers(*, masked: bool) -> Iterator[tuple[str, str]]:
    """Columns that hold the identifiers of their own tables' rows, and hashes of contents.

    To a masked reader nothing is found by the beginning of a number: digit by digit it would tell
    the rest. Whoever is masked gives a pseudonym, or the beginning of one.
    """
    for name, row in tables().items():
        if not name.startswith("doc_"):
            for column in columns(row):
                if column.names(row) and not (masked and row in PERSONAL):
                    yield name, column.name
    yield from _CONTENTS
