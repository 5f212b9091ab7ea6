"""Frames of a video as PDQ of their brightness.

The first pass looks at key frames only, which are decoded without any other: some hundred times
quicker than the film runs. A second pass, where it is asked for, takes a frame a second, or all; of
a very long film the rest by its key frames. Where nothing is marked as a key frame, the first pass
takes a frame a second too. Brightness is the coded plane itself, brought to the full range, as the
reference's vPDQ hashes of the same film show it. Turns that a container asks for are not applied.
Sound is never decoded: packets of other streams are thrown away unread.

A file may hold more than one film, and a cover, which is a picture and no moment of the film. All
are looked at; the first film is the one whose frames are numbered without its stream.

References:
    - facebook/ThreatExchange, vpdq/cpp: frame number, quality, hash, time
    - ITU-T H.273: video_full_range_flag

"""

import time
from collections.abc import Iterator
from enum import StrEnum
from importlib.metadata import version
from typing import IO, Any

import av
import av.error
import numpy as np
from av.stream import Disposition

from clew.facts.fingerprints import container, kinds
from clew.facts.fingerprints.decode import MOST_PIXELS, Picture, Undecodable
from clew.facts.fingerprints.pdq import Plane
from clew.facts.fingerprints.stated import Stated

MOST_FRAMES = 200_000
"""Frames of one file that are hashed at most."""
MOST_DECODED = 400_000_000_000
"""Pixels of one file that a second pass decodes at most: two hours of 1920 x 1080, 30 a second."""
MOST_STREAMS = 8
"""Films and covers of one file that are looked at."""
_KEYS_APART_MS = 500
"""Least time between two key frames that are taken."""
_NEVER_SKIPS = frozenset({"vp9"})
"""Codings of which the decoder decodes all frames whatever it is asked for."""
_SILENT = 5.0
"""Seconds of work after which a sign of life is given."""
_FULL_RANGE = 2
_PLANAR = frozenset(
    {"yuv420p", "yuv422p", "yuv444p", "yuv411p", "yuv410p", "yuv440p", "nv12", "nv21", "gray"}
)
_FULL_PLANAR = frozenset({"yuvj420p", "yuvj422p", "yuvj444p", "yuvj440p"})
_AV = f"PyAV {version('av')}"
_LATEST_MS = 1 << 50
"""A time beyond this is none: it stands for a number that somebody made up."""
_ENDS = 0.8
"""Share of the stated length that a film has to last."""
_ENDS_MS = 2000


class Frames(StrEnum):
    """Which frames of a video are hashed, the coarsest first."""

    KEYFRAMES = "keyframes"
    SECONDS = "seconds"
    ALL = "all"


def frames(file: IO[bytes], media_type: str, which: Frames, stated: Stated) -> Iterator[Picture]:
    """Frames of a video in the order they are shown; raises Undecodable."""
    return (picture for picture in steps(file, media_type, which, stated) if picture)


def steps(
    file: IO[bytes], media_type: str, which: Frames, stated: Stated
) -> Iterator[Picture | None]:
    """The same, with None as a sign of life where no frame has come for some seconds."""
    film = _Film(which)
    try:
        with _opened(file, media_type) as opened:
            container.state(opened, stated)
            yield from film.pictures(opened, stated)
        if film.has_pictures and not film.shown and which is Frames.KEYFRAMES:
            film = _Film(Frames.SECONDS)
            file.seek(0)
            with _opened(file, media_type) as opened:
                yield from film.pictures(opened, stated)
    except av.error.FFmpegError as error:
        raise film.broken(error.strerror) from error
    except (ValueError, TypeError, ArithmeticError, IndexError, AttributeError) as error:
        raise film.broken(f"{type(error).__name__}: {error}") from error
    film.end(stated)
    if kinds.VIDEOS[media_type] == "mov" and (at := container.second_film(file)):
        raise Undecodable("limit:films", at=at)


def _opened(file: IO[bytes], media_type: str) -> Any:
    return av.open(file, format=kinds.VIDEOS[media_type], metadata_errors="backslashreplace")


class _Track:
    """One stream of pictures while it is decoded."""

    def __init__(self, stream: Any, which: Frames, *, first: bool) -> None:
        self.cover = bool(stream.disposition & Disposition.attached_pic)
        self.stream = stream
        self.which = which
        self.number = None if first else stream.index
        self.rate = float(stream.average_rate or stream.guessed_rate or 0)
        self.count = 0
        self.ends_ms = 0
        self.stated_ms = _in_ms((stream.duration or 0) * (stream.time_base or 0))
        self._next_ms = -1
        self._by_time = which is Frames.KEYFRAMES
        self._key_ms = -_KEYS_APART_MS
        self._canonical = stream.codec_context.codec.canonical_name
        context = stream.codec_context
        context.thread_count = 1
        context.options = {"max_pixels": str(MOST_PIXELS)}
        if self._by_time and not self.cover:
            context.skip_frame = "NONKEY"
        self._path = f"{_AV} {context.name} {which}"

    def only_key_frames(self) -> None:
        """Decode no other frames from here on."""
        if not self.cover:
            self._by_time = True
            self.stream.codec_context.skip_frame = "NONKEY"

    def passes(self, packet: Any) -> bool:
        """Note how far the film goes; whether a packet is decoded.

        Of a film that has hardly other frames than key frames two a second are taken.
        """
        if packet.pts is None or not packet.time_base:
            return True
        begins = packet.pts - (self.stream.start_time or 0)
        ends = (begins + (packet.duration or 0)) * packet.time_base
        self.ends_ms = max(self.ends_ms, _in_ms(ends))
        if not self._by_time or self.cover:
            return True
        if not packet.is_keyframe:
            return self._canonical not in _NEVER_SKIPS
        if 0 <= _in_ms(begins * packet.time_base) - self._key_ms < _KEYS_APART_MS:
            return False
        self._key_ms = _in_ms(begins * packet.time_base)
        return True

    def shown(self, frame: Any) -> Picture | None:
        """A decoded frame, if it is one of those that are asked for."""
        if frame.width * frame.height > MOST_PIXELS:
            raise Undecodable("limit:pixels", width=frame.width, height=frame.height)
        at_ms, number = self._at_ms(frame), self.count
        self.count += 1
        if self.cover:
            return self._picture(frame, None, None)
        begins = at_ms >= self._next_ms
        if self.which is Frames.SECONDS and not begins:
            return None
        if begins:
            self._next_ms = (at_ms // 1000 + 1) * 1000
        if self._by_time:
            number = min(round(at_ms * self.rate / 1000), _LATEST_MS)
        return self._picture(frame, number, at_ms, turned=begins or self.which is not Frames.ALL)

    def _picture(
        self, frame: Any, number: int | None, at_ms: int | None, *, turned: bool = True
    ) -> Picture:
        return Picture(
            _luma(frame), frame.height, frame.width, self._path, number, at_ms, self.number, turned
        )

    def _at_ms(self, frame: Any) -> int:
        """When a frame is shown, from the start of the film."""
        if frame.pts is None or not frame.time_base:
            return round(self.count * 1000 / self.rate) if self.rate else self.count
        return _in_ms((frame.pts - (self.stream.start_time or 0)) * frame.time_base)


class _Film:
    """One file while it is decoded."""

    def __init__(self, which: Frames) -> None:
        self._which = which
        self._tracks: list[_Track] = []
        self._broken = 0
        self._pixels = 0
        self._left_out: Undecodable | None = None
        self.shown = 0
        """Frames of films that were given."""

    @property
    def has_pictures(self) -> bool:
        """Whether there is a film in it, and not sound and a cover alone."""
        return any(not track.cover for track in self._tracks)

    def pictures(self, opened: Any, stated: Stated) -> Iterator[Picture | None]:
        """All that is asked for, and signs of life."""
        self._tracks = list(self._chosen(opened, stated))
        by_stream = {track.stream.index: track for track in self._tracks}
        heard = time.monotonic()
        for packet in opened.demux([t.stream for t in self._tracks]) if by_stream else ():
            track = by_stream[packet.stream.index]
            if track.passes(packet):
                for picture in self._decoded(track, packet, stated):
                    heard = time.monotonic()
                    yield picture
            if time.monotonic() - heard > _SILENT:
                heard = time.monotonic()
                yield None

    def _chosen(self, opened: Any, stated: Stated) -> Iterator[_Track]:
        """The streams that are looked at: films in their order, and then covers."""
        covers = [s for s in opened.streams.video if s.disposition & Disposition.attached_pic]
        films = [s for s in opened.streams.video if s not in covers]
        readable = [s for s in (*films, *covers) if s.codec_context is not None]
        if len(readable) < len(films) + len(covers):
            self._left_out = Undecodable("partial:coding")
        if not readable and self._left_out:
            raise Undecodable("unsupported:coding")
        if len(readable) > MOST_STREAMS:
            self._left_out = Undecodable("limit:streams", n=len(readable), read=MOST_STREAMS)
        for number, stream in enumerate(readable[:MOST_STREAMS]):
            if number == 0:
                container.coding(stream, stated)
            if stream.width * stream.height > MOST_PIXELS:
                raise Undecodable("limit:pixels", width=stream.width, height=stream.height)
            yield _Track(stream, self._which, first=number == 0 and stream not in covers)

    def _decoded(self, track: _Track, packet: Any, stated: Stated) -> Iterator[Picture]:
        """The frames of one packet that are asked for; a broken one is counted."""
        try:
            decoded = packet.decode()
        except av.error.FFmpegError:
            self._broken += 1
            return
        for frame in decoded:
            if track.count == 0 and frame.rotation:
                where = f"stream/{track.stream.index}"
                container.tell(where, "rotation", str(frame.rotation), stated)
            picture = track.shown(frame)
            self._pixels += frame.width * frame.height
            if self._pixels > MOST_DECODED and self._which is not Frames.KEYFRAMES:
                self._go_on_by_key_frames(track)
            if picture is None:
                continue
            if self.shown >= MOST_FRAMES:
                raise Undecodable("limit:frames", n=MOST_FRAMES)
            self.shown += not track.cover
            yield picture

    def _go_on_by_key_frames(self, at: _Track) -> None:
        if not self._left_out:
            self._left_out = Undecodable("limit:seconds", second=at.ends_ms // 1000)
        for track in self._tracks:
            track.only_key_frames()

    def broken(self, cause: str | None) -> Undecodable:
        """What could not be decoded: nothing, or nothing from here on."""
        return Undecodable("partial:broken" if self.shown else "damaged", cause=cause)

    def end(self, stated: Stated) -> None:
        """Say how long the film lasts; raises Undecodable for what is missing of it."""
        if not self.has_pictures:
            return
        if not self.shown:
            raise Undecodable("damaged:frames")
        films = [track for track in self._tracks if not track.cover]
        lasts, whole = max(track.ends_ms for track in films), stated.columns.get("duration_ms", 0)
        claimed = max(track.stated_ms for track in films) or whole
        short = lasts < claimed * _ENDS and claimed - lasts > _ENDS_MS
        if lasts and (short or lasts * _ENDS > whole):
            stated.columns["duration_ms"] = lasts
        if self._broken:
            raise Undecodable("partial:packets", n=self._broken)
        if short:
            raise Undecodable("partial:duration", stated_ms=claimed, ends_ms=lasts)
        if self._left_out:
            raise self._left_out


def _in_ms(seconds: Any) -> int:
    """Seconds, as a fraction, in milliseconds; what lies before the start is at the start."""
    return min(max(round(float(seconds) * 1000), 0), _LATEST_MS)


def _luma(frame: Any) -> Plane:
    """Brightness of a frame over the full range 0-255."""
    name = frame.format.name
    if name not in _PLANAR and name not in _FULL_PLANAR:
        frame, name = frame.reformat(format="yuv420p"), "yuv420p"
    first = frame.planes[0]
    plane = np.frombuffer(first, np.uint8).reshape(-1, first.line_size)
    plane = plane[: frame.height, : frame.width]
    if name in _FULL_PLANAR or name == "gray" or frame.color_range == _FULL_RANGE:
        return np.array(plane)
    return (plane.astype(np.float32) - np.float32(16)) * np.float32(255 / 219)
