"""A pair of degrees is a location only where it can be one."""

from __future__ import annotations

import pytest
from builders.found import found

from clew.facts.geolocation import degrees, sent
from clew.facts.source_columns import Readout
from clew.records import MessagePlace


class Messenger(Readout):
    platform = "whatsapp"


@pytest.mark.parametrize(
    ("north", "east"), [(90, 180), (-90, -180), (0, 0.1), (0.1, 0), (38.7, -9.1)]
)
def test_degrees_within_the_globe_are_kept(north, east) -> None:
    assert degrees(north, east) == (float(north), float(east))


@pytest.mark.parametrize(
    ("north", "east"), [(90.1, 0), (0, 180.1), (0, 0), ("38", "9"), (None, 1), (1, None)]
)
def test_what_can_be_no_location_is_none(north, east) -> None:
    assert degrees(north, east) is None


def test_a_location_keeps_its_degrees_as_stored() -> None:
    (place,) = sent(Messenger(found()), "message/1", "message/1", (38.5, -9.25), "Lisbon")
    assert isinstance(place, MessagePlace)
    assert (place.latitude, place.longitude, place.name) == (38.5, -9.25, "Lisbon")
    assert place.value_raw == "38.5, -9.25"


def test_what_can_be_none_is_reported_and_no_row() -> None:
    base = Messenger(found())
    assert list(sent(base, "message/1", "message/1", (99, 0), None)) == []
    assert [row.code for row in base.unread()] == ["location"]
