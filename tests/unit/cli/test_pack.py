"""From a decision to a package that its receiver opens, by the commands alone."""

from __future__ import annotations

import json
import os
import shutil

import pytest
from run_cli import run_cli

pyrage = pytest.importorskip("pyrage")


@pytest.fixture
def case(concluded, tmp_path):
    shutil.copytree(concluded.folder, tmp_path / "case", symlinks=True)
    return tmp_path / "case"


def by(name: str, tmp_path, *words):
    """A command as this person, with a key of his own."""
    os.environ["XDG_CONFIG_HOME"] = str(tmp_path / name)
    who = ("--by", name) if words[0] in ("partner", "route", "pack", "approve", "seal") else ()
    done = run_cli(*words, *who)
    assert done.returncode in (0, 2), done.stderr
    return done


def lines(*words) -> list[dict]:
    return [json.loads(line) for line in run_cli(*words).stdout.splitlines()]


@pytest.fixture
def decided(case, tmp_path):
    """The case with a partner and one person who is named to it; the partner's key."""
    identity = pyrage.x25519.Identity.generate()
    by("A", tmp_path, "partner", "add", case, "PT", "--name", "Unit", "--country", "PT", "--age",
       identity.to_public(), "--valid-until", "2090-01-01",
       "--checked-how", "in person")  # fmt: skip
    person = lines("route", case, "--state", "proposed", "--limit", 1, "--json")[0]["person_id"]
    marked = ("--handling", "H2", "--tlp", "AMBER", "--grading", "admiralty:B2", "--reason", "r")
    by("A", tmp_path, "route", "decide", case, person, "--to", "PT", *marked)
    (route,) = lines("route", "decisions", case, "--json")
    if route["needs_second"]:
        by("B", tmp_path, "route", "second", case, route["number"], "--reason", "r")
    return identity


def packed(case, tmp_path) -> dict:
    """What the command says of a draft: the same as its dry run, which keeps nothing.

    Every package has a number of its own, which compresses a few bytes better or worse.
    """
    asked = ("pack", case, "--to", "PT", "--from", "ZZ", "--legal-basis", "order 1/26", "--json")
    dry = json.loads(by("A", tmp_path, *asked, "--dry-run").stdout)
    assert not list((case / "work" / "packages").glob("*"))
    made = json.loads(by("A", tmp_path, *asked).stdout)
    assert abs(made["bytes"] - dry["bytes"]) < 100
    assert {**made, "package": "", "bytes": 0} == {**dry, "package": "", "bytes": 0}
    return made


def inside(folder, identity) -> bytes:
    """What the receiver's key opens."""
    (lock,) = (folder / "locks").iterdir()
    text = pyrage.decrypt(lock.read_bytes(), [identity]).decode().strip()
    key = pyrage.x25519.Identity.from_str(text)
    return pyrage.decrypt((folder / "volume-001.age").read_bytes(), [key])


def test_a_package_goes_its_way_from_decision_to_receiver(case, decided, tmp_path) -> None:
    made = packed(case, tmp_path)
    assert (made["named"], made["handling"]) == (1, ["H2"])
    name, out = made["package"], tmp_path / "out"
    assert by("A", tmp_path, "seal", case, name, out).returncode == 2
    assert by("A", tmp_path, "approve", case, name, "--reason", "r").returncode == 2
    assert by("B", tmp_path, "approve", case, name, "--reason", "r").returncode == 0
    assert by("A", tmp_path, "seal", case, name, out).returncode == 0
    assert not list((case / "work" / "packages").glob("*"))
    plain = inside(out, decided)
    assert b"bag/data/referral.json" in plain
    steps = [line["step"] for line in lines("packages", case, "--json")]
    assert steps == ["packed", "approved", "sealed"]
    start = plain.index(b'"token":"token:') + len(b'"token":"')
    token = plain[start : start + 38].decode()
    (opened,) = lines("token", case, token, "--legal-basis", "EIO 2/26", "--json")
    assert opened["account_id"].encode() not in plain
    assert run_cli("token", case, "token:00", "--legal-basis", "EIO 2/26").returncode == 2
    assert run_cli("verify", case).returncode in (0, 1)


def test_what_can_not_be_packed_is_refused(case, decided, tmp_path) -> None:
    whole = ("--to", "PT", "--legal-basis", "order")
    for words in (
        (),
        ("--to", "PT"),
        ("--to", "QQ", "--legal-basis", "order"),
        (*whole, "--keep-until", "2020-01-01"),
        (*whole, "--supersedes", "never-sent"),
    ):
        done = by("A", tmp_path, "pack", case, "--from", "ZZ", *words)
        assert done.returncode == 2
        assert not (case / "work" / "packages").is_dir()
