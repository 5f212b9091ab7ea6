"""The shards of one step and exhibit: each is done once, and all are published together.

A shard is named by all that decides what it yields. Its rows are kept under that name in one step,
so that a run which was killed goes on where it was, and does nothing twice.
"""

import hashlib
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol, TypeVar

from clew.casefile import Case
from clew.casefile.context import Context, Table
from clew.casefile.files import replacing_folder, writing
from clew.sandbox import GuardPool, Standing
from clew.sandbox.frames import Usage


class Shard(Protocol):
    """Some work that is done, and kept, together."""

    @property
    def name(self) -> str:
        """Digest over all that decides what it yields; a path below the folder of its step."""

    @property
    def size(self) -> int:
        """Bytes to read."""


S = TypeVar("S", bound=Shard)


class ShardFolder:
    """Where the shards of one step and exhibit keep their rows until they are published."""

    def __init__(self, case: Case, step: str, exhibit_id: str) -> None:
        self.path = case.folder / "work" / step / exhibit_id

    def keep(self, name: str, fill: Callable[[Path], None]) -> Path:
        """Keep what ``fill`` writes under a name, unless that is there; where it lies."""
        folder = self.path / name
        if not folder.is_dir():
            with replacing_folder(folder) as hidden:
                fill(hidden)
        return folder

    def remove(self) -> None:
        """Remove what was only needed on the way."""
        with writing("clearing up"):
            shutil.rmtree(self.path, ignore_errors=True)


class ShardRun:
    """Does the shards of one step and exhibit, and publishes what they yield."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self.folder = ShardFolder(context.case, context.step, context.scope)
        self.standing: Standing | None = None
        """How far the workers were locked down; None where none was needed."""
        self.usage = Usage()
        """What the workers used."""

    def run(
        self, label: str, shards: Sequence[S], task: Callable[[S, Path, GuardPool], None]
    ) -> list[Path]:
        """Do every shard that is not done, and return where their rows are, in order."""
        context = self._context
        context.progress.start(label, sum(shard.size for shard in shards))
        with GuardPool(context.limits, context.case.scratch) as guards:

            def keep(shard: S) -> None:
                self.folder.keep(shard.name, lambda hidden: task(shard, hidden, guards))

            for shard, _ in context.engine.shards(keep, shards, context.workers):
                context.progress.advance(shard.size)
            self.standing, self.usage = guards.standing, guards.usage
        context.progress.finish()
        return [self.folder.path / shard.name for shard in shards]

    def publish(
        self, *tables: Table, key: str, detail: Mapping[str, str] | None = None, keep: bool = False
    ) -> None:
        """Make the step's tables count, and remove what its shards kept, unless it is asked again.

        Whoever lets it ``keep`` that removes the folder.
        """
        self._context.publish(*tables, key=key, detail=detail)
        if not keep:
            self.folder.remove()


def short_digest(*parts: object) -> str:
    """Digest over what decides about a shard."""
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]
