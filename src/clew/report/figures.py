"""Figures of the report's first page, each counted by a view of its own."""

from collections.abc import Iterable

from clew import views
from clew.casefile import Case
from clew.reading import Reading
from clew.words import say
from clew.words.catalogue import values_of

_NAMED_BY_SIGN = ("looks_like_chat", "looks_like_chat:unreadable", "no_reader:product")
_LOOKED_AT = 50
_NAMED = 3
"""Kinds of structure that are named, the heaviest first."""

_SETTLED = {
    "files": "media",
    "settled": "settled",
    "known": "settled_known",
    **{name: name for name in ("exact_duplicates", "near_duplicates", "ignorable", "looked_at")},
    **{name: name for name in ("open", "open_clusters")},
}
"""``files`` = ``settled`` + ``looked_at`` + ``open``; ``settled`` is the sum of its four parts."""


def figures(
    case: Case | Reading, names: Iterable[str] = views.names(views.FIGURES)
) -> dict[str, int]:
    """Figures by their names; all of them where none is named."""
    return {
        name: case.rows(views.view(f"{views.FIGURES}/{name}").sql)[0]["value"] for name in names
    }


def settled(case: Case | Reading) -> dict[str, int]:
    """How many pictures, videos and shared files are settled, and by what."""
    found = figures(case, _SETTLED.values())
    return {name: found[figure] for name, figure in _SETTLED.items()}


def said_structures(case: Case | Reading) -> str:
    """How many files have a structure that no reader understands, and what the heaviest are.

    Empty where there are none.
    """
    rows = case.rows(views.view("structures").sql)
    if not rows:
        return ""
    values = ((row["code"], values_of(row["figures"])) for row in rows[:_LOOKED_AT])
    heaviest = (
        value.get("sign" if code in _NAMED_BY_SIGN else "kind") or value.get("kind", "?")
        for code, value in values
    )
    named = dict.fromkeys(one[0] if isinstance(one, list) else one for one in heaviest)
    n = figures(case, ("structures",))["structures"]
    return say("drawing", "structures", n=n, heaviest=list(named)[:_NAMED])


def said_settled(found: dict[str, int]) -> str:
    """The headline: how many pictures, videos and shared files nobody needs to look at."""
    return say("drawing", "settled", **found)
