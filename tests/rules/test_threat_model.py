"""Behind each claim of the threat model stands a test, a file or an assertion that is there."""

from __future__ import annotations

import re
from pathlib import Path

from clew.schema import tables
from clew.validation.assertions import catalogue

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "docs" / name for name in ("threat-model.md", "promises.md", "faults.md")]
TESTS = "\n".join(p.read_text(encoding="utf-8") for p in (ROOT / "tests").rglob("test_*.py"))
HELD = re.compile(r"`(?:tests|src)/[^`]+`|`test_\w+`|`clew [^`]+`")


def rows(page: Path) -> list[list[str]]:
    lines = page.read_text(encoding="utf-8").splitlines()
    return [[c.strip() for c in x.strip("|").split("|")] for x in lines if x.startswith("| ")]


def test_each_test_and_file_that_is_named_is_there() -> None:
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for name in re.findall(r"`(test_\w+)`", text):
            assert f"def {name}(" in TESTS, (page.name, name)
        for path in re.findall(r"`((?:tests|src)/[\w./-]+)`", text):
            assert (ROOT / path).exists(), (page.name, path)
        for name in re.findall(r"`clew validate` ([A-Z]+\d*-\d+)", text):
            asserted = catalogue().assertions
            assert name in asserted or name.partition("-")[0] in asserted, (page.name, name)


def test_each_threat_and_each_promise_names_what_holds_it() -> None:
    for page in PAGES[:2]:
        table = [row for row in rows(page) if re.fullmatch(r"P?\d+", row[0])]
        assert len(table) >= 10
        for row in table:
            assert HELD.search(row[-1]), (page.name, row)


def test_each_point_of_the_privacy_design_names_what_holds_it() -> None:
    text = PAGES[0].read_text(encoding="utf-8").partition("## Privacy")[2]
    points = [point for point in text.split("\n- ")[1:] if not point.startswith("Not in")]
    assert len(points) >= 6
    assert all(HELD.search(point) for point in points)


def test_no_table_of_facts_or_findings_calls_anybody_a_suspect() -> None:
    words = ("suspect", "convicted", "arrested", "charged", "victim")
    for row in tables().values():
        named = [n for n in row.__struct_fields__ if n != "truncated_suspect"]
        assert not [n for n in named if any(word in n for word in words)], row
