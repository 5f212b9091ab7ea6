"""Rows put into a case as a step would put them: the one builder that tests of findings use."""

from __future__ import annotations

from clew.casefile.step_manifest import StepManifest
from clew.schema import table_part


def publish_step(case, step: str, scope: str, *rows) -> None:
    """The rows, each in the table of its class, as what this step wrote of this scope."""
    kinds = sorted({type(row) for row in rows}, key=lambda kind: kind.table_name)
    parts = [table_part(kind, [row for row in rows if type(row) is kind]) for kind in kinds]
    case.publish(StepManifest(step, scope, "k", ()), parts)


def publish(case, exhibit: str, *rows) -> None:
    """The rows, as read from an exhibit."""
    publish_step(case, "read", exhibit, *rows)
