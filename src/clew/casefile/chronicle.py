"""What the custody log says must be there: every check of a case starts from it.

The log is read once, from its first entry to its last. What it does not know of was planted, and
what it knows of and is not there was taken away.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from clew.casefile.custody import CustodyLog

STEP_DONE = "step done"
"""Action by which the log binds the manifest of a step."""
STEP_WITHDRAWN = "step withdrawn"
"""Action by which a step's manifest, and what it names, leaves the case."""


class Judged(msgspec.Struct, frozen=True):
    """A judgement as the log binds it."""

    number: int
    kind: str
    digest: str
    undoes: int | None = None


class Chronicle:
    """The state of a case by its custody log."""

    def __init__(self, log: CustodyLog) -> None:
        self.opening: dict[str, Any] = {}
        self.manifests: dict[tuple[str, str], str] = {}
        """Digests of the manifests in force, by step and scope."""
        self.judged: dict[int, Judged] = {}
        self.erased: dict[int, dict[str, Any]] = {}
        """Erasures, by their number."""
        self.sealed: set[str] = set()
        """Digests of the texts in the vault."""
        self.problems: list[str] = []
        """What can't be, whatever the files say."""
        self._contents: dict[str, str] = {}
        for entry in log.entries():
            told = entry.told
            if sealed := told.get("sealed"):
                self.sealed.update(sealed if isinstance(sealed, list) else [str(sealed)])
            if heard := _HEARD.get(str(told.get("action"))):
                heard(self, told)

    def hear_opening(self, told: dict[str, Any]) -> None:
        """The case was opened."""
        self.opening = self.opening or told

    def hear_done(self, told: dict[str, Any]) -> None:
        """A step was completed."""
        self.manifests[str(told["step"]), str(told["scope"])] = str(told["record"])

    def hear_withdrawal(self, told: dict[str, Any]) -> None:
        """What a step made left the case."""
        self.manifests.pop((str(told["step"]), str(told["scope"])), None)

    def hear_judgement(self, told: dict[str, Any]) -> None:
        """Somebody judged."""
        judged = msgspec.convert(told, Judged)
        if judged.number != len(self.judged) + 1:
            self.problems.append(f"judgement {judged.number} is out of order in the log")
        self.judged[judged.number] = judged

    def hear_erasure(self, told: dict[str, Any]) -> None:
        """A person was erased."""
        self.erased[int(told["erasure"])] = told

    def hear_exhibit(self, told: dict[str, Any]) -> None:
        """An exhibit was taken in."""
        exhibit = told.get("exhibit") or {}
        name, content = str(exhibit.get("exhibit_id")), str(exhibit.get("content_sha256"))
        if self._contents.setdefault(name, content) != content:
            self.problems.append(f"exhibit {name} was taken in twice, with different contents")


_HEARD: dict[str, Callable[[Chronicle, dict[str, Any]], None]] = {
    "case opened": Chronicle.hear_opening,
    STEP_DONE: Chronicle.hear_done,
    STEP_WITHDRAWN: Chronicle.hear_withdrawal,
    "judged": Chronicle.hear_judgement,
    "person erased": Chronicle.hear_erasure,
    "exhibit taken in": Chronicle.hear_exhibit,
}
