"""Other people's hostile and torn files, fed to readers that would not even want them."""

from __future__ import annotations

import contextlib
import sqlite3

import pytest

from clew.evidence.signatures import media_type
from clew.facts.reader_api import Found, readers

NAMES = {
    "whatsapp-ios": ("ChatStorage.sqlite",),
    "signal": ("signal.sqlite", "data.json", "main.jsonl", "signal-1.backup", "config.json"),
    "leapp": ("_lava_artifacts.db", "WhatsApp - Messages.tsv", "_lava_data.lava"),
}


@pytest.mark.slow
@pytest.mark.parametrize("reader", [r for r in readers() if r.name in NAMES], ids=lambda r: r.name)
def test_no_file_makes_a_reader_fall_over(reader, fixtures, tmp_path) -> None:
    copy, files = tmp_path / "evidence", 0
    for file in sorted((fixtures / "hostile").rglob("*"))[::4]:
        if not file.is_file() or file.stat().st_size > 1 << 24:
            continue
        files += 1
        data = file.read_bytes()
        copy.write_bytes(data)
        for name in NAMES[reader.name]:
            found = Found(
                exhibit_id="FX-03", item_id="0" * 20, source_id="0" * 64,
                path=f"signal/{name}", media_type=media_type(data[:4096]), file=copy,
            )  # fmt: skip
            with contextlib.suppress(sqlite3.Error):  # told by whoever reads the file
                reader.probe(found)
            for _ in reader.read(found):
                pass
    assert files > 100
