"""From a row of a list to what it states."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from clew.formats.imei import is_right
from clew.operation.figures import PUBLISHED, Scope
from clew.operation.importing.values import Moments, RowError, country, imei, quantity
from clew.operation.importing.vocabulary import exactly, kind_of, normal, vocabulary
from clew.operation.persons import country_in
from clew.operation.register import MOVED, SEIZED
from clew.operation.statements import Said, particulars
from clew.records import About
from clew.words.register import countries

Cells = Mapping[str, str]
"""Cells of a row by field; of a field that the table has no column for there is none."""
Extra = Mapping[str, str]
"""Cells of a row that no field is for, by the names of their columns."""


class Reading:
    """What the rows of one file are read with."""

    def __init__(self, moments: Moments, entries: Mapping[str, set[str]], search: str) -> None:
        self.moments = moments
        self.entries = entries
        """Searches in which the register has a number."""
        self.search = search
        """Search of rows that name none."""
        self.warnings: list[tuple[str, dict[str, Any]]] = []
        """What is odd about the row that was read last, and did not keep it from being taken."""

    def warn(self, code: str, **figures: object) -> None:
        """Something is odd about the row that is read."""
        self.warnings.append((code, figures))


def _register(cells: Cells, extra: Extra, how: Reading) -> Iterator[Said]:
    number = _needed(cells, "number")
    search = cells.get("search") or how.search
    if not search:
        raise RowError("no_search")
    what = cells.get("what", "")
    many = quantity(cells["quantity"]) if "quantity" in cells else 1
    kind = kind_of(what)
    number_of_phone = imei(cells.get("imei", ""))
    if number_of_phone and not is_right(number_of_phone):
        how.warn("imei_check_digit", imei=number_of_phone)
    if what and kind is None:
        how.warn("kind_unknown", text=what)
    if many is None:
        how.warn("quantity_unknown")
    values = {
        **_besides(cells, extra),
        "kind": kind, "description": what, "quantity": many,
        "quantity_unknown": "yes" if many is None else None,
        "imei": number_of_phone,
        **{name: cells.get(name)
           for name in ("serial", "seal", "holder_ref", "location", "seized_by", "parent")},
        "search": search if "/" in number else None,
    }  # fmt: skip
    yield Said(
        about=About.EXHIBIT, reference=f"{search}/{number}", says=SEIZED,
        country=country(cells.get("country", "")),
        happened_at=how.moments.read(cells.get("at", "")), particulars=particulars(values),
    )  # fmt: skip


def _search(cells: Cells, extra: Extra, how: Reading) -> Iterator[Said]:
    reference = _needed(cells, "search")
    result = cells.get("result", "")
    values = {
        **_besides(cells, extra), "authority": cells.get("authority"),
        "address": cells.get("address"),
        "valid_until": how.moments.read(cells.get("valid_until", "")),
    }  # fmt: skip
    about: dict[str, Any] = {
        "about": About.SEARCH, "reference": reference, "place": cells.get("place") or None,
        "country": country(cells.get("country", "")),
    }  # fmt: skip
    state = cells.get("state", "")
    planned = exactly(vocabulary().states, state) if state else "planned"
    if planned is None:
        how.warn("state_unknown", text=state)
    yield Said(**about, says=planned or "planned", particulars=particulars(values))
    found = exactly(vocabulary().results, result) if result else None
    if result and found is None:
        how.warn("result_unknown", text=result)
    outcome = particulars({"result": found})
    for says in ("entered", "left"):
        if at := how.moments.read(cells.get(says, "")):
            yield Said(**about, says=says, happened_at=at,
                       particulars=outcome if says == "left" else ())  # fmt: skip
    if outcome and not cells.get("left"):
        yield Said(**about, says="result", particulars=outcome)


def _move(cells: Cells, extra: Extra, how: Reading) -> Iterator[Said]:
    number = _needed(cells, "number")
    search = cells.get("search") or how.search
    if not search:
        known = how.entries.get(number, set())
        if len(known) != 1:
            raise RowError("entry_ambiguous" if known else "entry_unknown", number=number)
        (search,) = known
    values = {
        **_besides(cells, extra),
        **{name: cells.get(name) for name in ("from", "to", "purpose", "seal_before",
                                              "seal_after")},
        "search": search if "/" in number else None,
    }  # fmt: skip
    if not values["from"] and not values["to"]:
        raise RowError("nobody_moves")
    yield Said(
        about=About.EXHIBIT, reference=f"{search}/{number}", says=MOVED,
        happened_at=how.moments.read(cells.get("at", "")), particulars=particulars(values),
    )  # fmt: skip


def _status(cells: Cells, extra: Extra, how: Reading) -> Iterator[Said]:
    person, text = _needed(cells, "person"), _needed(cells, "status")
    states = [text, *filter(None, [cells.get("then")])]
    for said in (*states, cells.get("category", "")):
        if normal(said) in vocabulary().of_victims["words"]:
            raise RowError("of_victims")
    category = cells.get("category", "")
    values = {
        **_besides(cells, extra), "arrest": cells.get("arrest"), "search": cells.get("search"),
        "category": exactly(vocabulary().categories, category) if category else None,
    }  # fmt: skip
    where = country(cells.get("country", ""))
    _warn_of_country(where, person, cells.get("place", ""), how)
    at = how.moments.read(cells.get("at", ""))
    for rank, said in enumerate(states):
        track = exactly(vocabulary().statuses, said)
        if track is None:
            raise RowError("status_unknown", text=said)
        stated = (
            {**values, "stated_as": said} if normal(said) != track.replace("_", " ") else values
        )
        yield Said(
            about=About.PERSON, reference=person, says=track, country=where,
            place=cells.get("place") or None, happened_at=at,
            particulars=particulars(stated if rank == 0 else _only(stated, "stated_as")),
        )  # fmt: skip


def _only(values: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {name: values.get(name)}


def _figure(cells: Cells, extra: Extra, how: Reading) -> Iterator[Said]:
    scope, value = _needed(cells, "scope"), _needed(cells, "value")
    if scope not in frozenset(Scope):
        raise RowError("scope", text=scope)
    if not value.isdecimal():
        raise RowError("value", text=value)
    where = None if cells.get("country", "*") == "*" else country(cells["country"])
    if (where is None) != (scope == Scope.OPERATION):
        raise RowError("scope_country", text=scope)
    values = {**_besides(cells, extra), "scope": scope, "value": int(value),
              "source": _needed(cells, "source")}  # fmt: skip
    yield Said(
        about=About.OPERATION, reference=_needed(cells, "figure"), says=PUBLISHED, country=where,
        heard_from=cells["source"], happened_at=how.moments.read(cells.get("at", "")),
        particulars=particulars(values),
    )  # fmt: skip


def _warn_of_country(where: str | None, person: str, place: str, how: Reading) -> None:
    """What else the row says of the country; it is never put right."""
    by_code = country_in(person)
    said = {name.casefold(): code for code, name in countries().items()}.get(place.casefold())
    if where and by_code and by_code != where:
        how.warn("country_by_code", country=where, begins=by_code)
    if where and said and said != where:
        how.warn("country_by_place", country=where, place=place)


def _needed(cells: Cells, field: str) -> str:
    if not cells.get(field):
        raise RowError("cell_empty", field=field)
    return cells[field]


def _besides(cells: Cells, extra: Extra) -> dict[str, Any]:
    named = {name.replace("=", " "): value for name, value in extra.items() if value}
    return {**named, "note": cells.get("note")}


STATED: dict[str, Callable[[Cells, Extra, Reading], Iterator[Said]]] = {
    "register": _register,
    "searches": _search,
    "moves": _move,
    "status": _status,
    "figures": _figure,
}
"""What rows of each kind of list state."""
