"""Frames of videos have the hashes of the reference; what is odd in a film is told."""

import io
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import av
import numpy as np
import pytest
from PIL import Image

from clew.facts.fingerprints import video
from clew.facts.fingerprints.decode import Undecodable
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


@dataclass
class Seen:
    """What was seen of a film, and what was told of it."""

    frames: list = field(default_factory=list)
    stated: Stated = field(default_factory=Stated)
    problem: str = ""

    @property
    def hashes(self) -> list[str]:
        return [pdq(frame.plane).value for frame in self.frames]


def seen(data: bytes, media_type="video/mp4", which=video.Frames.KEYFRAMES) -> Seen:
    found = Seen()
    try:
        for frame in video.frames(io.BytesIO(data), media_type, which, found.stated):
            found.frames.append(frame)
    except Undecodable as told:
        found.problem = told.code
    return found


def drawn(seed, size=(320, 240)) -> Image.Image:
    rough = np.random.default_rng(seed).integers(0, 256, (12, 16, 3)).astype(np.uint8)
    return Image.fromarray(rough).resize(size, Image.Resampling.BICUBIC)


def film(codec="libx264", form="mp4", *, pix="yuv420p", between=10, lasts=4, seeds=(0,),  # noqa: PLR0913
         whole=False, size=(320, 240)) -> bytes:  # fmt: skip
    """Ten frames a second, a new picture every second; several streams where there are seeds."""
    with (
        TemporaryDirectory() as held,
        av.open(
            f"{held}/film", "w", format=form, options={"movflags": "faststart"} if whole else {}
        ) as made,
    ):
        streams = [made.add_stream(codec, rate=10) for _ in seeds]
        for stream in streams:
            stream.width, stream.height, stream.pix_fmt = *size, pix
            stream.codec_context.gop_size = between
            stream.codec_context.thread_count = 1
        for number in range(lasts * 10):
            for seed, stream in zip(seeds, streams, strict=True):
                frame = av.VideoFrame.from_image(drawn(seed * 100 + number // 10, size))
                made.mux(stream.encode(frame))
        for stream in streams:
            made.mux(stream.encode())
        made.close()
        return Path(held, "film").read_bytes()


@pytest.mark.parametrize(("codec", "form", "media_type", "pix"), [
    ("libx264", "mov", "video/quicktime", "yuv420p"), ("mpeg4", "3gp", "video/3gpp", "yuv420p"),
    ("libx264", "matroska", "video/matroska", "yuv422p"),
    ("libvpx", "webm", "video/matroska", "yuv420p"),
    ("mjpeg", "avi", "video/x-msvideo", "yuvj420p"),
    ("flv", "flv", "video/x-flv", "yuv420p"), ("wmv2", "asf", "video/x-ms-asf", "yuv420p"),
    ("libx264", "mpegts", "video/mp2t", "yuv420p"), ("libx264", "mp4", "video/mp4", "yuv420p10le"),
    ("libx264", "mp4", "video/mp4", "yuvj420p"), ("png", "mov", "video/quicktime", "rgb24"),
])  # fmt: skip
def test_a_film_of_any_format_and_range_shows_what_was_drawn(codec, form, media_type, pix) -> None:
    size = (176, 144) if form == "3gp" else (320, 240)
    found = seen(film(codec, form, pix=pix, size=size), media_type, video.Frames.SECONDS)
    assert found.problem == ""
    assert [frame.at_ms for frame in found.frames] == [0, 1000, 2000, 3000]
    for second, value in enumerate(found.hashes):
        assert distance(value, pdq(np.asarray(drawn(second, size).convert("L"))).value) <= 16
    assert abs(found.stated.columns["duration_ms"] - 4000) <= 100


def test_a_film_with_no_key_frames_but_the_first_is_seen_by_it() -> None:
    found = seen(film(between=1000))
    assert [frame.at_ms for frame in found.frames] == [0]
    assert found.problem == ""


def test_where_nothing_is_a_key_frame_a_frame_a_second_is_taken(monkeypatch) -> None:
    chosen = video._Track.passes
    monkeypatch.setattr(video._Track, "passes", lambda track, packet: (
        chosen(track, packet),
        setattr(packet, "is_keyframe", False),
        setattr(track.stream.codec_context, "skip_frame",
                "ALL" if track.which is video.Frames.KEYFRAMES else "DEFAULT"),
    ))  # fmt: skip
    found = seen(film())
    assert [frame.at_ms for frame in found.frames] == [0, 1000, 2000, 3000]
    assert found.frames[0].path.endswith("seconds")


def test_every_film_of_a_file_is_seen_and_what_is_left_out_is_told(monkeypatch) -> None:
    two = film(form="matroska", seeds=(0, 7))
    found = seen(two, "video/matroska")
    assert found.problem == ""
    assert {(frame.stream, frame.at_ms) for frame in found.frames} == {
        (stream, 1000 * n) for stream in (None, 1) for n in range(4)
    }
    monkeypatch.setattr(video, "MOST_STREAMS", 1)
    found = seen(two, "video/matroska")
    assert ({frame.stream for frame in found.frames}, found.problem) == ({None}, "limit:streams")


def test_a_cover_is_no_moment_of_the_film() -> None:
    out, cover = io.BytesIO(), io.BytesIO()
    drawn(9).save(cover, "JPEG")
    with av.open(out, "w", format="matroska") as made:
        stream = made.add_stream("libx264", rate=10)
        stream.width, stream.height, stream.pix_fmt = 320, 240, "yuv420p"
        made.add_attachment("cover.jpg", "image/jpeg", cover.getvalue())
        for _ in range(10):
            made.mux(stream.encode(av.VideoFrame.from_image(drawn(1))))
        made.mux(stream.encode())
    found = seen(out.getvalue(), "video/matroska")
    assert [(f.frame, f.at_ms, f.stream is None) for f in found.frames if f.frame == 0] == [
        (0, 0, True)
    ]
    assert [f.at_ms for f in found.frames if f.stream is not None] == [None]


def told_length(data: bytes, value: int) -> bytes:
    """A film whose headers say that it lasts so many units."""
    changed = bytearray(data)
    for box, offset in ((b"mvhd", 20), (b"mdhd", 20), (b"tkhd", 24)):
        at = changed.find(box)
        while at >= 0:
            changed[at + offset : at + offset + 4] = value.to_bytes(4)
            at = changed.find(box, at + 4)
    return bytes(changed)


@pytest.mark.parametrize("value", [0, 1, 90_000_000])
def test_a_wrong_length_in_the_header_changes_nothing(value) -> None:
    found = seen(told_length(film("mpeg4"), value))
    assert abs(found.stated.columns["duration_ms"] - 4000) <= 100
    assert (len(found.frames), found.problem) == (4, "")


@pytest.mark.parametrize("form", ["mp4", "matroska", "avi", "flv", "asf", "mpegts"])
def test_a_film_cut_short_is_seen_as_far_as_it_goes_or_told(form) -> None:
    types = {"mp4": "mp4", "matroska": "matroska", "avi": "x-msvideo", "flv": "x-flv",
             "asf": "x-ms-asf", "mpegts": "mp2t"}  # fmt: skip
    codec = {"asf": "wmv2", "flv": "flv"}.get(form, "mpeg4")
    whole = film(codec, form, whole=form == "mp4", lasts=8)
    found = seen(whole[: len(whole) // 2], f"video/{types[form]}")
    assert 0 < len(found.frames) < 8
    if form in {"mp4", "matroska", "flv"}:  # of others nothing says how long they were
        assert found.problem == "partial:duration"


def test_a_packet_that_is_broken_costs_itself() -> None:
    whole = bytearray(film("libx264", whole=True, lasts=8))
    begin, end = len(whole) * 4 // 10, len(whole) * 5 // 10
    whole[begin:end] = bytes((n * 37) % 256 for n in range(end - begin))
    found = seen(bytes(whole))
    assert max(frame.at_ms for frame in found.frames) == 7000


def test_a_long_film_goes_on_by_its_key_frames(monkeypatch) -> None:
    monkeypatch.setattr(video, "MOST_DECODED", 320 * 240 * 15)
    for which in (video.Frames.SECONDS, video.Frames.ALL):
        found = seen(film(), which=which)
        assert {0, 1000, 2000, 3000} <= {frame.at_ms for frame in found.frames}
        assert found.problem == "limit:seconds"
        assert all(f.frame == f.at_ms // 100 for f in found.frames)


def test_of_a_film_of_key_frames_alone_two_a_second_are_taken() -> None:
    for codec, form, media_type in (("mjpeg", "avi", "video/x-msvideo"),
                                    ("libvpx-vp9", "webm", "video/matroska")):  # fmt: skip
        pix = "yuvj420p" if codec == "mjpeg" else "yuv420p"
        found = seen(film(codec, form, pix=pix), media_type)
        every = 500 if codec == "mjpeg" else 1000
        assert [frame.at_ms for frame in found.frames] == list(range(0, 4000, every))


def test_frames_carry_their_orientations_once_a_second_where_all_are_taken() -> None:
    found = seen(film(), which=video.Frames.ALL)
    assert [frame.at_ms for frame in found.frames if frame.turned] == [0, 1000, 2000, 3000]
    assert len(found.frames) == 40


def test_a_sign_of_life_comes_where_no_frame_does(monkeypatch) -> None:
    monkeypatch.setattr(video, "_SILENT", 0)
    data = io.BytesIO(film(between=1000))
    steps = list(video.steps(data, "video/mp4", video.Frames.KEYFRAMES, Stated()))
    assert steps.count(None) > 10
    assert len([step for step in steps if step]) == 1


def test_what_is_no_film_is_told() -> None:
    for data in (b"", b"\0\0\0\x18ftypmp42" + bytes(80), film()[:300]):
        found = seen(data)
        assert (found.frames, found.problem) == ([], "damaged")


def test_sound_alone_is_no_failure() -> None:
    out = io.BytesIO()
    with av.open(out, "w", format="mp4") as made:
        stream = made.add_stream("aac", rate=44100)
        for number in range(20):
            sound = av.AudioFrame.from_ndarray(np.zeros((2, 1024), np.float32), "fltp", "stereo")
            sound.sample_rate, sound.pts = 44100, number * 1024
            made.mux(stream.encode(sound))
        made.mux(stream.encode())
    found = seen(out.getvalue())
    assert (found.frames, found.problem) == ([], "")


def test_a_film_behind_a_film_is_told() -> None:
    one = film()
    for form in (one, film(whole=True)):
        found = seen(form + one)
        assert (len(found.frames), found.problem) == (4, "limit:films")
        assert seen(form + b"trailing bytes").problem == ""
