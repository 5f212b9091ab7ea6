"""What every step is given: the case, the step's own queries, and what the user asked for."""

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import msgspec
import pyarrow as pa

from clew.casefile.case import Case
from clew.casefile.engine import Engine, Progress
from clew.casefile.published import Part
from clew.casefile.step_manifest import WHOLE_CASE, Output, StepManifest
from clew.casefile.store import Content
from clew.sandbox import Guard, Limits
from clew.schema import Row

Inline = Callable[[list[Content], Guard], None]
"""What is done with contents that intake just read, while their bytes are in memory."""
Table = tuple[type[Row], Part]
"""A table that a step makes, and its rows."""


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """What a user may choose of a run."""

    frames: str | None = None
    """Frames of a video that are looked at: keyframes, a frame a second, or all."""
    embedding: Any = None
    """Model that the pictures are shown to; False takes back what an earlier one made of them."""
    intake: Any = None
    """What is taken in: an ``Intake`` of the room evidence."""
    hash_set: Any = None
    """File of a hash set that is taken in, and the ``Source`` that says what it is."""
    package: Any = None
    """Package of another agency that is taken in: an ``Arrival`` of the room exchange."""
    inline: Inline | None = None


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """All that a step works with; a step takes nothing else."""

    case: Case
    step: str
    """Name of the step."""
    scope: str = WHOLE_CASE
    """The exhibit that the step is to work on, or the whole case."""
    key: str = ""
    """Digest over what the step reads and the version that does it."""
    queries: Mapping[str, str] = {}
    """The queries that the step declared, by name; it can ask no others."""
    progress: Progress = msgspec.field(default_factory=Progress)
    workers: int | None = None
    limits: Limits | None = None
    options: Options = Options()

    @property
    def engine(self) -> Engine:
        """What answers queries and runs shards."""
        return self.case.engine

    def query(self, name: str, **parameters: Any) -> pa.Table:
        """Result of one of the step's queries, as an Arrow table."""
        return self.engine.query(self.queries[name], **parameters)

    def rows(self, name: str, **parameters: Any) -> list[dict[str, Any]]:
        """Result of one of the step's queries as dictionaries; for small results."""
        return self.query(name, **parameters).to_pylist()  # type: ignore[no-any-return]

    @contextlib.contextmanager
    def once(self, *names: str) -> Iterator[None]:
        """Work relations out once; queries then ask for their rows and not for their SQL."""
        with contextlib.ExitStack() as kept:
            for name in names:
                rows = self.engine.query(f'SELECT * FROM "{name}"')  # noqa: S608 - declared names
                kept.enter_context(self.engine.with_tables(**{name: rows}))
            yield

    def derived(self, row: type[Row], name: str, **parameters: Any) -> Table:
        """A table that one of the step's queries makes."""
        return self.case.derived(row, self.queries[name], **parameters)

    def is_done(self, key: str) -> bool:
        """Whether the step was done for this scope with the same inputs."""
        done = self.case.manifests.get(self.step, self.scope)
        return done is not None and done.key == key

    def publish(
        self,
        *tables: Table,
        key: str | None = None,
        detail: Mapping[str, str] | None = None,
        beside: Sequence[Output] = (),
    ) -> StepManifest:
        """Write the step's tables, and the record that makes them count."""
        key = self.key if key is None else key
        done = StepManifest(self.step, self.scope, key, (), dict(detail or {}))
        return self.case.publish(done, tables, tuple(beside))
