"""Frames as no honest worker sends them, read as the parent reads them; run as a program.

usage: python protocol_fuzz.py NUMBER SEED

Prints as JSON how each frame ended, the deaths, the longest wait and the peak of memory.
"""

from __future__ import annotations

import json
import os
import random
import resource
import struct
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import pyarrow as pa

from clew.records import Flag, Item, Message
from clew.sandbox.frames import END, ERROR, MOST_BYTES, encode
from clew.sandbox.guard import Guard, WorkerLost
from clew.sandbox.limits import Limits
from clew.sandbox.line import Line
from clew.schema import batch

PATIENCE = 0.02
REFUSED = (WorkerLost, EOFError, TimeoutError, ValueError)
"""What a guard turns into the loss of one file."""


def honest() -> list[bytes]:
    """What an honest worker sends."""
    flags = batch(Flag, 3, exhibit_id=["ES-01"] * 3, item_id=["a", "b", "c"], code=["x", "y", "z"],
                  figures=[[], ["n=1"], ["n=2", "m=3"]])  # fmt: skip
    items = batch(Item, 4, exhibit_id="ES-01", item_id=list("abcd"), path=["p", "q", "r", "s"],
                  size=[1, 2, 3, 4], in_archive=False, ordinal=[0, 1, 2, 3])  # fmt: skip
    messages = batch(Message, 2, exhibit_id="ES-01", text=["one", "two"])
    yielded = (flags, items, messages, {"member": {"ordinal": 1, "name": "61"}}, {"file": 0}, b"xy")
    frames = [bytes(frame) for one in yielded for frame in encode(one)]
    return [*frames, bytes([END]) + b'{"cpu_seconds":1.5,"peak_bytes":4096}', bytes([ERROR]) + b"x"]


def compressed(rows: int) -> bytes:
    """A batch of zeros, packed to nearly nothing."""
    data = pa.record_batch({"figures": pa.array([["0" * 1000]] * rows)})
    sink = pa.BufferOutputStream()
    options = pa.ipc.IpcWriteOptions(compression="zstd")
    with pa.ipc.new_stream(sink, data.schema, options=options) as stream:
        stream.write_batch(data)
    head = b'B{"table":"flags","rows":%d,"constant":{"exhibit_id":"a","item_id":"b","code":"c"}}\n'
    body = sink.getvalue().to_pybytes()
    return head % rows + body[body.index(b"\xff\xff\xff\xff", 8) :]


def crafted() -> list[bytes]:
    """Frames that were found to end or to swell the other side, and their like."""
    head = b'B{"table":"%s","rows":%d,"constant":{%s}}\n'
    return [
        b"", b"B", b"v", b"e", b"E", b"b", b"B\n", b"B{}\n", b"v[]", b"vnull", b'v"x"', b"\xff",
        b"v" + b"[" * 100_000, b"v" + b'{"a":' * 50_000, b'v{"a":' + b"[" * 990 + b"]" * 990 + b"}",
        b'v{"a":"\\ud800"}', b'v{"a":1e999}', b"v" + b"9" * 100_000, b'v{"a":' + b"9" * 5000 + b"}",
        b"v{" + b",".join(b'"%d":[{}]' % n for n in range(200_000)) + b"}",
        b"E\xff\xfe", b'E{"cpu_seconds":-1}', b'E{"cpu_seconds":1e300}', b'E{"peak_bytes":"x"}',
        b"E" + b"[" * 100_000, b"e\xff\xff", b"elimit:memory", b"e" + b"x" * 100_000,
        head % (b"flags", 40_000_000_000, b""), head % (b"flags", -1, b""),
        head % (b"flags", 1 << 62, b'"figures":null'), head % (b"no", 1, b""),
        head % (b"flags", 4_000_000, b'"exhibit_id":"a","item_id":"b","code":"c","figures":null'),
        head % (b"flags", 1 << 20, b'"exhibit_id":"%s"' % (b"a" * 300)),
        head % (b"flags", 0, b'"exhibit_id":"a","item_id":"b","code":"c","figures":null'),
        compressed(10_000), compressed(100),
    ]  # fmt: skip


def flipped(chance: random.Random, frame: bytearray) -> None:
    for _ in range(chance.randint(1, 8)):
        frame[chance.randrange(len(frame))] = chance.randrange(256)


def cut(chance: random.Random, frame: bytearray) -> None:
    del frame[chance.randrange(len(frame)) :]


def extreme(chance: random.Random, frame: bytearray) -> None:
    """Put a number that no length should be somewhere."""
    form, value = chance.choice(
        (("<i", -1), ("<i", 0x7FFFFFFF), ("<q", 1 << 62), ("<q", -1), ("<H", 0xFFFF), ("<q", 0))
    )
    packed = struct.pack(form, value)
    at = chance.randrange(max(len(frame) - len(packed), 1))
    frame[at : at + len(packed)] = packed


def doubled(chance: random.Random, frame: bytearray) -> None:
    start = chance.randrange(len(frame))
    part = frame[start : start + chance.randrange(1, 200)]
    at = chance.randrange(len(frame))
    frame[at:at] = part


MUTATIONS: tuple[Callable[[random.Random, bytearray], None], ...] = (
    flipped, cut, extreme, doubled,
)  # fmt: skip


def frames(chance: random.Random) -> Iterator[bytes]:
    """Crafted frames once, then without end: noise, mutants, and mutants of two frames."""
    yield from crafted()
    seeds = honest()
    while True:
        kind = chance.random()
        if kind < 0.1:
            yield bytes([chance.choice(b"BbveE")]) + chance.randbytes(chance.randrange(300))
            continue
        frame = bytearray(chance.choice(seeds))
        head = frame[: frame.find(b"\n") + 1] if chance.random() < 0.8 else b""
        frame = frame[len(head) :] or frame
        if kind < 0.2:
            other = chance.choice(seeds)
            frame[chance.randrange(len(frame)) :] = other[chance.randrange(len(other)) :]
        for _ in range(chance.randint(1, 3)):
            if frame:
                chance.choice(MUTATIONS)(chance, frame)
        yield bytes(head + frame)


def ended(guard: Guard, line: Line) -> str:
    """How the parent takes what came."""
    try:
        answer = next(guard._answers(line), None)
    except REFUSED as refused:
        return type(refused).__name__
    except Exception as death:  # noqa: BLE001 - that is what is looked for
        return f"DEATH {type(death).__name__}: {death}"[:300]
    return type(answer).__name__


def peak_mib() -> float:
    """Peak of this program alone; what getrusage says has the memory of its parent in it."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def main(number: int, seed: int) -> None:
    chance = random.Random(seed)
    guard, ends, longest = Guard(Limits()), Counter(), 0.0
    line = Line(PATIENCE, lambda: None)
    for frame in islice(frames(chance), number):
        size = len(frame)
        lies = chance.random() < 0.002
        if lies:
            size = chance.choice((size + 5, -1, MOST_BYTES, MOST_BYTES + 1, 0x7FFFFFFF, 0))
        began = time.monotonic()
        os.set_blocking(line.theirs.fileno(), False)
        try:
            sent = os.write(line.theirs.fileno(), struct.pack("!i", size) + frame)
        except OSError:
            sent = -1
        how = ended(guard, line)
        ends[how if how.startswith("DEATH") else how.split(":")[0]] += 1
        longest = max(longest, time.monotonic() - began)
        if lies or sent != len(frame) + 4 or how in ("TimeoutError", "EOFError"):
            line.close()
            line = Line(PATIENCE, lambda: None)
    used = resource.getrusage(resource.RUSAGE_SELF)
    sys.stdout.write(json.dumps({
        "ends": ends, "deaths": [how for how in ends if how.startswith("DEATH")],
        "longest": longest, "peak_mib": peak_mib(),
        "cpu_seconds": used.ru_utime + used.ru_stime,
    }))  # fmt: skip


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
