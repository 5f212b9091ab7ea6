"""Nodes and links of the network, streamed from the tables in the order of what is shown.

The order is that of the shown ids and not of the real ones: a list of pseudonyms in the order of
the numbers behind them would tell much of these numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pyarrow as pa

from clew.casefile import Case
from clew.report.shown import Shown, short

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
_IDS = """
SELECT 'person' AS kind, from_id AS id FROM network_links WHERE kind IN ('member', 'invited')
UNION SELECT 'person', to_id FROM network_links WHERE kind = 'tied' AND $accounts
UNION SELECT 'person', person_id FROM introductions WHERE $contents
UNION SELECT 'group', chat_id FROM groups
UNION SELECT 'account', from_id FROM network_links WHERE kind = 'tied' AND $accounts
UNION SELECT 'content', cluster_id FROM introductions WHERE $contents
"""
_NODES = """
WITH contents AS (
  SELECT cluster_id, CAST(sum(shares) AS BIGINT) AS shares,
         CAST(sum(shares) FILTER (WHERE known) AS BIGINT) AS known_shares,
         min(coalesce(media_type, 'unknown type')) AS media_type
  FROM file_clusters GROUP BY cluster_id
),
accounts_once AS (SELECT account_id, min(platform) AS platform FROM accounts GROUP BY account_id)
SELECT n.number, n.kind, n.id, coalesce(r.country, p.country) AS country,
       coalesce(g.platform, a.platform, split_part(p.person_id, ':', 1)) AS platform,
       coalesce(g.subject, c.media_type) AS title,
       r.groups, coalesce(r.admin_of, g.admins) AS admin_of, g.members,
       coalesce(r.messages, g.messages) AS messages,
       coalesce(r.shares, g.shares, c.shares) AS shares,
       coalesce(r.known_shares, g.known_shares, c.known_shares) AS known_shares, r.first_shares,
       array_to_string(p.is_owner_of, ' ') AS holder_of, l.x, l.y,
       r.connected_to
FROM shown_nodes AS n
LEFT JOIN persons AS p ON n.kind = 'person' AND p.person_id = n.id
LEFT JOIN roles AS r ON n.kind = 'person' AND r.person_id = n.id
LEFT JOIN groups AS g ON n.kind = 'group' AND g.chat_id = n.id
LEFT JOIN accounts_once AS a ON n.kind = 'account' AND a.account_id = n.id
LEFT JOIN contents AS c ON n.kind = 'content' AND c.cluster_id = n.id
LEFT JOIN layout AS l ON l.kind = n.kind AND l.node_id = n.id
ORDER BY n.number
"""
_LINKS = """
WITH ends AS (
  SELECT *, CAST(NULL AS BIGINT) AS place, FALSE AS forwarded,
         CASE kind WHEN 'tied' THEN 'account' WHEN 'member' THEN 'person'
                   WHEN 'invited' THEN 'person' ELSE 'group' END AS from_kind,
         CASE kind WHEN 'tied' THEN 'person' ELSE 'group' END AS to_kind
  FROM network_links WHERE kind <> 'tied' OR $accounts
  UNION ALL
  SELECT 'shared', i.person_id, i.cluster_id,
         split_part(i.person_id, ':', 2) NOT IN ('label', 'name')
           AND NOT coalesce(a.inferred, FALSE),
         CAST(1 AS BIGINT), i."at", NULL, CAST([] AS VARCHAR[]), NULL, NULL, NULL, NULL, NULL, NULL,
         i.place, i.forwarded, 'person', 'content'
  FROM introductions AS i
  LEFT JOIN messages AS m ON m.event_id = i.event_id
  LEFT JOIN person_accounts AS a ON a.account_id = m.sender_account_id
  WHERE $contents
)
SELECT a.number AS source, b.number AS target, e.*
FROM ends AS e
JOIN shown_nodes AS a ON a.kind = e.from_kind AND a.id = e.from_id
JOIN shown_nodes AS b ON b.kind = e.to_kind AND b.id = e.to_id
ORDER BY e.kind, source, target
"""


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
    unmask: bool = False
    """Persons by account and name."""


class Graph:
    """The network of a case as it is shown to somebody."""

    def __init__(self, case: Case, wanted: Wanted) -> None:
        self._case, self._wanted = case, wanted
        masking = case.masking()
        self._words = Shown(masking, _names(case) if wanted.unmask else {}, unmask=wanted.unmask)
        self._account: Callable[[str], str] = str if wanted.unmask else masking.account
        self._asked = {"accounts": wanted.accounts, "contents": wanted.contents}
        self._shown = self._numbered(case.sql(_IDS, **self._asked))

    def __len__(self) -> int:
        return len(self._shown)

    def nodes(self) -> Iterator[Node]:
        """Every node, by kind and shown id."""
        for row in self._rows(_NODES):
            values = {k: row[k] for k in NODE_COLUMNS if row.get(k) not in (None, "")}
            if row["kind"] == "person" and row["groups"] is not None:
                values["reason"] = self._words.said(row, "roles")
            yield Node(id=self._shown[row["number"]], label=self._label(row), values=values)

    def links(self) -> Iterator[Link]:
        """Every link, by kind and the places of its ends."""
        for row in self._rows(_LINKS, **self._asked):
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

    def _numbered(self, ids: pa.Table) -> list[str]:
        """Shown ids in their order; the numbers of the real ones are left where SQL finds them."""
        pairs = zip(ids["kind"].to_pylist(), ids["id"].to_pylist(), strict=True)
        named = sorted((_KINDS.index(k), self._id(k, real), real) for k, real in pairs)
        columns = {
            "number": pa.array(range(len(named)), pa.int64()),
            "kind": pa.array([_KINDS[kind] for kind, _, _ in named], pa.string()),
            "id": pa.array([real for _, _, real in named], pa.string()),
        }
        self._case.db.register("shown_nodes", pa.table(columns))
        return list(_once(shown for _, shown, _ in named))

    def _id(self, kind: str, real: str) -> str:
        if self._wanted.unmask or kind == "content":
            return real
        if kind == "account":
            return self._account(real)
        return self._words.person(real) if kind == "person" else self._words.text(real)

    def _label(self, row: dict[str, Any]) -> str:
        if row["kind"] == "person":
            return self._words.person(row["id"])
        if row["kind"] == "group":
            return self._words.text(row["title"] or row["id"])
        if row["kind"] == "account":
            return self._account(row["id"])
        return f"{row['title'] or 'content'} {short(row['id'])}"

    def _rows(self, query: str, **asked: Any) -> Iterator[dict[str, Any]]:
        relation = self._case.db.sql(query, params=asked or None)
        for found in pa.RecordBatchReader.from_stream(relation):
            yield from found.to_pylist()


def _names(case: Case) -> dict[str, str]:
    rows = case.rows("SELECT person_id, names FROM persons WHERE len(names) > 0")
    return {row["person_id"]: " / ".join(row["names"]) for row in rows}


def _once(names: Iterator[str]) -> Iterator[str]:
    """Names, each made its own: two persons whose pseudonyms are alike stay two."""
    seen: dict[str, int] = {}
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        yield name if seen[name] == 1 else f"{name}/{seen[name]}"


def _moment(at: Any) -> str | None:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}" if at else None
