"""Of a VICS file every record is an entry or told; its head says what categories mean."""

from __future__ import annotations

import io
import json

import pytest

from clew.casefile.engine import Progress
from clew.findings.hashsets.entries import Reading
from clew.findings.hashsets.vics import FORMAT
from clew.formats.vics import model

MD5 = "a" * 32


def reading(tmp_path, *media, head: str = "http://x/2.0.xml/ES/$metadata") -> Reading:
    file = tmp_path / "set.json"
    file.write_text(json.dumps({"@odata.context": head, "value": list(media)}))
    return Reading(file, io.BytesIO(), Progress())


@pytest.mark.parametrize(
    ("head", "version", "country"),
    [
        (b'{"@odata.context": "http://x/2.0.xml/ES/$metadata"', "2.0", "ES"),
        (b'{"odata.metadata":"http://x/1.3.xml#y"', "1.3", None), (b"{", None, None),
    ],
)  # fmt: skip
def test_the_head_tells_version_and_country(head, version, country) -> None:
    found = model(head)
    assert (found.scheme, found.version, found.country) == ("VICS", version, country)


def test_a_record_is_an_entry_with_its_category_in_full(tmp_path) -> None:
    read = reading(tmp_path, {"MediaID": 7, "MD5": MD5.upper(), "Category": 2, "Note": "x"})
    (entry,) = FORMAT.read(read)
    assert (entry.md5, entry.code, entry.scheme, entry.country) == (MD5, "2", "VICS", "ES")
    assert entry.medium == "7"
    assert read.rejected == 0


@pytest.mark.parametrize("record", [{"MD5": "short"}, {"Category": 1}, {"MD5": None}])
def test_a_record_without_a_hash_is_told(tmp_path, record) -> None:
    read = reading(tmp_path, record, {"MD5": MD5})
    assert [e.md5 for e in FORMAT.read(read)] == [MD5]
    assert read.rejected == 1


def test_a_file_that_is_cut_short_is_told(tmp_path) -> None:
    read = reading(tmp_path, {"MD5": MD5}, {"MD5": "b" * 32})
    read.file.write_text(read.file.read_text()[:-30])
    list(FORMAT.read(read))
    assert read.rejected >= 1
