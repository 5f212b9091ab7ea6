"""What a decoder that was taken over can do, at the level that this machine allows."""

from __future__ import annotations

import platform

import pytest

from clew.errors import MachineError
from clew.sandbox import Guard, Limits, WorkerLost, lockdown


def test_a_worker_says_how_far_it_is_locked_down(strong) -> None:
    assert strong.standing.seccomp
    assert strong.standing.landlock >= 1
    assert strong.standing.why is None


def test_a_file_comes_in_as_a_descriptor_and_by_no_other_way(strong, evidence) -> None:
    given = {"file": evidence / "seized.txt"}
    (told,) = strong.run("clew.sandbox.escapes:read_given", {}, given)
    assert told == {"text": "do not touch"}
    with pytest.raises(WorkerLost, match="PermissionError"):
        list(strong.run("clew.sandbox.escapes:read_path", {"path": str(given["file"])}))


def test_a_file_that_is_gone_is_told(strong, evidence) -> None:
    with pytest.raises(WorkerLost, match="open:ENOENT"):
        list(strong.run("clew.sandbox.escapes:read_given", {}, {"file": evidence / "gone"}))


def test_where_the_kernel_does_not_allow_it_the_level_says_so_or_nothing_runs(monkeypatch) -> None:
    monkeypatch.setattr(lockdown, "_bubblewrap", lambda: ())
    monkeypatch.setenv("CLEW_UNUSED", "1")
    refused = Guard(Limits(strong=False, require_strong=True))
    with pytest.raises(MachineError, match="strong sandbox") as error:
        list(refused.run("clew.sandbox.probes:echo", {}))
    assert error.value.exit_code == 4
    refused.close()


def test_the_list_of_calls_is_known_for_common_machines() -> None:
    from clew.sandbox import seccomp

    assert seccomp.known() == (platform.machine() in ("x86_64", "aarch64"))
    for machine in seccomp._MACHINES.values():
        words = machine.allowed.split()
        assert len(set(words[::2])) == len(set(words[1::2])) == len(words) // 2
