"""The worker process: takes one task at a time, sends back what it yields, and owns nothing.

It is started as ``python -I -m clew.sandbox.worker START`` with an empty environment; START is a
``Start`` as JSON. It locks itself down, says how far it could, and only then takes tasks. A task
is a generator function named ``module:function``, called with one dictionary, in which the files
that it works on stand as open descriptors.
"""

import gc
import importlib
import math
import mimetypes
import os
import resource
import signal
import sys
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from multiprocessing.reduction import recv_handle
from pathlib import Path
from typing import Any

import msgspec

from clew.sandbox.frames import END, ERROR, VALUE, Call, Start, Usage, Yielded, encode
from clew.sandbox.lockdown import Level, Standing, lock_down


def main(arguments: list[str]) -> None:
    """Serve tasks until the other end closes."""
    start = msgspec.json.decode(arguments[0], type=Start)
    _limit(start.memory, start.files, start.file_bytes)
    mimetypes.knownfiles.clear()  # what stands in /etc must neither fail a task nor change it
    gc.disable()  # pages of rows hold no cycles, and to look for them costs a quarter of the time
    line = Connection(start.descriptor)
    standing = Standing(level=Level.BASIC, why="it was not asked for")
    if start.strong:
        standing = lock_down(Path(start.folder), namespaces=start.namespaces)
    line.send_bytes(bytes([VALUE]) + msgspec.json.encode(standing))
    tidied = False
    while True:
        try:
            message = line.recv_bytes()
        except EOFError:
            return
        call = msgspec.json.decode(message, type=Call)
        handles = {name: recv_handle(line) for name in call.files}
        try:
            _serve(line, call, handles)
        finally:
            for handle in handles.values():
                os.close(handle)
        gc.collect()
        if not tidied:  # what the first task imported stays, and is not looked through again
            gc.freeze()
            tidied = True


def _serve(line: Connection, call: Call, handles: dict[str, int]) -> None:
    """Run one task; an error in it is reported, and the worker lives on."""
    _limit_cpu(call.cpu_seconds)
    try:
        for yielded in _task(call.task)({**call.argument, **handles}):
            for frame in encode(yielded):
                line.send_bytes(frame)
    except MemoryError:
        line.send_bytes(bytes([ERROR]) + b"limit:memory")
        return
    except Exception as error:  # noqa: BLE001 - whatever hostile bytes provoke is reported, not raised
        text = f"{type(error).__name__}: {error}"
        line.send_bytes(bytes([ERROR]) + text[:500].encode("utf-8", "backslashreplace"))
        return
    line.send_bytes(bytes([END]) + msgspec.json.encode(_usage()))


def _usage() -> Usage:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return Usage(cpu_seconds=used.ru_utime + used.ru_stime, peak_bytes=used.ru_maxrss << 10)


def _task(name: str) -> Callable[[dict[str, Any]], Iterator[Yielded]]:
    module, _, function = name.partition(":")
    task: Callable[[dict[str, Any]], Iterator[Yielded]]
    task = getattr(importlib.import_module(module), function)
    return task


def _limit(memory: int, files: int, file_bytes: int) -> None:
    """Bound what this process can take from the machine."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends us
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))
    resource.setrlimit(resource.RLIMIT_FSIZE, (file_bytes, file_bytes))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def _limit_cpu(seconds: int) -> None:
    """Bound processor time from now on; past it the kernel sends SIGXCPU."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = math.ceil(used.ru_utime + used.ru_stime) + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))


if __name__ == "__main__":
    main(sys.argv[1:])
