"""Builders that tests share: the known inputs of readers, hidden behind padding and other names."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import msgspec

from clew.evidence.signatures import media_type
from clew.facts import reader_worker
from clew.facts.reader_api import Found

GOLDEN = Path(__file__).parents[1] / "golden"
HEAD = 36 << 10
LONG = 70_000
_OWN = ("expected.ndjson", "mapping.yaml")
_WORDS = "These are the records that you asked for.\nKeep this page with them.\n"

BEFORE: dict[str, Callable[[str], str]] = {
    "nothing": lambda text: text,
    "blanks": lambda text: " " * LONG + text,
    "lines": lambda text: "\n" * LONG + text,
    "mixed": lambda text: "\r\n\t \u00a0" * (LONG // 5) + text,
    "zeros": lambda text: "\0" * LONG + text,
}
BEFORE_CODE = {
    "block comment": lambda text: f"/* {'x' * LONG} */\n{text}",
    "line comments": lambda text: "// padding\n" * 7000 + text,
    "hashes": lambda text: "# padding\n" * 7000 + text,
    "assignment": lambda text: f"window.data = {text}",
    "words": lambda text: _WORDS + text,
    "many words": lambda text: _WORDS * 1500 + text,
    "member": lambda text: text.replace("{", '{"zzz": "' + "y" * LONG + '", ', 1),
    "members": lambda text: text.replace(
        "{", '{"zzz": [' + ",".join(f'{{"n": {n}, "of": [1]}}' for n in range(9000)) + "], ", 1
    ),
    "pretty": lambda text: text.replace("{", "{" + "\n" * LONG, 1),
}
BEFORE_MARKUP = {
    "comment": lambda text: f"<!-- {'x' * LONG} -->\n{text}",
    "words": lambda text: _WORDS + text,
    "comment within": lambda text: text.replace("?>", f"?><!-- {'x' * LONG} -->", 1),
}
BEFORE_TEXT = {"many words": lambda text: _WORDS * 1500 + text, "words": lambda text: _WORDS + text}
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32")
NAMES = ("", "export", "export.bin", "export.dat", "a3f9c2", "export.json.bak", "x.old")


class Hidden(msgspec.Struct, frozen=True):
    """One input as it was hidden."""

    label: str
    name: str
    data: bytes
    reader: str


def inputs() -> Iterator[tuple[str, Path]]:
    """Inputs of the readers of chats, each with the name of its reader."""
    for folder in sorted(GOLDEN.glob("*/*/")):
        given = [f for f in folder.iterdir() if f.name not in _OWN]
        if given and folder.parent.name not in ("csv_mapped", "documents"):
            yield folder.parent.name.replace("_", "-"), given[0]


def hidden(count: int, seed: int) -> Iterator[Hidden]:
    """So many inputs, each hidden in another way."""
    rng = random.Random(seed)
    known = list(inputs())
    for number in range(count):
        reader, file = known[number % len(known)]
        yield _database(rng, reader, file) if _is_binary(file) else _text(rng, reader, file)


def _is_binary(file: Path) -> bool:
    return file.suffix in (".sql", ".backup", ".crypt15")


def _text(rng: random.Random, reader: str, file: Path) -> Hidden:
    text = file.read_text(encoding="utf-8")
    start = text.lstrip()[:1]
    ways = {"{": BEFORE_CODE, "[": BEFORE_TEXT, "<": BEFORE_MARKUP}.get(start, BEFORE_TEXT)
    ways = BEFORE_TEXT if start == "[" and file.suffix == ".txt" else ways
    if file.name in {"main.jsonl", "data.json"}:
        ways = {k: v for k, v in ways.items() if k not in ("member", "members", "pretty")}
    before = {**BEFORE, **ways}
    way, encoding = rng.choice(sorted(before)), rng.choice(ENCODINGS)
    name = rng.choice(NAMES) or file.name
    data = before[way](text).encode(encoding)
    return Hidden(f"{file.parent.name}/{way}/{encoding}", name, data, reader)


def _database(rng: random.Random, reader: str, file: Path) -> Hidden:
    data = _built(file) if file.suffix == ".sql" else file.read_bytes()
    way = rng.choice(("nothing", "blanks", "zeros")) if file.suffix == ".sql" else "nothing"
    fill = {"nothing": b"", "blanks": b" " * LONG, "zeros": b"\0" * LONG}[way]
    name = rng.choice(NAMES) or file.name.removesuffix(".sql")
    return Hidden(f"{file.parent.name}/{way}", name, fill + data, reader)


def _built(file: Path) -> bytes:
    with closing(sqlite3.connect(":memory:")) as db:
        db.executescript(file.read_text(encoding="utf-8"))
        db.commit()
        return bytes(db.serialize())


def rows(folder: Path, given: Hidden) -> dict[str, list[dict]]:
    """Rows of the tables that tell what became of an input."""
    file = folder / "evidence"
    file.write_bytes(given.data)
    found = Found(
        exhibit_id="ES-07", item_id="0" * 20, source_id="0" * 64, path=f"data/{given.name}",
        media_type=media_type(given.data[:HEAD]), file=file,
    )  # fmt: skip
    tables: dict[str, list[dict]] = {"sources": [], "unread": [], "messages": []}
    for batch in reader_worker._in_batches(reader_worker._rows(found)):
        if batch.table.table_name in tables:
            tables[batch.table.table_name] += batch.data.to_pylist()
    return tables
