"""The report of a whole case comes out in another language, in a catalogue that the test writes."""

from __future__ import annotations

import re
from html import unescape

import pytest
from pseudo import LANGUAGE, pseudo, write_language

from clew.casefile import open_case
from clew.reading import disclose, disclosure_of
from clew.report import write_report
from clew.words import catalogue

ENGLISH = re.compile(r"\b(the|of|and|is|are|was|were|which|with|from|that|this|they|have|shows?)\b")


@pytest.fixture
def report(demo, tmp_path, monkeypatch) -> tuple[str, set[str]]:
    """The report, and what stands in it as the evidence or a person has it."""
    write_language(tmp_path / "locale")
    monkeypatch.setattr(catalogue, "LOCALES", str(tmp_path / "locale"))
    monkeypatch.setenv(catalogue.LANGUAGE, LANGUAGE)
    with open_case(demo / "case") as case, disclose(case, disclosure_of("report")) as reading:
        write_report(reading, tmp_path / "report.html")
        kept = {reading.text(row["path"]) for row in case.rows("SELECT path FROM items")}
        kept.add(reading.text(case.config.authority))
    return unescape((tmp_path / "report.html").read_text("utf-8")), kept


def test_no_english_is_left_in_the_report(report) -> None:
    written, kept = report
    visible = re.sub(
        r"<style.*?</style>|<pre.*?</pre>|<code.*?</code>", " ", written, flags=re.DOTALL
    )
    texts = re.findall(r">([^<>]*)<", visible) + re.findall(r'aria-label="([^"]*)"', visible)
    assert pseudo("Evidence, read and not read") in texts
    left = {text.replace("database disk image is malformed", "") for text in texts} - kept
    assert {text for text in left if ENGLISH.search(text)} == set()
