"""Frames of videos have the hashes of the reference, and places stay apart."""

import numpy as np
import pytest

from clew.facts.fingerprints import video
from clew.facts.fingerprints.pdq import distance, pdq
from clew.facts.fingerprints.stated import Stated


@pytest.mark.parametrize("name", ["doorknob-hd-no-bar", "pattern-sd-grey-bar"])
def test_every_frame_is_near_the_reference_s_hash_at_its_time(fixtures, name) -> None:
    lines = (fixtures / "pdq" / "vpdq-hashes" / f"{name}.txt").read_text().split()
    expected = [line.split(",") for line in lines]
    with (fixtures / "pdq" / "video" / f"{name}.mp4").open("rb") as file:
        found = [
            (frame.frame, frame.at_ms, pdq(frame.plane, turned=False))
            for frame in video.frames(file, "video/mp4", video.Frames.ALL, Stated())
        ]
    assert [number for number, _, _ in found] == [int(line[0]) for line in expected]
    apart = [
        distance(mine.value, line[2])
        for line, (_, _, mine) in zip(expected, found, strict=True)
        if int(line[1]) >= 50
    ]
    assert max(apart) <= 12
    assert np.percentile(apart, 99) <= (12 if name.startswith("doorknob") else 4)
    for line, (_, at_ms, mine) in zip(expected, found, strict=True):
        assert abs(mine.quality - int(line[1])) <= 1
        assert abs(at_ms - float(line[3]) * 1000) <= 1


def test_key_frames_have_the_number_and_hash_they_have_among_all(fixtures) -> None:
    file = fixtures / "pdq" / "video" / "pattern-sd-grey-bar.mp4"
    prints = []
    for which in (video.Frames.ALL, video.Frames.KEYFRAMES, video.Frames.SECONDS):
        with file.open("rb") as handle:
            prints.append(
                {
                    f.frame: pdq(f.plane, turned=False).value
                    for f in video.frames(handle, "video/mp4", which, Stated())
                }
            )
    every, keys, seconds = prints
    assert 1 < len(keys) < len(seconds) < len(every)
    for few in (keys, seconds):
        assert few.items() <= every.items()


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
    video._tell("container", name, raw, stated)
    assert not stated.details
    (place,) = stated.places
    assert place.value_raw == raw
    assert place.latitude == (40.4168 if raw[0] == "+" else None)


def test_the_offset_of_apple_s_date_goes_before_the_format_s_utc() -> None:
    stated = Stated()
    video._tell("container", "com.apple.quicktime.creationdate", "2024-06-01T12:00:00+0200", stated)
    video._tell("container", "creation_time", "2024-06-01T10:00:01.000000Z", stated)
    assert stated.columns["offset_basis"] == "stated"
    assert stated.columns["taken_at"].isoformat() == "2024-06-01T10:00:00+00:00"
