"""A file as a reader gets it."""

from __future__ import annotations

from pathlib import Path

from clew.facts.reader_api import SQLITE, Found


def found(file: Path = Path("x.db"), path: str = "x.db", media_type: str = SQLITE) -> Found:
    return Found(
        exhibit_id="ES-01", item_id="0" * 20, source_id="0" * 64, path=path, media_type=media_type,
        file=file,
    )  # fmt: skip
