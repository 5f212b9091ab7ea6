"""age: how the payload is sealed, and locks for whoever has an age recipient.

References:
    - C2SP, age.md (github.com/C2SP/C2SP); age-encryption.org/v1

"""

import contextlib
from collections.abc import Iterator
from typing import Any, Protocol

from clew.errors import UsageError, installing
from clew.exchange.sealing.locks.kinds import Kind


class Sink(Protocol):
    """Where bytes are written to."""

    def write(self, data: bytes, /) -> int:
        """Take bytes, and say how many."""

    def flush(self) -> None:
        """Let what waits go on."""


class Source(Protocol):
    """Where bytes are read from."""

    def read(self, size: int, /) -> bytes:
        """The next bytes, at most ``size``; none at the end."""


def fresh() -> str:
    """A new identity, in its text form."""
    return str(library().x25519.Identity.generate())


def recipient(text: str) -> Any:
    """A recipient by its text; UsageError where it is none."""
    try:
        return library().x25519.Recipient.from_str(text)
    except library().RecipientError as error:
        raise UsageError(
            f"{text[:80]!r} is no recipient of age", do="It begins with age1; copy it whole."
        ) from error


def identity(text: str) -> Any:
    """An identity by its text; UsageError where it is none."""
    try:
        return library().x25519.Identity.from_str(text)
    except library().IdentityError as error:
        raise UsageError(
            "this is no identity of age", do="It begins with AGE-SECRET-KEY-1; give its whole file."
        ) from error


def encrypt(pieces: Iterator[bytes], into: Sink, secret: str) -> None:
    """Seal a stream of bytes for an identity.

    What the pieces raise is raised; what was written by then is no sealed file.
    """
    source, sink = _Watched(_Pieces(pieces)), _Watched(into)
    try:
        library().encrypt_io(source, sink, [identity(secret).to_public()])
    except library().EncryptError as error:
        raise (source.failed or sink.failed or error) from None
    into.flush()


def decrypt(source: Source, into: Sink, secret: str) -> None:
    """Open a stream; ValueError where it is damaged, cut short or not for this identity.

    ``into`` has received plaintext by then, so it must be a place that nobody finds.
    """
    watched, sink = _Watched(source), _Watched(into)
    try:
        library().decrypt_io(watched, sink, [library().x25519.Identity.from_str(secret)])
    except (library().DecryptError, library().IdentityError) as error:
        raise (watched.failed or sink.failed or ValueError(str(error))) from None
    into.flush()


def lock(secret: str, to: str) -> bytes:
    """An identity's text, closed for a recipient."""
    closed: bytes = library().encrypt(secret.encode(), [recipient(to)])
    return closed


def unlock(closed: bytes, by: Any) -> str:
    """What a lock holds; ValueError where this identity does not open it."""
    try:
        return str(library().decrypt(closed, [by]).decode("ascii"))
    except library().DecryptError as error:
        raise ValueError(str(error)) from error


class AgeKey:
    """An identity of age, ``AGE-SECRET-KEY-1…``."""

    kind = Kind.AGE

    def __init__(self, text: str) -> None:
        self._identity = identity(text)

    def unlock(self, closed: bytes) -> str:
        """What a lock holds; ValueError where this key does not open it."""
        return unlock(closed, self._identity)


class _Watched:
    """A stream whose own error is kept: the library would make it one of the sealed file."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self.failed: BaseException | None = None

    def read(self, size: int) -> bytes:
        """The next bytes of the stream."""
        with self._watching():
            return bytes(self._stream.read(size))

    def write(self, data: bytes) -> int:
        """Bytes for the stream."""
        with self._watching():
            return int(self._stream.write(data))

    def flush(self) -> None:
        """Let what waits go on."""
        with self._watching():
            self._stream.flush()

    @contextlib.contextmanager
    def _watching(self) -> Iterator[None]:
        try:
            yield
        except BaseException as error:
            self.failed = error
            raise


class _Pieces:
    """A stream of pieces as a file to read from."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._ready = memoryview(b"")

    def read(self, size: int) -> bytes:
        """The next bytes, at most ``size``; none at the end."""
        while not self._ready:
            piece = next(self._pieces, None)
            if piece is None:
                return b""
            self._ready = memoryview(piece)
        taken, self._ready = self._ready[:size], self._ready[size:]
        return bytes(taken)


def library() -> Any:
    """The program behind it; UsageError where it is not installed."""
    try:
        import pyrage
    except ImportError as error:
        raise UsageError(
            "packages need the extra `exchange`, which is not installed",
            do=f"Install it: {installing('exchange')}",
        ) from error
    return pyrage
