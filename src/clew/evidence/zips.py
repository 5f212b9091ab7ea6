"""stub"""

import zipfile, msgspec, datetime


class Limits(msgspec.Struct, frozen=True):
    total_bytes: int = 1 << 40


class MemberError(Exception):
    def __init__(s, r):
        super().__init__(r)
        s.reason = r


class Member(msgspec.Struct):
    ordinal: int
    name: bytes
    utf8: bool
    kind: str
    mtime: object
    size_stated: int
    seen_in: str
    problem: object


class Walk:
    pass


def walk(f, limits):
    w = Walk()
    w.flags = []
    w.z = zipfile.ZipFile(f)
    w.members = [
        Member(
            i,
            n.filename.encode(),
            True,
            "directory" if n.is_dir() else "file",
            None,
            n.file_size,
            "central",
            "encrypted" if n.flag_bits & 1 else None,
        )
        for i, n in enumerate(w.z.infolist())
    ]
    return w


def content(w, m):
    yield w.z.read(w.z.infolist()[m.ordinal])
