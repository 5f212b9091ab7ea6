"""Structures that are no text are told by their marks, and random bytes are none."""

from __future__ import annotations

import plistlib
import random

import pytest
from builders.lookalikes import told


def figures(tmp_path, name: str, raw: bytes) -> list[str]:
    file = tmp_path / "x"
    file.write_bytes(raw)
    rows = told(file, name, None)
    return rows[0]["figures"] if rows else []


def test_random_bytes_are_no_message(tmp_path) -> None:
    for seed in range(60):
        raw = b"\x01" + random.Random(seed).randbytes(200)
        assert figures(tmp_path, "x.dcm", raw) == []


def test_a_message_is_told_with_its_fields(tmp_path) -> None:
    inner = b"\x0a\x05bread\x10\x07"
    raw = b"".join(b"\x12" + bytes([len(inner)]) + inner for _ in range(3))
    assert figures(tmp_path, "x.pb", raw)[:2] == ["kind=protobuf", "part=field 2 (3)"]
    with_lengths = b"".join(bytes([len(inner)]) + inner for _ in range(3))
    assert "kind=protobuf" in figures(tmp_path, "x.pb", with_lengths)


def test_an_archive_of_objects_is_told_with_its_classes(tmp_path) -> None:
    objects = ["$null", {"text": "x", "$class": 2}, {"$classname": "BreadMessage"}]
    value = {"$archiver": "NSKeyedArchiver", "$objects": objects, "$top": {}, "$version": 100000}
    raw = plistlib.dumps(value, fmt=plistlib.FMT_BINARY)
    assert "part=BreadMessage" in figures(tmp_path, "x.archive", raw)


@pytest.mark.parametrize("kept", [20, 40, 100])
def test_a_torn_list_is_told_all_the_same(tmp_path, kept) -> None:
    raw = plistlib.dumps({"a": list(range(50))}, fmt=plistlib.FMT_BINARY)[:kept]
    assert "kind=binary-plist" in figures(tmp_path, "x.plist", raw)


def test_a_log_of_leveldb_is_told(tmp_path) -> None:
    batch = (7).to_bytes(8, "little") + (1).to_bytes(4, "little") + b"\x01\x03key\x05value"
    record = bytes(4) + len(batch).to_bytes(2, "little") + b"\x01" + batch
    assert "kind=leveldb" in figures(tmp_path, "000003.log", record)
