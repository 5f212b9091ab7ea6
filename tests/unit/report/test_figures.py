"""What is settled, looked at and open is every file."""

from __future__ import annotations

from builders.publishing import publish_step

from clew.records import Item, Unread
from clew.report.figures import figures, said_settled, said_structures, settled


def test_an_empty_case_has_every_figure_and_each_is_none(case) -> None:
    found = figures(case)
    assert len(found) > 20
    assert set(found.values()) == {0}


def test_parts_add_up(case) -> None:
    found = settled(case)
    parts = ("known", "exact_duplicates", "near_duplicates", "ignorable")
    assert found["settled"] == sum(found[name] for name in parts)
    assert found["files"] == found["settled"] + found["looked_at"] + found["open"]
    assert "settled without a look: 0 of 0" in said_settled(found)


def test_structures_without_a_reader_are_counted_and_the_heaviest_is_named(case) -> None:
    told = {
        "a.json": ("no_reader", "info", ("kind=json", "part=x")),
        "b.xml": ("no_reader:app", "info", ("sign=Discord", "kind=xml")),
        "c.csv": ("looks_like_chat", "warning", ("sign=Kik, a return", "kind=csv")),
        "d.db": ("no_reader:product", "warning", ("sign=calls of a phone", "kind=sqlite")),
        "e.txt": ("damaged", "error", ()),
    }
    items = [
        Item(
            item_id=f"{n:020}", exhibit_id="A-1", path=path, kind="file", size=n, ordinal=0,
            in_archive=False, outcome="processed",
        )
        for n, path in enumerate(told)
    ]  # fmt: skip
    rows = [
        Unread(
            exhibit_id="A-1", source_id="0" * 64, locator="file", item_id=item.item_id,
            path=item.path, reader="", severity=severity, code=code, figures=figures_,
        )
        for item, (code, severity, figures_) in zip(items, told.values(), strict=True)
    ]  # fmt: skip
    assert said_structures(case) == ""
    with case.writing():
        publish_step(case, "intake", "A-1", *items)
        publish_step(case, "read", "A-1", *rows)
    said = said_structures(case)
    assert said.startswith("4 structured files")
    assert said.endswith("heaviest: Kik, a return, calls of a phone, xml")
    assert figures(case, ("structures", "weighty_structures")) == {
        "structures": 4,
        "weighty_structures": 2,
    }
