"""A text is of its datatype exactly where case_validate takes it for such."""

from __future__ import annotations

import pytest

from clew.exchange.caseuco.jsonld import XSD
from clew.exchange.caseuco.literals import is_of, same

GOOD = {
    "dateTime": ["2026-01-02T03:04:05Z", "2026-01-02T03:04:05.25+01:00", "2026-01-02"],
    "duration": ["P1D", "PT5M", "-P1Y2M", "PT"],
    "hexBinary": ["", "00ff", "FF"],
    "base64Binary": ["", "AAAA"],
    "boolean": ["true", "0"],
    "decimal": ["1.50", "-2"],
    "integer": ["007", "-3"],
    "nonNegativeInteger": ["0"],
    "positiveInteger": ["1"],
    "byte": ["-128"],
    "unsignedShort": ["65535"],
    "anyURI": ["a b"],
}
BAD = {
    "dateTime": ["2026-13-01T00:00:00", "now", ""],
    "duration": ["P", "1D", ""],
    "hexBinary": ["abc", "0x"],
    "base64Binary": ["abc"],
    "boolean": ["TRUE", "yes"],
    "decimal": ["1,5"],
    "integer": ["1.0", ""],
    "nonNegativeInteger": ["-1"],
    "positiveInteger": ["0"],
    "byte": ["128"],
    "unsignedShort": ["65536"],
}


def cases(of: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(kind, text) for kind, texts in of.items() for text in texts]


@pytest.mark.parametrize(("kind", "text"), cases(GOOD))
def test_what_is_well_written_is_of_its_datatype(kind, text) -> None:
    assert is_of((text, f"{XSD}{kind}", None), f"{XSD}{kind}")
    assert not is_of((text, f"{XSD}other", None), f"{XSD}{kind}")
    assert not is_of(text, f"{XSD}{kind}")


@pytest.mark.parametrize(("kind", "text"), cases(BAD))
def test_what_is_not_is_not(kind, text) -> None:
    assert not is_of((text, f"{XSD}{kind}", None), f"{XSD}{kind}")


def test_numbers_and_truth_compare_by_value() -> None:
    assert same(("007", f"{XSD}integer", None)) == same(("7", f"{XSD}integer", None))
    assert same(("1", f"{XSD}boolean", None)) == same(("true", f"{XSD}boolean", None))
