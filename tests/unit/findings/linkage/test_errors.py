"""Laws of ``clew.findings.linkage.errors``."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from clew.findings.linkage.errors import TAKEN, calibrated, error_of, observed, strength_of


@given(st.lists(st.tuples(st.floats(-4, 20), st.booleans()), max_size=80))
def test_errors_fall_with_the_weight_and_every_link_is_counted_once(links) -> None:
    bands = calibrated(links, (-4.0, 0.0, 4.0, 8.0))
    errors = [band["error"] for band in bands]
    assert errors == sorted(errors, reverse=True)
    assert sum(band["links"] for band in bands) == len(links)
    assert sum(band["wrong"] for band in bands) == sum(not right for _, right in links)


def test_what_is_taken_is_sure_by_what_was_observed() -> None:
    bands = observed()
    assert [b.from_bits for b in bands] == sorted(b.from_bits for b in bands)
    assert [b.error for b in bands] == sorted((b.error for b in bands), reverse=True)
    assert all(b.links > 0 and b.wrong <= b.links for b in bands)
    assert error_of(-50) == bands[0].error > TAKEN > error_of(50)
    assert strength_of(error_of(50)) in ("very_strong", "strong")
