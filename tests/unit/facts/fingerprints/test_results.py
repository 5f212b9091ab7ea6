"""What a worker says of a file becomes rows of that file, and of no other."""

from __future__ import annotations

import msgspec
import pytest

from clew.facts.fingerprints.results import GONE, Part, Result, Wanted, rows, sent
from clew.records import MediaFile, Severity, Unread

WANTED = Wanted(exhibit_id="ES-01", item_id="i", path="a.jpg", sha256="a" * 64,
                media_type="image/jpeg", size=7)  # fmt: skip


def part(**about) -> Part:
    return msgspec.convert(sent(0, **about), Part)


def test_a_file_that_was_read_has_a_row_of_its_own() -> None:
    result = Result()
    result.add(part(columns={"width": 4, "height": 3}, end=True), WANTED)
    (row,) = rows(WANTED, result)
    assert isinstance(row, MediaFile)
    assert (row.exhibit_id, row.source_id, row.width) == ("ES-01", "a" * 64, 4)


def test_a_file_that_could_not_be_read_is_reported_and_has_its_row() -> None:
    media, unread = rows(WANTED, Result.failed("damaged"))
    assert isinstance(media, MediaFile)
    assert isinstance(unread, Unread)
    assert (unread.code, unread.severity) == ("damaged", Severity.ERROR)


def test_a_file_whose_bytes_are_gone_is_reported_alone() -> None:
    (row,) = rows(WANTED, Result.failed(f"{GONE}file"))
    assert isinstance(row, Unread)


@pytest.mark.parametrize("made_up", [{"no_table": [{}]}, {"fingerprints": [{"x": 1}]}])
def test_rows_that_fit_no_table_are_refused(made_up) -> None:
    with pytest.raises(msgspec.ValidationError):
        Result().add(Part(number=0, rows=made_up), WANTED)
