"""What code that took a decoder over would try; each attempt is harmless where it succeeds.

They are run as tests, and by ``clew validate`` on the machine of whoever wants to see for himself.
"""

import ctypes
import errno
import fcntl
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from clew.sandbox.frames import Yielded

_NAMESPACE = 0x10000000
_INTERNET, _LOCAL, _STREAM = 2, 1, 1
_MUCH = 64 << 30
_BIND, _DETACH = 4096, 2
_SETSIG, _ASYNC, _FIOSETOWN = 10, 0o20000, 0x8901


def attempt(argument: dict[str, Any]) -> Iterator[Yielded]:
    """Task: try every way out; for each ``ALLOWED``, or the error that stopped it."""
    evidence = Path(argument["evidence"])
    verdicts: dict[str, Any] = {}
    for name, escape in ESCAPES.items():
        try:
            escape(evidence)
        except BaseException as error:  # noqa: BLE001 - whatever stops it is what we want to hear
            verdicts[name] = type(error).__name__
        else:
            verdicts[name] = "ALLOWED"
    yield verdicts


def read_given(argument: dict[str, Any]) -> Iterator[Yielded]:
    """Task: read the file that was handed over open."""
    yield {"text": os.pread(argument["file"], 100, 0).decode()}


def read_path(argument: dict[str, Any]) -> Iterator[Yielded]:
    """Task: read a file by its path."""
    yield {"text": Path(argument["path"]).read_text("utf-8")}


def _checked(result: int) -> None:
    if result < 0:
        raise OSError


def _libc() -> Any:
    return ctypes.CDLL(None, use_errno=True)


def _connect(_: Path) -> None:
    handle = _libc().socket(_INTERNET, _STREAM, 0)
    _checked(handle)
    address = b"\x02\x00\x00\x09\x7f\x00\x00\x01" + bytes(8)
    refused = _libc().connect(handle, address, len(address)) < 0
    refused = refused and ctypes.get_errno() == errno.ECONNREFUSED  # nobody listens
    os.close(handle)
    if not refused:
        raise PermissionError


def _local_socket(_: Path) -> None:
    handle = _libc().socket(_LOCAL, _STREAM, 0)
    _checked(handle)
    os.close(handle)


def _fork(_: Path) -> None:
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)


def _remove(evidence: Path) -> None:
    copy = evidence / "clew-escape-removed"
    copy.write_bytes(b"")
    copy.unlink()


def _truncate(evidence: Path) -> None:
    target = next(evidence.iterdir())
    os.truncate(target, target.stat().st_size)


def _mode(evidence: Path) -> None:
    _checked(_libc().chmod(os.fsencode(evidence), evidence.stat().st_mode & 0o7777))


def _write(_: Path) -> None:
    file = Path("/var/tmp/clew-escape")  # noqa: S108 - that is the attempt
    file.write_bytes(b"")
    file.unlink()


def _mount(evidence: Path) -> None:
    target = os.fsencode(evidence.parent)
    _checked(_libc().mount(target, target, None, _BIND, None))
    _libc().umount2(target, _DETACH)


def _own(command: int, value: int) -> Callable[[Path], None]:
    """Have the kernel signal another process when something comes over a pipe."""

    def escape(_: Path) -> None:
        ends = os.pipe()
        try:
            fcntl.fcntl(ends[0], command, value or os.getppid() or 1)
        finally:
            for end in ends:
                os.close(end)

    return escape


def _own_by_ioctl(_: Path) -> None:
    ends = os.pipe()
    try:
        fcntl.ioctl(ends[0], _FIOSETOWN, (os.getppid() or 1).to_bytes(4, "little"))
    except OSError as error:
        if error.errno == errno.ENOTTY:  # the call was made, and is not of a pipe
            return
        raise
    finally:
        for end in ends:
            os.close(end)


def _unseen_memory(_: Path) -> None:
    os.close(os.memfd_create("clew"))


def _cut_unread(_: Path) -> None:
    file = Path(os.environ["TMPDIR"]) / "cut"
    file.write_bytes(b"x")
    os.close(os.open(file, os.O_RDONLY | os.O_TRUNC))


def _not_refused(call: str, *arguments: Any) -> Callable[[Path], None]:
    """Make a call that is wrong in itself: only a refusal by the filter stops it before that."""

    def escape(_: Path) -> None:
        if getattr(_libc(), call)(*arguments) < 0 and ctypes.get_errno() == errno.EPERM:
            raise PermissionError

    return escape


ESCAPES: dict[str, Callable[[Path], Any]] = {
    "read a system file": lambda _: Path("/etc/passwd").read_bytes(),
    "list evidence": lambda evidence: list(evidence.iterdir()),
    "write beside evidence": _remove,
    "cut a file of evidence": _truncate,
    "change a mode": _mode,
    "write to the home or temporary folder": _write,
    "make a socket": _local_socket,
    "connect by TCP": _connect,
    "run a program": lambda _: subprocess.run([sys.executable, "-S", "-c", ""], check=True),
    "start a process": _fork,
    "trace a process": lambda _: _checked(_libc().ptrace(0, 0, 0, 0)),
    "mount a file system": _mount,
    "make a namespace": lambda _: _checked(_libc().unshare(_NAMESPACE)),
    "own a file for the parent": _own(fcntl.F_SETOWN, 0),
    "choose the signal": _own(_SETSIG, 9),
    "ask for signals": _own(fcntl.F_SETFL, _ASYNC),
    "own a file by ioctl": _own_by_ioctl,
    "take memory that is not counted": _unseen_memory,
    "cut a file by reading it": _cut_unread,
    "read another's memory": _not_refused("process_vm_readv", 1, None, 0, None, 0, 0),
    "queue work in the kernel": _not_refused("syscall", 425, 0, None),
    "send a message": _not_refused("sendmsg", -1, None, 0),
    "signal the parent": lambda _: os.kill(os.getppid() or 1, 0),
    "take much memory": lambda _: bytearray(_MUCH),
    "raise its own limits": lambda _: __import__("resource").setrlimit(
        __import__("resource").RLIMIT_AS, (-1, -1)
    ),
}
