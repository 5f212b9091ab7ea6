"""Of NCMEC's answers every medium is an entry or told, page by page."""

from __future__ import annotations

import io

from clew.casefile.engine import Progress
from clew.findings.hashsets.entries import Reading
from clew.findings.hashsets.ncmec import FORMAT

MD5, SHA1 = "a" * 32, "b" * 40


def page(*media: str, after: str = "") -> str:
    return (
        f'<?xml version="1.0"?><queryResult><images>{"".join(media)}</images>{after}</queryResult>'
    )


def image(number: int, *prints: str, classification: str = "A1") -> str:
    return (
        f'<image><member id="7">m</member><id>{number}</id>'
        f"<classification>{classification}</classification>"
        f"<fingerprints>{''.join(prints)}</fingerprints></image>"
    )


def read(tmp_path, text: str):
    (tmp_path / "a.xml").write_text(text)
    reading = Reading(tmp_path / "a.xml", io.BytesIO(), Progress())
    return list(FORMAT.read(reading)), reading


def test_a_medium_is_an_entry_with_its_classification(tmp_path) -> None:
    entries, reading = read(tmp_path, page(image(1, f"<md5>{MD5}</md5>", f"<sha1>{SHA1}</sha1>")))
    (entry,) = entries
    assert (entry.md5, entry.sha1, entry.code, entry.scheme) == (MD5, SHA1, "A1", "NCMEC")
    assert reading.rejected == 0


def test_a_medium_without_a_hash_is_told(tmp_path) -> None:
    entries, reading = read(tmp_path, page(image(1, "<md5>short</md5>"), image(2)))
    assert entries == []
    assert reading.rejected == 2


def test_pages_one_behind_another_are_all_read(tmp_path) -> None:
    one, other = (page(image(n, f"<md5>{c * 32}</md5>")) for n, c in ((1, "a"), (2, "b")))
    entries, reading = read(tmp_path, f"{one}\n{other}")
    assert [e.md5 for e in entries] == ["a" * 32, "b" * 32]
    assert reading.rejected == 0


def test_a_page_that_follows_elsewhere_is_noted(tmp_path) -> None:
    _, reading = read(tmp_path, page(after="<paging><next>/v2/x?page=2</next></paging>"))
    assert "another page follows" in reading.note


def test_a_file_that_declares_entities_is_refused(tmp_path) -> None:
    text = '<!DOCTYPE x [<!ENTITY e "e">]>' + page(image(1, f"<md5>{MD5}</md5>"))
    entries, reading = read(tmp_path, text)
    assert entries == []
    assert reading.rejected == 1
