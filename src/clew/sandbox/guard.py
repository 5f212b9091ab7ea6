"""The other side of a worker: starts it, listens, and replaces it when it dies or hangs."""

import contextlib
import errno
import os
import secrets
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any, Self

import msgspec

from clew.errors import MachineError
from clew.sandbox.cgroups import Group, group
from clew.sandbox.frames import (
    END,
    ERROR,
    Call,
    ProtocolError,
    Start,
    Usage,
    Yielded,
    decode,
    decode_as,
)
from clew.sandbox.limits import Limits
from clew.sandbox.line import Line
from clew.sandbox.lockdown import Level, Standing, namespaces
from clew.sandbox.scratch import Scratch, family
from clew.schema import Batch
from clew.words.reasons import Unreadable

_ENVIRONMENT = {
    "PATH": os.defpath, "LANG": "C.UTF-8", "TZ": "UTC",
    "MALLOC_PERTURB_": "255", "MALLOC_ARENA_MAX": "2",
    "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1",
}  # fmt: skip
"""Memory comes zeroed: a decoder that hands out what it never wrote would else give other pixels
at each run, and pieces of one file of evidence in the picture of another. Threads and arenas are
counted, as on a machine with many processors they would take up all the address space there is."""
_STARTING = 60
"""Seconds that a worker may take to start, on a machine that is busy."""
_STARTS = 3
"""How often a worker is started that dies before it has seen a byte of evidence."""
_BY_SIGNAL = 128
"""What a shell, and bubblewrap, adds to the number of the signal that ended a program."""


class WorkerLost(Unreadable):
    """A task did not come to its end; ``reason`` says why, such as ``crash:SIGSEGV``."""

    def __init__(self, code: str, cause: object = None) -> None:
        super().__init__(code, cause=cause or None)

    @property
    def may_pass_alone(self) -> bool:
        """Whether a fresh worker could fare better: after a crash or want of memory."""
        return self.code.startswith(("crash:", "limit:memory"))


class Guard:
    """One warm worker, replaced when it dies, hangs, or has served its number of tasks."""

    def __init__(self, limits: Limits | None = None, parent: Path | None = None) -> None:
        self.limits = limits or Limits()
        self._parent = parent.absolute() if parent else None
        self._scratch: Scratch | None = None
        self._group: Group | None = None
        self._standing: Standing | None = None
        self.last_standing: Standing | None = None
        """What the latest worker said of itself, also after its end."""
        self._process: subprocess.Popen[bytes] | None = None
        self._line: Line | None = None
        self._errors: IO[bytes] | None = None
        self._served = 0
        self._is_busy = False
        """A task was begun, and neither came to its end nor was given up by the worker itself."""
        self._used = Usage()
        self.usage = Usage()
        """What all its workers have used for the tasks that came to their end."""

    @property
    def folder(self) -> Path:
        """The one folder that the worker may write in; what lies there is gone with the guard."""
        if self._scratch is None:
            self._scratch = Scratch(self.limits, self._parent)
        return self._scratch.path

    @property
    def standing(self) -> Standing:
        """How far the worker is locked down, as it said before its first task."""
        self._ready()
        assert self._standing is not None
        return self._standing

    def run(
        self, task: str, argument: dict[str, Any], files: Mapping[str, Path | bytes] | None = None
    ) -> Iterator[Yielded]:
        """Yield what the task yields; raise WorkerLost where it does not come to its end.

        The worker can't open ``files`` by their paths: each is opened here, for reading only, and
        stands in the argument of the task, under its name, as a descriptor.
        """
        opened = _open(files or {})
        try:
            yield from self._run(
                Call(task, argument, self.limits.cpu_seconds, tuple(opened)), opened
            )
        finally:
            for handle in opened.values():
                os.close(handle)

    def _run(self, call: Call, opened: dict[str, int]) -> Iterator[Yielded]:
        line = self._ready()
        assert self._process is not None
        assert self._scratch is not None
        self._scratch.begin()
        self._served += 1
        self._is_busy = True
        try:
            line.ends = time.monotonic() + self.limits.wall_seconds
            line.send(msgspec.json.encode(call))
            for handle in opened.values():
                line.send_handle(handle, self._process.pid)
            yield from self._answers(line)
        except ProtocolError as error:
            raise WorkerLost("worker_protocol", error) from error
        except TimeoutError:
            raise WorkerLost("timeout") from None
        except (EOFError, ConnectionError) as error:
            raise self._cause_of_death() from error
        finally:
            if self._is_busy:
                self._stop()

    def _answers(self, line: Line) -> Iterator[Yielded]:
        """What comes as the answer to a call, of which there is an end."""
        size = rows = 0
        while True:
            frame = line.receive()
            if frame[0] == END:
                self._account(decode_as(Usage, frame))
                self._is_busy = False
                return
            if frame[0] == ERROR:
                reason = bytes(frame[1:]).decode("utf-8", "replace")
                self._is_busy = reason.startswith("limit")
                raise _as_error(reason)
            answer = decode(frame)
            size += len(frame)
            rows += answer.data.num_rows if isinstance(answer, Batch) else 0
            if size > self.limits.sent_bytes or rows > self.limits.sent_rows:
                raise WorkerLost("limit:sent")
            yield answer

    def _account(self, used: Usage) -> None:
        """Add up what the worker used, as it says: no parent of it in a namespace would tell."""
        self.usage = Usage(
            cpu_seconds=self.usage.cpu_seconds + used.cpu_seconds - self._used.cpu_seconds,
            peak_bytes=max(self.usage.peak_bytes, used.peak_bytes),
        )
        self._used = used

    def clear(self) -> None:
        """Remove what lies in the worker's folder."""
        if self._scratch is not None:
            self._scratch.clear()

    def close(self) -> None:
        """End the worker and remove its folder."""
        self._stop()
        if self._scratch is not None:
            self._scratch.close()
            self._scratch = None

    def _stop(self) -> None:
        """End the worker; the next task starts a new one."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        for end in (self._line, self._errors, self._group):
            if end is not None:
                end.close()
        self._process = self._line = self._errors = self._standing = self._group = None
        self._served = 0
        self._used = Usage()

    def _ready(self) -> Line:
        if self._served >= self.limits.tasks or (
            self._process and self._process.poll() is not None
        ):
            self._stop()
        for left in reversed(range(_STARTS)):
            if self._line is not None:
                break
            try:
                self._start()
            except (EOFError, OSError, ProtocolError, WorkerLost) as error:
                said = self._last_words() or error
                self._stop()
                if not left:
                    raise MachineError(
                        f"a worker process can't be started ({said})",
                        do="See `clew doctor` for what this machine allows.",
                    ) from error
        assert self._line is not None
        return self._line

    def _start(self) -> None:
        folder = self.folder
        line = self._line = Line(self.limits.idle_seconds, self._look)
        around = namespaces(folder) if self.limits.strong else []
        handle = line.theirs.fileno()
        start = Start(
            descriptor=handle, memory=self.limits.memory, files=self.limits.files,
            file_bytes=self.limits.file_bytes, folder=str(folder), strong=self.limits.strong,
            namespaces=bool(around),
        )  # fmt: skip
        command = [sys.executable, "-I", "-m", "clew.sandbox.worker"]
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the worker
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [*around, *command, msgspec.json.encode(start).decode()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=self._errors,
            pass_fds=(handle,),
            env={**_ENVIRONMENT, "TMPDIR": str(folder), "SQLITE_TMPDIR": str(folder)},
            start_new_session=True,
        )
        line.theirs.close()
        self._standing = self.last_standing = self._hear_standing(line)

    def _hear_standing(self, line: Line) -> Standing:
        """What the worker says of itself before it has seen a byte of evidence."""
        line.patience = max(_STARTING, self.limits.idle_seconds)
        standing = decode_as(Standing, line.receive())
        line.patience = self.limits.idle_seconds
        if self.limits.require_strong and standing.level != Level.STRONG:
            self.close()
            raise MachineError(
                f"this machine does not allow the strong sandbox: {standing.why}",
                do="Use another machine, or leave --require-sandbox out; nothing was opened.",
            )
        if not self.limits.strong:
            return standing
        assert self._process is not None
        name = f"clew-{os.getpid()}-{secrets.token_hex(4)}"
        self._group = group(name, self.limits.memory, self.limits.threads)
        taken = self._group is not None and self._group.take(family(self._process.pid))
        return msgspec.structs.replace(standing, cgroup=taken)

    def _look(self) -> None:
        """See that the worker keeps to limits that the system does not hold."""
        assert self._process is not None
        assert self._scratch is not None
        if self._standing and (passed := self._scratch.passed(self._process.pid)):
            raise WorkerLost(passed)

    def _cause_of_death(self) -> WorkerLost:
        assert self._process is not None
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(5)
        code = self._process.returncode
        if code is None:
            return WorkerLost("crash:no_answer")
        if code > _BY_SIGNAL and self._standing and self._standing.namespaces:
            code = _BY_SIGNAL - code
        known = {-one.value: one.name for one in signal.Signals}
        if self._group and self._group.ran_out:
            return WorkerLost("limit:memory")
        if code == -signal.SIGXCPU:
            return WorkerLost("limit:cpu")
        if code == -signal.SIGXFSZ:
            return WorkerLost("limit:file_size")
        if code < 0:
            return WorkerLost(f"crash:{known.get(code, 'signal')}")
        return WorkerLost(f"crash:exit_{code}", self._last_words())

    def _last_words(self) -> str:
        """The last line that the worker wrote before it ended."""
        if self._errors is None:
            return ""
        self._errors.seek(max(self._errors.seek(0, os.SEEK_END) - 2000, 0))
        lines = self._errors.read(2000).decode("utf-8", "replace").strip().splitlines()
        return lines[-1][:200] if lines else ""


def _as_error(words: str) -> WorkerLost:
    """What a worker said of its own end: want of memory, or an error in its own words."""
    return WorkerLost(words) if words == "limit:memory" else WorkerLost("error", words)


class GuardPool:
    """A guard for each thread that asks; all are ended together."""

    def __init__(self, limits: Limits | None = None, parent: Path | None = None) -> None:
        self._limits = limits
        self._parent = parent
        self._local = threading.local()
        self._lock = threading.Lock()
        self._all: list[Guard] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for guard in self._all:
            guard.close()

    @property
    def standing(self) -> Standing | None:
        """How far the workers are locked down; None where none was needed."""
        return next((g.last_standing for g in self._all if g.last_standing), None)

    @property
    def usage(self) -> Usage:
        """What all workers have used: processor time together, memory of the largest."""
        return Usage(
            cpu_seconds=sum(g.usage.cpu_seconds for g in self._all),
            peak_bytes=max((g.usage.peak_bytes for g in self._all), default=0),
        )

    def mine(self, *, patient: bool = False) -> Guard:
        """The guard of the calling thread; a patient one for what takes hours."""
        name = "patient" if patient else "guard"
        guard: Guard | None = getattr(self._local, name, None)
        if guard is None:
            limits = self._limits or Limits()
            guard = Guard(limits.patient() if patient else limits, self._parent)
            setattr(self._local, name, guard)
            with self._lock:
                self._all.append(guard)
        return guard


def _open(files: Mapping[str, Path | bytes]) -> dict[str, int]:
    opened: dict[str, int] = {}
    try:
        for name, path in files.items():
            opened[name] = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOCTTY)
    except OSError as error:
        for handle in opened.values():
            os.close(handle)
        raise WorkerLost(f"open:{errno.errorcode.get(error.errno or 0, 'unknown')}") from error
    return opened
