"""Builders that tests of several modules share, on looks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from builders.publishing import publish_step

from clew.casefile import Case
from clew.findings.hashsets import Source, add
from clew.judgements import decisions
from clew.pipeline import perform
from clew.records import Fingerprint, Item, ItemKind, MediaFile, Outcome, SetKind

CATEGORY = decisions.Category(scheme="VICS", country="ES", version="2.0", code="2")


def sha(name: str) -> str:
    return (name.encode().hex() * 64)[:64]


@dataclass
class Look:
    """A fingerprint of some file, to be varied."""

    bits: np.ndarray

    @classmethod
    def of(cls, seed: int) -> Look:
        return cls(np.random.default_rng(seed).integers(0, 256, 32, dtype=np.uint8))

    def away(self, distance: int, seed: int = 0) -> Look:
        flipped = np.zeros(256, np.uint8)
        flipped[np.random.default_rng(seed).choice(256, distance, replace=False)] = 1
        return Look(self.bits ^ np.packbits(flipped))

    @property
    def hex(self) -> str:
        return self.bits.tobytes().hex()


def turned(look: Look) -> tuple[str, ...]:
    return tuple(Look.of(int(look.bits[0]) * 1000 + n).hex for n in range(7))


def picture(name: str, look: Look, **more) -> Fingerprint:
    given = {
        "algorithm": "pdq", "turned": turned(look), "quality": 100, "width": 10, "height": 10,
        "decode_path": "test 1", "simple_graphic": False, **more,
    }  # fmt: skip
    return Fingerprint(
        exhibit_id="ES-01", source_id=sha(name), value=look.hex, **{"locator": "picture", **given}
    )


def frames(name: str, looks: list[Look], **more) -> list[Fingerprint]:
    return [
        picture(name, look, algorithm="vpdq", turned=(), frame=n, at_ms=1000 * n, **more)
        for n, look in enumerate(looks)
    ]


def item(name: str, copy: int = 0) -> Item:
    return Item(
        item_id=f"i-{name}-{copy}", exhibit_id="ES-01", path=name, in_archive=False,
        kind=ItemKind.FILE, size=1, md5=sha(name)[:32], sha1=sha(name)[:40], sha256=sha(name),
        media_type="image/jpeg", outcome=Outcome.PROCESSED,
    )  # fmt: skip


def publish(case: Case, prints: list[Fingerprint], items: list[Item] | None = None,
            lasting: dict[str, int] | None = None) -> None:  # fmt: skip
    names = sorted({p.source_id for p in prints})
    held = items or [i for i in map(item, NAMES) if i.sha256 in names]
    media = [MediaFile(exhibit_id="ES-01", source_id=sha(name), locator="file",
                       media_type="video/mp4", duration_ms=ms, width=10, height=10)
             for name, ms in (lasting or {}).items()]  # fmt: skip
    for step, rows in (("intake", held), ("read", prints), ("look", media)):
        publish_step(case, step, "ES-01", *rows)


NAMES = ("a", "b", "c", "d", "e", "g")


def known(case: Case, tmp_path, text: str, name: str = "s", **more) -> None:
    file = tmp_path / f"set {name}"
    file.write_text(text)
    add(case, file, Source(name=name, version="1", kind=SetKind.KNOWN, **more))


def conclude(case: Case) -> list[dict]:
    perform(case, "match", "provenance")
    return case.rows("FROM matches ORDER BY sha256, set, record, algorithm")


def bytes_of(text: str) -> np.ndarray:
    return np.frombuffer(bytes.fromhex(text), np.uint8)
