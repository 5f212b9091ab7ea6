"""An archive that lies, hides or is torn is told, member by member, and never raises."""

from __future__ import annotations

import io
import random
import struct
import zipfile
from pathlib import Path

import pytest

from clew.demo import archives
from clew.evidence import zips
from clew.evidence.bounds import Bounds

RANDOM = random.Random(1)
BODIES = {f"f{n}.bin": RANDOM.randbytes(5000) for n in range(20)}


def good(method: int = zipfile.ZIP_DEFLATED) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", method) as archive:
        for name, body in BODIES.items():
            archive.writestr(name, body)
    return held.getvalue()


GOOD = good()


def read(data: bytes, tmp_path: Path, **limits: int):
    """Outcome of every member by name, and the flags."""
    file = tmp_path / "x.zip"
    file.write_bytes(data)
    with file.open("rb") as opened:
        walk = zips.walk(opened, Bounds(**limits))
        found = []
        for member in walk.members:
            got = b""
            try:
                for chunk in zips.content(walk, member):
                    got += chunk
                found.append((member.name, "ok", got))
            except zips.MemberError as error:
                found.append((member.name, error.reason, got))
        return found, dict(walk.flags)


def outcomes(found) -> dict[str, int]:
    counted: dict[str, int] = {}
    for _, outcome, _ in found:
        counted[outcome] = counted.get(outcome, 0) + 1
    return counted


@pytest.mark.parametrize(
    "method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
)
def test_a_good_archive_is_read_whole_and_without_a_flag(method, tmp_path) -> None:
    found, flags = read(good(method), tmp_path)
    assert {name.decode(): body for name, _, body in found} == BODIES
    assert flags == {}


def test_a_hidden_member_is_found_and_an_overlapping_one_fails(tmp_path) -> None:
    data, members = archives.hostile()
    found, flags = read(data, tmp_path)
    assert len(found) == members
    assert outcomes(found) == {"ok": 4, "overlap": 1}
    assert (b"hidden.txt", "ok", b"hidden, but benign") in found
    assert {"zip:unreferenced_member", "zip:overlap", "zip:name_mismatch"} <= set(flags)


def test_an_encrypted_member_is_named_and_not_read(tmp_path) -> None:
    data = archives.encrypted(b"letter.txt", b"benign", b"secret", random.Random(1))
    found, _ = read(data, tmp_path)
    assert found == [(b"letter.txt", "encrypted", b"")]
    with zipfile.ZipFile(io.BytesIO(data)) as archive:  # it is really encrypted
        assert archive.read("letter.txt", pwd=b"secret") == b"benign"


def test_a_torn_archive_is_salvaged(tmp_path) -> None:
    found, flags = read(GOOD[: len(GOOD) // 2], tmp_path)
    assert outcomes(found)["ok"] >= 9
    assert "zip:no_central_directory" in flags


def test_a_zeroed_directory_loses_nothing(tmp_path) -> None:
    torn = bytearray(GOOD)
    start = struct.unpack_from("<I", GOOD, len(GOOD) - 6)[0]
    torn[start : start + 200] = bytes(200)
    found, flags = read(bytes(torn), tmp_path)
    assert outcomes(found) == {"ok": 20}
    assert "zip:no_central_directory" in flags


def test_a_changed_byte_costs_one_member(tmp_path) -> None:
    torn = bytearray(GOOD)
    torn[3000] ^= 0xFF
    found, _ = read(bytes(torn), tmp_path)
    assert outcomes(found)["ok"] == 19


@pytest.mark.parametrize(
    ("data", "flag"),
    [
        (b"MZ" + bytes(5000) + GOOD, "zip:prefix_bytes"),
        (GOOD + bytes(100_000), "zip:trailing_bytes"),
        (GOOD[:-2] + struct.pack("<H", 40) + b"PK\5\6" + bytes(36), "zip:several_end_records"),
    ],
)
def test_bytes_around_an_archive_are_told(data, flag, tmp_path) -> None:
    found, flags = read(data, tmp_path)
    assert outcomes(found) == {"ok": 20}
    assert flag in flags


def test_two_archives_in_one_file_are_both_read(tmp_path) -> None:
    found, _ = read(GOOD + GOOD, tmp_path)
    assert outcomes(found) == {"ok": 40}


def test_a_bomb_is_stopped_by_its_ratio_and_its_siblings_go_on(tmp_path) -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("bomb", bytes(64 << 20))
        archive.writestr("small", b"small")
    found, _ = read(held.getvalue(), tmp_path)
    assert [(n, o) for n, o, _ in found] == [(b"bomb", "limit:ratio"), (b"small", "ok")]


def test_all_that_comes_out_is_bounded(tmp_path) -> None:
    found, _ = read(GOOD, tmp_path, total_bytes=12_000)
    assert outcomes(found) == {"ok": 2, "limit:total": 18}


def test_names_keep_their_bytes(tmp_path) -> None:
    names = [b"\x8d\x91.jpg", b"\xff\xfe\xfd", b"a\x00b", b"", b"new\nline", b"dup", b"dup"]
    data = raw(names)
    found, _ = read(data, tmp_path)
    assert [name for name, _, _ in found] == names


def raw(names: list[bytes]) -> bytes:
    """Stored members of one byte, under any names."""
    out, central = io.BytesIO(), b""
    for name in names:
        fields = (0, 0, 0x21, 0x8CDC1683, 1, 1, len(name), 0)
        at = out.tell()
        out.write(struct.pack("<4sHHHHHIIIHH", b"PK\3\4", 20, 0, *fields) + name + b"x")
        central += (
            struct.pack("<4sHHHHHHIIIHHHHHII", b"PK\1\2", 20, 20, 0, *fields, 0, 0, 0, 0, at) + name
        )
    start = out.tell()
    end = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, len(names), len(names), len(central), start, 0)
    return out.getvalue() + central + end


def test_a_link_is_told_from_a_file(tmp_path) -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        link = zipfile.ZipInfo("link")
        link.create_system, link.external_attr = 3, 0o120777 << 16
        archive.writestr(link, "/etc")
    file = tmp_path / "x.zip"
    file.write_bytes(held.getvalue())
    with file.open("rb") as opened:
        assert [m.kind for m in zips.walk(opened).members] == ["symlink"]


@pytest.mark.parametrize("data", [b"", b"PK", b"PK\3\4", b"PK\5\6" + bytes(18), b"x" * 1000])
def test_what_is_no_archive_has_no_members(data, tmp_path) -> None:
    found, flags = read(data, tmp_path)
    assert found == []
    assert "zip:no_members" in flags
