"""Tasks that misbehave on purpose, so that a lab can see on its own machine what a file costs.

Each stands for what a hostile file can make a decoder do.
"""

import ctypes
import os
import stat
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from clew.sandbox.frames import Yielded


def echo(argument: dict[str, Any]) -> Iterator[Yielded]:
    """Send the argument back."""
    yield argument


def crash(argument: dict[str, Any]) -> Iterator[Yielded]:
    """Send the argument back, then touch memory that is not there."""
    yield argument
    ctypes.string_at(0)


def end(argument: dict[str, Any]) -> Iterator[Yielded]:
    """End the process without a word."""
    os._exit(int(argument.get("code", 7)))
    yield argument


def hang(argument: dict[str, Any]) -> Iterator[Yielded]:
    """Do nothing, for ever."""
    while True:
        time.sleep(1)
    yield argument


def spin(argument: dict[str, Any]) -> Iterator[Yielded]:
    """Use the processor, for ever."""
    while True:
        pass
    yield argument


def swell(argument: dict[str, Any]) -> Iterator[Yielded]:
    """Ask for more memory than there may be."""
    block = bytearray(int(argument.get("bytes", 16 << 30)))
    yield {"held": len(block)}


def fail(argument: dict[str, Any]) -> Iterator[Yielded]:
    """Raise an error that nobody expects."""
    yield argument
    raise ValueError("nobody expected this")


def speak(argument: dict[str, Any]) -> Iterator[Yielded]:
    """Write bytes to the other side past all that makes frames, and fall silent."""
    os.write(_line(), bytes.fromhex(argument["hex"]) * int(argument.get("times", 1)))
    time.sleep(float(argument.get("silent", 0)))
    os._exit(0)
    yield argument


def trickle(argument: dict[str, Any]) -> Iterator[Yielded]:
    """Speak of a frame, and send it byte by byte so slowly that it has no end."""
    line = _line()
    os.write(line, (1 << 20).to_bytes(4, "big"))
    while True:
        os.write(line, b"b")
        time.sleep(0.05)
    yield argument


def flood(argument: dict[str, Any]) -> Iterator[Yielded]:
    """Send more than may be sent, and always to the letter."""
    yield argument
    for _ in range(64):
        yield bytes(1 << 16)


def fill(argument: dict[str, Any]) -> Iterator[Yielded]:
    """Fill the folder with files, and with folders in folders; what has no name counts too."""
    for number in range(int(argument["files"])):
        file = Path(os.environ["TMPDIR"]) / str(number)
        handle = os.open(file, os.O_RDWR | os.O_CREAT)
        for _ in range(int(argument.get("mib", 0))):
            os.write(handle, bytes(1 << 20))
        if argument.get("unnamed"):
            file.unlink()
        else:
            os.close(handle)
    handle = os.open(os.environ["TMPDIR"], os.O_RDONLY)
    for _ in range(int(argument.get("deep", 0))):
        os.mkdir("d", dir_fd=handle)
        below = os.open("d", os.O_RDONLY, dir_fd=handle)
        os.close(handle)
        handle = below
    time.sleep(float(argument.get("seconds", 30)))
    yield argument


def multiply(argument: dict[str, Any]) -> Iterator[Yielded]:
    """Start threads that do nothing."""
    threading.stack_size(32768)
    for _ in range(int(argument["threads"])):
        threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
    time.sleep(30)
    yield argument


def _line() -> int:
    """The worker's end of the line, as whoever took it over would find it."""
    return next(n for n in range(3, 64) if _is_socket(n))


def _is_socket(handle: int) -> bool:
    try:
        return stat.S_ISSOCK(os.fstat(handle).st_mode)
    except OSError:
        return False


def lie(argument: dict[str, Any]) -> Iterator[Yielded]:
    """Send rows that fit no declared table."""
    import pyarrow as pa

    from clew.records import Flag
    from clew.schema import Batch

    yield Batch(Flag, pa.record_batch({"exhibit_id": [1], **{k: [v] for k, v in argument.items()}}))
