"""What the custody log says must be there: every check of a case starts from it.

The log is read once, from its first entry to its last. What it does not know of was planted, and
what it knows of and is not there was taken away.
"""

from collections import Counter
from collections.abc import Callable
from functools import cached_property
from typing import Any

import msgspec

from clew.casefile.custody import CustodyLog
from clew.casefile.exchanged import (
    PACKAGE_BEGUN,
    PACKAGE_GONE,
    PACKAGE_LEAVING,
    PACKAGE_RECALLED,
    Exchanged,
)

STEP_DONE = "step done"
"""Action by which the log binds the manifest of a step."""
STEP_WITHDRAWN = "step withdrawn"
"""Action by which a step's manifest, and what it names, leaves the case."""
STEP_LOST = "step lost"
"""Action that says that a manifest was found missing, and that its step is to be done anew."""
EXHIBIT_TAKEN_IN = "exhibit taken in"
"""Action that names an exhibit; what is said of its holder is sealed."""
READ = "read"
"""Action that says who read what, and for which purpose; whom it is about is sealed."""
ERASURE_DONE = "erasure done"
"""Action that says that every table was written anew without whom an erasure is about."""
RUN_LOG_BEGUN, RUN_LOG = "run log begun", "run log"
"""Actions that name a run log, and bind it once it is at its end."""


class Judged(msgspec.Struct, frozen=True):
    """A judgement as the log binds it."""

    number: int
    kind: str
    digest: str
    undoes: int | None = None
    key: str = ""
    """Key that signed it, or that lay with whoever judged."""
    signature: str = ""


class Chronicle:
    """The state of a case by its custody log."""

    def __init__(self, log: CustodyLog) -> None:
        self.opening: dict[str, Any] = {}
        self.manifests: dict[tuple[str, str], str] = {}
        """Digests of the manifests in force, by step and scope."""
        self.judged: dict[int, Judged] = {}
        self.erased: dict[int, dict[str, Any]] = {}
        """Erasures, by their number."""
        self.unredacted: set[int] = set()
        """Erasures whose tables were not all written anew."""
        self.sealed: set[str] = set()
        """Digests of the texts in the vault."""
        self.sealed_of: dict[str, str] = {}
        """Digest of what is said of an exhibit's holder, by exhibit."""
        self.problems: list[str] = []
        """What can't be, whatever the files say."""
        self.notices: list[str] = []
        """What is odd, was seen to, and is reported."""
        self.mappings: dict[str, str] = {}
        """Digests of the mappings that were taken in, by name."""
        self.unfinished_mappings: dict[str, str] = {}  # begun to be taken in, and not completed
        self.run_logs: dict[str, str | None] = {}
        """Digests of the run logs, by name; none of one that was not ended."""
        self.may_stage = False
        """Whether a command was begun that leaves unfinished work behind until a run is done."""
        self.earlier: dict[tuple[str, str], str] = {}
        """Digests of the manifests that were in force before, by step and scope."""
        self.unpublished_sets: set[str] = set()
        """Hash sets that were taken in, and not published since."""
        self._contents: dict[str, str] = {}
        self._attempts: Counter[str] = Counter()
        self._hear_all(log)

    @cached_property
    def exchanged(self) -> Exchanged:
        """Packages of other agencies."""
        return Exchanged()

    def _hear_all(self, log: CustodyLog) -> None:
        for entry in log.entries():
            self._hear(entry.content)

    def _hear(self, entry: dict[str, Any]) -> None:
        if sealed := entry.get("sealed"):
            self.sealed.update(sealed if isinstance(sealed, list) else [str(sealed)])
        if heard := _HEARD.get(str(entry.get("action"))):
            heard(self, entry)

    def hear_opening(self, entry: dict[str, Any]) -> None:
        """The case was opened."""
        self.opening = self.opening or entry

    def hear_done(self, entry: dict[str, Any]) -> None:
        """A step was completed."""
        step, scope = str(entry["step"]), str(entry["scope"])
        self.hear_withdrawal(entry)
        self.manifests[step, scope] = str(entry["record"])
        if step == "intake":
            self._attempts[scope] -= 1
        elif step == "hashset":
            self.unpublished_sets.discard(scope)
        elif step == "receive":
            self.exchanged.done(scope, str(entry.get("at", "")))

    def hear_withdrawal(self, entry: dict[str, Any]) -> None:
        """What a step made left the case."""
        named = str(entry["step"]), str(entry["scope"])
        if earlier := self.manifests.pop(named, None):
            self.earlier[named] = earlier

    def hear_loss(self, entry: dict[str, Any]) -> None:
        """A manifest was found missing."""
        self.hear_withdrawal(entry)
        step, scope = entry["step"], entry["scope"]
        self.notices.append(f"the manifest of {step} for {scope} was lost, and it was done anew")

    def hear_attempt(self, entry: dict[str, Any]) -> None:
        """A taking-in begins."""
        self.may_stage = True
        self._attempts[str(entry["exhibit_id"])] += 1

    def hear_mapping_begun(self, entry: dict[str, Any]) -> None:
        """The taking-in of a mapping begins."""
        self.unfinished_mappings[str(entry["name"])] = str(entry["sha256"])

    def hear_mapping(self, entry: dict[str, Any]) -> None:
        """A mapping is taken in, instead of an earlier one of its name."""
        self.mappings[str(entry["name"])] = str(entry["sha256"])
        self.unfinished_mappings.pop(str(entry["name"]), None)

    def hear_set(self, entry: dict[str, Any]) -> None:
        """A hash set is taken in."""
        self.unpublished_sets.add(f"{entry.get('set')}@{entry.get('version')}")

    def hear_run(self, _: dict[str, Any]) -> None:
        """A run begins."""
        self.may_stage = True

    def hear_run_log(self, entry: dict[str, Any]) -> None:
        """A run log begins, or ends and is bound."""
        self.run_logs[str(entry["file"])] = entry.get("sha256")
        if entry.get("is_whole"):
            self.may_stage = False

    @property
    def unfinished(self) -> set[str]:
        """Exhibits of which a taking-in was begun and not completed."""
        return {exhibit for exhibit, open_ in self._attempts.items() if open_ > 0}

    def may_publish(self, step: str, scope: str) -> bool:
        """Whether a command was begun, and not ended, that publishes this."""
        begun = {
            "intake": self.unfinished, "hashset": self.unpublished_sets,
            "receive": self.exchanged.receiving,
        }.get(step, ())  # fmt: skip
        return scope in begun or None in self.run_logs.values() or bool(self.unredacted)

    def hear_judgement(self, entry: dict[str, Any]) -> None:
        """Somebody judged."""
        judged = msgspec.convert(entry, Judged)
        if judged.number != len(self.judged) + 1:
            self.problems.append(f"judgement {judged.number} is out of order in the log")
        self.judged[judged.number] = judged

    def hear_erasure(self, entry: dict[str, Any]) -> None:
        """A person was erased."""
        self.erased[int(entry["erasure"])] = entry
        self.unredacted.add(int(entry["erasure"]))

    def hear_redaction(self, entry: dict[str, Any]) -> None:
        """All tables were written anew without the erased."""
        self.unredacted.discard(int(entry["erasure"]))

    def hear_exhibit(self, entry: dict[str, Any]) -> None:
        """An exhibit was taken in."""
        exhibit = entry.get("exhibit") or {}
        name, content = str(exhibit.get("exhibit_id")), str(exhibit.get("content_sha256"))
        if sealed := entry.get("sealed"):
            self.sealed_of[name] = str(sealed)
        if self._contents.setdefault(name, content) != content:
            self.problems.append(f"exhibit {name} was taken in twice, with different contents")


_HEARD: dict[str, Callable[[Chronicle, dict[str, Any]], None]] = {
    "case opened": Chronicle.hear_opening,
    STEP_DONE: Chronicle.hear_done,
    STEP_WITHDRAWN: Chronicle.hear_withdrawal,
    STEP_LOST: Chronicle.hear_loss,
    "taking in": Chronicle.hear_attempt,
    "taking a mapping in": Chronicle.hear_mapping_begun,
    "mapping taken in": Chronicle.hear_mapping,
    "hash set taken in": Chronicle.hear_set,
    "run": Chronicle.hear_run,
    RUN_LOG_BEGUN: Chronicle.hear_run_log,
    RUN_LOG: Chronicle.hear_run_log,
    "judged": Chronicle.hear_judgement,
    PACKAGE_BEGUN: lambda log, entry: log.exchanged.begun(entry),
    PACKAGE_RECALLED: lambda log, entry: log.exchanged.taken_back(entry),
    PACKAGE_LEAVING: lambda log, entry: log.exchanged.leaves(entry),
    PACKAGE_GONE: lambda log, entry: log.exchanged.left(entry),
    "person erased": Chronicle.hear_erasure,
    ERASURE_DONE: Chronicle.hear_redaction,
    EXHIBIT_TAKEN_IN: Chronicle.hear_exhibit,
}
