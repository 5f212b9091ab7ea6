"""A case in which every table has rows, and every column of text gives somebody away."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from clew.casefile import Case, create_case
from clew.casefile.step_manifest import WHOLE_CASE, StepManifest
from clew.records import Chat, Layout, LinkKind, NetworkLink, NodeKind, PersonAccount
from clew.schema import Column, Home, Kind, Row, batch, columns, tables

ROWS = 3
DIGITS = ("612345678", "634567891", "698765432")
NAMES = ("Zoraida Quintanilla", "Ewald Finsterbusch", "Bartolomeo Vascotto")
HANDLES = ("zq_lighthouse", "finster_bu", "barto.vasc")
PLACES = ("Fenchurch", "Valdemorillo", "Oberpfaffen")
SECRETS = (*DIGITS, *(word for name in NAMES for word in name.split()), *HANDLES, *PLACES)
TABLES = {n: row for n, row in tables().items() if row.__module__.startswith("clew.records")}


def person(n: int) -> str:
    return f"whatsapp:pn:34{DIGITS[n]}"


def value(column: Column, n: int) -> Any:
    """A value that gives something away wherever its kind can."""
    number, name = f"34{DIGITS[n]}", NAMES[n]
    text = f"{name} (+{number}), @{HANDLES[n]}, https://wa.me/{number}"
    by_kind = {
        Kind.ID: _id(column, n),
        Kind.MESSAGE_KEY: f"whatsapp:{number}@s.whatsapp.net/3EB0{n}",
        Kind.HANDLE: number if n == 0 else HANDLES[n],
        Kind.NUMBER: f"+{number}",
        Kind.PERSON_NAME: name,
        Kind.PLACE: PLACES[n] if column.arrow_type != pa.float64() else 40.4 + n,
        Kind.HASH: f"{n:x}" * 64,
        Kind.COUNTRY: ("ES", "DE", "IT")[n],
        Kind.QUANTITY: n + 1 if column.arrow_type == pa.int64() else n + 0.5,
        Kind.TIME: datetime(2024, 3, 1 + n, tzinfo=UTC),
        Kind.YES_NO: bool(n % 2),
        Kind.URL: f"hxxps://wa[.]me/{number}",
        Kind.PATH: f"/sdcard/{name}/{number}.jpg",
        Kind.LOCATOR: f"message/{n}",
        Kind.REASON_CODE: "encrypted",
        Kind.LOCAL_TIME: "2024-03-01T10:00",
        Kind.STAFF: "A. Analyst",
        Kind.TERM: f"term {n}",
        Kind.CHOICE: column.allowed[n % len(column.allowed)] if column.allowed else "",
        Kind.FIGURES: f'{{"who": "{person(n)}"}}',
        Kind.RAW: text.encode().hex(),
    }
    return by_kind.get(column.kind, text)


def _id(column: Column, n: int) -> str:
    names = {row.table_name for row in column.points_at}
    if column.name == "to_id":
        names.discard("persons")
    if names & {"persons", "accounts"}:
        return person(n)
    if "chats" in names:
        return f"whatsapp:34{DIGITS[n]}-1500000000@g.us"
    if "merged_messages" in names:
        return f"whatsapp:34{DIGITS[n]}-1500000000@g.us/3EB0{n}"
    return f"{n}a1b2c3d4e5f6a7b8c9d#message/{n}"


def rows_of(row: type[Row]) -> pa.RecordBatch:
    made: dict[str, Any] = {}
    for column in columns(row):
        values: list[Any] = [value(column, n) for n in range(ROWS)]
        if pa.types.is_list(column.arrow_type):
            values = [[value, values[0]] for value in values]
        made[column.name] = pa.array(values, column.arrow_type)
    if row is PersonAccount:
        made["account_id"] = pa.array([person(n) for n in range(ROWS)])
    if row is NetworkLink:
        made["kind"] = pa.array([LinkKind.MEMBER.value] * ROWS)
    if row is Layout:
        groups = pa.array([_id(column_of(Chat, "chat_id"), n) for n in range(ROWS)])
        made = {name: pa.concat_arrays([values] * 2) for name, values in made.items()}
        made["kind"] = pa.array([k.value for k in NodeKind for _ in range(ROWS)])
        made["node_id"] = pa.concat_arrays([made["node_id"][:ROWS], groups])
    return batch(row, len(next(iter(made.values()))), **made).data


def column_of(row: type[Row], name: str) -> Column:
    """A column of a table."""
    return next(column for column in columns(row) if column.name == name)


def made(folder: Path) -> Case:
    """The case."""
    case = create_case(folder, "T", "Order 1")
    scopes = {Home.EVIDENCE: "ES-01", Home.FACTS: "ES-01", Home.HASHSETS: "set"}
    for home in Home:
        parts = [(row, rows_of(row)) for row in TABLES.values() if row.home is home]
        case.publish(
            StepManifest(f"fill {home}", scopes.get(home, WHOLE_CASE), "k", ()),
            [(row, lambda data=data: iter([data])) for row, data in parts],
        )
    return case


def _forms(secret: str) -> Iterator[str]:
    for text in {secret, secret.lower(), secret.upper()}:
        yield from (text, text[::-1], text.encode().hex(), text.encode().hex().upper())
        for shift in range(3):  # base64 has three alignments
            coded = base64.b64encode(b"x" * shift + text.encode() + b"xx").decode()
            yield coded[4 if shift else 0 : -4]


FORBIDDEN = re.compile("|".join(map(re.escape, {f for s in SECRETS for f in _forms(s)})))
