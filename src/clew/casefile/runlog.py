"""The run log: what was done when, how long it took; for people who look after the machine."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from clew.casefile.files import writing


class RunLog:
    """One file of JSON lines a run. It holds no text, name or number from the evidence."""

    def __init__(self, folder: Path) -> None:
        name = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ.jsonl")
        self._file = folder / name

    def write(self, event: str, **detail: object) -> None:
        """Write one line down."""
        line = {"at": datetime.now(UTC).isoformat(), "event": event, **detail}
        with writing("writing the run log"):
            self._file.parent.mkdir(exist_ok=True)
            with self._file.open("ab") as out:
                out.write(msgspec.json.encode(line) + b"\n")

    @contextlib.contextmanager
    def timed(self, step: str, scope: str) -> Iterator[None]:
        """Write down that a step begins, and that it ended and after how long."""
        self.write("begin", step=step, scope=scope)
        began = time.monotonic()
        yield
        self.write("end", step=step, scope=scope, seconds=round(time.monotonic() - began, 3))
