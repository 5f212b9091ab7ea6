"""Landlock: a process gives up the file system, but for folders that it names.

References:
    - Linux, Documentation/userspace-api/landlock.rst; include/uapi/linux/landlock.h

"""

import ctypes
import os
import struct
from collections.abc import Iterable
from pathlib import Path

_CREATE, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
"""Numbers of the system calls, the same on every architecture."""
_VERSION = 1
_PATH_BENEATH = 1
_EXECUTE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 2, 1 << 3
_OF_A_FILE = (1 << 0) | (1 << 1) | (1 << 2) | (1 << 14) | (1 << 15)
_RIGHTS = ((1, 13), (2, 14), (3, 15), (5, 16))
"""From which version on how many rights over files there are."""
_NET_FROM, SCOPE_FROM = 4, 6
_TCP, _SCOPES = 0b11, 0b11
_libc = ctypes.CDLL(None, use_errno=True)


def version() -> int:
    """Version of Landlock that the kernel offers; 0 where it offers none."""
    return max(int(_libc.syscall(_CREATE, None, 0, _VERSION)), 0)


def restrict(readable: Iterable[Path], writable: Iterable[Path]) -> int:
    """Give up every file that is not beneath one of these folders, and every TCP connection.

    Returns the version; raises OSError where the kernel refuses. Files that are open stay open.
    """
    offered = version()
    every = max((1 << rights) - 1 for since, rights in _RIGHTS if since <= max(offered, 1))
    parts = [every]
    parts += [_TCP] if offered >= _NET_FROM else []
    parts += [_SCOPES] if offered >= SCOPE_FROM else []
    attributes = struct.pack(f"={len(parts)}Q", *parts)
    ruleset = _call(_CREATE, attributes, len(attributes), 0)
    try:
        for folder in readable:
            _allow(ruleset, folder, _READ_FILE | _READ_DIR)
        for folder in writable:
            _allow(ruleset, folder, every & ~_EXECUTE)
        _call(_RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)
    return offered


def _allow(ruleset: int, path: Path, rights: int) -> None:
    try:
        handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # what is not there needs no rule
    try:
        rights &= rights if path.is_dir() else _OF_A_FILE
        _call(_ADD_RULE, ruleset, _PATH_BENEATH, struct.pack("=Qi", rights, handle), 0)
    finally:
        os.close(handle)


def _call(number: int, *arguments: object) -> int:
    result = int(_libc.syscall(number, *arguments))
    if result < 0:
        error = ctypes.get_errno()
        raise OSError(error, f"Landlock: {os.strerror(error)}")
    return result
