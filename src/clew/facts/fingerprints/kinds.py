"""Which contents are looked at, and which libraries that needs; imports none of them."""

import hashlib
import tomllib
from functools import cache
from importlib import resources
from importlib.metadata import PackageNotFoundError, version

VERSION = "3"
EXTRA = "clew[media]"
_KINDS = tomllib.loads(
    resources.files("clew.facts.fingerprints").joinpath("kinds.toml").read_text("utf-8")
)
PICTURES: dict[str, list[str]] = _KINDS["pictures"]
"""Formats of Pillow's as which each type of picture is opened."""
VIDEOS: dict[str, str] = _KINDS["videos"]
"""The demultiplexer by which each type of video is opened."""
UNSUPPORTED: tuple[str, ...] = tuple(_KINDS["unsupported"]["types"])
"""Pictures and videos that are recognised, and that no decoder here takes."""
_PACKAGES: dict[str, list[str]] = _KINDS["packages"]
NEEDS = {
    kind: (
        *_PACKAGES["all"], *_PACKAGES.get(kind, ()), *(_PACKAGES["video"] if kind in VIDEOS else ())
    )
    for kind in (*PICTURES, *VIDEOS)
}  # fmt: skip
"""Packages that each type needs."""
MOST_BYTES = 256 << 20
"""Largest picture that is read; a worker holds all of it."""


@cache
def installed(package: str) -> str | None:
    """Version of a package, if it is there."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def missing(media_type: str) -> tuple[str, ...]:
    """Packages that a type needs and that are not there."""
    return tuple(package for package in NEEDS[media_type] if not installed(package))


def readable() -> tuple[str, ...]:
    """Types that can be looked at with what is installed."""
    return tuple(kind for kind in NEEDS if not missing(kind))


def is_video(media_type: str) -> bool:
    """Whether a type is a video's."""
    return media_type.startswith("video/")


def hasher() -> str:
    """Digest over all that decides a fingerprint but the file: a change of it redoes them."""
    packages = sorted({package for needed in NEEDS.values() for package in needed})
    decides = (VERSION, [(package, installed(package)) for package in packages])
    return hashlib.sha256(repr(decides).encode()).hexdigest()[:16]
