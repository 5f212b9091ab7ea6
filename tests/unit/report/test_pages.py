"""Whatever the page links is on it, cards link to each other, and nobody is named."""

from __future__ import annotations

import hashlib
import re
import xml.etree.ElementTree as ET
from datetime import UTC, datetime

import pytest
from builders.publishing import publish_step

from clew.casefile import open_case
from clew.casefile.step_manifest import WHOLE_CASE
from clew.reading import Reading, disclosure_of
from clew.records import Match, MatchedIn, SetKind, Tier
from clew.report import write_report

MASKED = disclosure_of("test")
WHEN = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def written(_made, tmp_path_factory):
    out = tmp_path_factory.mktemp("page") / "r.html"
    with open_case(_made) as case:
        write_report(Reading(case, MASKED), out, now=WHEN)
    return out


@pytest.fixture(scope="module")
def page(written) -> str:
    return written.read_text(encoding="utf-8")


def card(page: str, anchor: str) -> str:
    return re.search(rf'<article class="card \w" id="{anchor}">.*?</article>', page, re.DOTALL)[0]


def ids(page: str) -> list[str]:
    return re.findall(r'\sid="([^"]+)"', page)


def test_every_link_leads_to_something_and_every_name_is_given_once(page) -> None:
    assert len(ids(page)) == len(set(ids(page)))
    links = set(re.findall(r'href="#([^"]+)"', page))
    assert len(links) > 50
    assert links <= set(ids(page))


def test_an_annex_bears_the_hash_that_the_page_says(page, written) -> None:
    row = r'<tr id="annex-[^"]+"><th scope="row"><code>([^<]+)</code></th>.*?<code>([0-9a-f]{64})<'
    rows = dict(re.findall(row, page))
    folder = written.parent / "r-annex"
    assert set(rows) == {file.name for file in folder.iterdir()}
    for name, digest in rows.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest


def test_persons_and_groups_link_to_each_other(page) -> None:
    assert 'href="#g1"' in card(page, "p1")
    assert 'href="#p1"' in card(page, "g1")


def test_a_group_that_follows_another_says_so_and_so_does_the_other(page) -> None:
    assert "Follows" in card(page, "g2")
    assert "12 of" in card(page, "g2")
    assert "Followed by" in card(page, "g1")


def test_every_drawing_is_well_formed_and_is_said_in_words(page) -> None:
    drawings = re.findall(r"<svg [^>]*>.*?</svg>", page, re.DOTALL)
    assert len(drawings) > 20
    for svg in drawings:
        drawn = ET.fromstring(svg.replace("&nbsp;", " "))
        said = drawn.get("aria-label") or drawn.get("aria-hidden") == "true"
        assert said or drawn.find(".//{*}title") is not None


def test_nobody_is_named_on_the_page_or_in_its_annexes(page, written) -> None:
    folder = written.parent / "r-annex"
    for text in (page, *(f.read_text("utf-8") for f in folder.glob("*.csv"))):
        assert "4477009000" not in text
        assert "Berta" not in text
        assert "Ana del Puerto" not in text
        assert "@g.us" not in text


def test_names_in_text_exports_are_counted_apart_and_have_no_number(page) -> None:
    assert "1 name in text exports could not be tied to a person" in page
    persons = int(re.search(r"Persons \((\d+)\)", page)[1])
    assert f"{persons} persons, and 1 names in text exports" in page


def _match(number: int, **more) -> Match:
    given = {"kind": SetKind.KNOWN, "tier": Tier.REVIEW, "algorithm": "pdq"} | more
    return Match(
        match_id=str(number), sha256=f"{number:064x}", set="national", version="7", record="r",
        distance=40 + number, file_present=True, matched_in=MatchedIn.ITEM, exhibit_id="ES-01",
        **given,
    )  # fmt: skip


def test_what_is_near_a_known_file_is_listed_with_what_compared_it_and_no_exact_match_is(
    drawn, tmp_path
) -> None:
    publish_step(
        drawn, "match", WHOLE_CASE, _match(1, tier=Tier.NEAR, low_quality=True),
        _match(2, algorithm="embedding"), _match(3, tier=Tier.EXACT, algorithm="sha256"),
        _match(4, kind=SetKind.IGNORABLE), _match(5, expected_at_most=0.0021),
    )  # fmt: skip
    write_report(Reading(drawn, MASKED), tmp_path / "r.html", now=WHEN)
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    near = page[page.index('id="near"') : page.index('id="new"')]
    rows = re.findall(r'<tr><td><code title="0+(\d)">.*?</tr>', near)
    assert rows == ["1", "2", "5"]
    assert "3 files are near a known one" in page[: page.index('id="persons"')]
    assert near.count("little in the picture") == near.count("thousandths, by a model") == 1
    assert '42 <span class="soft">thousandths, by a model' in near
    assert '41 <span class="soft">bits' in near
    assert "0.002<" in near
    with (tmp_path / "r-annex" / "matches.csv").open(encoding="utf-8") as file:
        assert len(file.readlines()) == 6


def test_where_nothing_is_near_a_known_file_no_list_of_it_stands(page) -> None:
    assert 'id="near"' not in page
    assert "near a known one" not in page


def test_a_case_without_groups_says_so(case, tmp_path) -> None:
    write_report(Reading(case, MASKED), tmp_path / "r.html", now=WHEN)
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert "No group was found in what was read." in page
    assert "No set of known hashes was given to this case" in page
    assert "No exhibit was taken in" in page
