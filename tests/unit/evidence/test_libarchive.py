"""libarchive reads what is given it by descriptor or by hand, and says what it is."""

from __future__ import annotations

import io
import os
import tarfile

import pytest

from clew.evidence.libarchive import EOF, FORMATS, OK, Archive, version

MEMBERS = {"a.txt": b"benign", "d/b.txt": b"pan" * 9000}


@pytest.fixture
def tar(tmp_path):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, data in MEMBERS.items():
            about = tarfile.TarInfo(name)
            about.size, about.mtime = len(data), 1_700_000_000
            archive.addfile(about, io.BytesIO(data))
    (tmp_path / "x.tar").write_bytes(out.getvalue())
    return tmp_path / "x.tar"


def read(archive) -> dict[str, bytes]:
    found = {}
    while archive.advance() == OK:
        data = b""
        while (part := archive.block())[0] == OK:
            data += part[2]
        assert part[0] == EOF
        found[archive.member.name.decode()] = data
    return found


class Source:
    consumed, problem = 0, None

    def __init__(self, data: bytes, step: int) -> None:
        self._data, self._step = data, step

    def read(self) -> bytes:
        part, self._data = self._data[: self._step], self._data[self._step :]
        return part


def test_members_come_whole_from_a_file(tar) -> None:
    handle = os.open(tar, os.O_RDONLY)
    archive = Archive(handle, None, FORMATS)
    assert read(archive) == MEMBERS
    assert archive.consumed > 0
    assert not archive.encrypted
    archive.close()
    os.close(handle)


@pytest.mark.parametrize("step", [100, 512, 1 << 20])
def test_members_come_whole_from_a_source_however_it_is_cut(tar, step) -> None:
    archive = Archive(-1, Source(tar.read_bytes(), step), FORMATS)
    assert read(archive) == MEMBERS
    archive.close()


def test_what_is_no_archive_is_refused_with_a_reason() -> None:
    archive = Archive(-1, Source(b"no archive at all " * 90, 512), FORMATS)
    assert archive.status != OK or archive.advance() != OK
    assert archive.error
    archive.close()
    assert "libarchive" in version()
