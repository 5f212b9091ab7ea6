"""Fixtures that tests of several modules share."""

from __future__ import annotations

import pytest

from clew.sandbox import Guard, Limits
from clew.sandbox.lockdown import Level


@pytest.fixture(scope="module")
def strong():
    guard = Guard(Limits())
    if guard.standing.level != Level.STRONG:
        pytest.skip(f"this machine has no strong sandbox: {guard.standing.why}")
    yield guard
    guard.close()


@pytest.fixture(scope="module")
def evidence(tmp_path_factory):
    folder = tmp_path_factory.mktemp("evidence")
    (folder / "seized.txt").write_text("do not touch")
    return folder
