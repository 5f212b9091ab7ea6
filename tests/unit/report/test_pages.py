"""The pages say what is proved and inferred, what is left out, and what can't be answered."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from datetime import UTC, datetime

import pytest

from clew.reading import Reading, disclosure_of
from clew.report import write_report

MASKED = disclosure_of("test")


WHEN = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def page(drawn, tmp_path) -> str:
    write_report(Reading(drawn, MASKED), tmp_path / "r.html", now=WHEN)
    return (tmp_path / "r.html").read_text(encoding="utf-8")


def section(page: str, name: str) -> str:
    return page.split(f'<h2 id="{name}">')[1].split("<h2 id=", maxsplit=1)[0]


def drawings(text: str) -> list[ET.Element]:
    return [ET.fromstring(svg) for svg in re.findall(r"<svg .*?</svg>", text, re.DOTALL)]


def titles(svg: ET.Element) -> list[ET.Element]:
    return [part for part in svg.iter() if part.tag.endswith("title")]


def test_every_drawing_is_well_formed_and_has_a_title(page) -> None:
    for name in ("network", "lineage", "first-share"):
        for svg in drawings(section(page, name)):
            assert svg.get("aria-hidden") or svg.get("aria-labelledby") == titles(svg)[0].get("id")
    assert "<script" not in page


def test_solid_is_proved_and_dashed_is_inferred_and_both_are_counted(page) -> None:
    text = section(page, "network")
    chart = next(s for s in drawings(text) if s.get("aria-labelledby") == "chart-title")
    lines = [p.get("class") for p in chart.iter() if "line" in (p.get("class") or "").split()]
    assert lines.count("line member proved") == 114
    assert lines.count("line member inferred") == 2
    assert lines.count("line follows inferred") == 1
    assert "Of 116 memberships of the whole case 114 are proved and 2 inferred." in text


def test_a_number_of_the_chart_is_the_line_of_the_matrix(page) -> None:
    text = section(page, "network")
    chart = next(s for s in drawings(text) if s.get("aria-labelledby") == "chart-title")
    grid = next(s for s in drawings(text) if s.get("aria-labelledby") == "matrix-title")
    rows = {
        label.text
        for label in grid.iter()
        if (label.text or "").startswith("person-") and label.get("text-anchor") == "end"
    }
    told = [t.text for t in titles(chart) if "person-" in (t.text or "")]
    assert len(told) == len(rows) == 104
    for text in told:
        number, rest = text.split(": ", 1)
        assert f"{rest.split(',')[0]} {number}" in rows


def test_nobody_is_named_on_the_pages(page) -> None:
    assert "4477009000" not in page
    assert "Berta" not in page
    assert "Ana del Puerto" not in page


def test_what_is_not_drawn_is_counted(drawn, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("clew.report.network.PERSONS", 5)
    monkeypatch.setattr("clew.report.lineage.GROUPS", 1)
    write_report(Reading(drawn, MASKED), tmp_path / "r.html", now=WHEN)
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert "<strong>5 of 104</strong>" in page
    assert "The other 99 persons and 3 groups" in page
    assert "Not drawn: 1 more with a time, 3 of which no time is known" in page


def test_a_succession_is_an_arrow_and_a_row_with_its_figures(page) -> None:
    text = section(page, "lineage")
    (chart,) = drawings(text)
    assert len([p for p in chart.iter() if p.get("class") == "line follows inferred"]) == 1
    assert "12 persons are in both" in text
    assert "@g.us" not in text
    assert re.search(r"group-[0-9a-f]{8}", text)


def test_without_a_known_set_the_page_says_that_metadata_can_not_answer(page) -> None:
    text = section(page, "first-share")
    assert "cannot be answered from metadata" in text
    assert "could not be learned" in text


def test_a_content_shows_its_path_through_groups(page) -> None:
    text = section(page, "first-share")
    path = text.split('<ol class="path">')[1].split("</ol>")[0]
    steps = path.split("<li>")[1:]
    assert len(steps) == 2
    assert "2024-03-01 01:00:00Z" in steps[0]
    assert "who had shared it elsewhere before" in steps[1]
    assert "ES-01#message/11" in steps[0]


def test_an_answer_is_the_default_view_with_its_chance_and_the_model_it_came_from(
    answered, tmp_path
) -> None:
    write_report(Reading(answered, MASKED), tmp_path / "r.html", now=WHEN)
    text = section((tmp_path / "r.html").read_text(encoding="utf-8"), "first-share")
    assert "<strong>1 of 1</strong> contents are answered" in text
    assert "learned from 77 first shares" in text
    assert "≥\u202f0.99" in text
    assert "no error rate in the field" in text
    assert "Not answered:" not in text


def test_the_same_case_gives_the_same_page(drawn, tmp_path) -> None:
    pages = set()
    for name in ("one", "other"):
        write_report(Reading(drawn, MASKED), tmp_path / name, now=WHEN)
        drawn.refresh()
        pages.add((tmp_path / name).read_text(encoding="utf-8"))
    assert len(pages) == 1


def test_a_case_without_groups_has_pages_that_say_so(case, tmp_path) -> None:
    write_report(Reading(case, MASKED), tmp_path / "r.html", now=WHEN)
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert "No group was found in what was read." in section(page, "network")
    assert "No time is known of any group." in section(page, "lineage")
    assert "cannot be answered from metadata" in section(page, "first-share")
