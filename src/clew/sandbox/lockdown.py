"""What a worker gives up before it sees the first byte of evidence, and how much that is.

*basic*: limits on memory, time, files. *strong*: besides, no capability and no new privileges, no
file but the interpreter's own and the worker's folder (Landlock), no system call that decoding
does not need (seccomp). Where bubblewrap is there, the worker runs in namespaces of its own too.
"""

import shutil
import subprocess
import sys
from enum import StrEnum
from functools import cache
from pathlib import Path

import msgspec

from clew.sandbox import landlock, seccomp

_TIME_ZONES = Path("/usr/share/zoneinfo")
_LIBRARIES = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/etc/ld.so.cache")
_PATIENCE = 20


class Level(StrEnum):
    """How much a worker has given up."""

    BASIC = "basic"
    STRONG = "strong"


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """What a worker says of itself before its first task."""

    level: Level
    landlock: int = 0
    """Version of Landlock in force; 0 where none is."""
    seccomp: bool = False
    namespaces: bool = False
    """It runs in namespaces of its own."""
    signals: str | None = None
    """What keeps it from signalling others, ``landlock+seccomp`` or ``seccomp`` alone, as on a
    kernel whose Landlock does not know of signals; None where nothing does."""
    cgroup: bool = False
    """It is in a group of its own, which bounds memory and threads whoever owns them."""
    why: str | None = None
    """Why the level is not strong."""


def lock_down(folder: Path, *, namespaces: bool) -> Standing:
    """Give up what can be given up; nothing is given back while the process lives."""
    try:
        seccomp.no_new_privileges()
        version = landlock.restrict(_readable(), [folder])
    except OSError as error:
        return Standing(level=Level.BASIC, namespaces=namespaces, why=str(error))
    if not seccomp.known():
        why = "there is no list of system calls for this architecture"
        return Standing(level=Level.BASIC, landlock=version, namespaces=namespaces, why=why)
    try:
        seccomp.restrict()
    except OSError as error:
        return Standing(level=Level.BASIC, landlock=version, namespaces=namespaces, why=str(error))
    signals = "landlock+seccomp" if version >= landlock.SCOPE_FROM else "seccomp"
    return Standing(
        level=Level.STRONG, landlock=version, seccomp=True, namespaces=namespaces, signals=signals
    )


def namespaces(folder: Path) -> list[str]:
    """What stands before a command so that it runs in namespaces of its own; empty if it can't."""
    command = _bubblewrap()
    return [*command, "--bind", str(folder), str(folder), "--"] if command else []


@cache
def _bubblewrap() -> tuple[str, ...]:
    """The call of bubblewrap, where it is there and works."""
    program = shutil.which("bwrap")
    if program is None:
        return ()
    command = (
        program, "--unshare-all", "--die-with-parent", "--cap-drop", "ALL", "--ro-bind", "/", "/",
    )  # fmt: skip
    try:
        tried = subprocess.run(  # noqa: S603 - found on the path of whoever runs Clew
            [*command, "--", sys.executable, "-I", "-S", "-c", ""],
            stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=_PATIENCE,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return ()
    return command if tried.returncode == 0 else ()


def _readable() -> list[Path]:
    """Where the interpreter and its libraries lie: code that is read when it is first used."""
    folders = {sys.prefix, sys.base_prefix, sys.exec_prefix, *sys.path, *_LIBRARIES}
    return [
        _TIME_ZONES,
        *(Path(folder) for folder in sorted(folders) if Path(folder).is_absolute()),
    ]
