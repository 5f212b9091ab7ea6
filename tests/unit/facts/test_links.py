"""A share is linked to the file that it carried, and to no other of the same name."""

from __future__ import annotations

import pytest

from clew.facts.links import Files, _Asked, _File, _fits

A, B, SOURCE = "a" * 64, "b" * 64, "c" * 64


def file(path: str, sha256: str, **more) -> _File:
    return _File(path, path, sha256, 1, more.get("md5"), more.get("sha1"))


@pytest.fixture
def files() -> Files:
    made = Files.__new__(Files)
    made._by_hash, made._by_md5, made._by_path, made._by_name = {}, {}, {}, {}
    for one in (
        file("export/_chat.txt", SOURCE), file("export/IMG-1.jpg", A, md5="1" * 32),
        file("sdcard/Media/IMG-1.jpg", B),
    ):  # fmt: skip
        made._by_hash[one.sha256] = made._by_path[one.path] = one
        made._by_md5[one.md5] = one
        made._by_name.setdefault(one.path.rpartition("/")[2], []).append(one)
    return made


def asked(**about) -> _Asked:
    return _Asked(**{**dict.fromkeys(_Asked._fields), "source_id": SOURCE, **about})


def test_a_hash_decides_and_a_name_does_not(files) -> None:
    assert files._find(asked(sha256=B, name="IMG-1.jpg")).sha256 == B
    assert files._find(asked(sha256="d" * 64, name="IMG-1.jpg")) is None


def test_a_name_is_looked_for_beside_the_chat_first(files) -> None:
    assert files._find(asked(name="IMG-1.jpg")).sha256 == A
    assert files._find(asked(name="IMG-2.jpg")) is None


def test_a_path_that_is_stated_is_found_wherever_its_folder_was_put(files) -> None:
    assert files._find(asked(path_stated="Media/IMG-1.jpg")).sha256 == B
    assert files._find(asked(path_stated="Other/IMG-1.jpg")) is None


def test_every_weaker_hash_that_is_stated_must_fit(files) -> None:
    assert files._find(asked(md5="1" * 32)).sha256 == A
    assert files._find(asked(md5="1" * 32, sha1="2" * 40)) is None
    assert _fits(file("x", A, md5="1" * 32), asked(md5="1" * 32))
