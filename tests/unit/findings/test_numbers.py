"""A number tells a country where a numbering plan does."""

from __future__ import annotations

import pytest

from clew.findings.numbers import country_of


@pytest.mark.parametrize(
    ("number", "country"),
    [
        ("+34600000001", "ES"), ("+34000000001", "ES"), ("+447700900001", "GB"),
        ("+12025550100", "US"), ("+1000", None), ("+7000", None), (None, None), ("", None),
        ("no number", None), ("+999123", None),
    ],
)  # fmt: skip
def test_a_number_tells_its_country_or_nothing(number, country) -> None:
    assert country_of(number) == country
