"""Every wording of the catalogues reads its own example, and times read right in every script."""

from __future__ import annotations

import pytest

from clew.facts.readers.whatsapp_text import marks, system
from clew.facts.readers.whatsapp_text.clock import entries, time_of_day
from clew.facts.readers.whatsapp_text.dates import iso, written
from clew.records import DateOrder, GroupAction, MessageKind


@pytest.mark.parametrize(
    "rule",
    [rule for rule in system.rules() if "example" in rule],
    ids=lambda r: f"{r['language']}-{r['text'][:24]}",
)
def test_a_system_wording_reads_its_example(rule) -> None:
    read = system.line_of(rule["example"])
    assert read is not None
    assert GroupAction(read.action) == rule["action"]
    assert read.by_owner is (rule.get("by") == "owner")
    assert read.to_owner is (rule.get("to") == "owner")


@pytest.mark.parametrize(
    "rule", [r for r in marks.rules() if not r.get("edited")], ids=lambda r: str(r["text"])[:24]
)
def test_a_mark_reads_its_example(rule) -> None:
    read = marks.mark_of(rule["example"])
    assert read is not None
    assert read.share is bool(rule.get("share"))
    if rule["kind"] == "attached":
        assert read.name == "IMG-20240102-WA0003.jpg"
    else:
        assert MessageKind(read.kind) == rule["kind"]


@pytest.mark.parametrize(
    ("body", "kind", "name", "caption"),
    [
        ("<Media omitted>\nbread", "media", None, "bread"),
        ("<Multimedia omitido>\nun pan\ny otro", "media", None, "un pan\ny otro"),
        ("IMG-1.jpg (file attached)\nbread", "image", "IMG-1.jpg", "bread"),
        ("a.txt \u200e<attached: 00000046-a.txt>", "document", "00000046-a.txt", "a.txt"),
        ("bread\nrolls \u200e<adjunto: 1-PHOTO.jpg>", "image", "1-PHOTO.jpg", "bread\nrolls"),
        ("bread \u200eimage omitted", "image", None, "bread"),
    ],
)  # fmt: skip
def test_words_sent_with_a_file_are_its_caption(body, kind, name, caption) -> None:
    mark = marks.mark_of(body)
    assert mark == marks.Mark(kind, share=True, name=name, caption=caption)


@pytest.mark.parametrize(
    "body",
    ["bread image omitted", "bread <attached: a.txt>", "<not a mark>\nbread", "x\n<Media omitted>"],
)
def test_words_that_only_look_like_a_caption_are_text(body) -> None:
    assert marks.mark_of(body) is None


@pytest.mark.parametrize("entry", entries()["clock"], ids=lambda e: e["language"])
def test_a_clock_reads_its_example(entry) -> None:
    assert time_of_day(entry["example"])[0] == entry["reads"]


@pytest.mark.parametrize("text", ["hello (there)", "see you <3", "You left me alone", ""])
def test_what_a_person_wrote_is_no_mark(text) -> None:
    assert marks.mark_of(text) is None


@pytest.mark.parametrize(
    ("found", "order", "day"),
    [
        ("18/3/2565", DateOrder.DMY, "2022-03-18"),
        ("3/18/R4", DateOrder.MDY, "2022-03-18"),
        ("18.03.22", DateOrder.DMY, "2022-03-18"),
        ("2022-03-18", DateOrder.DMY, "2022-03-18"),
        ("31/2/2022", DateOrder.DMY, None),
    ],
)
def test_calendars(found, order, day) -> None:
    assert iso(written(found), order) == day
