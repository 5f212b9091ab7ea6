"""Tables of a case as steps publish them: written, bound by the custody log, then put in force.

A file is named by its content and never written over. Readers see the earlier tables of a step
until the manifest of the later ones replaces theirs, which happens in one move and under
a lock, so that whoever takes a snapshot has one generation.
"""

import contextlib
import fcntl
import os
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec
import pyarrow as pa

from clew.casefile.chronicle import STEP_DONE, STEP_LOST, STEP_WITHDRAWN, Chronicle
from clew.casefile.custody import CustodyLog
from clew.casefile.files import HIDDEN, sha256_of, sync, writing
from clew.casefile.parquet import count_rows, read_part, write_part
from clew.casefile.received import OVER_RECEIVED
from clew.casefile.received import STEP as RECEIVE
from clew.casefile.step_manifest import Output, StepManifest, StepManifests
from clew.errors import EvidenceError
from clew.records import Unread
from clew.schema import Home, Row

Part = Callable[[], Iterator[pa.RecordBatch]] | Path
"""Rows of a table, in batches, or a finished file of it."""
RecordBatches = Iterator[pa.RecordBatch]
_TAKEN_IN = ("intake", "hashset", RECEIVE)
"""Steps whose tables can't be made again from what the case holds."""
_DIGITS = 12
_NAMED = re.compile(rf"\.[0-9a-f]{{{_DIGITS}}}\.parquet$")


class Published:
    """The tables under one case folder."""

    def __init__(self, folder: Path, custody: CustodyLog) -> None:
        self.folder = folder
        self.manifests = StepManifests(folder / "done")
        self._custody = custody
        self.redact: Callable[[type[Row], RecordBatches], RecordBatches] | None = None
        """What takes the erased out of whatever is written."""

    def publish(
        self, manifest: StepManifest, parts: Sequence[tuple[type[Row], Part]],
        beside: tuple[Output, ...] = (), **about: object,
    ) -> StepManifest:  # fmt: skip
        """Write the tables of a step, bind them by the log, and let them be in force.

        A table comes as batches, or as a finished file, which is linked and not written again.
        ``beside`` names files that are where they belong already.
        """
        step, scope = manifest.step, manifest.scope
        with self._written(manifest, parts) as written:
            outputs = [output for output, _ in written]
            named = sorted((*outputs, *beside), key=lambda out: (out.table, out.file))
            complete = msgspec.structs.replace(manifest, outputs=tuple(named))
            self.manifests.stage(complete)
            self._named(written)
        with generation_lock(self.folder, fcntl.LOCK_EX):
            self._custody.append(STEP_DONE, step=step, scope=scope, record=complete.sha256, **about)
            self.manifests.put_in_force(step, scope, complete.sha256)
        self.manifests.clear(step, scope, self.folder)
        return complete

    def withdraw(self, step: str, scope: str) -> None:
        """Take back what a step made, for good."""
        with generation_lock(self.folder, fcntl.LOCK_EX):
            self.manifests.set_aside(step, scope)
            self._custody.append(STEP_WITHDRAWN, step=step, scope=scope)
        self.manifests.clear(step, scope, self.folder)

    def recover(self) -> None:
        """End or take back what a killed process left half-done, as the custody log says.

        Raises EvidenceError where tables are gone that can't be made again. Of others the log says
        that they were lost, and their step is done anew.
        """
        log = Chronicle(self._custody)
        for step, scope in sorted(self.manifests.unsettled()):
            self.manifests.put_in_force(step, scope, log.manifests.get((step, scope)))
            self.manifests.clear(step, scope, self.folder)
        for staged in sorted((self.folder / "mappings").glob("*.yaml.staged")):
            with writing("taking a mapping in"):
                if sha256_of(staged) == log.mappings.get(staged.name.removesuffix(".yaml.staged")):
                    staged.replace(staged.with_suffix(""))
                staged.unlink(missing_ok=True)
        found = self.manifests.digests()
        for (step, scope), digest in sorted(log.manifests.items()):
            if found.get((step, scope)) == digest:
                continue
            if step in _TAKEN_IN:
                raise lost(step, scope)
            with generation_lock(self.folder, fcntl.LOCK_EX):
                self._custody.append(STEP_LOST, step=step, scope=scope, record=digest)
                self.manifests.put_in_force(step, scope, None)
            self.manifests.clear(step, scope, self.folder)
            self._remove_unnamed()

    def in_force(self, log: Chronicle) -> Iterator[StepManifest]:
        """The manifests that the log binds; EvidenceError where one is gone or another."""
        for (step, scope), digest in sorted(log.manifests.items()):
            manifest = self.manifests.versions(step, scope).get(digest)
            if manifest is None:
                raise lost(step, scope)
            yield manifest

    def file_of(self, row: type[Row], scope: str, step: str, digest: str) -> str:
        """Where a table of an exhibit, of a hash set, or of the whole case is kept.

        Whatever step meets what it can't read says so in one table, in a file of its own.
        """
        match row.home:
            case Home.HASHSETS | Home.RECEIVED:
                within = f"{scope}/{row.table_name}"
            case Home.FINDINGS if scope in OVER_RECEIVED:
                return f"{Home.RECEIVED}/{scope}/{row.table_name}.{digest[:_DIGITS]}.parquet"
            case Home.FINDINGS | Home.JUDGEMENTS:
                within = row.table_name
            case Home.EVIDENCE | Home.FACTS:
                part = f".{step}" if row is Unread and step != "read" else ""
                within = f"{row.table_name}/exhibit={scope}{part}"
        return f"{row.home}/{within}.{digest[:_DIGITS]}.parquet"

    @contextlib.contextmanager
    def _written(
        self, manifest: StepManifest, parts: Sequence[tuple[type[Row], Part]]
    ) -> Iterator[list[tuple[Output, Path]]]:
        """The tables under hidden names, on the disk, and what they are to be called."""
        written: list[tuple[Output, Path]] = []
        try:
            with writing(f"writing the tables of {manifest.step}"):
                for row, part in parts:
                    hidden = self._hidden(row, manifest)
                    written.append((Output("", "", 0, ""), hidden))
                    rows = self._write(row, hidden, part)
                    digest = sha256_of(hidden)
                    file = self.file_of(row, manifest.scope, manifest.step, digest)
                    written[-1] = (Output(row.table_name, file, rows, digest), hidden)
            kept = [(output, hidden) for output, hidden in written if output.rows]
            yield kept
        finally:
            for _, hidden in written:
                hidden.unlink(missing_ok=True)

    def _hidden(self, row: type[Row], manifest: StepManifest) -> Path:
        folder = (self.folder / self.file_of(row, manifest.scope, manifest.step, "")).parent
        folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=HIDDEN, dir=folder)
        os.close(handle)
        return Path(name)

    def _write(self, row: type[Row], hidden: Path, part: Part) -> int:
        if isinstance(part, Path) and self.redact is None:
            hidden.unlink()
            hidden.hardlink_to(part)
            rows = count_rows(part)
        else:
            batches = read_part(part) if isinstance(part, Path) else part()
            rows = write_part(row, hidden, self.redact(row, batches) if self.redact else batches)
        hidden.chmod(0o640)
        sync(hidden)
        return rows

    def _named(self, written: list[tuple[Output, Path]]) -> None:
        """Give the tables the names that their staged manifest gives them."""
        with writing("writing tables"):
            for output, hidden in written:
                hidden.replace(self.folder / output.file)
            for folder in {hidden.parent for _, hidden in written}:
                sync(folder)

    def _remove_unnamed(self) -> None:
        """Remove tables of steps whose manifest was lost, which nothing names any more."""
        named = {out.file for manifest in self.manifests.every() for out in manifest.outputs}
        for home in (Home.FACTS, Home.FINDINGS, Home.JUDGEMENTS, Home.RECEIVED):
            for file in sorted((self.folder / home).rglob("*.parquet")):
                if _NAMED.search(file.name) and str(file.relative_to(self.folder)) not in named:
                    file.unlink()


@contextlib.contextmanager
def generation_lock(folder: Path, kind: int) -> Iterator[None]:
    """Hold the manifests still, for those who read them or for the one who changes them."""
    with writing("locking the tables"):
        handle = os.open(folder / ".generation", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
    try:
        fcntl.flock(handle, kind)
        yield
    finally:
        os.close(handle)


def lost(step: str, scope: str) -> EvidenceError:
    """What to say where a manifest is gone, or is not the one that the log binds."""
    return EvidenceError(
        f"the manifest of {step} for {scope} is not the one that the custody log binds",
        do="Run: clew verify CASE. Restore done/ from your backup; conclusions are drawn anew by "
        "clew run.",
    )
