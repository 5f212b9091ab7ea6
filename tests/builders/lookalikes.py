"""Builders that tests of several modules share, on lookalikes."""

from __future__ import annotations

from pathlib import Path

from clew.facts import reader_worker
from clew.facts.reader_api import Found


def told(file: Path, name: str, media_type: str | None) -> list[dict]:
    given = Found(
        exhibit_id="ES-07", item_id="0" * 20, source_id="0" * 64, path=f"data/{name}",
        media_type=media_type, file=file,
    )  # fmt: skip
    batches = list(reader_worker._in_batches(reader_worker._rows(given)))
    return [r for b in batches if b.table.table_name == "unread" for r in b.data.to_pylist()]
