"""Bags of others are read as the conformance suite of the Library of Congress asks."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from clew.exchange.sealing.bag import Bag
from clew.exchange.sealing.bagcheck import check
from clew.exchange.sealing.member import Member

SUITE = Path(os.environ.get("CLEW_FIXTURES", "")) / "exchange" / "bagit-conformance"
NEEDS_ITS_DISK = {"duplicate-file-with-different-case", "special-system-files"}
"""Bags of the suite whose second file is lost on the way to a disk like ours."""
MEMBERS = {"referral.json": b"{}", "tables/a.parquet": b"x" * 70_000, "empty": b""}


def written(folder, members=None) -> Path:
    parts = [Member.of(*pair) for pair in (members or MEMBERS).items()]
    for file in Bag(parts, [("Source-Organization", "ES")]):
        path = folder / file.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"".join(file.chunks))
    return folder


def test_every_bag_of_the_suite_has_its_verdict() -> None:
    if not SUITE.is_dir():
        pytest.skip("no conformance suite: CLEW_FIXTURES names no folder that has it")
    wrong, met = [], 0
    for bag in sorted(SUITE.glob("v*/*/*")):
        if bag.is_dir() and bag.name not in NEEDS_ITS_DISK:
            found, kind = check(bag), bag.parent.name
            met += 1
            if (not found.problems) != (kind in {"valid", "warning"}):
                wrong.append((bag.name, found))
            if kind == "warning" and not found.warnings:
                wrong.append((bag.name, found))
    assert met > 50
    assert wrong == []


def test_a_bag_that_clew_writes_is_valid_and_bagit_takes_it(tmp_path) -> None:
    found = check(written(tmp_path / "bag"))
    assert (found.problems, found.warnings) == ((), ())
    assert dict(found.info)["Payload-Oxum"] == "70002.3"
    bagit = pytest.importorskip("bagit")
    assert bagit.Bag(str(tmp_path / "bag")).validate()


@pytest.mark.parametrize("spoil", [
    lambda bag: (bag / "data/referral.json").write_bytes(b"[]"),
    lambda bag: (bag / "data/empty").unlink(), lambda bag: (bag / "data/more").write_bytes(b""),
    lambda bag: (bag / "bag-info.txt").write_text("Payload-Oxum: 1.1\n"),
    lambda bag: (bag / "bagit.txt").write_text("BagIt-Version : 1.0\n"),
    lambda bag: (bag / "manifest-sha256.txt").unlink(),
    lambda bag: (bag / "manifest-sha256.txt").write_text("xx  data/a\n"),
    lambda bag: (bag / "manifest-sha999.txt").write_text(""),
    lambda bag: (bag / "data/link").symlink_to("/etc/passwd"),
    lambda bag: (bag / "fetch.txt").write_text("https://example.org/a - data/a\n"),
    lambda bag: (bag / "fetch.txt").write_text("https://example.org/a - ../a\n"),
], ids=range(11))  # fmt: skip
def test_whatever_is_changed_in_a_bag_is_told(spoil, tmp_path) -> None:
    bag = written(tmp_path / "bag")
    spoil(bag)
    assert check(bag).problems


def test_what_is_no_bag_is_told(tmp_path) -> None:
    assert check(tmp_path).problems == ("there is no bagit.txt that can be read",)
