"""The sections on countries and time: no person is named, no month is lost, gaps are drawn."""

from __future__ import annotations

import re

from builders.countries_and_timeline import WHO, publish

from clew.reading import Reading, disclosure_of
from clew.report import write_report

MASKED = disclosure_of("test")


def page(case, tmp_path) -> str:
    out = tmp_path / "r.html"
    write_report(Reading(case, MASKED), out)
    return out.read_text(encoding="utf-8")


def test_conflicts_and_directions_stand_in_the_report_and_nobody_is_named(case, tmp_path) -> None:
    publish(case)
    text = page(case, tmp_path)
    countries = text[text.index('<h2 id="countries">') : text.index('<h2 id="timeline">')]
    assert "not decided" in countries
    assert "5 (4)" in countries
    assert "3 (2)" in countries
    assert WHO not in text
    assert "Ana Ruiz" not in text


def test_what_stands_in_evidence_is_inert_and_no_style_or_script_is_inline(case, tmp_path) -> None:
    publish(case)
    text = page(case, tmp_path)
    body = text[text.index("<body>") :]
    assert "<b>told</b>" not in body
    assert "&lt;b&gt;told" in body
    assert re.search(r"\sstyle=|<script|<img", body) is None


def test_an_empty_case_says_that_nothing_was_found(case, tmp_path) -> None:
    text = page(case, tmp_path)
    assert "No message with a time was found in what was read." in text
    assert "Nothing tells of a country." in text
