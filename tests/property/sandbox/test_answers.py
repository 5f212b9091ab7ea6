"""What keeps the answers of a worker outlives whatever they say: values as no honest worker tells.

A frame that is well formed can still say anything. Each of these takes answers apart, and must come
to rows that fit their tables, or to the loss of one file.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from clew.casefile.store import Store
from clew.evidence import backups
from clew.evidence.bounds import Bounds
from clew.evidence.members import Members, Taken
from clew.facts.fingerprints.results import Wanted, rows
from clew.facts.fingerprints.worker_calls import Call, Given, call_for_each
from clew.facts.read import _receive
from clew.records import Flag, Item, ItemKind, Outcome
from clew.sandbox import WorkerLost
from clew.sandbox.frames import Yielded, decode, encode
from clew.schema import to_arrow

ROUNDS = 400
MEMBER = {"ordinal": 1, "name": "61", "kind": "file", "mtime": None, "size_stated": 3, "flags": []}
ODD: tuple[Any, ...] = (
    None, True, -1, 0, 1, 2**63 - 1, -(2**63), 1e300, -0.5, "", "61", "zz", "..", "\x00", "\u202e",
    "a" * 5000, [], [[]], {}, {"a": 1}, "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z",
    "2024-01-01T00:00:00", "file", "symlink", ["x", ["n=1"]], [["x", ["n=1"]]], [["x", [1]]],
)  # fmt: skip


class Hostile:
    """A guard, and a pool of one, whose worker answers what it pleases and may be lost."""

    def __init__(self, chance: random.Random, told: tuple[dict[str, Any], ...]) -> None:
        self._chance, self._told = chance, told

    def mine(self, *, patient: bool = False) -> Hostile:
        """Itself."""
        del patient
        return self

    def run(self, *_: object) -> Iterator[Yielded]:
        """Answers, each as it comes over the line."""
        for _ in range(self._chance.randrange(8)):
            (frame,) = encode(self._answer())
            yield decode(bytes(frame))
        if self._chance.random() < 0.3:
            raise WorkerLost("crash:SIGSEGV")

    def _answer(self) -> Yielded:
        if self._chance.random() < 0.2:
            return self._chance.randbytes(self._chance.randrange(50))
        told = msgspec.json.decode(msgspec.json.encode(self._chance.choice(self._told)))
        for _ in range(self._chance.randrange(3)):
            self._spoil(told)
        return told

    def _spoil(self, told: Any) -> None:
        while isinstance(told, dict) and told:
            name = self._chance.choice(list(told))
            if isinstance(told[name], dict) and self._chance.random() < 0.7:
                told = told[name]
                continue
            told[name] = copy.deepcopy(self._chance.choice(ODD))
            return


@pytest.fixture(params=range(4))
def chance(request) -> random.Random:
    return random.Random(request.param)


def item(media_type: str) -> Item:
    return Item(item_id="i", exhibit_id="ES-01", path="a.tar", kind=ItemKind.FILE, size=100,
                media_type=media_type, outcome=Outcome.PROCESSED, sha256="0" * 64,
                in_archive=False, ordinal=0)  # fmt: skip


@pytest.mark.parametrize("media_type", ["application/x-tar", "application/x-raw-disk-image"])
def test_members(chance, tmp_path, media_type) -> None:
    told = ({"member": MEMBER}, {"end": None}, {"end": "bomb"}, {"problem": "x"}, {"flags": []})
    for _ in range(ROUNDS):
        taken = Taken()
        guards = Hostile(chance, told)
        Members(guards, Store(tmp_path / "store"), taken, Bounds()).expand(item(media_type), b"x")
        to_arrow(Item, taken.items)
        to_arrow(Flag, taken.flags)
        assert taken.items[0].path == "a.tar"


def test_manifests_of_backups(chance) -> None:
    told = ({"files": {"a": "b"}, "misnamed": 0, "problem": None}, {"encrypted": True})
    about = msgspec.structs.replace(item("application/vnd.sqlite3"), path=f"b/{backups.MANIFEST}")
    for _ in range(ROUNDS):
        (found,) = backups.manifests([about], {"i": b"x"}, Hostile(chance, told))
        msgspec.msgpack.encode(found)


def test_fingerprints(chance) -> None:
    fingerprint = {"algorithm": "pdq", "value": "0" * 64, "quality": 100, "at_ms": None}
    told = ({"number": 0, "rows": {"fingerprints": [fingerprint]}},
            {"number": 0, "columns": {"width": 3, "height": 2}, "end": True},
            {"number": 1, "problem": ["damaged", ["cause=x"]], "end": True})  # fmt: skip
    wanted = [Wanted(exhibit_id="ES-01", item_id=str(n), path="p", sha256=str(n) * 64,
                     media_type="image/png", size=3) for n in range(2)]  # fmt: skip
    for _ in range(ROUNDS):
        kept: dict[Wanted, Any] = {}
        given = [Given(one, Path("x")) for one in wanted]
        call_for_each(Call("task"), given, Hostile(chance, told), kept.__setitem__)
        assert list(kept) == wanted
        for one, result in kept.items():
            for row in rows(one, result):
                to_arrow(type(row), [row])


def test_rows_of_readers(chance, tmp_path) -> None:
    told = ({"file": 0}, {"file": 1})
    for _ in range(ROUNDS):
        try:
            list(_receive(Hostile(chance, told).run(), tmp_path))
        except WorkerLost:
            continue
