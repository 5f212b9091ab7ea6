"""What a worker may use before it is stopped."""

from __future__ import annotations

import msgspec
from msgspec.structs import replace


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """Limits on one worker process, and on one file in it."""

    memory: int = 2 << 30
    """Bytes of address space; Arrow maps about 0.4 GiB before any work."""
    cpu_seconds: int = 1800
    """Processor time for one file."""
    idle_seconds: float = 60
    """Time without a sign of life before a worker counts as hanging."""
    wall_seconds: float = 7200
    """Time for one file, however lively."""
    files: int = 1024
    """Open files; an image may come in hundreds of segments."""
    file_bytes: int = 16 << 30
    """Bytes that a worker may write in its own scratch folder, in one file and in all."""
    scratch_files: int = 10_000
    """Files and folders that it may make there."""
    threads: int = 256
    """Threads of a worker; a film is decoded by one for each processor."""
    sent_bytes: int = 1 << 40
    """Bytes that a worker may send for one task."""
    sent_rows: int = 100_000_000
    """Rows that it may send, which take few bytes where they are alike."""
    strong: bool = True
    """Give up all that can be given up; off for comparison only."""
    require_strong: bool = False
    """Refuse to open evidence where the machine does not allow the strong sandbox."""
    tasks: int = 200
    """Files after which a worker is replaced by a fresh one."""

    def patient(self) -> Limits:
        """For a disk image: hours of reading, and minutes in which the library says nothing."""
        return replace(
            self,
            cpu_seconds=4 * 86_400,
            idle_seconds=3600,
            wall_seconds=7 * 86_400,
            sent_bytes=16 << 40,
        )
