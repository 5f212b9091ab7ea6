"""The step: pictures of an exhibit as vectors of a model that the user brought, where one is named.

It is off unless it is asked for. It looks at the pictures that have a fingerprint, and at no video;
what could not be decoded was told by the step that fingerprints.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import pyarrow as pa

from clew.casefile import Case, each
from clew.casefile.engine import Progress
from clew.casefile.files import replacing_folder, writing
from clew.casefile.parquet import write_part
from clew.casefile.step_manifest import StepManifest
from clew.facts.content import Contents
from clew.facts.fingerprints.model import Model
from clew.facts.fingerprints.results import Looked, Wanted, unread
from clew.facts.fingerprints.staging import Batch, given
from clew.facts.fingerprints.step import FRAMES, cut
from clew.facts.fingerprints.worker_calls import Asked, answers
from clew.records.embeddings import Embedding, EmbeddingModel
from clew.records.facts import Fingerprint, Unread
from clew.sandbox import GuardPool, Limits
from clew.schema import Id, Row, arrow_schema, batch, to_arrow

STEP = "embed"
_TASK = "clew.facts.fingerprints.embedding:embed"
_TABLES: tuple[type[Row], ...] = (Embedding, Unread)
_ORDER = {"embeddings": "source_id", "unread": "source_id, code, reason"}


def embed(  # noqa: PLR0913, PLR0917 - as every step, and the model
    case: Case,
    exhibit_id: str,
    progress: Progress,
    workers: int | None = None,
    limits: Limits | None = None,
    model: Model | None = None,
) -> None:
    """Show every picture of an exhibit to a model that the user brought; without one, nothing."""
    done = case.manifests.get(STEP, exhibit_id)
    if model is None:
        return
    key = _key(case, exhibit_id, model)
    if done and done.key == key:
        return
    work = _Exhibit(case, exhibit_id, model)
    work.show(progress, workers, limits)
    work.publish(key)


def withdraw(case: Case, exhibit_id: str) -> None:
    """Take the vectors of an exhibit back, if it has any."""
    done = case.manifests.get(STEP, exhibit_id)
    if done and done.outputs:
        rows: tuple[type[Row], ...] = (EmbeddingModel, *_TABLES)
        case.publish(
            StepManifest(STEP, exhibit_id, "none", ()), [(row, lambda: iter(())) for row in rows]
        )


class _Exhibit:
    """One exhibit while its pictures are shown to a model."""

    def __init__(self, case: Case, exhibit_id: str, model: Model) -> None:
        self._case = case
        self._id = exhibit_id
        self._model = model
        self._asked = Asked(_TASK, model.argument, {"model": model.file})
        named = hashlib.sha256(repr((model.algorithm, model.version)).encode()).hexdigest()[:16]
        self._folder = case.folder / "work" / STEP / exhibit_id / named

    def show(self, progress: Progress, workers: int | None, limits: Limits | None) -> None:
        """Show the model every picture that it has not seen in this case."""
        batches = [b for b in cut(self._wanted(), FRAMES[0]) if not self._place(b).is_dir()]
        if not batches:
            return
        contents = Contents(self._case, self._id)
        files = sum(len(b.files) for b in batches)
        progress.start(f"embeddings {self._id}, {files} files", sum(b.bytes for b in batches))
        with GuardPool(limits, self._case.scratch) as guards:

            def task(waiting: Batch) -> None:
                guard = guards.mine()
                files = list(given(self._case, contents, waiting, guard))
                self._keep(waiting, answers(self._asked, files, guard))
                guard.clear()

            for ended, _ in each(task, batches, workers):
                progress.advance(ended.bytes)
        progress.finish()

    def publish(self, key: str) -> None:
        """Put the tables together, and make them count."""
        model = EmbeddingModel(
            exhibit_id=Id(self._id), algorithm=self._model.algorithm, version=self._model.version,
            file_name=self._model.file.name, size=self._model.size,
            dimensions=self._model.dimensions, contract=self._model.contract.json,
            contract_sha256=self._model.contract.sha256,
            review_distance=self._model.contract.review_distance,
        )  # fmt: skip
        named = to_arrow(EmbeddingModel, [model])
        parts: list[tuple[type[Row], Any]] = [
            (EmbeddingModel, lambda: iter(named.to_batches())),
            *((row, lambda row=row: self._whole(row)) for row in _TABLES),
        ]
        self._case.publish(StepManifest(STEP, self._id, key, ()), parts)
        with writing("clearing up"):
            shutil.rmtree(self._folder.parent, ignore_errors=True)

    def _place(self, waiting: Batch) -> Path:
        return self._folder / waiting.name

    def _keep(self, waiting: Batch, seen: Iterator[tuple[Wanted, Looked]]) -> None:
        """Keep a batch's rows, which are found again after an interruption."""
        found: dict[type[Row], list[Row]] = {}
        for wanted, looked in seen:
            row = self._row(wanted, looked)
            found.setdefault(type(row), []).append(row)
        with replacing_folder(self._place(waiting)) as hidden:
            for table, held in found.items():
                batches = to_arrow(table, held).to_batches()
                write_part(table, hidden / f"{table.table_name}.parquet", batches)

    def _row(self, wanted: Wanted, looked: Looked) -> Row:
        if looked.vector is None:
            code, reason = looked.problem or ("model", "the model said nothing of it")
            return unread(wanted, code, reason, reader=STEP)
        return Embedding(
            exhibit_id=Id(wanted.exhibit_id), source_id=wanted.sha256, locator="file",
            algorithm=self._model.algorithm, version=self._model.version,
            dimensions=len(looked.vector.vector) // 8, vector=looked.vector.vector,
            decode_path=looked.vector.decode_path,
        )  # fmt: skip

    def _wanted(self) -> Iterator[Wanted]:
        """Pictures of the exhibit that the model has not seen under another one."""
        query = resources.files("clew.facts").joinpath("sql", "embeddings_wanted.sql")
        rows = self._case.rows(
            query.read_text("utf-8"), exhibit=self._id, algorithm=self._model.algorithm,
            version=self._model.version,
        )  # fmt: skip
        yield from (Wanted(exhibit_id=self._id, **row) for row in rows)

    def _whole(self, row: type[Row]) -> Iterator[pa.RecordBatch]:
        """A whole table of the exhibit: what was seen here, and under other exhibits."""
        files = [str(file) for file in sorted(self._folder.glob(f"[!.]*/{row.table_name}.parquet"))]
        columns = ", ".join(f'"{name}"' for name in row.__struct_fields__ if name != "exhibit_id")
        sources = [f"SELECT {columns} FROM {_read(files)}"] if files else []  # noqa: S608 - quoted
        parameters: dict[str, Any] = {"exhibit": self._id}
        if row is Embedding:
            sources.append(_ELSEWHERE.replace("$COLUMNS", columns))
            parameters |= {"algorithm": self._model.algorithm, "version": self._model.version}
        union = " UNION ALL ".join(sources)
        if not union:
            return
        query = (
            f"SELECT DISTINCT $exhibit AS exhibit_id, {columns} FROM ({union}) "  # noqa: S608 - declared
            f"ORDER BY {_ORDER[row.table_name]}"
        )
        found = self._case.db.sql(query, params=parameters)
        for part in pa.RecordBatchReader.from_stream(found):
            held = {name: part.column(name) for name in arrow_schema(row).names}
            yield batch(row, part.num_rows, **held).data


_ELSEWHERE = """
SELECT $COLUMNS FROM embeddings WHERE algorithm = $algorithm AND version = $version
AND source_id IN (SELECT source_id FROM fingerprints WHERE exhibit_id = $exhibit)
"""


def _key(case: Case, exhibit_id: str, model: Model) -> str:
    """Digest over the exhibit's fingerprints and all that decides a vector."""
    done = case.manifests.get("fingerprint", exhibit_id)
    prints = [o.sha256 for o in done.outputs if o.table == Fingerprint.table_name] if done else []
    decides = prints, model.algorithm, model.version
    return hashlib.sha256(repr(decides).encode()).hexdigest()


def _read(files: list[str]) -> str:
    listed = ", ".join("'" + file.replace("'", "''") + "'" for file in files)
    return f"read_parquet([{listed}])"
