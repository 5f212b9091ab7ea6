"""Pages of Messenger: read quickly or not, they say the same, and nothing in one raises."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from clew.facts.reader_api import Found
from clew.facts.readers.messenger import READER, pages
from clew.records import Message, Unread

GOLDEN = Path(__file__).parents[3] / "golden" / "messenger"
ODD = (
    "<", "&", "&#", "&amp", "&amp;", "&#x41", "<!--", "-->", "</div>", "<br>", "<br />", "<b/>",
    "<script>", "</script>", "<style>x<b></style>", "'", '"', "<a href='x/y.jpg'>",
    '<img src="a/b.jpg">', "<img src=a.jpg>", '<A HREF="http://example.org/">', "</A>", "<?x",
    "<!DOCTYPE html>", "<![CDATA[x]]>", "<![CDA x>", "<![-->", "\n", "\r\n", "<li>x Ana</li>",
    "</", "/>", "<div ", "<x:y>", "é😀", "<title>t</title>", "</html>", "<html></html>",
    '<video controls src="a/v.mp4"></video>', '<div\nclass="_2lem"\n>', '<p class="a&quot;b">',
    "<!--" + "<b>" * 3000 + "-->", "x" * 9000,
)  # fmt: skip


def read(tmp_path: Path, page: str) -> list[Any]:
    file = tmp_path / "message_1.html"
    file.write_text(page, encoding="utf-8", newline="")
    found = Found(exhibit_id="ES-07", item_id="0" * 20, source_id="a" * 64,
                  path="messages/inbox/bakers_1/message_1.html", media_type="text/html",
                  file=file)  # fmt: skip
    return list(READER.read(found))


def by_the_library(monkeypatch) -> None:
    """Have nothing read by the pattern."""
    monkeypatch.setattr(pages._Page, "_read_plain", lambda _self, _text, place: place)


@pytest.mark.parametrize("name", ["html_2019", "html_2024_es", "html_torn"])
def test_a_page_says_the_same_by_the_pattern_and_by_the_library(tmp_path, monkeypatch, name):
    whole = (GOLDEN / name / "message_1.html").read_text(encoding="utf-8")
    chance = random.Random(name)
    written = [whole, whole.replace("\n", "\r\n")]
    for _ in range(25):
        page = whole
        for _ in range(chance.choice((1, 3, 20))):
            place = chance.randrange(len(page))
            page = page[:place] + chance.choice(ODD) + page[place + chance.choice((0, 1, 5)) :]
        written += [page, page[: chance.randrange(len(page))]]
    quick = [read(tmp_path, page) for page in written]
    by_the_library(monkeypatch)
    assert quick == [read(tmp_path, page) for page in written]


def test_nearly_all_of_an_export_is_read_by_the_pattern(tmp_path, monkeypatch) -> None:
    whole = (GOLDEN / "html_2024_es" / "message_1.html").read_text(encoding="utf-8")
    left = []
    ahead = pages._Page.goahead
    monkeypatch.setattr(
        pages._Page, "goahead", lambda self, end: left.append(self.rawdata) or ahead(self, end)
    )
    read(tmp_path, whole)
    assert sum(map(len, left)) < len(whole) // 2 + 2 * pages._WINDOW


@pytest.mark.parametrize("broken", ["<![CDA x>", "<![-->", "<![CD", "<![x[ y ]]>"])
def test_a_broken_section_costs_no_message(tmp_path, broken) -> None:
    whole = (GOLDEN / "html_2019" / "message_1.html").read_text(encoding="utf-8")
    messages = [row for row in read(tmp_path, whole) if isinstance(row, Message)]
    place = whole.index("<body")
    after = whole.index(">", place) + 1
    odd = read(tmp_path, f"{whole[:after]}{broken}>{whole[after:]}")
    assert len([row for row in odd if isinstance(row, Message)]) == len(messages) > 0


def test_a_page_without_a_tag_is_read_in_time(tmp_path) -> None:
    rows = read(tmp_path, "<html><body>" + "x " * 400_000 + "<" * 20_000)
    assert any(isinstance(row, Unread) and row.code == "no_end" for row in rows)
