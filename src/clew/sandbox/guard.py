"""The other side of a worker: starts it, listens, and replaces it when it dies or hangs."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from typing import IO, Any, Self

import msgspec

from clew.sandbox.frames import END, ERROR, Call, Yielded, decode
from clew.sandbox.limits import Limits

_ENVIRONMENT = {"PATH": os.defpath, "LANG": "C.UTF-8", "TZ": "UTC"}


class WorkerLost(Exception):  # noqa: N818 - it is an outcome of an item, not an error of a user
    """A task did not come to its end; ``reason`` says why, such as ``crash:SIGSEGV``."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    @property
    def may_pass_alone(self) -> bool:
        """Whether a fresh worker could fare better: after a crash or want of memory."""
        return self.reason.startswith(("crash:", "limit:memory"))


class Guard:
    """One warm worker, replaced when it dies, hangs, or has served its number of tasks."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._process: subprocess.Popen[bytes] | None = None
        self._line: Connection | None = None
        self._errors: IO[bytes] | None = None
        self._served = 0

    def run(self, task: str, argument: dict[str, Any]) -> Iterator[Yielded]:
        """Yield what the task yields; raise WorkerLost where it does not come to its end."""
        line = self._ready()
        self._served += 1
        call = Call(task, argument, self.limits.cpu_seconds)
        finished = False
        try:
            line.send_bytes(msgspec.json.encode(call))
            for frame in self._frames(line):
                if frame[0] == END:
                    finished = True
                    return
                if frame[0] == ERROR:
                    finished = not frame.startswith(b"elimit")
                    raise WorkerLost(frame[1:].decode("utf-8", "replace"))
                yield _decoded(frame)
        except (EOFError, ConnectionError) as error:
            raise WorkerLost(self._cause_of_death()) from error
        finally:
            if not finished:
                self.close()

    def close(self) -> None:
        """End the worker; the next task starts a new one."""
        if self._process is None:
            return
        self._process.kill()
        self._process.wait()
        for end in (self._line, self._errors):
            if end is not None:
                end.close()
        self._process = self._line = self._errors = None
        self._served = 0

    def _ready(self) -> Connection:
        if self._served >= self.limits.tasks or (
            self._process and self._process.poll() is not None
        ):
            self.close()
        if self._line is None:
            self._start()
        assert self._line is not None
        return self._line

    def _start(self) -> None:
        ours, theirs = Pipe()
        bounds = (self.limits.memory, self.limits.files, self.limits.file_bytes)
        command = [sys.executable, "-I", "-m", "clew.sandbox.worker", str(theirs.fileno())]
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the worker
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [*command, *map(str, bounds)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=self._errors,
            pass_fds=(theirs.fileno(),),
            env=_ENVIRONMENT,
            start_new_session=True,
        )
        theirs.close()
        self._line = ours

    def _frames(self, line: Connection) -> Iterator[bytes]:
        """Frames as they come; a worker that is silent or takes for ever is given up."""
        ends = time.monotonic() + self.limits.wall_seconds
        while True:
            patience = min(self.limits.idle_seconds, ends - time.monotonic())
            if patience <= 0 or not line.poll(patience):
                raise WorkerLost("timeout")
            yield line.recv_bytes()

    def _cause_of_death(self) -> str:
        assert self._process is not None
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(5)
        code = self._process.returncode
        if code is None:
            return "crash:no answer"
        if code == -signal.SIGXCPU:
            return "limit:cpu"
        if code == -signal.SIGXFSZ:
            return "limit:file_size"
        if code < 0:
            return f"crash:{signal.Signals(-code).name}"
        return f"crash:{self._last_words() or f'exit {code}'}"

    def _last_words(self) -> str:
        """The last line that the worker wrote before it ended."""
        if self._errors is None:
            return ""
        self._errors.seek(0)
        lines = self._errors.read()[-2000:].decode("utf-8", "replace").strip().splitlines()
        return lines[-1][:200] if lines else ""


class GuardPool:
    """A guard for each thread that asks; all are ended together."""

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits
        self._local = threading.local()
        self._lock = threading.Lock()
        self._all: list[Guard] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for guard in self._all:
            guard.close()

    def mine(self) -> Guard:
        """The guard of the calling thread."""
        guard: Guard | None = getattr(self._local, "guard", None)
        if guard is None:
            guard = self._local.guard = Guard(self._limits)
            with self._lock:
                self._all.append(guard)
        return guard


def scratch_folder(parent: Path) -> tempfile.TemporaryDirectory[str]:
    """A folder for the copies that one task reads; gone when the task is."""
    parent.mkdir(parents=True, exist_ok=True)
    return tempfile.TemporaryDirectory(prefix=".tmp-", dir=parent)


def _decoded(frame: bytes) -> Yielded:
    """What a worker sent, or its loss where that is not what was agreed."""
    try:
        return decode(frame)
    except (ValueError, TypeError, OSError, msgspec.MsgspecError) as error:
        raise WorkerLost(f"error:{error}") from error
