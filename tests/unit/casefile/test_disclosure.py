"""Nobody is unmasked without a purpose, and places are shown to those who unmask."""

from __future__ import annotations

import pytest

from clew.casefile.disclosure import PURPOSE, Disclosure, disclosure_of
from clew.errors import UsageError


@pytest.mark.parametrize("reason", [None, "", "  "])
def test_unmasking_needs_a_purpose(reason) -> None:
    with pytest.raises(UsageError, match="needs a purpose"):
        disclosure_of("show groups", unmask=True, reason=reason)


def test_whoever_does_not_unmask_is_masked_and_sees_no_places() -> None:
    asked = disclosure_of("show groups")
    assert asked == Disclosure(what="show groups", purpose=PURPOSE)
    assert asked.masked
    assert not asked.places


def test_what_was_asked_for_is_kept_apart_from_what_is_read() -> None:
    asked = disclosure_of("explain", "+34600000001", None, unmask=True, reason="request 12/26")
    assert asked.about == ("+34600000001",)
    assert "600" not in asked.what
    assert asked.places
