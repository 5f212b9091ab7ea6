"""What a content is, by its first bytes; names never matter.

References:
    - the formats' own specifications; the shared-mime-info and PRONOM registries list the same
      magic numbers

"""

import struct
import tomllib
from importlib import resources

from clew.evidence import volumes

ZIP = "application/zip"
GZIP = "application/gzip"
BZIP2 = "application/x-bzip2"
TAR = "application/x-tar"
ANDROID_BACKUP = "application/x-android-backup"
ISO = "application/x-iso9660-image"
EWF = "application/x-ewf"
DISK = "application/x-raw-disk-image"
IMAGES = frozenset({EWF, DISK})
"""Kinds of disk image that are opened."""
_LISTED = tomllib.loads(
    resources.files("clew.evidence").joinpath("signatures.toml").read_text("utf-8")
)


def _signatures(name: str) -> tuple[tuple[bytes, str], ...]:
    return tuple((signature.encode("latin-1"), kind) for signature, kind in _LISTED[name])


_BY_FIRST_BYTE: dict[bytes, list[tuple[bytes, str]]] = {}
for _signature in _signatures("first"):
    _BY_FIRST_BYTE.setdefault(_signature[0][:1], []).append(_signature)
_RIFF: dict[str, str] = _LISTED["riff"]
_BRANDS: list[tuple[str, str]] = _LISTED["brands"]
_TEXTS, _TAILS = _signatures("texts"), _signatures("tails")
COMPRESSED = frozenset(_LISTED["compressed"])
"""Kinds of compressed file: an archive or a single file is within."""
ARCHIVES = COMPRESSED.union(_LISTED["archives"])
"""Kinds of archive that libarchive opens."""
CONTAINERS_NOT_OPENED = frozenset(_LISTED["containers_not_opened"])
"""Kinds of container that are recognised and not opened: a flag says so."""
_ATOMS = frozenset({b"moov", b"mdat", b"pnot"})
"""What a QuickTime film begins with that was written before files were given a type."""
_HEADS = frozenset({b"mvhd", b"cmov", b"rmra", b"udta", b"iods", b"trak"})
"""What stands first in the atom that describes a film."""
_FILLERS = frozenset({b"wide", b"free", b"skip"})
_SYNC, _PACKET = 0x47, 188
_TARGA_DEPTHS = {2: (15, 16, 24, 32), 3: (8, 16), 10: (15, 16, 24, 32), 11: (8, 16)}
"""Depths that a Targa picture without a palette may have, by its kind."""
_BMP_HEADERS = (12, 40, 52, 56, 64, 108, 124)
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\r\x0c\x1b"))
_END_RECORD = b"PK\x05\x06"
_END_SIZE = 22
_VOLUMES = 1000
_LZMA = "application/x-lzma"
_TAIL_SIZE = 512
"""What a disk image of these kinds ends with begins 512 bytes before its end."""
_ISO_AT = 32769
_TYPES_OF_TAR = b"\0" + b"01234567LKSVxgDMNAI"
_TEXT_HEAD = 4096


def media_type(head: bytes) -> str | None:
    """Type of a content by its first bytes (``HEAD`` of them); None where they tell nothing."""
    if not head:
        return None
    for signature, kind in _BY_FIRST_BYTE.get(head[:1], ()):
        if head.startswith(signature):
            return kind
    return _by_structure(head) or _text(head[:_TEXT_HEAD])


def is_container(kind: str | None) -> bool:
    """Whether a content of this type is opened as an archive."""
    return kind == ZIP or kind in ARCHIVES or kind in IMAGES


def not_opened(kind: str | None, tail: bytes) -> str | None:
    """What a content is, if it is a container that is recognised and not opened."""
    if kind in CONTAINERS_NOT_OPENED:
        return kind
    if is_container(kind):
        return None
    footer = tail[-_TAIL_SIZE:]
    if len(footer) == _TAIL_SIZE and (
        container := next((k for m, k in _TAILS if footer[: len(m)] == m), None)
    ):
        return container
    return "a volume of several of a ZIP" if _is_last_volume(tail) else None


def _is_last_volume(tail: bytes) -> bool:
    """Whether a content ends as the last of several volumes of a ZIP does."""
    if not (record := _end_record(tail)):
        return False
    disk, _, here, members, *_ = record
    return 0 < disk < _VOLUMES and here <= members


def _end_record(tail: bytes) -> tuple[int, ...]:
    """Fields of the record with which a ZIP ends; nothing where its comment is not the end."""
    at = tail.rfind(_END_RECORD)
    if at < 0 or at + _END_SIZE > len(tail):
        return ()
    fields: tuple[int, ...] = struct.unpack_from("<HHHHIIH", tail, at + 4)
    return fields if at + _END_SIZE + fields[-1] == len(tail) else ()


def is_zip_like(kind: str | None) -> bool:
    """Whether a content is opened as a ZIP: it is one, or it only ends like one."""
    return kind not in ARCHIVES and kind not in IMAGES


def is_tar_header(block: bytes) -> bool:
    """Whether 512 bytes are the header of a member of a tar, by their checksum."""
    stated = block[148:156].strip(b" \0")
    # the size of a block
    if len(block) != 512 or not stated or not stated.isdigit() or block[156] not in _TYPES_OF_TAR:
        return False
    try:
        checksum = int(stated, 8)
    except ValueError:
        return False
    rest = block[:148] + b" " * 8 + block[156:]
    signed = sum(byte - 256 if byte > 127 else byte for byte in rest)  # as old writers added
    return block[0] != 0 and checksum in (sum(rest), signed)


def has_zip_tail(tail: bytes) -> bool:
    """Whether the last bytes of a content end like a ZIP archive, whatever it begins like.

    The end record must lie where its comment reaches the end, name at least one member, and place
    a directory within what a file can hold.
    """
    if not (record := _end_record(tail)):
        return False
    disk, start, here, members, size, *_ = record
    return disk == start == 0 and 0 < here == members and size >= 46 * min(members, 0xFFFE)


def _by_structure(head: bytes) -> str | None:
    """Types whose signature stands further in, or needs a second look."""
    if head[:4] == b"RIFF":
        return _RIFF.get(head[8:12].decode("latin-1"))
    if head[:4] == b"OggS":
        pictures = b"\x80theora" in head[:512] or b"\x01video\0" in head[:512]
        return "video/ogg" if pictures else "audio/ogg"
    if head[4:8] == b"ftyp":
        brand = head[8:12].decode("latin-1")
        return next((k for name, k in _BRANDS if brand.startswith(name)), "video/mp4")
    return _container(head) or _by_first_two(head) or _film(head) or _unsigned(head)


def _film(head: bytes) -> str | None:
    """Films without a signature: a transport stream by its packets, QuickTime by its atoms."""
    for before in (0, 4):  # a camera's and a disc's packets have a time of four bytes before them
        every = _PACKET + before
        if len(head) > before + 2 * every and {head[before + n * every] for n in range(3)} == {
            _SYNC
        }:
            return "video/mp2t"
    at = 0
    while head[at + 4 : at + 8] in _FILLERS:
        size = int.from_bytes(head[at : at + 4])
        if size < 8:  # an atom's head
            return None
        at += size
    size, name = int.from_bytes(head[at : at + 4]), head[at + 4 : at + 8]
    if name not in _ATOMS or head[at : at + 4].isalpha() or 1 < size < 8:
        return None
    return "video/quicktime" if name != b"moov" or head[at + 12 : at + 16] in _HEADS else None


def _unsigned(head: bytes) -> str | None:
    """Pictures without a signature that no decoder here takes: icons, Targa, bare JPEG XL."""
    if head[:2] == b"\xff\x0a":
        return "image/jxl"
    if len(head) < 22:  # the header and directory of an icon
        return None
    if head[:4] == b"\0\0\x01\0" and 0 < head[4] < 65 and not head[5] and not head[9]:
        return "image/vnd.microsoft.icon"
    width, height, depth, described = struct.unpack_from("<HHBB", head, 12)
    targa = (
        not head[1] and not any(head[3:8]) and depth in _TARGA_DEPTHS.get(head[2], ())
        and 0 < width <= 1 << 14 and 0 < height <= 1 << 14 and described & 0xDF in (0, 1, 8)
    )  # fmt: skip
    return "image/x-tga" if targa else None


def _container(head: bytes) -> str | None:
    """Archives and images whose signature stands further in."""
    if head[257:262] == b"ustar" or is_tar_header(head[:512]):
        return TAR
    if head[_ISO_AT : _ISO_AT + 5] == b"CD001":
        return ISO
    if volumes.is_disk(head):
        return DISK
    if head[2:5] == b"-lh" and head[6:7] == b"-":
        return "application/x-lha"
    if head[7:14] == b"**ACE**":
        return "application/x-ace"
    return _LZMA if _is_lzma(head) else None


def _is_lzma(head: bytes) -> bool:
    """Whether a content begins as the older LZMA format does, which has no signature.

    As in xz: a dictionary of 2^n or 2^n + 2^(n-1) bytes, and a size that is unknown or below
    256 GiB; here also that the first byte of the range coder is zero, as it has to be, and the
    usual properties.
    """
    if len(head) < 14 or head[0] != 0x5D or head[13]:  # size of the header
        return False
    dictionary, size = struct.unpack_from("<IQ", head, 1)
    low = dictionary & -dictionary
    regular = dictionary in (low, 3 * low) and dictionary >= 1 << 12
    return regular and (size == (1 << 64) - 1 or 0 < size < 1 << 38)


def _by_first_two(head: bytes) -> str | None:
    if head[:2] == b"BM" and head[14:15] and head[14] in _BMP_HEADERS:
        return "image/bmp"
    if head[:2] == b"MZ" and len(head) > 64:  # size of the header
        return "application/vnd.microsoft.portable-executable"
    if len(head) > 2 and head[0] == 0xFF and head[1] in (0xFB, 0xF3, 0xF2):  # a frame
        return "audio/mpeg"
    return "audio/aac" if head[:2] in (b"\xff\xf1", b"\xff\xf9") else None


def _text(head: bytes) -> str | None:
    """Text, if it decodes and holds no control characters."""
    if not head:
        return None
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "text/plain"
    body = head.removeprefix(b"\xef\xbb\xbf")
    if body.translate(None, _CONTROLS) != body:
        return None
    try:
        body.decode("utf-8")
    except UnicodeDecodeError as error:
        cut_off = error.start >= len(body) - 3 and error.reason == "unexpected end of data"
        if not cut_off:
            return None
    start = body.lstrip()[:20].lower()
    return next((k for mark, k in _TEXTS if start.startswith(mark.lower())), "text/plain")
