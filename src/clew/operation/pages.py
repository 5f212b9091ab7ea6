"""Pages to print: one a search, with its register, and its statements as codes to scan."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from importlib import resources
from typing import Any, Self

import msgspec

from clew.operation.board import Board
from clew.operation.register import parts_of
from clew.operation.site_files import line_of
from clew.operation.sites import Site
from clew.operation.tables import as_rows
from clew.records import About, Statement

Rows = list[dict[str, Any]]
_ENTRY = ("number", "lot_quantity", "kind", "description", "imei", "serial", "seal", "seized_at",
          "location", "state", "flags")  # fmt: skip
_SEARCH = ("search_id", "country", "place", "authority_ref", "state", "result", "entered_at",
           "left_at", "entries", "items", "said_by", "conflicts")  # fmt: skip


class Codes(msgspec.Struct, frozen=True):
    """Lines of statements by their search, and the first line of the list."""

    head: str = ""
    lines: dict[str, list[str]] = {}

    @classmethod
    def of(cls, statements: Iterable[Statement]) -> Self:
        """Lines of statements that a case has."""
        return cls("", _by_search((one, line_of(one).decode()) for one in statements))

    @classmethod
    def of_site(cls, site: Site) -> Self:
        """Lines of a site's list, signed as they stand there."""
        head, *lines = site.file.read_text("utf-8").splitlines()
        return cls(head, _by_search(zip(site.statements(), lines, strict=True)))


def _by_search(lines: Iterable[tuple[Statement, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for one, line in lines:
        if one.about is About.EXHIBIT:
            found[parts_of(one.reference, (one,))[0]].append(line)
        elif one.about is About.SEARCH:
            found[one.reference].append(line)
        elif one.about is not About.VICTIM:
            found[""].append(line)
    return dict(found)


def pages(
    board: Board, codes: Codes, only: str | None, shown: Callable[[Rows], Rows]
) -> tuple[str, int]:
    """All pages as HTML, and how many searches they are of."""
    import jinja2

    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined)
    source = resources.files("clew.operation").joinpath("pages.html.j2").read_text("utf-8")
    wanted = [s for s in board.searches if only in (None, s.search_id)]
    listed = [
        {
            "search_id": search.search_id,
            "about": _pick(shown(as_rows([search]))[0], _SEARCH),
            "entries": [
                _pick(row, _ENTRY)
                for row in shown(as_rows(e for e in board.register
                                         if e.search_id == search.search_id))
            ],
            "codes": [_code(line) for line in codes.lines.get(search.search_id, ())],
        }
        for search in wanted
    ]  # fmt: skip
    besides = codes.lines.get("", ()) if only is None else ()
    text = environment.from_string(source).render(
        searches=listed, columns=_ENTRY,
        besides=[_code(line) for line in (*filter(None, [codes.head]), *besides)],
    )  # fmt: skip
    return text, len(wanted)


def _pick(row: dict[str, Any], names: tuple[str, ...]) -> dict[str, str]:
    return {name: _text(row[name]) for name in names}


def _text(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(value)
    return "" if value is None else str(value)


def _code(line: str) -> str:
    """A line as a QR code, drawn in the page itself."""
    import segno

    drawn: str = segno.make(line.strip(), error="l", micro=False).svg_inline(scale=2, border=4)
    return drawn
