"""Nodes and links of the network, streamed from the tables in the order of what is shown.

The order is that of the shown ids and not of the real ones: a list of pseudonyms in the order of
the numbers behind them would tell much of these numbers.
"""

from collections.abc import Iterator
from typing import Any

import msgspec
import pyarrow as pa

from clew.reading import Reading
from clew.records import Account, Chat, Person
from clew.report.shown import Shown, short
from clew.schema import columns
from clew.views import view
from clew.words.characters import spelt_out

NODE_COLUMNS = {
    "kind": "string", "country": "string", "platform": "string", "groups": "long",
    "admin_of": "long", "members": "long", "messages": "long", "shares": "long",
    "known_shares": "long", "first_shares": "long", "holder_of": "string", "x": "double",
    "y": "double", "reason": "string",
}  # fmt: skip
"""Attributes of a node and their types; what does not apply to a kind is left out."""
LINK_COLUMNS = {
    "kind": "string", "basis": "string", "weight": "long", "since": "string", "until": "string",
    "exhibits": "string", "reason": "string",
}  # fmt: skip
"""Attributes of a link and their types."""
_KINDS = ("person", "group", "account", "content")
_ID_OF = {
    kind: next(column for column in columns(row) if row in column.points_at)
    for kind, row in (("person", Person), ("group", Chat), ("account", Account))
}
"""What the identifiers of each kind of node are."""


class Node(msgspec.Struct, frozen=True, kw_only=True):
    """A node as it is shown; ``values`` are those of NODE_COLUMNS that apply."""

    id: str
    label: str
    values: dict[str, str | int | float]


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """A link as it is shown; ``values`` are those of LINK_COLUMNS that apply."""

    source: str
    target: str
    values: dict[str, str | int]


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What goes out."""

    accounts: bool = False
    """The accounts of each person too."""
    contents: bool = False
    """What was shared too, and by whom."""


class Graph:
    """The network of a case as it is shown to somebody."""

    def __init__(self, reading: Reading, wanted: Wanted) -> None:
        self._engine, self._reading = reading.case.engine, reading
        self._words = Shown(reading)
        self._asked = {"accounts": wanted.accounts, "contents": wanted.contents}
        ids = self._engine.query(view("report/node-ids").sql, **self._asked)
        self._shown, self._nodes = self._numbered(ids)

    def __len__(self) -> int:
        return len(self._shown)

    @property
    def contents(self) -> int:
        """How many nodes are shared files."""
        kinds: list[str] = self._nodes["kind"].to_pylist()
        return kinds.count("content")

    def nodes(self) -> Iterator[Node]:
        """Every node, by kind and shown id."""
        for row in self._rows("report/nodes"):
            values = {k: row[k] for k in NODE_COLUMNS if row.get(k) not in (None, "")}
            if row["kind"] == "person" and row["groups"] is not None:
                values["reason"] = self._words.said(row, "roles")
            yield Node(id=self._shown[row["number"]], label=self._label(row), values=values)

    def links(self) -> Iterator[Link]:
        """Every link, by kind and the positions of its ends."""
        for row in self._rows("report/node-links", **self._asked):
            table = "content_links" if row["kind"] == "shared" else "network_links"
            values = {
                "kind": row["kind"],
                "basis": "proved" if row["proved"] else "inferred",
                "weight": row["weight"],
                "since": _moment(row["since"]),
                "until": _moment(row["until"]),
                "exhibits": " ".join(row["exhibits"]),
                "reason": self._words.said(row, table),
            }
            yield Link(
                source=self._shown[row["source"]],
                target=self._shown[row["target"]],
                values={k: v for k, v in values.items() if v not in (None, "")},
            )

    def _numbered(self, ids: pa.Table) -> tuple[list[str], pa.Table]:
        """Shown ids in their order, and the numbers of the real ones, for SQL."""
        pairs = zip(ids["kind"].to_pylist(), ids["id"].to_pylist(), strict=True)
        named = sorted((_KINDS.index(k), self._id(k, real), real) for k, real in pairs)
        columns = {
            "number": pa.array(range(len(named)), pa.int64()),
            "kind": pa.array([_KINDS[kind] for kind, _, _ in named], pa.string()),
            "id": pa.array([real for _, _, real in named], pa.string()),
        }
        return list(_once(shown for _, shown, _ in named)), pa.table(columns)

    def _id(self, kind: str, real: str) -> str:
        """An identifier as it is shown, by the kind of its node."""
        of = _ID_OF.get(kind)
        return spelt_out(str(self._reading.mask(of, real))) if of else real

    def _label(self, row: dict[str, Any]) -> str:
        real = getattr(row["id"], "real", row["id"])
        shown = self._id(row["kind"], real)
        if row["kind"] == "person":
            return self._words.person(shown)
        if row["kind"] == "content":
            return f"{self._words.text(row['title'] or 'content')} {short(real)}"
        return self._words.text(row["title"] or shown) if row["kind"] == "group" else shown

    def _rows(self, name: str, **asked: Any) -> Iterator[dict[str, Any]]:
        with self._engine.with_tables(shown_nodes=self._nodes):
            for found in self._engine.batches(view(name).sql, **asked):
                yield from self._reading.as_printed(name, found.to_pylist())


def _once(names: Iterator[str]) -> Iterator[str]:
    """Names, each made its own: two persons whose pseudonyms are alike stay two."""
    seen: dict[str, int] = {}
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        yield name if seen[name] == 1 else f"{name}/{seen[name]}"


def _moment(at: Any) -> str | None:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}" if at else None
