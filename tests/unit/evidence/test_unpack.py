"""An archive's members are sent one by one, and one alone where one is wanted."""

from __future__ import annotations

import os
import zipfile

import pytest

from clew.evidence.unpack import content, members

MEMBERS = {"a.txt": b"benign", "b.txt": b"pan" * 99}


@pytest.fixture
def argument(tmp_path):
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        for name, data in MEMBERS.items():
            archive.writestr(name, data)
    handle = os.open(tmp_path / "x.zip", os.O_RDONLY)
    yield {"file": handle, "media_type": "application/zip", "bounds": {}, "inner_name": ""}
    os.close(handle)


def test_every_member_comes_with_its_bytes_and_its_end(argument) -> None:
    found, name = {}, ""
    for frame in members(argument):
        if isinstance(frame, bytes):
            found[name] += frame
        elif "member" in frame:
            name = (
                bytes.fromhex(frame["member"]["name"]).decode()
                if set(frame["member"]["name"]) <= set("0123456789abcdef")
                else frame["member"]["name"]
            )
            found[name] = b""
        elif "end" in frame:
            assert frame["end"] is None
    assert list(found.values()) == list(MEMBERS.values())


@pytest.mark.parametrize("ordinal", [0, 1])
def test_one_member_is_sent_alone(argument, ordinal) -> None:
    frames = list(content({**argument, "ordinal": ordinal}))
    assert b"".join(f for f in frames if isinstance(f, bytes)) == list(MEMBERS.values())[ordinal]
    assert frames[-1] == {"end": None}
