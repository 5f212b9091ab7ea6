"""The list of modules that take long is of modules that are there, and made as it says."""

from __future__ import annotations

import tomllib
from pathlib import Path

from seconds import LEAST, taken, written

TESTS = Path(__file__).parents[1]
JUNIT = """<testsuites><testsuite name="pytest">
<testcase classname="tests.unit.test_a.TestOne" name="x" time="2.5"/>
<testcase classname="tests.unit.test_a" name="y[1]" time="4"/>
<testcase classname="tests.unit.test_b" name="z" time="0.1"/>
<testcase classname="src.clew.errors" name="doctest" time="99"/>
</testsuite></testsuites>"""


def test_every_module_that_is_listed_is_there() -> None:
    listed = tomllib.loads((TESTS / "seconds.toml").read_text("utf-8"))
    assert listed
    assert [name for name in listed if not (TESTS / name).is_file()] == []
    assert min(listed.values()) >= LEAST


def test_what_a_run_took_is_added_up_by_module(tmp_path) -> None:
    (tmp_path / "junit.xml").write_text(JUNIT, "utf-8")
    found = taken(tmp_path / "junit.xml")
    assert found == {"unit/test_a.py": 6.5, "unit/test_b.py": 0.1}
    assert tomllib.loads(written(found)) == {"unit/test_a.py": 6}
