"""The steps that work on one exhibit, each as one call, for tests that need no whole run.

What is given by name is a field of the context, or one of its options.
"""

from __future__ import annotations

from typing import Any

from clew.casefile import Case, Context, Options
from clew.evidence import intake
from clew.facts import read as reading
from clew.facts.fingerprints import embed as embedding
from clew.facts.fingerprints import step as fingerprints
from clew.records import Exhibit


def take_in(case: Case, asked: Any, **given: Any) -> Exhibit:
    return intake.take_in(_context(case, "intake", asked.exhibit.exhibit_id, intake=asked, **given))


def read(case: Case, exhibit_id: str, **given: Any) -> None:
    reading.read(_context(case, "read", exhibit_id, **given))


def fingerprint(case: Case, exhibit_id: str, **given: Any) -> None:
    fingerprints.fingerprint(_context(case, "fingerprint", exhibit_id, **given))


def embed(case: Case, exhibit_id: str, **given: Any) -> None:
    embedding.embed(_context(case, "embed", exhibit_id, **given))


def _context(case: Case, step: str, scope: str, **given: Any) -> Context:
    named = {"workers": given.pop("workers", 2), "limits": given.pop("limits", None)}
    return Context(case=case, step=step, scope=scope, options=Options(**given), **named)
