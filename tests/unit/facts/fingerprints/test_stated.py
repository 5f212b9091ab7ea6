"""What files say of themselves is read as it stands, and damage is told."""

from datetime import UTC, datetime

import pytest
from builders.stated import saved
from PIL import Image

from clew.facts.fingerprints import exif, jpeg
from clew.facts.fingerprints.stated import Stated, as_found, text


def block(**parts) -> bytes:
    """A block of EXIF; ``when``, ``offset`` and ``place`` go where cameras write them."""
    made = Image.Exif()
    for tag, value in parts.get("tags", {}).items():
        made[tag] = value
    inner = made.get_ifd(0x8769)
    for tag, name in ((0x9003, "when"), (0x9011, "offset")):
        if name in parts:
            inner[tag] = parts[name]
    place = made.get_ifd(0x8825)
    for tag, value in parts.get("place", {}).items():
        place[tag] = value
    return made.tobytes()


def told(**parts) -> Stated:
    stated = Stated()
    exif.state(block(**parts), stated)
    return stated


def test_a_time_without_an_offset_stays_local() -> None:
    columns = told(when="2024:02:29 12:00:00").columns
    assert columns["taken_local"] == "2024:02:29 12:00:00"
    assert columns["offset_basis"] == "unknown"
    assert "taken_at" not in columns


def test_a_stated_offset_gives_the_time_in_utc() -> None:
    columns = told(when="2024:02:29 12:00:00", offset="-03:30").columns
    assert columns["taken_at"] == datetime(2024, 2, 29, 15, 30, tzinfo=UTC)
    assert columns["offset_basis"] == "stated"


@pytest.mark.parametrize(
    ("clock", "taken_at"),
    [
        ((6.0, 29.0, 30.0), datetime(2024, 2, 29, 6, 30, tzinfo=UTC)),  # +05:30, half a minute off
        ((6.0, 22.0, 0.0), None),  # no quarter of an hour is near
    ],
)
def test_the_satellites_time_gives_an_offset_only_near_a_quarter_of_an_hour(
    clock, taken_at
) -> None:
    columns = told(when="2024:02:29 12:00:00", place={29: "2024:02:29", 7: clock}).columns
    assert columns.get("taken_at") == taken_at
    assert columns["offset_basis"] == ("satellite" if taken_at else "unknown")


@pytest.mark.parametrize(
    "when", ["0000:00:00 00:00:00", "    :  :     :  :  ", "2023:02:29 12:00:00"]
)
def test_what_is_no_time_is_none_and_is_kept_as_found(when) -> None:
    stated = told(when=when)
    assert "taken_local" not in stated.columns
    assert any(d.property == "exif.DateTimeOriginal" for d in stated.details)


def test_a_place_is_told_as_a_place_and_nowhere_else() -> None:
    place = {1: "S", 2: (33.0, 51.0, 54.0), 3: "E", 4: (151.0, 12.0, 36.0), 5: b"\x01", 6: 12.5}
    stated = told(place=place, tags={0x010F: "Maker"})
    (found,) = stated.places
    assert (found.latitude, found.longitude) == (-33.865, 151.21)
    assert found.altitude_m == -12.5
    assert not any("33" in d.value_raw or "GPS" in d.property for d in stated.details)


@pytest.mark.parametrize(
    "place", [{2: (91.0, 0.0, 0.0)}, {2: ("x",)}, {2: (10.0, float("nan"), 0.0)}, {4: ()}]
)
def test_a_place_that_can_t_be_is_kept_as_found_without_degrees(place) -> None:
    stated = Stated()
    exif._place(place, stated)
    assert (stated.places[0].latitude, stated.places[0].longitude) == (None, None)
    assert stated.places[0].value_raw


@pytest.mark.parametrize("cut", [7, 14, 20, 40])
def test_torn_exif_is_told_and_never_raised(cut) -> None:
    stated = Stated()
    exif.state(block(when="2024:02:29 12:00:00", tags={0x0110: "Model"})[:cut], stated)
    assert set(stated.columns) <= {"model", "taken_local", "offset_basis"}


def test_files_of_one_setting_share_the_fingerprint_of_their_tables() -> None:
    prints = []
    for quality, more in ((80, {}), (80, {"progressive": True}), (81, {})):
        stated = Stated()
        jpeg.state(saved(quality, **more), stated)
        prints.append(stated.columns["quantisation_fingerprint"])
    assert prints[0] == prints[1] != prints[2]


@pytest.mark.parametrize(
    "data", [b"\xff\xd8\xff", b"\xff\xd8" + b"\xff" * 500, b"\xff\xd8\xff\xdb\0\1"]
)
def test_a_torn_jpeg_states_nothing(data) -> None:
    stated = Stated()
    assert jpeg.state(data, stated) is None
    assert stated.columns == {}


def test_values_are_text_without_what_can_t_be_shown() -> None:
    assert text(b"Maker\0\0 ") == "Maker"
    assert text(" Model\x07\0 ") == "Model"
    assert as_found(b"\0\xff") == "x:00ff"
