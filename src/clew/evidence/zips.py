"""Reading ZIP archives in both views that they have of themselves.

The central directory at the end says what an archive holds, and so does a local header before each
member; archives that were damaged, or made to deceive, say different things in the two. This walker
takes the members of the directory, then every local header that the directory does not account
for, and flags what differs. It never trusts a size, and nothing in an archive can make it raise
anything but MemberError for one member.

References:
    - PKWARE, APPNOTE.TXT 6.3.10

"""

import mmap
import struct
from collections.abc import Iterator
from datetime import datetime
from typing import Any, BinaryIO

import msgspec

from clew.evidence import zip_fields
from clew.evidence.bounds import Bounds
from clew.evidence.inflate import MEMBER_METHODS, Inflation, inflated
from clew.evidence.stated import Flagged, flagged
from clew.words.reasons import Unreadable

_LOCAL, _CENTRAL, _END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_END64, _LOCATOR64 = b"PK\x06\x06", b"PK\x06\x07"
_LOCAL_SIZE, _CENTRAL_SIZE, _END_SIZE, _END64_SIZE = 30, 46, 22, 56
_FULL16 = 0xFFFF
_END_RECORDS = 32
"""End records looked at: an archive may hold false ones, and no more than these are weighed."""
_GAP_HEADERS = 200_000
"""Local headers looked at outside the directory."""
_DESCRIPTOR, _UTF8 = 8, 0x800


class MemberError(Unreadable):
    """One member could not be read to its end."""


class Member(msgspec.Struct, kw_only=True):
    """A member of an archive."""

    ordinal: int
    name: bytes
    utf8: bool
    kind: str
    mtime: datetime | None
    size_stated: int | None
    seen_in: str
    """``central`` or, for a member that only its local header shows, ``local``."""
    problem: str | None = None
    method: int
    crc: int
    packed: int | None
    """Bytes of its data; None where only a descriptor behind them would tell."""
    start: int
    """Where its data begins."""
    ends: int
    """Where its data must end at the latest."""
    header: int
    """Where its local header stands."""
    described: bool = False
    """Its sizes stand behind its data."""


class Walk:
    """An archive whose members are known."""

    def __init__(self, data: mmap.mmap | bytes, bounds: Bounds) -> None:
        self.data = data
        self.bounds = bounds
        self.members: list[Member] = []
        self.flags: list[Flagged] = []
        self.left = bounds.total_bytes
        self.end_records: list[int] = []

    def flag(self, code: str, **values: Any) -> None:
        """Say that something is odd, once for each code."""
        if all(code != known for known, _ in self.flags):
            self.flags.append(flagged(code, **values))


class _Directory(msgspec.Struct):
    """A central directory as one end record gives it."""

    end: int
    """Where the end record stands."""
    start: int
    """Where the directory begins."""
    behind: int
    """Where it ends."""
    base: int
    """Bytes before the archive proper."""
    stated: int
    """Members that the end record states."""
    entries: list[Member]


def walk(file: BinaryIO, bounds: Bounds | None = None) -> Walk:
    """List the members of an archive."""
    file.seek(0, 2)
    size = file.tell()
    data: mmap.mmap | bytes = b""
    if size:
        data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    found = Walk(data, bounds or Bounds())
    directory = _best_directory(found)
    if directory:
        _take_directory(found, directory)
    else:
        found.flag("zip:no_central_directory")
    _take_hidden(found, directory)
    if not found.members:
        found.flag("zip:no_members")
    return found


def content(walk: Walk, member: Member) -> Iterator[bytes]:
    """Bytes of a member, in chunks; MemberError at the end if anything was wrong with it."""
    if member.problem:
        raise MemberError(member.problem)
    inflation = Inflation(
        method=member.method,
        ratio=walk.bounds.ratio,
        ratio_from=walk.bounds.ratio_from,
        most=min(walk.bounds.member_bytes, walk.left),
    )
    end = member.ends if member.packed is None else member.start + member.packed
    cut = end > member.ends
    try:
        for chunk in inflated(walk.data, member.start, min(end, member.ends), inflation):
            walk.left -= len(chunk)
            yield chunk
    except ValueError as error:
        reason = str(error)
        if reason == "limit:member" and inflation.most < walk.bounds.member_bytes:
            reason = "limit:total"
        raise MemberError("truncated" if cut and reason == "data" else reason) from error
    if cut:
        raise MemberError("truncated")
    if inflation.crc != member.crc and not (member.described and member.seen_in == "local"):
        raise MemberError("crc")
    if member.size_stated not in (None, inflation.out) and not member.described:
        raise MemberError("size")


def _best_directory(found: Walk) -> _Directory | None:
    """The directory of the end record that fits best; the last of several that fit alike.

    An end record may stand in a comment, or belong to an archive that is stored within this one,
    so it should reach the end of the file and state as many members as its directory has.
    """
    data = found.data
    fits: list[tuple[bool, bool, int, _Directory]] = []
    at = len(data)
    while len(found.end_records) < _END_RECORDS:
        at = data.rfind(_END, 0, at)
        if at < 0:
            break
        if at + _END_SIZE > len(data):
            continue
        found.end_records.append(at)
        directory = _directory(found, at)
        if directory and directory.entries:
            (comment,) = struct.unpack_from("<H", data, at + 20)
            reaches = at + _END_SIZE + comment == len(data)
            counts = directory.stated == len(directory.entries)
            fits.append((reaches, counts, at, directory))
        if fits and fits[-1][:2] == (True, True):
            break
    return max(fits, key=lambda f: f[:3])[3] if fits else None


def _directory(found: Walk, end: int) -> _Directory | None:
    data = found.data
    volume, stated, size, offset = struct.unpack_from("<HxxxxHII", data, end + 4)
    if 0 < volume < _FULL16:
        return None  # offsets are counted from the beginning of a volume that we do not know
    if stated == _FULL16 or zip_fields.FULL32 in (size, offset):
        stated, size, offset = _zip64(data, end) or (stated, size, offset)
    for start in (end - size, end - _END64_SIZE - 20 - size, offset):
        if 0 <= start <= len(data) - 4 and data[start : start + 4] == _CENTRAL:
            base = start - offset
            entries, behind = _entries(found, start, base)
            return _Directory(end, start, behind, base, stated, entries)
    return None


def _zip64(data: mmap.mmap | bytes, end: int) -> tuple[int, int, int] | None:
    """Members, size and offset of the directory from the larger end record."""
    at = end - 20
    if at < 0 or data[at : at + 4] != _LOCATOR64:
        return None
    (offset,) = struct.unpack_from("<Q", data, at + 8)
    for start in (offset, at - _END64_SIZE):
        if 0 <= start <= len(data) - _END64_SIZE and data[start : start + 4] == _END64:
            members, size, offset = struct.unpack_from("<QQQ", data, start + 32)
            return members, size, offset
    return None


def _entries(found: Walk, start: int, base: int) -> tuple[list[Member], int]:
    data = found.data
    entries: list[Member] = []
    at = start
    while (
        len(entries) < found.bounds.members
        and at + _CENTRAL_SIZE <= len(data)
        and data[at : at + 4] == _CENTRAL
    ):
        (made, flags, method, time, date, crc, packed, size, name, extra, comment, outside,
         offset) = struct.unpack_from("<HxxHHHHIIIHHHxxxxII", data, at + 4)  # fmt: skip
        names = at + _CENTRAL_SIZE
        more = bytes(data[names + name : names + name + extra])
        size, packed, offset = zip_fields.wide(more, size, packed, offset)
        raw = bytes(data[names : names + name])
        entries.append(Member(
            ordinal=len(entries), name=raw, utf8=bool(flags & _UTF8),
            kind=zip_fields.kind(raw, made, outside), mtime=zip_fields.time(date, time, more),
            size_stated=size, seen_in="central", problem=zip_fields.refusal(flags, method),
            method=method, crc=crc, packed=packed, start=0, ends=len(data), header=offset + base,
        ))  # fmt: skip
        at = names + name + extra + comment
    if len(entries) >= found.bounds.members:
        found.flag("zip:limit_members", n=found.bounds.members)
    return entries, at


def _take_directory(found: Walk, directory: _Directory) -> None:
    """Take the members of the directory, each checked against its local header."""
    data = found.data
    if directory.base > 0 or (directory.entries and min(e.header for e in directory.entries) > 0):
        found.flag("zip:prefix_bytes", n=max(directory.base, 0))
    (comment,) = struct.unpack_from("<H", data, directory.end + 20)
    trailing = len(data) - directory.end - _END_SIZE - comment
    if trailing > 0:
        found.flag("zip:trailing_bytes", n=trailing)
    if directory.stated not in (len(directory.entries), len(directory.entries) & _FULL16):
        found.flag("zip:count_mismatch", stated=directory.stated, n=len(directory.entries))
    for member in directory.entries:
        _meet_local(found, member)
    _find_overlaps(found, directory)
    found.members = directory.entries
    others = [at for at in found.end_records if at != directory.end and not _inside(found, at)]
    if others:
        found.flag("zip:several_end_records", n=len(others) + 1)


def _inside(found: Walk, at: int) -> bool:
    """Whether an offset lies in the data of a member, as that of an archive within this one."""
    return any(m.start and m.start <= at < m.start + (m.packed or 0) for m in found.members)


def _meet_local(found: Walk, member: Member) -> None:
    """Find where a member's data begins, and whether its local header tells the same."""
    data, at = found.data, member.header
    if not 0 <= at <= len(data) - _LOCAL_SIZE or data[at : at + 4] != _LOCAL:
        member.problem = member.problem or "no_local_header"
        return
    flags, method = struct.unpack_from("<HH", data, at + 6)
    name, extra = struct.unpack_from("<HH", data, at + 26)
    member.start = at + _LOCAL_SIZE + name + extra
    local_name = bytes(data[at + _LOCAL_SIZE : at + _LOCAL_SIZE + name])
    if local_name != member.name:
        found.flag("zip:name_mismatch", member=member.ordinal, name=local_name[:200].hex())
    if method != member.method:
        found.flag("zip:method_mismatch", member=member.ordinal, method=method)
    if member.problem is None and flags & zip_fields.ENCRYPTED:
        member.problem = "encrypted"


def _find_overlaps(found: Walk, directory: _Directory) -> None:
    """Members whose bytes an earlier member has already: they would count them twice."""
    reached = 0
    located = [m for m in directory.entries if m.start]
    for member in sorted(located, key=lambda m: (m.header, m.ordinal)):
        if member.header < reached:
            member.problem = member.problem or "overlap"
            found.flag("zip:overlap", member=member.ordinal)
        else:
            reached = member.start + min(member.packed or 0, len(found.data))


def _take_hidden(found: Walk, directory: _Directory | None) -> None:
    """Members that only a local header shows, in what the directory does not account for."""
    looked = 0
    for start, end in _gaps(found, directory):
        at = found.data.find(_LOCAL, start, end)
        while 0 <= at < end and looked < _GAP_HEADERS:
            looked += 1
            member = _hidden(found, at, end)
            following = at + 4
            if member:
                found.members.append(member)
                found.flag("zip:unreferenced_member", at=at)
                following = max(following, member.start + (member.packed or 0))
            at = found.data.find(_LOCAL, following, end)


def _gaps(found: Walk, directory: _Directory | None) -> Iterator[tuple[int, int]]:
    size = len(found.data)
    if directory is None:
        yield 0, size
        return
    spans = [(m.header, m.start + min(m.packed or 0, size)) for m in found.members if m.start]
    spans += [(directory.start, directory.behind), (size, size)]
    reached = 0
    for start, end in sorted(spans):
        if start - reached >= _LOCAL_SIZE:
            yield reached, min(start, size)
        reached = max(reached, end)


def _hidden(found: Walk, at: int, end: int) -> Member | None:
    """A member from its local header; None where the bytes can't be one."""
    data = found.data
    if at + _LOCAL_SIZE > end or len(found.members) >= found.bounds.members:
        return None
    version, flags, method, time, date, crc, packed, size, name, extra = struct.unpack_from(
        "<HHHHHIIIHH", data, at + 4
    )
    start = at + _LOCAL_SIZE + name + extra
    if version & 0xFF > 63 or method not in MEMBER_METHODS or start > end:  # 6.3 is the latest
        return None
    raw = bytes(data[at + _LOCAL_SIZE : at + _LOCAL_SIZE + name])
    more = bytes(data[start - extra : start])
    size, packed, _ = zip_fields.wide(more, size, packed, 0)
    described = bool(flags & _DESCRIPTOR) and not packed
    problem = zip_fields.refusal(flags, method)
    if described and method == 0:
        problem = problem or "size_unknown"
    return Member(
        ordinal=len(found.members), name=raw, utf8=bool(flags & _UTF8),
        kind="directory" if raw.endswith(b"/") else "file", mtime=zip_fields.time(date, time, more),
        size_stated=None if described else size, seen_in="local", problem=problem, method=method,
        crc=crc, packed=None if described else packed, start=start, ends=end, header=at,
        described=described,
    )  # fmt: skip
