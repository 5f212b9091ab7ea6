"""Builders that tests of several modules share, on lockdown."""

from __future__ import annotations

TASK = "clew.sandbox.escapes:attempt"


def _attempts(guard, evidence):
    (told,) = guard.run(TASK, {"evidence": str(evidence)})
    return told
