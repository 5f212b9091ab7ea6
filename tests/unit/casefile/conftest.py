"""Fixtures that tests of several modules share."""

from __future__ import annotations

import pytest


@pytest.fixture
def log(case):
    for number in range(5):
        case.custody.append("test", number=number)
    return case.custody
