"""The same thing in several cases: by IMEI, serial number, or content of its exhibit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Any

import msgspec

from clew.casefile import Case
from clew.casefile.parquet import read_part
from clew.operation.keeping import board_of
from clew.records import Exhibit
from clew.schema import received

_WITHOUT_CHECK_DIGIT = 14


class Mark(StrEnum):
    """By what a thing is known again."""

    IMEI = "imei"
    SERIAL = "serial"
    SHA256 = "sha256"


class Sighting(msgspec.Struct, frozen=True, kw_only=True):
    """A thing in one case."""

    mark: Mark
    value: str
    case: str
    entry: str
    """Entry of the register, or the exhibit; of what another agency sent ``origin~exhibit``."""
    kind: str | None
    seized_at: str | None


Sightings = Mapping[tuple[str, str], list[Sighting]]


def sightings(case: Case, name: str) -> Iterator[Sighting]:
    """Every mark of every thing of a case, of received packages too; the case is only read."""
    for one in board_of(case).register:
        for mark, value in ((Mark.IMEI, _imei(one.imei)), (Mark.SERIAL, one.serial)):
            if value:
                yield Sighting(mark=mark, value=value, case=name, entry=one.entry, kind=one.kind,
                               seized_at=one.seized_at)  # fmt: skip
    for row in _exhibits(case):
        yield Sighting(mark=Mark.SHA256, value=row["content_sha256"], case=name, kind=row["kind"],
                       entry=row["exhibit_id"], seized_at=None)  # fmt: skip


def _exhibits(case: Case) -> Iterator[dict[str, Any]]:
    """Exhibits, own and received, as their tables have them: no engine is started for a case."""
    for table in (Exhibit, received(Exhibit)):
        for out in case.outputs(table):
            for part in read_part(case.folder / out.file):
                yield from part.select(["exhibit_id", "kind", "content_sha256"]).to_pylist()


def by_mark(every: Iterable[Sighting]) -> Sightings:
    """Sightings by mark and value."""
    found: dict[tuple[str, str], list[Sighting]] = defaultdict(list)
    for one in every:
        found[one.mark, one.value].append(one)
    return dict(found)


def looked_up(found: Sightings, value: str) -> list[Sighting]:
    """Sightings of one IMEI, with or without its check digit, serial number or SHA-256."""
    keys = ((Mark.IMEI, _imei(value)), (Mark.SERIAL, value), (Mark.SHA256, value.lower()))
    return sorted((s for mark, key in keys for s in found.get((mark, key or ""), ())), key=_order)


def shared(found: Sightings) -> list[Sighting]:
    """Things that stand in more than one case, or twice in one."""
    return sorted((s for seen in found.values() if len(seen) > 1 for s in seen), key=_order)


def _imei(text: str | None) -> str | None:
    return text[:_WITHOUT_CHECK_DIGIT] if text else None


def _order(one: Sighting) -> tuple[str, str, str, str]:
    return one.mark, one.value, one.case, one.entry
