"""Of a package in which anything is not as it was sealed nothing is taken, and nothing stays."""

from __future__ import annotations

import json
import os
import random
import shutil
from collections import Counter

import pytest
from builders.packages import PLAIN, Agencies, signer

from clew.errors import Ending
from clew.exchange.sealing import Refused, envelope, opened

pytest.importorskip("pyrage")
CORRUPTIONS = int(os.environ.get("CLEW_CORRUPTIONS", "120"))


def flip(chance, package, _) -> None:
    file = chance.choice(files(package))
    content = bytearray(file.read_bytes())
    content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    file.write_bytes(content)


def flip_many(chance, package, _) -> None:
    for _ in range(chance.randrange(2, 30)):
        flip(chance, package, None)
    (package / "volume-001.age").write_bytes((package / "volume-001.age").read_bytes() + b"x")


def cut(chance, package, _) -> None:
    file = chance.choice(files(package))
    os.truncate(file, chance.randrange(file.stat().st_size))


def cut_out(chance, package, _) -> None:
    file = chance.choice(files(package))
    content = file.read_bytes()
    at = chance.randrange(len(content))
    file.write_bytes(content[:at] + content[at + chance.randrange(1, 70_000) :])


def put_in(chance, package, _) -> None:
    file = chance.choice(files(package))
    content = file.read_bytes()
    at = chance.randrange(len(content) + 1)
    file.write_bytes(content[:at] + chance.randbytes(chance.randrange(1, 200)) + content[at:])


def take_away(chance, package, _) -> None:
    chance.choice(files(package)).unlink()


def add(chance, package, _) -> None:
    name = chance.choice(["x", "volume-009.age", "locks/FR.age", "locks/PT.pgp", ".hidden", "d/x"])
    (package / name).parent.mkdir(exist_ok=True)
    (package / name).write_bytes(chance.randbytes(9))


def swap_within(chance, package, _) -> None:
    pair = chance.choice([("locks/DE.age", "locks/PT.age"), ("volume-001.age", "volume-002.age"),
                          ("envelope.json", "envelope.sig")])  # fmt: skip
    one, two = ((package / name).read_bytes() for name in pair)
    (package / pair[0]).write_bytes(two)
    (package / pair[1]).write_bytes(one)


def swap_between(chance, package, other) -> None:
    """Files of another package of the same sender, some and never all."""
    names = [str(file.relative_to(package)) for file in files(package)]
    for name in chance.sample(names, chance.randrange(1, len(names))):
        shutil.copyfile(other / name, package / name)


def link(chance, package, other) -> None:
    name = chance.choice(files(package)).relative_to(package)
    (package / name).unlink()
    (package / name).symlink_to(other / name)


def sign_as_another(chance, package, other) -> None:
    """Somebody seals contents of his own, or takes a receiver away, and signs with his own key."""
    said = json.loads((package / "envelope.json").read_bytes())
    if chance.random() < 0.5:
        shutil.copyfile(other / "volume-001.age", package / "volume-001.age")
        said["volumes"] = json.loads((other / "envelope.json").read_bytes())["volumes"]
    else:
        said["to"], said["locks"] = ["PT"], [k for k in said["locks"] if k["receiver"] == "PT"]
        (package / "locks/DE.age").unlink()
    written = json.dumps(said, sort_keys=True, separators=(",", ":")).encode()
    (package / "envelope.json").write_bytes(written)
    if chance.random() < 0.5:
        signed = envelope.signature(envelope.OUTER, written, signer())
        (package / "envelope.sig").write_bytes(signed)


SPOILERS = (flip, flip_many, cut, cut_out, put_in, take_away, add, swap_within, swap_between, link,
            sign_as_another)  # fmt: skip


def files(package) -> list:
    return sorted(file for file in package.rglob("*") if file.is_file())


@pytest.mark.volume
def test_no_corrupted_package_opens_and_nothing_of_it_stays(tmp_path) -> None:
    chance, agencies = random.Random(int(os.environ.get("CLEW_SEED", "2026"))), Agencies()
    packages = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        packages.append(agencies.package(tmp_path / name, to=("DE", "PT"), volume_size=70_000))
    scratch, copy = tmp_path / "scratch", tmp_path / "copy"
    scratch.mkdir()
    told, refused = [], Counter()
    receiving = agencies.receiving(scratch, attempt=told.append)
    for number in range(CORRUPTIONS):
        spoil = SPOILERS[number % len(SPOILERS)]
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(packages[0], copy)
        spoil(chance, copy, packages[1])
        with pytest.raises(Refused) as met, opened(copy, receiving):
            pytest.fail(f"opened after {spoil.__name__}, number {number}")
        assert met.value.exit_code == Ending.DAMAGED
        refused[spoil.__name__, met.value.code] += 1
        assert list(scratch.iterdir()) == []
    assert Counter(attempt.outcome for attempt in told) == sum(
        (Counter({code: n}) for (_, code), n in refused.items()), Counter()
    )
    assert len(told) == CORRUPTIONS
    assert not [file for file in files(tmp_path) if PLAIN in file.read_bytes()]
    with opened(packages[0], receiving) as found:  # the one that was spoilt is sound
        assert PLAIN in found.read("tables/accounts.parquet")
