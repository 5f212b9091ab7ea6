"""The row of files inside is one that every tar reads, and no other is taken."""

from __future__ import annotations

import io
import tarfile

import pytest

from clew.exchange.sealing import Refused
from clew.exchange.sealing.tar import END, header, members, padding

FILES = {"bag/bagit.txt": b"x" * 55, "bag/data/a": b"", "bag/data/b": b"y" * 1024}


def written(files=FILES) -> bytes:
    rows = (header(n, len(c)) + c + padding(len(c)) for n, c in files.items())
    return b"".join(rows) + END


def test_tar_of_others_reads_what_is_written() -> None:
    with tarfile.open(fileobj=io.BytesIO(written()), mode="r:") as archive:
        assert {m.name: archive.extractfile(m).read() for m in archive} == FILES


def test_what_is_written_is_read() -> None:
    whole = written()
    found = {name: whole[at : at + size] for name, at, size in members(io.BytesIO(whole))}
    assert found == FILES


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE,
                                  tarfile.FIFOTYPE, tarfile.CHRTYPE, tarfile.AREGTYPE,
                                  tarfile.GNUTYPE_SPARSE])  # fmt: skip
def test_a_link_a_folder_and_a_device_are_refused(kind) -> None:
    about = tarfile.TarInfo("bag/data/a")
    about.type, about.linkname, about.mode = kind, "/etc/passwd", 0o600
    with pytest.raises(Refused) as refused:
        list(members(io.BytesIO(about.tobuf(tarfile.GNU_FORMAT) + END)))
    assert refused.value.code == "tar"


@pytest.mark.parametrize("about", [{"uid": 7}, {"mode": 0o4755}, {"mtime": 9}, {"uname": "root"}])
def test_an_owner_a_time_and_a_mode_are_refused(about) -> None:
    info = tarfile.TarInfo("bag/data/a")
    info.mode = 0o600
    for name, value in about.items():
        setattr(info, name, value)
    with pytest.raises(Refused):
        list(members(io.BytesIO(info.tobuf(tarfile.GNU_FORMAT) + END)))


def test_an_extended_header_is_refused() -> None:
    info = tarfile.TarInfo("bag/data/a")
    info.pax_headers, info.mode = {"path": "/etc/passwd"}, 0o600
    with pytest.raises(Refused):
        list(members(io.BytesIO(info.tobuf(tarfile.PAX_FORMAT) + END)))


def test_whatever_is_cut_added_or_hidden_between_files_is_refused() -> None:
    whole = written()
    spoilt = [whole[:-1], whole[:-512], whole + b"\x00", whole + bytes(512), whole + whole,
              whole[: 512 + 60] + b"!" + whole[512 + 61 :], whole[:512], b"",
              END[:512]]  # fmt: skip
    for one in spoilt:
        with pytest.raises(Refused):
            list(members(io.BytesIO(one)))


def test_a_size_beyond_the_end_is_refused() -> None:
    with pytest.raises(Refused):
        list(members(io.BytesIO(header("bag/data/a", 10**12) + b"x" * 1024 + END)))
