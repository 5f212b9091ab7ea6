"""Snapshots: a whole case's tables of one generation, which no run beside it can change.

A snapshot is a folder of hard links to the files that the manifests name, so that it costs no space
and a file lives as long as somebody reads it. Its id is the digest of those manifests.
"""

import contextlib
import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from clew.casefile.chronicle import Chronicle
from clew.casefile.custody import CustodyLog
from clew.casefile.files import writing
from clew.casefile.published import Published, generation_lock
from clew.casefile.step_manifest import StepManifest
from clew.errors import EvidenceError

FOLDER = "snapshots"
_LOCK = ".lock"
_PREFIX = "clew-"
"""How the name of a snapshot begins; other folders are none, and stay."""


class Snapshot:
    """Tables of one generation; ``release`` when they are read."""

    def __init__(self, case: Path, published: Published, custody: CustodyLog) -> None:
        with writing("taking a snapshot of the tables"):
            (case / FOLDER).mkdir(exist_ok=True, mode=0o700)
            self.folder, self._lock = _locked(case / FOLDER)
        try:
            with generation_lock(case, fcntl.LOCK_SH):
                log = Chronicle(custody)
                self.manifests: tuple[StepManifest, ...] = tuple(published.in_force(log))
                self._link(case)
        except BaseException:
            self.release()
            raise

    @property
    def id(self) -> str:
        """Generation of the tables: equal wherever the same steps made the same files."""
        return generation({(m.step, m.scope): m.sha256 for m in self.manifests})

    def release(self) -> None:
        """Let the files go."""
        shutil.rmtree(self.folder, ignore_errors=True)
        with contextlib.suppress(OSError):  # it may be released already
            os.close(self._lock)

    def _link(self, case: Path) -> None:
        """Link every file that a manifest names; copy it where the disk knows no links."""
        made: set[Path] = set()
        with writing("taking a snapshot of the tables"):
            for file in (out.file for manifest in self.manifests for out in manifest.outputs):
                folder = (self.folder / file).parent
                if folder not in made:
                    folder.mkdir(parents=True, exist_ok=True)
                    made.add(folder)
                _link(f"{case}/{file}", f"{self.folder}/{file}")


def _locked(folder: Path) -> tuple[Path, int]:
    """A new folder that this process has locked; one that was swept before that is left."""
    while True:
        made = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=folder))
        with contextlib.suppress(FileNotFoundError):
            handle = os.open(made / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC)
            fcntl.flock(handle, fcntl.LOCK_EX)
            if (made / _LOCK).exists():
                return made, handle
            os.close(handle)


def _link(file: str, name: str) -> None:
    try:
        os.link(file, name)
    except FileNotFoundError:
        raise EvidenceError(
            f"{Path(file).name} is missing from the case",
            do="Run: clew verify CASE, and restore what is missing from your backup.",
        ) from None
    except OSError:
        shutil.copy2(file, name)


def generation(manifests: Mapping[tuple[str, str], str]) -> str:
    """Id of the generation that consists of manifests, given by the digest of each."""
    lines = sorted(f"{step}\t{scope}\t{digest}\n" for (step, scope), digest in manifests.items())
    return hashlib.sha256("".join(lines).encode()).hexdigest()[:16]


def sweep(case: Path) -> None:
    """Remove snapshots whose process is gone."""
    for folder in _folders(case):
        with contextlib.suppress(OSError):  # another process may remove it just now
            handle = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
            finally:
                os.close(handle)


def _folders(case: Path) -> Iterator[Path]:
    folder = case / FOLDER
    yield from sorted(folder.glob(f"{_PREFIX}*")) if folder.is_dir() else ()
