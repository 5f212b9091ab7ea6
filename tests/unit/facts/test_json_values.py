"""Laws of ``clew.facts.json_values``."""

from __future__ import annotations

from clew.facts.json_values import a_number


def test_a_number_is_a_number_however_it_is_written() -> None:
    assert [a_number(v) for v in (5, "5", 5.0, "-5", True, "x", 1e300, 1 << 70, None)] == [
        5, 5, 5, -5, None, None, None, None, None
    ]  # fmt: skip
