"""An error of the disk says what to do, and every error has an exit code."""

from __future__ import annotations

import errno
import sys

import pytest

from clew.errors import (
    ClewError,
    EvidenceError,
    MachineError,
    UsageError,
    installing,
    machine_error,
)


@pytest.mark.parametrize(
    ("number", "words"),
    [(errno.ENOSPC, "full"), (errno.EDQUOT, "full"), (errno.EACCES, "can't be written"),
     (errno.EROFS, "can't be written"), (errno.EIO, "Input/output")],
)  # fmt: skip
def test_an_error_of_the_disk_is_the_machine_s(number, words) -> None:
    import os

    made = machine_error(OSError(number, os.strerror(number)), "writing x")
    assert isinstance(made, MachineError)
    assert words in str(made)
    assert "writing x" in str(made)
    assert made.do


def test_consequences_have_exit_codes_of_their_own() -> None:
    codes = [kind.exit_code for kind in (UsageError, EvidenceError, MachineError)]
    assert codes == [2, 3, 4]
    assert all(issubclass(k, ClewError) for k in (UsageError, EvidenceError, MachineError))


def test_what_is_missing_is_installed_here_and_from_no_registry_s_clew() -> None:
    said = installing("network")
    assert said.startswith(sys.executable)
    assert "networkit" in said
    assert "clew" not in said.partition(" -m pip install ")[2]
    assert "av" not in said.split()
