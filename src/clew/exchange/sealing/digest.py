"""SHA-256 of what passes by, reckoned on another processor than whatever else is done with it."""

import hashlib
from concurrent.futures import Future, ThreadPoolExecutor


class Digest:
    """SHA-256 of a stream; hashing lets go of the interpreter, and at most one piece waits."""

    def __init__(self, beside: ThreadPoolExecutor) -> None:
        self._beside = beside
        self._hash = hashlib.sha256()
        self._waits: Future[None] | None = None

    def update(self, data: bytes | memoryview) -> None:
        """Take bytes, which must stay as they are until the next call ends."""
        self._settle()
        self._waits = self._beside.submit(self._hash.update, data)

    def hexdigest(self) -> str:
        """The digest of all that was taken, in hexadecimal."""
        self._settle()
        return self._hash.hexdigest()

    def _settle(self) -> None:
        if self._waits:
            self._waits.result()
            self._waits = None
