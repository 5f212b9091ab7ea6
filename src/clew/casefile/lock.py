"""One writer at a time: a lock on the case that dies with its process."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from clew.casefile.files import sweep, writing
from clew.errors import MachineError


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the case for writing; what a killed writer left half-done is swept first."""
    with writing("locking the case"):
        handle = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise MachineError(
                "another clew is working on this case", do="Wait until it is done, then run again."
            ) from None
        sweep(folder)
        yield
    finally:
        os.close(handle)
