"""Laws of ``clew.sandbox.limits``."""

from __future__ import annotations

from builders.lockdown import _attempts

from clew.sandbox import Guard, Limits


def test_the_same_attempts_succeed_without_it(evidence) -> None:
    guard = Guard(Limits(strong=False))
    told = _attempts(guard, evidence)
    guard.close()
    allowed = {name for name, said in told.items() if said == "ALLOWED"}
    assert {"read a system file", "list evidence", "make a socket", "run a program"} <= allowed
