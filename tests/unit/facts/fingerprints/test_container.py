"""What a container says of its film; places stay apart."""

import pytest

from clew.facts.fingerprints import container
from clew.facts.fingerprints.stated import Stated


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("location", "+40.4168-003.7038/"),
        ("com.apple.quicktime.location.ISO6709", "+40.4168-003.7038+650.000/"),
        ("comment", "+40.4168-003.7038/"),
        ("location", "somewhere"),
    ],
)
def test_a_place_in_a_container_is_told_as_a_place_alone(name, raw) -> None:
    stated = Stated()
    container.tell("container", name, raw, stated)
    assert not stated.details
    (place,) = stated.places
    assert place.value_raw == raw
    assert place.latitude == (40.4168 if raw[0] == "+" else None)


def test_the_offset_of_apple_s_date_goes_before_the_format_s_utc() -> None:
    stated = Stated()
    container.tell(
        "container", "com.apple.quicktime.creationdate", "2024-06-01T12:00:00+0200", stated
    )
    container.tell("container", "creation_time", "2024-06-01T10:00:01.000000Z", stated)
    assert stated.columns["offset_basis"] == "stated"
    assert stated.columns["taken_at"].isoformat() == "2024-06-01T10:00:00+00:00"


@pytest.mark.parametrize("name", ["com.apple.quicktime.creationdate", "creation_time"])
def test_a_time_that_utc_has_no_year_for_is_none(name) -> None:
    stated = Stated()
    container.tell("container", name, "0001-01-01T00:00:00+14:00", stated)
    assert "taken_at" not in stated.columns
