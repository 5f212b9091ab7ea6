"""Every way of writing a hash on a line is read, and what is none is told."""

from __future__ import annotations

import pytest

from clew.findings.hashsets.lists import LIST, PDQ_LIST, _digests

MD5, SHA1, SHA256 = "a1" * 16, "b2" * 20, "c3" * 32


@pytest.mark.parametrize(
    ("line", "kinds"),
    [
        (MD5, ["md5"]), (SHA1.upper(), ["sha1"]), (f"{SHA256}  picture one.jpg", ["sha256"]),
        (f"{MD5} *bin.jpg", ["md5"]), (f"MD5 (x.jpg) = {MD5}", ["md5"]),
        (f"SHA2-256(x)= {SHA256}", ["sha256"]),
        (f"{MD5},{SHA1},{SHA256},name", ["md5", "sha1", "sha256"]),
        (f"{MD5};{MD5}", ["md5"]), (f"0x{MD5}", ["md5"]), (f'"{SHA1}"\t7', ["sha1"]),
    ],
)  # fmt: skip
def test_a_line_gives_one_hash_of_each_kind(line, kinds) -> None:
    assert [h.kind for h in _digests(line)] == kinds
    assert all(h.value == h.value.lower() for h in _digests(line))


@pytest.mark.parametrize("line", ["", "name only", "a1" * 15, "a1" * 17, "zz" * 16, f"x {MD5}"])
def test_what_begins_with_no_hash_has_none(line) -> None:
    assert _digests(line) == []


def test_a_file_is_told_by_a_line_with_a_hash() -> None:
    assert LIST.recognises(f"# remark\n\n{MD5}\n".encode())
    assert not LIST.recognises(b"name,size\n1,2\n")
    assert PDQ_LIST.recognises(f"0,100,{SHA256},0.5\n".encode())
    assert not PDQ_LIST.recognises(SHA256.encode())
