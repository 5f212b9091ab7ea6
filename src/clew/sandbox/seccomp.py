"""Seccomp: a process gives up every system call but those that decoding needs.

A call that is not on the list fails with EPERM. No socket can be made, no program started, no
process traced or signalled, nothing mounted, no mode or owner changed; a new thread is allowed and
a new process is not. A file can't be made to send signals to others, which Landlock refuses only
from version 6 on, and can't be cut by opening it for reading, which it refuses from version 3 on.

References:
    - Linux, Documentation/userspace-api/seccomp_filter.rst; include/uapi/linux/audit.h
    - the numbers: arch/x86/entry/syscalls/syscall_64.tbl; include/uapi/asm-generic/unistd.h

"""

import ctypes
import errno
import os
import platform
import struct
from importlib import resources

import msgspec


class _Machine(msgspec.Struct, frozen=True):
    """What differs between architectures."""

    audit: int
    """How the kernel names the architecture."""
    clone: int
    clone3: int
    prlimit: int
    tgkill: int
    capset: int
    open: int
    """-1 where there is ``openat`` alone."""
    openat: int
    ioctl: int
    fcntl: int
    allowed: str
    """Names and numbers of the calls that are kept."""


_MACHINES = msgspec.toml.decode(
    resources.files("clew.sandbox").joinpath("syscalls.toml").read_bytes(), type=dict[str, _Machine]
)
_LOAD, _EQUAL, _AT_LEAST, _SET, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _KILL, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
_NUMBER, _ARCHITECTURE, _ARGUMENT = 0, 4, 16
"""Offsets in struct seccomp_data; arguments are 64 bits wide, the lower half first."""
_X32 = 0x40000000
_CLONE_THREAD = 0x00010000
_WRITE_ONLY, _READ_WRITE, _TRUNCATE, _SIGNALS = 1, 2, 0o1000, 0o20000
"""O_WRONLY, O_RDWR, O_TRUNC and O_ASYNC."""
_SET_FLAGS = 4
"""F_SETFL."""
_FCNTLS = (0, 1, 2, 3, 5, 6, 7, 36, 37, 38, 1030)
"""What is done to descriptors (F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_DUPFD_CLOEXEC), and locks."""
_IOCTLS = (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451, 0x802C542A, 0x1260, 0x1268, 0x80081272)
"""TCGETS, TIOCGWINSZ, FIONREAD, FIONBIO, FIONCLEX, FIOCLEX, TCGETS2; the size of a block device."""
_NO_NEW_PRIVILEGES, _SECCOMP, _FILTER = 38, 22, 2
_CAPABILITIES = 0x20080522
_libc = ctypes.CDLL(None, use_errno=True)

Instruction = tuple[int, int, int, int]


def known() -> bool:
    """Whether there is a list for this machine's architecture."""
    return platform.machine() in _MACHINES


def no_new_privileges() -> None:
    """Give up every capability, and with it whatever a program could gain by being run."""
    machine = _MACHINES.get(platform.machine())
    if _libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0):
        raise _failure("no_new_privs")
    if machine:
        header, nothing = struct.pack("=Ii", _CAPABILITIES, 0), bytes(24)
        if _libc.syscall(machine.capset, header, nothing):
            raise _failure("capset")


def restrict() -> None:
    """Give up every call that is not on the list; raises OSError where the kernel refuses."""
    program = b"".join(struct.pack("=HBBI", *step) for step in _program())
    buffer = ctypes.create_string_buffer(program, len(program))
    described = struct.pack("@HP", len(program) // 8, ctypes.addressof(buffer))
    if _libc.prctl(_SECCOMP, _FILTER, described, 0, 0):
        raise _failure("seccomp")


def _program() -> list[Instruction]:
    machine = _MACHINES[platform.machine()]
    steps: list[Instruction] = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_EQUAL, 1, 0, machine.audit),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER),
        (_AT_LEAST, 0, 1, _X32),
        (_RETURN, 0, 0, _KILL),
    ]
    steps += _if(machine.clone3, [(_RETURN, 0, 0, _ERRNO | errno.ENOSYS)])
    steps += _if(machine.clone, _where(_SET, _CLONE_THREAD, 0))
    steps += _if(machine.prlimit, _where(_EQUAL, 0, 0))
    steps += _if(machine.tgkill, _where(_EQUAL, os.getpid(), 0))
    steps += _if(machine.open, _opening(1)) if machine.open >= 0 else []
    steps += _if(machine.openat, _opening(2))
    steps += _if(machine.ioctl, _one_of(1, _IOCTLS))
    steps += _if(machine.fcntl, _flags_of_a_file() + _one_of(1, _FCNTLS))
    numbers = sorted(int(word) for word in machine.allowed.split()[1::2])
    for index, number in enumerate(numbers):
        steps.append((_EQUAL, len(numbers) - index, 0, number))
    return [*steps, (_RETURN, 0, 0, _ERRNO | errno.EPERM), (_RETURN, 0, 0, _ALLOW)]


def _if(number: int, then: list[Instruction]) -> list[Instruction]:
    """Steps for one call, which end in a verdict."""
    return [(_EQUAL, 0, len(then), number), *then]


def _where(test: int, value: int, argument: int) -> list[Instruction]:
    """Allow a call where the lower half of one of its arguments passes a test."""
    return [
        (_LOAD, 0, 0, _ARGUMENT + 8 * argument),
        (test, 1, 0, value),
        (_RETURN, 0, 0, _ERRNO | errno.EPERM),
        (_RETURN, 0, 0, _ALLOW),
    ]


def _opening(argument: int) -> list[Instruction]:
    """Allow to open a file for reading, or for writing; not what is neither, nor to cut it unread.

    Before version 3 Landlock looks only at what a file is opened for.
    """
    return [
        (_LOAD, 0, 0, _ARGUMENT + 8 * argument),
        (_SET, 0, 1, _WRITE_ONLY),
        (_SET, 2, 3, _READ_WRITE),
        (_SET, 2, 0, _READ_WRITE),
        (_SET, 0, 1, _TRUNCATE),
        (_RETURN, 0, 0, _ERRNO | errno.EPERM),
        (_RETURN, 0, 0, _ALLOW),
    ]


def _flags_of_a_file() -> list[Instruction]:
    """Allow to change the flags of an open file, but for signals when something comes."""
    return [
        (_LOAD, 0, 0, _ARGUMENT + 8),
        (_EQUAL, 0, 4, _SET_FLAGS),
        (_LOAD, 0, 0, _ARGUMENT + 16),
        (_SET, 0, 1, _SIGNALS),
        (_RETURN, 0, 0, _ERRNO | errno.EPERM),
        (_RETURN, 0, 0, _ALLOW),
    ]


def _one_of(argument: int, values: tuple[int, ...]) -> list[Instruction]:
    """Allow a call where the lower half of one of its arguments is one of some values."""
    return [
        (_LOAD, 0, 0, _ARGUMENT + 8 * argument),
        *((_EQUAL, len(values) - n, 0, value) for n, value in enumerate(values)),
        (_RETURN, 0, 0, _ERRNO | errno.EPERM),
        (_RETURN, 0, 0, _ALLOW),
    ]


def _failure(what: str) -> OSError:
    number = ctypes.get_errno()
    return OSError(number, f"{what}: {os.strerror(number)}")
