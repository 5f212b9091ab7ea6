"""The filter ends in a refusal for every call but those on the list."""

from __future__ import annotations

import errno

import pytest

from clew.sandbox import seccomp


@pytest.fixture
def program():
    if not seccomp.known():
        pytest.skip("no list of system calls for this machine")
    return seccomp._program()


def run(program, number: int, architecture: int, argument: int = 0) -> int:
    """What the kernel would answer: an interpreter of the few instructions that are used."""
    held, at = 0, 0
    while True:
        code, yes, no, value = program[at]
        at += 1
        if code == seccomp._RETURN:
            return value
        if code == seccomp._LOAD:
            held = {0: number, 4: architecture}.get(value, argument)
        else:
            met = {
                seccomp._EQUAL: held == value, seccomp._AT_LEAST: held >= value,
                seccomp._SET: bool(held & value),
            }[code]  # fmt: skip
            at += yes if met else no


def test_a_call_of_another_architecture_ends_the_process(program) -> None:
    assert run(program, 0, 1) == seccomp._KILL


def test_calls_that_are_not_listed_are_refused(program) -> None:
    import platform

    machine = seccomp._MACHINES[platform.machine()]
    allowed = {int(word) for word in machine.allowed.split()[1::2]}
    special = {machine.clone, machine.clone3, machine.prlimit, machine.tgkill}
    for number in set(range(400)) - special:
        answer = run(program, number, machine.audit)
        expected = seccomp._ALLOW if number in allowed else seccomp._ERRNO | errno.EPERM
        assert answer == expected, number


def test_a_thread_may_be_made_and_a_process_may_not(program) -> None:
    import platform

    machine = seccomp._MACHINES[platform.machine()]
    thread = run(program, machine.clone, machine.audit, seccomp._CLONE_THREAD)
    assert thread == seccomp._ALLOW
    assert run(program, machine.clone, machine.audit, 0) == seccomp._ERRNO | errno.EPERM
    assert run(program, machine.clone3, machine.audit) == seccomp._ERRNO | errno.ENOSYS
