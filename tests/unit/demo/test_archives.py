"""The archives of the demo are what they claim to be."""

from __future__ import annotations

import io
import random
import zipfile

import pytest

from clew.demo import archives


def test_the_same_members_give_the_same_bytes() -> None:
    members = {"a.txt": b"a", "b/c.txt": b"c" * 999}
    data = archives.plain(members)
    assert data == archives.plain(members)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert {n: archive.read(n) for n in archive.namelist()} == members


def test_the_encrypted_one_opens_with_its_password_alone() -> None:
    data = archives.encrypted(b"letter.txt", b"benign\n" * 20, b"demo", random.Random(1))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.read("letter.txt", pwd=b"demo") == b"benign\n" * 20
        with pytest.raises(RuntimeError, match="password"):
            archive.read("letter.txt")


def test_the_hostile_one_hides_a_member() -> None:
    data, members = archives.hostile()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert len(archive.namelist()) == members - 1
        assert "hidden.txt" not in archive.namelist()
    assert b"hidden.txt" in data
