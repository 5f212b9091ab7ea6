"""An operation that tests of several modules share."""

from __future__ import annotations

import pytest
from builders.tokens import Token
from once import made_once

from clew import pipeline
from clew.casefile import create_case, open_case
from clew.casefile.engine import Progress
from clew.demo import Parameters, generate
from clew.demo.intake import take_exhibits


@pytest.fixture(scope="session")
def concluded(tmp_path_factory):
    """A small operation, taken in and concluded; whoever changes its facts copies it."""
    folder = made_once(tmp_path_factory.getbasetemp(), "concluded", _make)
    with open_case(folder / "case") as case:
        yield case


def _make(folder):
    parameters = Parameters(
        of_interest=30,
        accounts=900,
        groups=16,
        shares=6000,
        coverage=0.4,
        forces=6,
        devices_per_search=1.0,
        phones_per_search=1.0,
        text_only=0.0,
        introducers=4,
    )
    made = generate(folder / "d", parameters)
    with create_case(folder / "case", "Test", "Order 1/2026") as case:
        take_exhibits(case, made, Progress())
        with case.writing():
            pipeline.run(case, Progress())


@pytest.fixture
def token(tmp_path, monkeypatch) -> Token:
    """A token to sign with, in software."""
    return Token(tmp_path, monkeypatch)
