"""What the custody log says of packages between agencies: digests, counts and nobody's name."""

from typing import Any

PACKAGE_BEGUN = "package begun"
"""Action that says that a package of others begins to be taken in."""
PACKAGE_OFFERED = "package offered"
"""Action that says that a package was opened or refused, and why: one for every attempt."""
PACKAGE_RECALLED = "package recalled"
"""Action that says that a sender takes a package back, which may not have come yet."""
PACKAGE_LEAVING, PACKAGE_GONE = "package leaving", "package gone"
"""Actions around what takes a package of others out again, and all that followed from it."""


class Exchanged:
    """Packages of others by the custody log."""

    def __init__(self) -> None:
        self.receiving: set[str] = set()
        """Packages that began to be taken in, and are not there yet."""
        self.superseded: dict[tuple[str, str], str] = {}
        """By sender and package, the later package that replaced it."""
        self.recalled: set[tuple[str, str]] = set()
        """Packages that their senders took back, whether or not they had come."""
        self.leaving: dict[str, dict[str, Any]] = {}
        """Packages that are being taken out, with why: a command was killed."""
        self.gone: dict[str, dict[str, Any]] = {}
        """Packages that were taken out, with what the log keeps of each."""
        self.came: dict[str, str] = {}
        """When each package that is there was taken in."""
        self._taking_over: dict[str, tuple[str, str]] = {}

    def begun(self, entry: dict[str, Any]) -> None:
        """A package begins to be taken in."""
        package = str(entry["package"])
        self.receiving.add(package)
        if earlier := entry.get("supersedes"):
            self._taking_over[package] = str(entry["partner"]), str(earlier)

    def done(self, package: str, at: str = "") -> None:
        """A package was taken in, or written anew without somebody who was erased."""
        self.receiving.discard(package)
        self.came.setdefault(package, at)
        self.gone.pop(package, None)
        if earlier := self._taking_over.pop(package, None):
            self.superseded[earlier] = package

    def taken_back(self, entry: dict[str, Any]) -> None:
        """A sender takes a package back."""
        self.recalled.add((str(entry["partner"]), str(entry["package"])))

    def leaves(self, entry: dict[str, Any]) -> None:
        """A package is taken out: recalled by its sender, superseded, or forgotten."""
        self.leaving[str(entry["package"])] = entry

    def left(self, entry: dict[str, Any]) -> None:
        """A package is gone, and all that followed from it."""
        package = str(entry["package"])
        self.came.pop(package, None)
        self.gone[package] = self.leaving.pop(package, entry)
