"""The parent's end of the line to a worker: what comes over it is bounded in time and in size.

A frame is its length in four bytes and then so many bytes, as ``multiprocessing.connection`` writes
it; read here, as that waits for the rest of a frame for as long as a worker pleases.
"""

import os
import select
import struct
import time
from collections.abc import Callable
from multiprocessing import Pipe
from multiprocessing.reduction import send_handle

from clew.sandbox.frames import MOST_BYTES, ProtocolError

_PULSE = 0.5
"""Seconds after which whoever waits looks at the worker."""
_LENGTH = struct.Struct("!i")


class Line:
    """Our end of a pipe; ``theirs`` goes to the worker.

    Whatever takes longer than ``patience`` seconds for one frame raises TimeoutError, and so does
    what goes on after ``ends``. ``look`` is called every now and then meanwhile.
    """

    def __init__(self, patience: float, look: Callable[[], None]) -> None:
        self._ours, self.theirs = Pipe()
        self._handle = self._ours.fileno()
        os.set_blocking(self._handle, False)
        self._poll = select.poll()
        self.patience, self._look = patience, look
        self._looked = 0.0
        self.ends = float("inf")

    def send(self, message: bytes) -> None:
        """Send a message."""
        rest = memoryview(_LENGTH.pack(len(message)) + message)
        until = self._until()
        while rest:
            try:
                rest = rest[os.write(self._handle, rest) :]
            except BlockingIOError:
                self._wait(until, select.POLLOUT)

    def send_handle(self, handle: int, process: int) -> None:
        """Send an open file."""
        until = self._until()
        while True:
            try:
                return send_handle(self._ours, handle, process)
            except BlockingIOError:
                self._wait(until, select.POLLOUT)

    def receive(self) -> memoryview:
        """The next frame; EOFError where the worker is gone, ProtocolError where it is none."""
        (size,) = _LENGTH.unpack(self._exactly(_LENGTH.size))
        if not 0 < size <= MOST_BYTES:
            raise ProtocolError(f"a worker spoke of a frame of {size} bytes")
        return self._exactly(size)

    def close(self) -> None:
        """Close both ends, as far as they are open here."""
        self._ours.close()
        self.theirs.close()

    def _exactly(self, size: int) -> memoryview:
        data = memoryview(bytearray(size))
        until, got = self._until(), 0
        while got < size:
            try:
                more = os.readv(self._handle, [data[got:]])
            except BlockingIOError:
                self._wait(until, select.POLLIN)
                continue
            if not more:
                raise EOFError
            got += more
            self._see_to(until)
        return data

    def _until(self) -> float:
        return min(time.monotonic() + self.patience, self.ends)

    def _wait(self, until: float, what: int) -> None:
        """Wait a while until there is something to read, or room to write."""
        self._see_to(until)
        self._poll.register(self._handle, what)
        self._poll.poll(1000 * max(min(_PULSE, until - time.monotonic()), 0))

    def _see_to(self, until: float) -> None:
        """Look at the clock, and now and then at the worker."""
        now = time.monotonic()
        if now - self._looked > _PULSE:
            self._look()
            self._looked = time.monotonic()
        if now >= until:
            raise TimeoutError
