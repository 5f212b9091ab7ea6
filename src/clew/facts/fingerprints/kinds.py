"""Which contents are looked at, and which libraries that needs; imports none of them."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import PackageNotFoundError, version

VERSION = "3"
EXTRA = "clew[media]"
_PILLOW, _JPEG, _HEIC, _VIDEO = "pillow", "simplejpeg", "pi-heif", "av"
NEEDS = {
    "image/jpeg": (_JPEG, _PILLOW),
    "image/png": (_JPEG, _PILLOW),
    "image/gif": (_JPEG, _PILLOW),
    "image/webp": (_JPEG, _PILLOW),
    "image/bmp": (_JPEG, _PILLOW),
    "image/tiff": (_JPEG, _PILLOW),
    "image/avif": (_JPEG, _PILLOW),
    "image/heic": (_JPEG, _PILLOW, _HEIC),
    **dict.fromkeys(
        ("video/mp4", "video/quicktime", "video/3gpp", "video/matroska", "video/x-msvideo",
         "video/x-ms-asf", "video/x-flv", "video/mpeg", "video/mpv", "video/mp2t",
         "video/ogg"),
        (_JPEG, _PILLOW, _VIDEO),
    ),
}  # fmt: skip
"""Packages that each type needs."""
UNSUPPORTED = (
    "image/jp2", "image/jxl", "image/vnd.adobe.photoshop", "image/vnd.microsoft.icon",
    "image/x-tga", "image/x-canon-cr3", "video/vnd.rn-realvideo",
)  # fmt: skip
"""Pictures and videos that are recognised, and that no decoder here takes."""
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
