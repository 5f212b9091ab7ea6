"""The run log: what was done when, how long it took; for people who look after the machine."""

import contextlib
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

import msgspec

from clew.casefile.chronicle import RUN_LOG, RUN_LOG_BEGUN, Chronicle
from clew.casefile.custody import CustodyLog
from clew.casefile.files import sha256_of, writing


class RunLog:
    """One file of JSON lines a run. It holds no text, name or number from the evidence.

    The custody log names it when it begins, and binds it at its end.
    """

    def __init__(self, folder: Path, custody: CustodyLog) -> None:
        name = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ.jsonl")
        self._file = folder / name
        self._custody = custody

    def __enter__(self) -> Self:
        with writing("writing the run log"):
            self._file.parent.mkdir(exist_ok=True)
            self._file.touch(0o640)
        self._custody.append(RUN_LOG_BEGUN, file=self._file.name)
        return self

    def __exit__(self, error: object, *_: object) -> None:
        _bind(self._file, self._custody, is_whole=error is None)

    def write(self, event: str, **detail: object) -> None:
        """Write one line down."""
        line = {"at": datetime.now(UTC).isoformat(), "event": event, **detail}
        with writing("writing the run log"), self._file.open("ab") as out:
            out.write(msgspec.json.encode(line) + b"\n")

    @contextlib.contextmanager
    def timed(self, step: str, scope: str) -> Iterator[None]:
        """Write down that a step begins, and that it ended and after how long."""
        self.write("begin", step=step, scope=scope)
        began = time.monotonic()
        yield
        self.write("end", step=step, scope=scope, seconds=round(time.monotonic() - began, 3))


def recover(folder: Path, custody: CustodyLog) -> None:
    """Bind the run logs of processes that were killed, as they left them."""
    for name, digest in Chronicle(custody).run_logs.items():
        if digest is None and (folder / name).is_file():
            _bind(folder / name, custody, is_whole=False)


def _bind(file: Path, custody: CustodyLog, *, is_whole: bool) -> None:
    custody.append(RUN_LOG, file=file.name, sha256=sha256_of(file), is_whole=is_whole)
