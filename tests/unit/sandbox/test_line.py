"""What comes over the line is bounded in time and in size."""

from __future__ import annotations

import os
import threading
import time

import pytest

from clew.sandbox.frames import ProtocolError
from clew.sandbox.line import Line


def send(line, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(line.theirs.fileno(), rest) :]


@pytest.fixture
def line():
    made = Line(0.3, lambda: None)
    yield made
    made.close()


def test_frames_come_whole_and_in_order(line) -> None:
    sent = [b"a", bytes(300_000), b"z" * 5]
    whole = b"".join(len(one).to_bytes(4, "big") + one for one in sent)
    writer = threading.Thread(target=send, args=(line, whole))
    writer.start()
    assert [bytes(line.receive()) for _ in sent] == sent
    writer.join()


@pytest.mark.parametrize("sent", [b"", b"\0", b"\0\0\0\5abc"])
def test_what_does_not_come_whole_is_not_waited_for(line, sent) -> None:
    send(line, sent)
    began = time.monotonic()
    with pytest.raises(TimeoutError):
        line.receive()
    assert 0.2 < time.monotonic() - began < 2


@pytest.mark.parametrize("sent", [b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff"])
def test_a_length_that_no_frame_has_is_refused(line, sent) -> None:
    send(line, sent)
    with pytest.raises(ProtocolError):
        line.receive()


def test_an_end_is_one(line) -> None:
    send(line, b"\0\0\0\5a")
    line.theirs.close()
    with pytest.raises(EOFError):
        line.receive()


def test_who_does_not_listen_is_not_waited_for(line) -> None:
    with pytest.raises(TimeoutError):
        line.send(bytes(10 << 20))


def test_a_task_has_an_end_however_lively(line) -> None:
    line.ends = time.monotonic()
    send(line, b"\0\0\0\2a")
    with pytest.raises(TimeoutError):
        line.receive()


def test_the_worker_is_looked_at_while_it_is_waited_for() -> None:
    looked = []
    line = Line(1.2, lambda: looked.append(1))
    with pytest.raises(TimeoutError):
        line.receive()
    assert len(looked) >= 2
    line.close()
