"""Dates in words and digits: every reading is kept, and nothing is guessed."""

from __future__ import annotations

import importlib.util
import zipfile
from pathlib import Path

import pytest

from clew.facts.reader_api import Found
from clew.facts.readers.documents import READER, parts
from clew.facts.readers.documents.dates import Heading, Orders, dated, read
from clew.facts.readers.documents.words import languages, places_and_names
from clew.records import Entry, Invite, Source, SourceRows, Unread

EXAMPLES = [(c, *example) for c, lang in languages().items() for example in lang.examples]


def days(line: str, heading: Heading | None = None, orders: Orders | None = None):
    written = dated(line)
    return written and read(written, orders or Orders(), heading).readings


@pytest.mark.parametrize(("code", "line", "expected"), EXAMPLES)
def test_each_example_of_the_data_file_is_read(code, line, expected) -> None:
    assert days(line) == (expected,)
    assert len(languages()[code].examples) >= 3


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("03/04/05 x", ("2005-03-04/2005-03-04", "2005-04-03/2005-04-03")),
        ("03-04-05 x", ("2003-04-05/2003-04-05", "2005-03-04/2005-03-04", "2005-04-03/2005-04-03")),
        ("03.04.2004: x", ("2004-03-04/2004-03-04", "2004-04-03/2004-04-03")),
        ("13/4/2004 x", ("2004-04-13/2004-04-13",)),
        ("31.12.1998 x", ("1998-12-31/1998-12-31",)),
        ("5/5/98 x", ("1998-05-05/1998-05-05",)),
        ("2004-03-03 x", ("2004-03-03/2004-03-03",)),
        ("2004-03-03 - 2004-03-05 x", ("2004-03-03/2004-03-05",)),
        ("13/4/2004 - 16/4/2004 x", ("2004-04-13/2004-04-16",)),
        ("Madrid, 3 de marzo de 2004", ("2004-03-03/2004-03-03",)),
        ("le 1er avril '04 x", ("2004-04-01/2004-04-01",)),
        ("- [3 March 2004] x", ("2004-03-03/2004-03-03",)),
        ("29 February 2003 x", None),
        ("3 de marzo x", ()),
        ("1. bread", None),
        ("12:30 lunch", None),
        ("10.000 pieces", None),
        ("may be", None),
        ("2011 was good", None),
        ("version 1.2.3", None),
    ],
)
def test_a_line_gives_the_days_that_it_can_mean(line, expected) -> None:
    assert days(line) == expected


def test_one_date_decides_for_the_file_and_a_contradiction_decides_nothing() -> None:
    orders = Orders()
    orders.add(dated("13/4/2004"))
    assert days("3/4/2004", orders=orders) == ("2004-04-03/2004-04-03",)
    orders.add(dated("4/13/2004"))
    assert len(days("3/4/2004", orders=orders)) == 2
    assert days("13/4/2004", orders=orders) == ("2004-04-13/2004-04-13",)


def test_a_word_that_is_a_month_and_a_weekday_gives_no_day_without_a_year() -> None:
    assert days("mar 3 x", Heading(2004, 5, "line/1")) == ()
    assert days("Mar 3, 2004 x") == ("2004-03-03/2004-03-03",)


def test_places_and_names_are_kept_as_found() -> None:
    places, names = places_and_names("fui a Lisboa y a San Juan con Ana Ejemplo. Volví tarde", "es")
    assert places == ("Lisboa", "San Juan")
    assert names == ("Ana Ejemplo",)
    assert places_and_names("Brot aus Bremen und Papier", "de") == (("Bremen",), ())


def given(file: Path, media_type: str | None) -> Found:
    return Found(
        exhibit_id="ES-07", item_id="0" * 20, source_id="0" * 64, path=f"x/{file.name}",
        media_type=media_type, file=file,
    )  # fmt: skip


def rows(file: Path, media_type: str | None, kind):
    return [r for r in READER.read(given(file, media_type)) if isinstance(r, kind)]


def text(tmp_path: Path, content: str) -> Path:
    file = tmp_path / "notes.txt"
    file.write_text(content, encoding="utf-8")
    return file


def test_headings_hand_their_year_down_and_it_is_said(tmp_path) -> None:
    file = text(tmp_path, "2004\n3 mars: pain\nle 4 mars: eau\n\n2005\n5 mars: pain\n")
    found = rows(file, "text/plain", Entry)
    assert [(e.first_day, e.year_basis, e.inherited_from) for e in found] == [
        ("2004-03-03", "inherited", "line/1"),
        ("2004-03-04", "inherited", "line/1"),
        ("2005-03-05", "inherited", "line/5"),
    ]
    assert found[1].language == "fr"


def test_a_text_with_few_dates_is_no_log_and_that_is_said(tmp_path) -> None:
    file = text(tmp_path, "bread\n" * 50 + "3 March 2004: x\n4 March 2004: y\n")
    assert rows(file, "text/plain", Entry) == []
    (source,) = rows(file, "text/plain", Source)
    assert source.generation is None
    (why,) = rows(file, "text/plain", SourceRows)
    assert why.reason == "no_log"


def test_a_programs_log_is_told_and_gives_no_entries(tmp_path) -> None:
    file = text(tmp_path, "".join(f"2024-01-0{n} 10:00:0{n} INFO started\n" for n in range(1, 9)))
    assert rows(file, "text/plain", Entry) == []
    assert [u.code for u in rows(file, "text/plain", Unread)] == ["machine_log"]


def test_an_entry_goes_on_until_the_next(tmp_path) -> None:
    file = text(tmp_path, "3 March 2004: bread\nand water\n\n4 March 2004: paper\n")
    first, second = rows(file, "text/plain", Entry)
    assert first.text == "3 March 2004: bread\nand water"
    assert second.text == "4 March 2004: paper"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_a_text_in_any_usual_encoding_is_read(tmp_path, encoding) -> None:
    file = tmp_path / "notes.txt"
    file.write_bytes("3. März 2004: Brot\n4. März 2004: Käse\n".encode(encoding))
    assert [e.written for e in rows(file, "text/plain", Entry)] == [
        "3. März 2004",
        "4. März 2004",
    ]


def test_a_missing_extra_is_told_with_what_to_do(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    file = tmp_path / "x.pdf"
    file.write_bytes(b"%PDF-1.4\n")
    assert [u.code for u in rows(file, "application/pdf", Unread)] == ["needs:clew[documents]"]


def test_a_document_that_unpacks_to_too_much_is_told(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(parts, "MOST_UNPACKED", 1 << 20)
    file = tmp_path / "bomb.docx"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("word/document.xml", bytes(2 << 20))
    (told,) = rows(file, "application/zip", Unread)
    assert told.code == "limit:size"


def test_a_link_broken_between_two_lines_of_a_document_is_found(tmp_path) -> None:
    file = text(tmp_path, "see chat.whatsapp.com/AbCdEfGhIj\nKlMnOpQrStUv and so on\n")
    codes = [i.code for i in rows(file, "text/plain", Invite)]
    assert "AbCdEfGhIjKlMnOpQrStUv" in codes


@pytest.mark.parametrize("broken", ["<![CDA x>", "<![-->", "<![x[ y ]]>"])
def test_a_broken_section_of_a_page_costs_nothing_else(tmp_path, broken) -> None:
    file = tmp_path / "page.html"
    link = "https://chat.whatsapp.com/AbCdEfGhIjKlMnOpQrStUv"
    file.write_text(f"<html><body><p>bread</p>{broken}<p>see {link}</p></body></html>")
    found = Found(exhibit_id="ES-07", item_id="0" * 20, source_id="a" * 64, path="n/page.html",
                  media_type="text/html", file=file)  # fmt: skip
    rows = list(READER.read(found))
    assert [row.code for row in rows if isinstance(row, Invite)] == ["AbCdEfGhIjKlMnOpQrStUv"]
    assert not [row for row in rows if isinstance(row, Unread)]
