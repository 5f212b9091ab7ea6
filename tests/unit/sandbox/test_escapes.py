"""Laws of ``clew.sandbox.escapes``."""

from __future__ import annotations

from builders.lockdown import _attempts

from clew.sandbox.escapes import ESCAPES


def test_nothing_gets_out_of_the_strong_sandbox(strong, evidence) -> None:
    told = _attempts(strong, evidence)
    assert set(told) == set(ESCAPES)
    assert {name for name, said in told.items() if said == "ALLOWED"} == set()
    assert (evidence / "seized.txt").read_text() == "do not touch"
    assert [p.name for p in evidence.iterdir()] == ["seized.txt"]
