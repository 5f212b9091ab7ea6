"""In a worker: many files in one call, each read once, decoded once, hashed and asked about itself.

Each file ends with a part that says so: where the worker dies, it is known on which.
"""

import hashlib
import os
import time
from collections.abc import Iterator
from typing import Any

import msgspec

from clew.facts.fingerprints import decode, exif, jpeg, kinds, png
from clew.facts.fingerprints.decode import Picture, Undecodable
from clew.facts.fingerprints.pdq import Pdq, pdq
from clew.facts.fingerprints.results import NOWHERE, sent
from clew.facts.fingerprints.stated import Stated
from clew.facts.fingerprints.trim import trimmed
from clew.records import Fingerprint
from clew.words.reasons import figures

TASK = "clew.facts.fingerprints.fingerprint_worker:fingerprint_files"
_FRAMES_SENT = 64
_SILENT = 5.0
"""Seconds after which what there is is sent, as a sign of life."""


class Handed(msgspec.Struct, frozen=True):
    """One file as it is handed to the worker; its descriptor stands under its name."""

    name: str
    media_type: str
    sha256: str = ""
    """What its bytes must hash to, where it is not sure that they do."""


def fingerprint_files(argument: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Task: look at each file of ``handed``, in order."""
    for number, handed in enumerate(msgspec.convert(argument["handed"], list[Handed])):
        yield from _parts(number, handed, argument[handed.name], argument["frames"])


def _parts(number: int, handed: Handed, handle: int, which: str) -> Iterator[dict[str, Any]]:
    stated = Stated()
    problem: tuple[str, tuple[str, ...]] | None = None
    faces: list[Fingerprint] = []
    spoke = time.monotonic()
    try:
        for face in _faces(handed, handle, which, stated):
            if face:
                faces.append(face)
            if len(faces) >= _FRAMES_SENT or time.monotonic() - spoke > _SILENT:
                yield sent(number, faces)
                faces, spoke = [], time.monotonic()
    except Undecodable as error:
        problem = error.code, error.figures
    except MemoryError:
        problem = "limit:memory", ()
    except Exception as error:
        problem = "damaged", figures(cause=type(error).__name__)
    found = [*faces, *stated.details, *stated.places]
    yield sent(number, found, columns=stated.columns, problem=problem, end=True)


def _faces(handed: Handed, handle: int, which: str, stated: Stated) -> Iterator[Fingerprint | None]:
    """Each hash; None where a video has given none for some time."""
    if handed.media_type in kinds.PICTURES:
        data = content(handed, handle)
        _state(data, handed.media_type, stated)
        for picture in decode.pictures(data, handed.media_type):
            stated.columns.setdefault("width", picture.width)
            stated.columns.setdefault("height", picture.height)
            yield from of_picture(picture, data, handed.media_type)
        return
    from clew.facts.fingerprints import video

    os.lseek(handle, 0, os.SEEK_SET)
    with open(handle, "rb", closefd=False) as file:
        for frame in video.steps(file, handed.media_type, video.Frames(which), stated):
            yield _of_frame(frame) if frame else None


def _of_frame(frame: Picture) -> Fingerprint:
    """A frame of a video; a cover is none of the film's, and has no number and no time."""
    where = [] if frame.stream is None else [f"stream/{frame.stream}"]
    where += [] if frame.frame is None else [f"frame/{frame.frame}"]
    hashed = pdq(frame.plane, turned=frame.turned)
    return _face("vpdq", "/".join(where), hashed, frame)


def of_picture(picture: Picture, data: bytes, media_type: str) -> Iterator[Fingerprint]:
    """A picture's hash, and those without its borders; of a finer decode where it is not sure."""
    hashed = pdq(picture.plane, picture.height, picture.width)
    if not hashed.sure:
        picture = next(decode.pictures(data, media_type, decode.FINE))
        hashed = pdq(picture.plane, picture.height, picture.width, doubted=False)
    where = "file" if picture.frame is None else f"frame/{picture.frame}"
    yield _face("pdq", where, hashed, picture)
    rows, columns = picture.plane.shape
    for name, (top, bottom, left, right) in trimmed(picture.plane):
        height = round((bottom - top) * picture.height / rows)
        width = round((right - left) * picture.width / columns)
        hashed = pdq(picture.plane[top:bottom, left:right], height, width, doubted=False)
        path = f"{picture.path} {name} {width}x{height}"
        yield _face("pdq_trimmed", f"{where}/{name}", hashed, picture, path)


def _face(
    algorithm: str, locator: str, hashed: Pdq, picture: Picture, path: str | None = None
) -> Fingerprint:
    return Fingerprint(
        **NOWHERE, locator=locator, algorithm=algorithm, value=hashed.value, turned=hashed.turned,
        quality=hashed.quality, width=picture.width, height=picture.height, frame=picture.frame,
        at_ms=picture.at_ms, decode_path=path or picture.path,
        simple_graphic=hashed.simple_graphic,
    )  # fmt: skip


def _state(data: bytes, media_type: str, stated: Stated) -> None:
    """What a picture says of itself; of formats other than JPEG, its EXIF as Pillow finds it."""
    if media_type == decode.JPEG:
        found = jpeg.state(data, stated)
        if found:
            exif.state(b"Exif\0\0" + found[1], stated)
        return
    if media_type == "image/png":
        if found_in_png := png.state(data, stated):
            exif.state(b"Exif\0\0" + found_in_png, stated)
        return
    try:
        block = decode.exif_block(data, media_type)
    except Undecodable as error:
        stated.tell("exif", "exif.damaged", str(error.values["cause"]), "exif")
        return
    if block:
        exif.state(block, stated)


def content(handed: Handed, handle: int) -> bytes:
    """All bytes of a file that was handed over; raises Undecodable where they are others now."""
    data = read(handle)
    if handed.sha256 and hashlib.sha256(data).hexdigest() != handed.sha256:
        raise Undecodable("changed")
    return data


def read(handle: int) -> bytes:
    """All bytes of an open file, from its beginning."""
    os.lseek(handle, 0, os.SEEK_SET)
    parts = []
    while part := os.read(handle, os.fstat(handle).st_size + 1):
        parts.append(part)
    return parts[0] if len(parts) == 1 else b"".join(parts)
