"""Volumes hold a stream to the byte, and are read back as one."""

from __future__ import annotations

import hashlib
import os

import pytest

from clew.exchange.sealing.volumes import Joined, Volumes


@pytest.mark.parametrize(("size", "sizes"), [(None, [2_500_000]), (1_000_000, [1_000_000] * 2 +
                         [500_000]), (2_500_000, [2_500_000])])  # fmt: skip
def test_a_stream_is_cut_and_joined(size, sizes, tmp_path) -> None:
    content = os.urandom(2_500_000)
    volumes = Volumes(tmp_path, size)
    for at in range(0, len(content), 65_552):
        assert volumes.write(memoryview(content[at : at + 65_552])) in (65_552, len(content) - at)
    volumes.close()
    assert [part.size for part in volumes.parts] == sizes
    files = [(tmp_path / part.name).read_bytes() for part in volumes.parts]
    assert [hashlib.sha256(f).hexdigest() for f in files] == [p.sha256 for p in volumes.parts]
    handles = [os.open(tmp_path / part.name, os.O_RDONLY) for part in volumes.parts]
    joined = Joined(handles)
    assert b"".join(iter(lambda: joined.read(8192), b"")) == content
    assert joined.read(1) == b""
    for handle in handles:
        os.close(handle)
