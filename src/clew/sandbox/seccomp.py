"""Seccomp: a process gives up every system call but those that decoding needs.

A call that is not on the list fails with EPERM. No socket can be made, no program started, no
process traced or signalled, nothing mounted, no mode or owner changed; a new thread is allowed and
a new process is not.

References:
    - Linux, Documentation/userspace-api/seccomp_filter.rst; include/uapi/linux/audit.h
    - the numbers: arch/x86/entry/syscalls/syscall_64.tbl; include/uapi/asm-generic/unistd.h

"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct

import msgspec

_X86 = """
read 0 write 1 open 2 close 3 stat 4 fstat 5 lstat 6 poll 7 lseek 8 mmap 9 mprotect 10 munmap 11
brk 12 rt_sigaction 13 rt_sigprocmask 14 rt_sigreturn 15 ioctl 16 pread64 17 pwrite64 18 readv 19
writev 20 access 21 select 23 sched_yield 24 mremap 25 mincore 27 madvise 28 dup 32 dup2 33
nanosleep 35 getpid 39 recvmsg 47 getsockname 51 getsockopt 55 exit 60 uname 63 fcntl 72 flock 73
fsync 74 fdatasync 75 ftruncate 77 getdents 78 getcwd 79 rename 82 mkdir 83 rmdir 84 unlink 87
readlink 89 umask 95 gettimeofday 96 getrlimit 97 getrusage 98 sysinfo 99 times 100 getuid 102
getgid 104 geteuid 107 getegid 108 getppid 110 sigaltstack 131 statfs 137 fstatfs 138 gettid 186
time 201 futex 202 sched_getaffinity 204 getdents64 217 restart_syscall 219 clock_gettime 228
clock_getres 229 clock_nanosleep 230 exit_group 231 openat 257 mkdirat 258 newfstatat 262
unlinkat 263 renameat 264 readlinkat 267 faccessat 269 pselect6 270 ppoll 271 set_robust_list 273
fallocate 285 pipe2 293 preadv 295 pwritev 296 getcpu 309 renameat2 316 getrandom 318
memfd_create 319 membarrier 324 preadv2 327 pwritev2 328 statx 332 rseq 334 faccessat2 439
"""
_GENERIC = """
getcwd 17 dup 23 dup3 24 fcntl 25 ioctl 29 flock 32 mkdirat 34 unlinkat 35 renameat 38 statfs 43
fstatfs 44 ftruncate 46 fallocate 47 faccessat 48 openat 56 close 57 pipe2 59 getdents64 61
lseek 62 read 63 write 64 readv 65 writev 66 pread64 67 pwrite64 68 preadv 69 pwritev 70
pselect6 72 ppoll 73 readlinkat 78 newfstatat 79 fstat 80 fsync 82 fdatasync 83 exit 93
exit_group 94 futex 98 set_robust_list 99 nanosleep 101 clock_gettime 113 clock_getres 114
clock_nanosleep 115 sched_getaffinity 123 sched_yield 124 restart_syscall 128 sigaltstack 132
rt_sigaction 134 rt_sigprocmask 135 rt_sigreturn 139 times 153 uname 160 getrlimit 163
getrusage 165 umask 166 getcpu 168 gettimeofday 169 getpid 172 getppid 173 getuid 174 geteuid 175
getgid 176 getegid 177 gettid 178 sysinfo 179 getsockname 204 getsockopt 209 recvmsg 212 brk 214
munmap 215 mremap 216 mmap 222 mprotect 226 mincore 232 madvise 233 renameat2 276 getrandom 278
memfd_create 279 membarrier 283 preadv2 286 pwritev2 287 statx 291 rseq 293 faccessat2 439
"""


class _Machine(msgspec.Struct, frozen=True):
    """What differs between architectures."""

    audit: int
    allowed: str
    clone: int
    clone3: int
    prlimit: int
    tgkill: int
    capset: int


_MACHINES = {
    "x86_64": _Machine(0xC000003E, _X86, 56, 435, 302, 234, 126),
    "aarch64": _Machine(0xC00000B7, _GENERIC, 220, 435, 261, 131, 91),
}
_LOAD, _EQUAL, _AT_LEAST, _SET, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _KILL, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
_NUMBER, _ARCHITECTURE, _ARGUMENT = 0, 4, 16
"""Offsets in struct seccomp_data; arguments are 64 bits wide, the lower half first."""
_X32 = 0x40000000
_CLONE_THREAD = 0x00010000
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
    held = ctypes.create_string_buffer(program, len(program))
    described = struct.pack("@HP", len(program) // 8, ctypes.addressof(held))
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
    numbers = sorted(int(word) for word in machine.allowed.split()[1::2])
    for place, number in enumerate(numbers):
        steps.append((_EQUAL, len(numbers) - place, 0, number))
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


def _failure(what: str) -> OSError:
    number = ctypes.get_errno()
    return OSError(number, f"{what}: {os.strerror(number)}")
