"""The filter ends in a refusal for every call but those on the list."""

from __future__ import annotations

import errno
import fcntl
import os
import platform
import subprocess
import sys

import pytest

from clew.sandbox import seccomp

COMMON = """
    read write close fstat lseek mmap mprotect munmap brk rt_sigaction rt_sigprocmask
    rt_sigreturn pread64 pwrite64 readv writev sched_yield mremap mincore madvise dup nanosleep
    getpid recvmsg getsockname getsockopt exit uname flock fsync fdatasync ftruncate getcwd umask
    gettimeofday getrlimit getrusage sysinfo times getuid getgid geteuid getegid getppid sigaltstack
    statfs fstatfs gettid futex sched_getaffinity getdents64 restart_syscall clock_gettime
    clock_getres clock_nanosleep exit_group mkdirat newfstatat unlinkat renameat readlinkat
    faccessat pselect6 ppoll set_robust_list fallocate pipe2 preadv pwritev getcpu renameat2
    getrandom membarrier preadv2 pwritev2 statx rseq faccessat2
"""
WRITTEN = {
    "aarch64": {*COMMON.split(), "dup3"},
    "x86_64": {
        *COMMON.split(), "stat", "lstat", "poll", "access", "select", "dup2", "getdents", "rename",
        "mkdir", "rmdir", "unlink", "readlink", "time",
    },
}  # fmt: skip
"""Every call that is allowed whatever its arguments. Whoever adds one says here that it is harmless
in the hands of whoever took a decoder over."""
BY_ARGUMENT = ("clone", "clone3", "prlimit", "tgkill", "open", "openat", "ioctl", "fcntl")
REFUSED = {
    "process_vm_readv", "process_vm_writev", "io_uring_setup", "io_uring_enter", "sendmsg",
    "sendto", "socket", "connect", "memfd_create", "ptrace", "kill", "tkill", "execve", "fork",
    "chmod", "symlink", "link", "truncate", "prctl", "setsid", "timer_create", "userfaultfd",
}  # fmt: skip


@pytest.fixture
def program():
    if not seccomp.known():
        pytest.skip("no list of system calls for this machine")
    return seccomp._program()


def run(program, number: int, architecture: int, *arguments: int) -> int:
    """What the kernel would answer: an interpreter of the few instructions that are used."""
    data = {0: number, 4: architecture}
    data |= {16 + 8 * place: value & 0xFFFFFFFF for place, value in enumerate(arguments)}
    held, at = 0, 0
    while True:
        code, yes, no, value = program[at]
        at += 1
        if code == seccomp._RETURN:
            return value
        if code == seccomp._LOAD:
            held = data.get(value, 0)
        else:
            met = {
                seccomp._EQUAL: held == value, seccomp._AT_LEAST: held >= value,
                seccomp._SET: bool(held & value),
            }[code]  # fmt: skip
            at += yes if met else no


def test_a_call_of_another_architecture_ends_the_process(program) -> None:
    assert run(program, 0, 1) == seccomp._KILL


@pytest.mark.parametrize("name", sorted(seccomp._MACHINES))
def test_the_calls_that_are_allowed_are_those_of_the_written_list(name, monkeypatch) -> None:
    monkeypatch.setattr("platform.machine", lambda: name)
    machine, program = seccomp._MACHINES[name], seccomp._program()
    words = machine.allowed.split()
    names = {int(number): call for call, number in zip(words[::2], words[1::2], strict=True)}
    by_argument = {getattr(machine, call): call for call in BY_ARGUMENT}
    allowed = set()
    for number in set(range(1000)) - by_argument.keys():
        answer = run(program, number, machine.audit)
        assert answer in (seccomp._ALLOW, seccomp._ERRNO | errno.EPERM), number
        if answer == seccomp._ALLOW:
            allowed.add(names[number])
    assert allowed == WRITTEN[name]
    assert not allowed & REFUSED


@pytest.mark.parametrize(
    ("call", "arguments", "is_allowed"),
    [
        ("openat", (0, 0, os.O_RDONLY | os.O_CLOEXEC), True),
        ("openat", (0, 0, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), True),
        ("openat", (0, 0, os.O_RDWR | os.O_TRUNC), True),
        ("openat", (0, 0, os.O_RDONLY | os.O_TRUNC), False),
        ("openat", (0, 0, os.O_WRONLY | os.O_RDWR), False),
        ("fcntl", (0, fcntl.F_DUPFD_CLOEXEC), True),
        ("fcntl", (0, fcntl.F_SETLK), True),
        ("fcntl", (0, fcntl.F_SETFL, os.O_NONBLOCK), True),
        ("fcntl", (0, fcntl.F_SETFL, 0o20000), False),
        ("fcntl", (0, fcntl.F_SETOWN, 1), False),
        ("fcntl", (0, 10, 9), False),
        ("fcntl", (0, 15), False),
        ("fcntl", (0, 1024), False),
        ("fcntl", (0, 1031, 1 << 20), False),
        ("ioctl", (0, 0x5401), True),
        ("ioctl", (0, 0x8901), False),
        ("ioctl", (0, 0x5412), False),
    ],
)
def test_a_call_is_allowed_by_what_it_asks_for(program, call, arguments, is_allowed) -> None:
    machine = seccomp._MACHINES[platform.machine()]
    answer = run(program, getattr(machine, call), machine.audit, *arguments)
    assert answer == (seccomp._ALLOW if is_allowed else seccomp._ERRNO | errno.EPERM)


def test_signals_of_files_are_refused_without_landlock() -> None:
    """As on a kernel whose Landlock does not know of signals."""
    if not seccomp.known():
        pytest.skip("no list of system calls for this machine")
    program = """
import fcntl, os
from clew.sandbox import seccomp
seccomp.no_new_privileges(); seccomp.restrict()
ends = os.pipe()
for command, value in ((fcntl.F_SETOWN, os.getppid()), (10, 9), (fcntl.F_SETFL, 0o20000)):
    try:
        fcntl.fcntl(ends[0], command, value)
    except PermissionError:
        continue
    os.write(1, b"%d was allowed" % command)
"""
    ran = subprocess.run([sys.executable, "-c", program], check=False, capture_output=True)
    assert (ran.returncode, ran.stdout) == (0, b""), ran.stderr.decode()


def test_a_thread_may_be_made_and_a_process_may_not(program) -> None:
    machine = seccomp._MACHINES[platform.machine()]
    thread = run(program, machine.clone, machine.audit, seccomp._CLONE_THREAD)
    assert thread == seccomp._ALLOW
    assert run(program, machine.clone, machine.audit, 0) == seccomp._ERRNO | errno.EPERM
    assert run(program, machine.clone3, machine.audit) == seccomp._ERRNO | errno.ENOSYS
