"""``clew explain``: lead from an id back to exhibit, file and row."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from clew.cli.output import (
    allow_unmasking,
    case_argument,
    json_option,
    log_reading,
    masked,
    unmask_options,
    write_json,
)

if TYPE_CHECKING:
    from clew.casefile import Case

_OF_EVENT = (
    "messages", "shares", "recovered_messages", "recovered_shares", "group_events", "invites",
    "contacts", "receipts", "reactions",
)  # fmt: skip
_LISTED = 200
_FINDINGS = {
    "merged_messages": ("merged_id", "message_key"),
    "merge_candidates": ("event_id", "merged_id"),
    "matches": ("match_id", "sha256"),
    "file_clusters": ("sha256",),
    "first_shares": ("sha256", "event_id"),
    "groups": ("chat_id",),
    "group_members": ("chat_id", "person_id"),
    "persons": ("person_id",),
    "person_accounts": ("account_id", "person_id"),
    "roles": ("person_id",),
    "invite_targets": ("code",),
    "invite_postings": ("code", "place"),
    "exhibits": ("exhibit_id",),
    "known_hashes": ("md5", "sha1", "sha256"),
}
_CONCLUDED = frozenset(_FINDINGS) - {"exhibits", "known_hashes"}
_FIGURE = "figure:"
_FACTS = {
    "calls": ("call_id",),
    "accounts": ("account_id",),
    "account_names": ("account_id",),
    "account_aliases": ("a", "b"),
    "chats": ("chat_id",),
    "memberships": ("chat_id", "account_id"),
    "messages": ("message_key",),
    "shares": ("sha256",),
    "invites": ("code",),
}


_ITEMS = """
SELECT item_id FROM items
WHERE item_id = $wanted OR sha256 = $wanted OR md5 = $wanted OR sha1 = $wanted
UNION SELECT item_id FROM sources WHERE source_id = $wanted
UNION SELECT s.item_id FROM chats AS c JOIN sources AS s USING (exhibit_id, source_id)
      WHERE c.chat_id = $wanted
UNION SELECT s.item_id FROM accounts AS a JOIN sources AS s USING (exhibit_id, source_id)
      WHERE a.account_id = $wanted
ORDER BY item_id LIMIT 200
"""


@click.command(no_args_is_help=True)
@case_argument
@click.argument("id_", metavar="ID")
@click.option(
    "--derive", is_flag=True, help="Read the files and draw the conclusions again, and compare."
)
@unmask_options
@json_option
def explain(
    case: Path, id_: str, derive: bool, unmask: bool, reason: str | None, as_json: bool
) -> int:
    r"""Lead from any id of a table or report back to exhibit, file, hash and row.

    ID is an event, message, item, file hash, match, group, account, person (masked or not),
    invitation code, exhibit, or a figure of the report's first page such as figure:messages.
    With --derive all of it is derived again: exit code 3 if anything comes out otherwise.

    \b
    clew explain cases/op-17 whatsapp:120363000000000001@g.us
    clew explain cases/op-17 figure:messages
    """
    from clew.casefile import open_case
    from clew.errors import EvidenceError, UsageError

    with open_case(case) as opened:
        if unmask:
            allow_unmasking(opened, reason, f"explain {id_}")
        shown = opened.masking().text(id_)
        log_reading(opened, f"explain {shown}", unmasked=unmask, reason=reason)
        wanted = _unmasked(opened, id_)
        if wanted.startswith(_FIGURE):
            found = list(_figure(opened, wanted.removeprefix(_FIGURE)))
        else:
            found = [{"table": table, **row} for table, row in _found(opened, wanted)]
        if not found:
            raise UsageError(
                f"nothing in the case has the id {id_!r}",
                do="Copy an id from a table or from the report; after new evidence: clew run.",
            )
        again = list(_derived(opened, found)) if derive else []
        if not unmask:
            found = masked(found, opened.masking())
            again = masked(again, opened.masking())
    if as_json:
        write_json([*found, *again])
    else:
        for row in (*found, *again):
            _tell(row)
    return 0 if all(row["same"] for row in again) else EvidenceError.exit_code


def _figure(case: Case, name: str) -> Iterator[dict[str, Any]]:
    """A figure of the report's first page: the query behind it, and the tables that it reads."""
    from clew.errors import UsageError
    from clew.report.queries import QUERIES
    from clew.schema import tables

    (values,) = case.rows(QUERIES["totals"])
    if name not in values:
        raise UsageError(f"there is no figure {name!r}", do=f"Figures are: {', '.join(values)}.")
    query = " ".join(_expression(QUERIES["totals"], name).split())
    yield {"table": "figure", "figure": name, "value": values[name], "query": query}
    for table, row in tables().items():
        if re.search(rf"\b{table}\b", query):
            for out in case.outputs(row):
                yield {"table": table, "file": out.file, "rows": out.rows, "sha256": out.sha256}


def _expression(query: str, name: str) -> str:
    """The part of the query that yields one column: a subquery in brackets before its name."""
    ends = re.search(rf"\)\s*AS {name}\b", query)
    if ends is None:
        return query
    depth, at = 1, ends.start()
    while depth:
        at -= 1
        depth += {")": 1, "(": -1}.get(query[at], 0)
    return query[at + 1 : ends.start()]


def _derived(case: Case, found: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Contents, facts and findings among what was found, derived again and compared."""
    import msgspec

    from clew.sandbox import Guard
    from clew.validation import rederive

    guard = Guard(None, case.scratch)
    try:
        for item in (row for row in found if row["table"] == "items" and row["kind"] == "file"):
            yield {"table": "again", **msgspec.to_builtins(rederive.content(case, item, guard))}
            locators = {r["locator"] for r in found
                        if r.get("source_id") == item["sha256"] and r.get("locator")}  # fmt: skip
            if locators:
                for said in rederive.facts(case, item, locators, guard):
                    yield {"table": "again", **msgspec.to_builtins(said)}
    finally:
        guard.close()
    for table in dict.fromkeys(row["table"] for row in found if row["table"] in _CONCLUDED):
        rows = [{k: v for k, v in row.items() if k != "table"}
                for row in found if row["table"] == table]  # fmt: skip
        for said in rederive.findings(case, table, rows):
            yield {"table": "again", **msgspec.to_builtins(said)}


def _found(case: Case, wanted: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Rows that carry the id, findings first, then facts, then the way back to the evidence."""
    ways: dict[tuple[str, str], None] = {}
    for tables in (_FINDINGS, _FACTS):
        for table, columns in tables.items():
            for row in _rows(case, table, columns, wanted):
                yield table, row
                ways |= dict.fromkeys(_ways(row))
    if "#" in wanted:
        ways[tuple(wanted.split("#", 1))] = None  # type: ignore[index]
    for (item,) in {(item,): None for item, _ in ways} | dict.fromkeys(_items(case, wanted)):
        yield from _way(case, item, [locator for i, locator in ways if i == item])


def _rows(case: Case, table: str, columns: tuple[str, ...], wanted: str) -> list[dict[str, Any]]:
    condition = " OR ".join(f"{column} = $wanted" for column in columns)
    return case.rows(
        f"SELECT * FROM {table} WHERE {condition} ORDER BY ALL LIMIT {_LISTED}",  # noqa: S608 - declared names
        wanted=wanted,
    )


def _ways(row: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Item and locator of the rows that a row of a table rests on."""
    events = [row.get("event_id"), *(row.get("event_ids") or ())]
    for event in filter(None, events):
        item, _, locator = event.partition("#")
        yield item, locator
    if row.get("item_id"):
        yield row["item_id"], ""


def _items(case: Case, wanted: str) -> list[tuple[str]]:
    """Items of this id, of this hash, or that sources of rows with it were read from."""
    found = case.rows(_ITEMS, wanted=wanted)
    return [(row["item_id"],) for row in found]


def _way(case: Case, item_id: str, locators: list[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """From the rows read from an item outwards to the item, what holds it, and its exhibit."""
    for locator in filter(None, locators):
        for table in _OF_EVENT:
            for row in _rows(case, table, ("event_id",), f"{item_id}#{locator}"):
                yield table, row
    outwards: str | None = item_id
    exhibit_id = None
    while outwards and (items := case.rows("FROM items WHERE item_id = $id", id=outwards)):
        for table in ("sources", "items", "flags"):
            for row in _rows(case, table, ("item_id",), outwards):
                yield table, row
        outwards, exhibit_id = items[0]["parent_item_id"], items[0]["exhibit_id"]
    for row in _rows(case, "exhibits", ("exhibit_id",), exhibit_id or ""):
        yield "exhibits", row


def _unmasked(case: Case, wanted: str) -> str:
    """The account behind a pseudonym; any other id as it is."""
    if not wanted.startswith("person-"):
        return wanted
    masking = case.masking()
    for row in case.rows("SELECT account_id FROM person_accounts ORDER BY account_id"):
        if masking.of(row["account_id"]) == wanted:
            return str(row["account_id"])
    return wanted


def _tell(row: dict[str, Any]) -> None:
    from clew.cli.output import printable

    click.echo(f"{row['table']}")
    for name, value in row.items():
        if value not in (None, "", [], ()) and name != "table":
            shown = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
            click.echo(f"    {name:22} {printable(shown)}")
