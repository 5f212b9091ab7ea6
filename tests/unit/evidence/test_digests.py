"""Three digests, the head and the tail come of one read, however it is cut."""

from __future__ import annotations

import hashlib
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clew.evidence.digests import HEAD, TAIL, Digests, chunks


@given(st.lists(st.binary(max_size=200), max_size=20))
def test_digests_are_those_of_the_whole(parts) -> None:
    digests, whole = Digests(), b"".join(parts)
    for part in parts:
        digests.update(part)
    assert digests.md5 == hashlib.md5(whole).hexdigest()
    assert digests.sha1 == hashlib.sha1(whole).hexdigest()
    assert digests.sha256 == hashlib.sha256(whole).hexdigest()
    assert (digests.size, digests.head, digests.tail) == (len(whole), whole, whole)


@pytest.mark.parametrize("step", [1000, HEAD, TAIL + 1, 300_000])
def test_head_and_tail_are_cut_at_their_length_and_the_digest_is_of_the_whole(step) -> None:
    whole = os.urandom(TAIL * 3 + 17)
    digests = Digests()
    for at in range(0, len(whole), step):
        digests.update(whole[at : at + step])
    assert digests.head == whole[:HEAD]
    assert digests.tail == whole[-TAIL:]
    assert digests.sha256 == hashlib.sha256(whole).hexdigest()


def test_chunks_give_the_file(tmp_path) -> None:
    data = os.urandom(700_000)
    (tmp_path / "x").write_bytes(data)
    handle = os.open(tmp_path / "x", os.O_RDONLY)
    try:
        assert b"".join(bytes(chunk) for chunk in chunks(handle)) == data
    finally:
        os.close(handle)
