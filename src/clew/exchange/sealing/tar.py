"""The row of files inside a package: a tar of plain files with one way of writing each header.

A header is right if it is, byte by byte, the one that Clew would write for this name and size. So
links, devices, folders, owners, times and every extension are refused without being understood.

References:
    - POSIX.1-2017, pax, "ustar Interchange Format"; GNU tar manual, "Basic Tar Format"

"""

import tarfile
from collections.abc import Iterator
from typing import BinaryIO

from clew.exchange.refused import Refused
from clew.exchange.sealing.names import LONGEST, MOST

BLOCK = tarfile.BLOCKSIZE
END = bytes(2 * BLOCK)
"""Two empty blocks end an archive."""


def header(name: str, size: int) -> bytes:
    """The one header of a file; ValueError of a name that no plain header has room for."""
    if len(name.encode()) > LONGEST:
        raise ValueError(f"a name longer than {LONGEST} bytes")
    about = tarfile.TarInfo(name)
    about.size = size
    about.mode = 0o600
    return about.tobuf(tarfile.GNU_FORMAT, "utf-8", "strict")


def padding(size: int) -> bytes:
    """What fills the last block of a file."""
    return bytes(-size % BLOCK)


def members(archive: BinaryIO) -> Iterator[tuple[str, int, int]]:
    """Every file of an archive: its name, where its content begins, and its size in bytes.

    Refuses whatever is not a row of plain files to the last byte.
    """
    whole = archive.seek(0, 2)
    archive.seek(0)
    for _ in range(MOST + 1):
        block = archive.read(BLOCK)
        if not any(block):
            if block + archive.read(BLOCK + 1) != END:
                raise Refused("tar", why="it does not end where it says")
            return
        name, size = _member(block)
        start = archive.tell()
        if start + size + len(padding(size)) > whole - len(END):
            raise Refused("tar", why="it is cut short")
        archive.seek(start + size)
        if any(archive.read(-size % BLOCK)):
            raise Refused("tar", why="there is something between two files")
        yield name, start, size
    raise Refused("members", most=MOST)


def _member(block: bytes) -> tuple[str, int]:
    """Name and size by a header."""
    try:
        about = tarfile.TarInfo.frombuf(block, "utf-8", "strict")
        written = header(about.name, about.size)
    except (tarfile.TarError, ValueError) as error:
        raise Refused("tar", why="a header is damaged or of an extension") from error
    if written != block or about.size < 0:
        raise Refused("tar", why=f"{about.name!r} is not a plain file, or bears an owner or a time")
    return about.name, about.size
