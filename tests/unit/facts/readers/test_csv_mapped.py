"""CSV by a mapping: every record is accounted for, and nothing odd passes silently."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from clew.facts.mapping import mapping_of
from clew.facts.reader_api import Found
from clew.facts.readers.csv_mapped import READER
from clew.facts.readers.csv_mapped.values import Odd, Times
from clew.records import Message, Source, Unread

PLAIN = """
name: t
files: ["*.csv"]
platform: bakery
time_zone: UTC
tables:
  messages:
    columns:
      chat_id: room
      sender_account_id: {column: who, id_type: username}
      sent_at: at
      text: said
"""
HEAD = "room,who,at,said\n"


def read(tmp_path: Path, data: bytes | str, *mappings: str) -> dict[type, list[Any]]:
    file = tmp_path / "x.csv"
    file.write_bytes(data.encode() if isinstance(data, str) else data)
    found = Found(exhibit_id="ES-07", item_id="0" * 20, source_id="a" * 64, path="x.csv",
                  media_type="text/plain", file=file, mappings=mappings or (PLAIN,))  # fmt: skip
    rows: dict[type, list[Any]] = {}
    for row in READER.read(found):
        rows.setdefault(type(row), []).append(row)
    return rows


def said(rows: dict[type, list[Any]]) -> list[str | None]:
    return [row.text for row in rows.get(Message, [])]


def codes(rows: dict[type, list[Any]]) -> list[str]:
    return [row.code for row in rows.get(Unread, [])]


def line(text: str, at: str = "2024-03-01T08:00:00") -> str:
    return f"oven,rye,{at},{text}\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings_are_told_by_their_marks(tmp_path, encoding) -> None:
    rows = read(tmp_path, (HEAD + line("pão")).encode(encoding))
    assert (said(rows), codes(rows)) == (["pão"], [])


def test_the_encoding_of_the_mapping_counts_where_there_is_no_mark(tmp_path) -> None:
    mapping = PLAIN.replace("platform:", "encoding: cp1252\nplatform:")
    assert said(read(tmp_path, (HEAD + line("pão € ja")).encode("cp1252"), mapping)) == ["pão € ja"]
    rows = read(tmp_path, (HEAD + line("pão")).encode("cp1252"))
    assert (said(rows), codes(rows)) == (["p\ufffdo"], ["encoding"])


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_and_lines_within_cells_keep_the_numbers_of_lines(tmp_path, end) -> None:
    text = (HEAD + line('"a\nb"') + line("c")).replace("\n", end)
    rows = read(tmp_path, text)
    assert [m.locator for m in rows[Message]] == ["line/2", "line/4"]
    assert said(rows) == ["a\nb", "c"]


def test_cells_that_look_like_formulas_or_hold_nul_are_text(tmp_path) -> None:
    rows = read(tmp_path, HEAD + line("=HYPERLINK(1)") + line("@SUM") + line("a\0b"))
    assert said(rows) == ["=HYPERLINK(1)", "@SUM", "a\0b"]


def test_records_of_another_width_are_told_and_counted(tmp_path) -> None:
    rows = read(tmp_path, HEAD + "a,b\n" + line("x,y") + line("fine") + "\n")
    assert (said(rows), codes(rows)) == (["fine"], ["cells", "cells"])
    (source,) = rows[Source]
    assert (source.rows_seen, source.rows_emitted, source.rows_skipped) == (4, 1, 3)


def test_a_quote_that_never_ends_is_told(tmp_path) -> None:
    rows = read(
        tmp_path, HEAD + line("fine") + 'oven,rye,2024-03-01T08:00:00,"open\n' + line("x") * 9
    )
    (source,) = rows[Source]
    assert source.rows_seen == 2
    assert said(rows)[0] == "fine"
    assert "open_quote" in codes(rows)


def test_a_cell_without_end_stops_the_reading_and_is_told(tmp_path, monkeypatch) -> None:
    from clew.facts.readers.csv_mapped import delimited

    monkeypatch.setattr(delimited, "LONGEST", 1000)
    rows = read(tmp_path, HEAD + line("fine") + line("x" * 5000) + line("lost"))
    assert (said(rows), codes(rows)) == (["fine"], ["broken"])
    assert rows[Source][0].truncated_suspect


@pytest.mark.parametrize("head", ["room,who,at\n", "room,who,at,said,room\n", "", "\n"])
def test_columns_that_lack_or_stand_twice_are_an_error_of_the_file(tmp_path, head) -> None:
    rows = read(tmp_path, head + line("x"))
    assert Message not in rows
    assert [u.severity for u in rows[Unread]] == ["error"]


def test_without_a_header_columns_are_numbers(tmp_path) -> None:
    mapping = PLAIN.replace("platform:", "header: false\nplatform:")
    for number, name in enumerate(("room", "who", "at", "said"), start=1):
        mapping = mapping.replace(f": {name}\n", f": {number}\n")
        mapping = mapping.replace(f"column: {name}", f"column: {number}")
    assert said(read(tmp_path, line("a") + line("b"), mapping)) == ["a", "b"]


def test_two_mappings_that_claim_one_file_are_both_named(tmp_path) -> None:
    other = PLAIN.replace("name: t", "name: a").replace("said", "words")
    twin = PLAIN.replace("name: t", "name: z")
    for mappings, why in (
        ((other, PLAIN), ("only_fitting", ("mapping=a", "mapping=t", "chosen=t"))),
        ((twin, PLAIN), ("first_by_name", ("mapping=t", "mapping=z", "chosen=t"))),
    ):
        rows = read(tmp_path, HEAD + line("a"), *mappings)
        assert said(rows) == ["a"]
        (told,) = rows[Unread]
        assert (told.code, told.severity) == (f"several_mappings:{why[0]}", "warning")
        assert told.figures == why[1]
    assert Unread not in read(tmp_path, HEAD + line("a"))


def test_what_is_odd_is_named_with_its_column_and_line(tmp_path) -> None:
    rows = read(tmp_path, HEAD + line("a", at="yesterday") + ",rye,2024-03-01T08:00:00,b\n")
    told = {(u.locator, u.code): u.figures for u in rows[Unread]}
    assert told["line/2", "cell:time"] == ("column=messages.sent_at", "of=at", "value=yesterday")
    assert told["line/3", "no_row"] == ("empty=messages.chat_id",)


def test_a_column_that_the_file_lacks_is_named_with_the_line_of_the_mapping(tmp_path) -> None:
    rows = read(tmp_path, "room,who,at,words\noven,rye,x,a\n")
    (told,) = rows[Unread]
    assert "column=said (t:12 messages.text)" in told.figures


def times(**more: Any) -> Times:
    given = PLAIN.replace("time_zone: UTC\n", "")
    given += "".join(f"{name}: {value}\n" for name, value in more.items())
    return Times(mapping_of(given))


@pytest.mark.parametrize(
    ("form", "text", "expected"),
    [
        ("iso", "2024-07-01T10:00:00+02:00", datetime(2024, 7, 1, 8, tzinfo=UTC)),
        ("iso", "2024-07-01T10:00:00", datetime(2024, 7, 1, 8, tzinfo=UTC)),
        ("unix", "1719820800", datetime(2024, 7, 1, 8, tzinfo=UTC)),
        ("unix_ms", "1719820800500", datetime(2024, 7, 1, 8, 0, 0, 500000, tzinfo=UTC)),
        ('"%d.%m.%y %H:%M"', "01.07.24 10:00", datetime(2024, 7, 1, 8, tzinfo=UTC)),
    ],
)
def test_times_are_instants_in_the_zone_of_the_mapping(form, text, expected) -> None:
    assert times(time_zone="Europe/Madrid", dates=f"[{form}]").read(text).at == expected


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2024-10-27T02:30:00", "time_not_once"),
        ("2024-03-31T02:30:00", "time_not_once"),
        ("", "time"),
        ("99999999999999999", "time"),
    ],
)
def test_a_time_that_is_twice_or_never_or_none_is_odd(text, code) -> None:
    with pytest.raises(Odd) as raised:
        times(time_zone="Europe/Madrid").read(text)
    assert raised.value.code == code


def test_two_forms_that_differ_leave_a_time_open_and_two_that_agree_do_not() -> None:
    both = times(dates='["%d/%m/%Y", "%m/%d/%Y"]')
    assert both.read("03/03/2024").local == "2024-03-03T00:00:00"
    assert both.read("13/03/2024").local == "2024-03-13T00:00:00"
    with pytest.raises(Odd, match="time_ambiguous"):
        both.read("03/04/2024")
