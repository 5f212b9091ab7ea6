"""Markings and gradings are those of their schemes, and a whole is as strict as its parts."""

from __future__ import annotations

import pytest

from clew.exchange.markings import Grading, Handling, Marking, Scheme, Tlp, strictest


@pytest.mark.parametrize(
    ("handling", "restrictions"),
    [((), None), (("H1", "H0"), None), (("H1", "H1"), None), (("H3",), " "), (("H1",), "why")],
)
def test_what_is_no_marking_is_refused(handling, restrictions) -> None:
    with pytest.raises(ValueError, match=r"H3 has|handling codes are"):
        Marking(handling=handling, tlp=Tlp.RED, restrictions=restrictions)


@pytest.mark.parametrize(
    ("scheme", "source", "information"),
    [(Scheme.EUROPOL, "A", "5"), (Scheme.UK, "A", "1"), (Scheme.ADMIRALTY, "AB", "1"),
     (Scheme.EUROPOL, "", "1")],
)  # fmt: skip
def test_a_grade_of_another_scheme_is_refused(scheme, source, information) -> None:
    with pytest.raises(ValueError, match="no grade"):
        Grading(scheme=scheme, source=source, information=information)


def test_a_whole_is_as_strict_as_its_parts() -> None:
    made = strictest(
        [
            Marking(handling=(Handling.H1,), tlp=Tlp.GREEN),
            Marking(handling=(Handling.H0, Handling.H3), tlp=Tlp.AMBER, restrictions="ask"),
        ]
    )
    assert (made.handling, made.tlp, made.restrictions) == (("H0", "H1", "H3"), Tlp.AMBER, "ask")
