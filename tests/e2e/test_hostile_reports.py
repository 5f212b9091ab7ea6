"""Every twentieth of the hostile corpus for the readers of XML and CSV: told, not raised."""

from __future__ import annotations

from clew.facts.reader_api import Found
from clew.facts.reader_worker import _in_batches
from clew.facts.readers.csv_mapped import READER as CSV
from clew.facts.readers.ufed import READER as UFED

MAPPING = (
    "name: t\nfiles: ['*']\nplatform: t\ntables: {messages: {columns: {chat_id: a, text: b}}}\n"
)
_STEP = 20
_LARGEST = 1 << 20


def test_hostile_files_are_told_by_readers_of_xml_and_csv(fixtures) -> None:
    files = [p for p in sorted((fixtures / "hostile").rglob("*"))[::_STEP]
             if p.is_file() and not p.is_symlink() and p.stat().st_size <= _LARGEST]  # fmt: skip
    assert files
    for file in files:
        for reader, mappings in ((UFED, ()), (CSV, (MAPPING,))):
            found = Found(exhibit_id="X", item_id="0" * 20, source_id="0" * 64, path=file.name,
                          media_type=None, file=file, mappings=mappings)  # fmt: skip
            reader.probe(found)
            assert sum(b.data.num_rows for b in _in_batches(reader.read(found))) > 0
