"""The step: pictures of an exhibit as vectors of a model that the user brought, where one is named.

It is off unless it is asked for. It looks at the pictures that have a fingerprint, and at no video;
what could not be decoded was reported by the step that fingerprints.
"""

import hashlib
from pathlib import Path

from clew.casefile.context import Context
from clew.facts.content import Contents
from clew.facts.fingerprints.batches import Batch, batches, given, show
from clew.facts.fingerprints.model import Model
from clew.facts.fingerprints.results import Result, Wanted, unread
from clew.facts.fingerprints.worker_calls import Call, call_for_each
from clew.records import Embedding, EmbeddingModel, Fingerprint, Unread
from clew.relations import step_queries
from clew.sandbox import GuardPool
from clew.schema import Id, Row, table_part
from clew.shards import ShardRun, part_files, write_rows

STEP = "embed"
_TASK = "clew.facts.fingerprints.embedding:embed"


def embed(context: Context) -> None:
    """Show every picture of an exhibit to a model that the user brought; without one, nothing."""
    model = context.options.embedding
    if model is False:
        _withdraw(context)
    elif model is not None and not context.is_done(key := _key(context, model)):
        _Embedding(context, model).run(key)


def _withdraw(context: Context) -> None:
    """Take the vectors of an exhibit back, if it has any."""
    done = context.case.manifests.get(context.step, context.scope)
    if done and done.outputs:
        context.publish(
            *(table_part(r, []) for r in (EmbeddingModel, Embedding, Unread)), key="none"
        )


class _Embedding:
    """One exhibit while its pictures are shown to a model."""

    def __init__(self, context: Context, model: Model) -> None:
        self._case, self._id = context.case, context.scope
        self._contents = Contents(context.case, context.scope)
        self._model = model
        self._named = {"algorithm": model.algorithm, "version": model.version}
        self._call = Call(_TASK, model.argument, {"model": model.file})
        self._shards = ShardRun(context)

    def run(self, key: str) -> None:
        """Show the model every picture that it has not seen in this case, and publish the rows."""
        queries, exhibit = step_queries(), {"exhibit": self._id}
        rows = self._case.rows(queries["embedding_wanted"], **exhibit, **self._named)
        wanted = [Wanted(exhibit_id=self._id, **row) for row in rows]
        below = hashlib.sha256(repr(tuple(self._named.values())).encode()).hexdigest()[:16]
        label = f"embeddings {self._id}, files: {len(wanted)}"
        folders = self._shards.run(label, batches(wanted, below), self._show) if wanted else []
        for name, row in (("staged_embeddings", Embedding), ("staged_unread", Unread)):
            show(self._case.engine, name, row, part_files(folders, row))
        self._shards.publish(
            table_part(EmbeddingModel, [self._model_row()]),
            self._case.derived(Embedding, queries["exhibit_embeddings"], **exhibit, **self._named),
            self._case.derived(Unread, queries["embedding_unread"], **exhibit),
            key=key,
        )

    def _show(self, batch: Batch, folder: Path, guards: GuardPool) -> None:
        """Task: show the model the pictures of a batch, and keep what it makes of them."""
        guard = guards.mine()
        files = list(given(self._case, self._contents, batch, guard))
        found: list[Row] = []
        call_for_each(
            self._call, files, guard, lambda w, result: found.append(self._row(w, result))
        )
        guard.clear()
        write_rows(folder, found)

    def _model_row(self) -> EmbeddingModel:
        contract = self._model.contract
        return EmbeddingModel(
            exhibit_id=Id(self._id), **self._named, file_name=self._model.file.name,
            size=self._model.size, dimensions=self._model.dimensions, contract=contract.json,
            contract_sha256=contract.sha256, review_distance=contract.review_distance,
        )  # fmt: skip

    def _row(self, wanted: Wanted, result: Result) -> Row:
        if result.vector is None:
            return unread(wanted, *(result.problem or ("model", ())), reader=STEP)
        return Embedding(
            exhibit_id=Id(wanted.exhibit_id), source_id=wanted.sha256, locator="file",
            **self._named, dimensions=len(result.vector.vector) // 8, vector=result.vector.vector,
            decode_path=result.vector.decode_path,
        )  # fmt: skip


def _key(context: Context, model: Model) -> str:
    """Digest over the exhibit's fingerprints and all that decides a vector."""
    done = context.case.manifests.get("fingerprint", context.scope)
    prints = [o.sha256 for o in done.outputs if o.table == Fingerprint.table_name] if done else []
    decides = prints, model.algorithm, model.version
    return hashlib.sha256(repr(decides).encode()).hexdigest()
