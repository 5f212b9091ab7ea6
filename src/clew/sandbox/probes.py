"""Tasks that misbehave on purpose, so that a lab can see on its own machine what a file costs.

Each stands for what a hostile file can make a decoder do.
"""

import ctypes
import os
import time
from collections.abc import Iterator
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


def lie(argument: dict[str, Any]) -> Iterator[Yielded]:
    """Send rows that fit no declared table."""
    import pyarrow as pa

    from clew.records import Flag
    from clew.schema import Batch

    yield Batch(Flag, pa.record_batch({"exhibit_id": [1], **{k: [v] for k, v in argument.items()}}))
