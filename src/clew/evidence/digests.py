"""MD5, SHA-1 and SHA-256 of a content from one read, and its first bytes.

Chunks of 256 KiB stay in the processor's cache while three digests go over them; hashlib lets go
of the interpreter's lock meanwhile, so as many files are hashed at once as there are cores.
"""

import hashlib
import os
import threading
from collections.abc import Iterator

CHUNK = 256 << 10
HEAD = 36 << 10
"""First bytes kept to tell the type by; an image of an optical disc says what it is at 32 KiB."""
TAIL = 66 << 10
"""Last bytes kept to tell an archive behind another format."""

_local = threading.local()


class Digests:
    """Running digests of one content."""

    def __init__(self) -> None:
        self._md5 = hashlib.md5(usedforsecurity=False)
        self._sha1 = hashlib.sha1(usedforsecurity=False)
        self._sha256 = hashlib.sha256()
        self.size = 0
        self.head = b""
        self.tail = b""
        """The last bytes."""

    def update(self, chunk: bytes | memoryview) -> None:
        """Take the next bytes in."""
        self._md5.update(chunk)
        self._sha1.update(chunk)
        self._sha256.update(chunk)
        self.size += len(chunk)
        if len(self.head) < HEAD:
            self.head += bytes(chunk[: HEAD - len(self.head)])
        last = bytes(chunk[-TAIL:])
        self.tail = last if len(last) == TAIL else (self.tail + last)[-TAIL:]

    @property
    def md5(self) -> str:
        """MD5 in hexadecimal."""
        return self._md5.hexdigest()

    @property
    def sha1(self) -> str:
        """SHA-1 in hexadecimal."""
        return self._sha1.hexdigest()

    @property
    def sha256(self) -> str:
        """SHA-256 in hexadecimal."""
        return self._sha256.hexdigest()


def chunks(handle: int) -> Iterator[memoryview]:
    """Bytes of an open file, in a buffer that each chunk overwrites."""
    buffer: bytearray | None = getattr(_local, "buffer", None)
    if buffer is None:
        buffer = _local.buffer = bytearray(CHUNK)
    view = memoryview(buffer)
    while size := os.readv(handle, [buffer]):
        yield view[:size]
