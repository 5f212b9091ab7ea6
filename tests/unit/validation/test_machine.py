"""The machine is told as it is, and its versions are named."""

from __future__ import annotations

from clew.validation.machine import inspect, versions


def test_every_state_is_one_of_three_and_what_is_missing_has_a_remedy(tmp_path) -> None:
    for told in inspect(tmp_path):
        assert told.state in ("ok", "note", "missing")
        assert told.detail
        assert told.do or told.state != "missing" or told.what.startswith("package ")
    assert list(tmp_path.iterdir()) == []


def test_versions_of_all_that_counts_are_named() -> None:
    found = versions()
    assert {"clew", "python", "duckdb", "pyarrow", "system", "processor"} <= set(found)
    assert "missing" not in (found["duckdb"], found["pyarrow"])
