"""A package opens whole for whom it is for, and for nobody else, and leaves nothing behind."""

from __future__ import annotations

import shutil

import pytest
from builders.packages import PARTS, Agencies

from clew.errors import Ending
from clew.exchange.sealing import Refused, opened

pytest.importorskip("pyrage")


@pytest.fixture
def agencies():
    return Agencies()


@pytest.fixture
def scratch(tmp_path):
    folder = tmp_path / "scratch"
    folder.mkdir()
    return folder


def test_what_was_sealed_is_read(agencies, tmp_path, scratch) -> None:
    package = agencies.package(tmp_path, to=("DE", "PT"), volume_size=70_000)
    assert len(list(package.glob("volume-*.age"))) == 2
    for me in ("DE", "PT"):
        with opened(package, agencies.receiving(scratch, me)) as found:
            assert {name: found.read(name) for name in found.names} == {
                part.name: b"".join(part.chunks) for part in PARTS
            }
            assert found.header.handling == ("H1",)
            assert dict(found.info)["Payload-Oxum"] == f"{sum(p.size for p in PARTS)}.{len(PARTS)}"
    assert list(scratch.iterdir()) == []


@pytest.mark.parametrize("name", ["envelope.json", "envelope.sig", "locks/PT.age",
                                  "volume-001.age"])  # fmt: skip
@pytest.mark.parametrize("where", [0, 0.5, 1])
def test_one_flipped_bit_is_refused(name, where, agencies, tmp_path, scratch) -> None:
    package = agencies.package(tmp_path)
    content = bytearray((package / name).read_bytes())
    content[int(where * (len(content) - 1))] ^= 1
    (package / name).write_bytes(content)
    told = []
    receiving = agencies.receiving(scratch, attempt=told.append)
    with pytest.raises(Refused) as refused, opened(package, receiving):
        pytest.fail("it opened")
    assert refused.value.exit_code == Ending.DAMAGED
    assert [attempt.outcome for attempt in told] == [refused.value.code]
    assert list(scratch.iterdir()) == []


def test_a_file_more_or_less_is_refused(agencies, tmp_path, scratch) -> None:
    package = agencies.package(tmp_path)
    for spoil in (lambda p: (p / "more.txt").write_text(""), lambda p: (p / "locks/x").mkdir(),
                  lambda p: (p / "volume-001.age").unlink(), shutil.rmtree,
                  lambda p: (p / "locks/PT.age").unlink()):  # fmt: skip
        copy = tmp_path / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(package, copy)
        spoil(copy)
        with pytest.raises(Refused), opened(copy, agencies.receiving(scratch)):
            pytest.fail("it opened")


def test_what_the_machine_stops_is_told_too(agencies, tmp_path, scratch, monkeypatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("clew.exchange.sealing.agefile.decrypt", full)
    told = []
    receiving = agencies.receiving(scratch, attempt=told.append)
    with pytest.raises(OSError, match="No space"), opened(agencies.package(tmp_path), receiving):
        pytest.fail("it opened")
    assert [attempt.outcome for attempt in told] == ["stopped"]
