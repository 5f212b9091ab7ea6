"""Manifests of steps: for each step and exhibit the key of its inputs and the files it wrote.

A table's file counts only if a manifest names it, so nobody ever sees half of a step; a step whose
manifest has the same key is not done again. Files are named by their content, so that those of an
earlier generation lie beside the new ones until the new manifest is in force.
"""

import contextlib
import hashlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import msgspec

from clew.casefile.files import sha256_of, sync, write_text, writing
from clew.errors import EvidenceError
from clew.schema import Home

WHOLE_CASE = "case"
"""Scope of a step that works on all exhibits at once."""


_STAGED, _REPLACED = _BESIDE = (".staged", ".replaced")


class Output(msgspec.Struct, frozen=True):
    """A file that a step wrote."""

    table: str
    file: str
    """Path within the case."""
    rows: int
    sha256: str

    @property
    def is_in_a_home(self) -> bool:
        """Whether the path leads to where tables are kept, and nowhere else."""
        first, *others = PurePosixPath(self.file).parts
        return first in (*Home, "restricted") and ".." not in others


class StepManifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a step made: it is complete for an exhibit, or for the whole case."""

    step: str
    scope: str
    key: str
    """Digest over the inputs, versions and options it was done with."""
    outputs: tuple[Output, ...]
    detail: dict[str, str] = {}
    """What else the step wants to find again."""

    @property
    def text(self) -> str:
        """The manifest as it is written."""
        return msgspec.json.format(msgspec.json.encode(self), indent=1).decode()

    @property
    def sha256(self) -> str:
        """Digest by which the custody log knows it."""
        return hashlib.sha256(self.text.encode()).hexdigest()


class StepManifests:
    """Manifests under ``done/``. Which of two counts is for the custody log to say.

    A manifest comes in two moves: it is staged beside the one in force, and once the log has its
    digest it replaces that one. A process that dies between leaves both, and the next one that
    writes ends what was begun or takes it back.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def get(self, step: str, scope: str) -> StepManifest | None:
        """The manifest, or None where the step is not complete."""
        return _read(self._file(step, scope), step, scope)

    def every(self) -> Iterator[StepManifest]:
        """All manifests, in order of step and scope."""
        for file in sorted(self.folder.glob("*/*.json")):
            if manifest := _read(file, file.parent.name, file.stem):
                yield manifest

    def digests(self) -> dict[tuple[str, str], str]:
        """SHA-256 of each manifest as it stands on the disk, by step and scope."""
        files = sorted(self.folder.glob("*/*.json"))
        return {(file.parent.name, file.stem): sha256_of(file) for file in files}

    def stage(self, manifest: StepManifest) -> None:
        """Lay a manifest beside the one in force."""
        write_text(self._file(manifest.step, manifest.scope, _STAGED), manifest.text)

    def set_aside(self, step: str, scope: str) -> None:
        """Take the manifest in force away, so that it can be put back."""
        file = self._file(step, scope)
        with writing("taking a step back"):
            file.replace(self._file(step, scope, _REPLACED))
            sync(file.parent)

    def beside(self) -> Iterator[tuple[Path, tuple[str, str], bool]]:
        """Files beside the manifests in force, each with step and scope, and whether it is staged.

        A process died while it published them.
        """
        for ending in _BESIDE:
            for file in sorted(self.folder.glob(f"*/*{ending}")):
                yield file, (file.parent.name, file.name.rpartition(".json")[0]), ending == _STAGED

    def unsettled(self) -> set[tuple[str, str]]:
        """Steps and scopes of which a process died while it published them."""
        return {named for _, named, _ in self.beside()}

    def versions(self, step: str, scope: str) -> dict[str, StepManifest]:
        """What lies there, by its digest: the manifest in force, and what is staged or replaced.

        What is damaged is left out: it can't be put in force.
        """
        found = {}
        for file in (self._file(step, scope, ending) for ending in ("", *_BESIDE)):
            with contextlib.suppress(EvidenceError):
                if manifest := _read(file, step, scope):
                    found[sha256_of(file)] = manifest
        return found

    def put_in_force(self, step: str, scope: str, digest: str | None) -> None:
        """Let the manifest of this digest be in force, or none; an earlier one is kept beside."""
        in_force = self._file(step, scope)
        staged, replaced = (self._file(step, scope, ending) for ending in _BESIDE)
        files = [file for file in (in_force, staged, replaced) if file.is_file()]
        right = next((file for file in files if sha256_of(file) == digest), None)
        with writing("putting a step's manifest in force"):
            if digest is None and in_force in files:
                in_force.replace(replaced)
            elif right == staged:
                if in_force in files:
                    replaced.unlink(missing_ok=True)
                    replaced.hardlink_to(in_force)
                staged.replace(in_force)
            elif right == replaced:
                replaced.replace(in_force)
            if files:
                sync(in_force.parent)

    def clear(self, step: str, scope: str, case: Path) -> None:
        """Remove what lies beside the manifest in force, and the files that only that names."""
        in_force = self.get(step, scope)
        kept = {out.file for out in in_force.outputs} if in_force else set()
        with writing("removing earlier tables"):
            for other in self.versions(step, scope).values():
                for out in other.outputs:
                    if out.file not in kept and out.is_in_a_home:
                        (case / out.file).unlink(missing_ok=True)
            for ending in _BESIDE:
                self._file(step, scope, ending).unlink(missing_ok=True)

    def _file(self, step: str, scope: str, ending: str = "") -> Path:
        return self.folder / step / f"{scope}.json{ending}"


def _read(file: Path, step: str, scope: str) -> StepManifest | None:
    if not file.is_file():
        return None
    try:
        manifest = msgspec.json.decode(file.read_bytes(), type=StepManifest)
    except (msgspec.MsgspecError, OSError, UnicodeError) as error:
        raise _damaged(step, scope, error) from error
    if (manifest.step, manifest.scope) != (step, scope):
        raise _damaged(step, scope, f"it is of {manifest.step!r} for {manifest.scope}")
    return manifest


def _damaged(step: str, scope: str, why: object) -> EvidenceError:
    return EvidenceError(
        f"the manifest of step {step!r} for {scope} is damaged: {why}",
        do=f"Restore {scope}.json in done/{step} from your backup.",
    )
