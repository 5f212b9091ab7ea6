"""A process that dies at any effect on the disk leaves ledger, log and vault in agreement.

The process is stopped before each system call that changes a file, within SQLite too, and killed
there; then a case is opened as any next command opens it.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import struct
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from clew.casefile import open_case
from clew.casefile.verify import verify
from clew.records import FileCategory

_TRACE_ME, _SYSCALL, _OPTIONS, _SYSCALL_INFO = 0, 24, 0x4200, 0x420E
_GOOD, _KILL_WITH_TRACER = 1, 0x00100000
_ENTRY, _STOPPED_AT_CALL = 1, signal.SIGTRAP | 0x80
_EFFECTS = {
    "x86_64": {1, 18, 20, 74, 75, 76, 77, 82, 87, 263, 264, 316},
    "aarch64": {46, 64, 66, 68, 82, 83, 35, 38, 276},
}.get(os.uname().machine, set())
"""Numbers of write, pwrite64, writev, fsync, fdatasync, truncate, ftruncate, rename, unlink."""
JUDGEMENT = FileCategory(
    number=0, sha256="0" * 64, scheme="VICS", country="ES", scheme_version="2.0", code="2",
    judged_by="A", judged_at=datetime(2026, 1, 1, tzinfo=UTC), reason="seen",
)  # fmt: skip
_libc = ctypes.CDLL(None, use_errno=True)
_libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]


def traced(does: Callable[[], object]) -> int | None:
    """A child that waits to be stepped through what it does; None where it may not be traced."""
    child = os.fork()
    if child == 0:
        _libc.ptrace(_TRACE_ME, 0, None, None)
        os.kill(os.getpid(), signal.SIGSTOP)
        does()
        os._exit(0)
    os.waitpid(child, os.WUNTRACED)
    if _libc.ptrace(_OPTIONS, child, None, _GOOD | _KILL_WITH_TRACER):
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        return None
    return child


def killed_at(child: int, effect: int) -> bool:
    """Kill a child before its effect of this number; whether it came to that."""
    info = ctypes.create_string_buffer(88)
    met = 0
    while True:
        _libc.ptrace(_SYSCALL, child, None, None)
        _, status = os.waitpid(child, 0)
        if os.WIFEXITED(status):
            assert os.WEXITSTATUS(status) == 0
            return False
        assert os.WIFSTOPPED(status), status
        if os.WSTOPSIG(status) != _STOPPED_AT_CALL:
            continue
        _libc.ptrace(_SYSCALL_INFO, child, 88, ctypes.addressof(info))
        (number,) = struct.unpack_from("=Q", info, 24)
        if info.raw[0] == _ENTRY and number in _EFFECTS:
            if met == effect:
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)
                return True
            met += 1


def kills(pristine: Path, place: Path, does: Callable[[Path], object]) -> Iterator[Path]:
    """A copy of a case for each effect, as a process left it that was killed there."""
    for effect in range(1000):
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(pristine, place)
        child = traced(lambda: does(place))
        if child is None:
            pytest.skip("this machine lets no process trace another")
        was_killed = killed_at(child, effect)
        yield place
        if not was_killed:
            assert effect > 5
            return


def judged(place: Path) -> None:
    with open_case(place) as case:
        case.ledger.append(JUDGEMENT)


def read(place: Path) -> None:
    with open_case(place) as case:
        case.custody.append_sealed("read", {"whom": "x"}, what="a test")


@pytest.mark.skipif(sys.platform != "linux" or not _EFFECTS, reason="system calls are not known")
@pytest.mark.parametrize("does", [judged, read])
def test_a_kill_at_any_effect_heals_at_the_next_command(case, tmp_path, does) -> None:
    case.ledger.append(JUDGEMENT)
    case.custody.append_sealed("read", {"whom": "x"}, what="a test")
    case.close()
    found = set()
    for number, place in enumerate(kills(case.folder, tmp_path / "killed", does)):
        with open_case(place) as left:
            assert [one.text for one in verify(left) if one.is_problem] == []
            found.add((len(left.ledger.rows()), sum(1 for _ in left.custody.entries())))
        if number % 6:
            continue
        does(place)
        with open_case(place) as again:
            assert [one.text for one in verify(again) if one.is_problem] == []
    assert len(found) == 2, "killed before and after it was written, and nothing in between"
