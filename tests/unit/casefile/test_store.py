"""Each content is kept once, under its hash, and half of one never."""

from __future__ import annotations

import hashlib
import os

import pytest

from clew.casefile.store import Store


def keep(store: Store, data: bytes, step: int = 1 << 16):
    incoming = store.receive()
    for at in range(0, len(data), step):
        incoming.write(data[at : at + step])
    return incoming.keep(hashlib.sha256(data).hexdigest())


@pytest.mark.parametrize("size", [0, 10, 1 << 20, (1 << 20) + 1, 3 << 20])
def test_what_is_kept_is_what_was_written(tmp_path, size) -> None:
    store, data = Store(tmp_path / "store"), os.urandom(size)
    file = keep(store, data)
    assert file.read_bytes() == data
    assert store.has(hashlib.sha256(data).hexdigest())
    assert file.stat().st_mode & 0o222 == 0
    assert [f for f in (tmp_path / "store").rglob("*") if f.is_file()] == [file]


def test_a_content_that_is_there_is_not_written_again(tmp_path) -> None:
    store = Store(tmp_path / "store")
    file = keep(store, b"same")
    before = file.stat().st_mtime_ns, file.stat().st_ino
    assert keep(store, b"same") == file
    assert (file.stat().st_mtime_ns, file.stat().st_ino) == before


def test_what_is_dropped_leaves_nothing(tmp_path) -> None:
    incoming = Store(tmp_path / "store").receive()
    incoming.write(os.urandom(2 << 20))
    incoming.drop()
    assert [f for f in (tmp_path / "store").rglob("*") if f.is_file()] == []


def test_there_may_be_nothing_to_sync(tmp_path) -> None:
    Store(tmp_path / "none").sync()
    store = Store(tmp_path / "store")
    keep(store, b"x")
    store.sync()
