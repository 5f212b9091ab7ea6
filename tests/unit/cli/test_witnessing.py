"""A witness cosigns by itself, refuses a log that was rewritten, and tells `clew verify` of it."""

from __future__ import annotations

import shutil

import pytest
from run_cli import run_cli

from clew.casefile import open_case
from clew.casefile.custody import keys
from clew.casefile.custody.checkpoint import check, parse, verifier
from clew.casefile.verify import verify


@pytest.fixture
def witnessed(case, tmp_path):
    """A case with a witness on another disk."""
    (tmp_path / "disk").mkdir()
    public = keys.make(tmp_path / "disk" / "w.pem", "", open_to_its_owner=True)
    case.custody.append("test")
    done = run_cli("custody", "witness", case.folder, tmp_path / "disk" / "seen.txt", "--key",
                   tmp_path / "disk" / "w.pem", "--name", "es.example/witness")  # fmt: skip
    assert done.returncode == 0, done.stderr
    return case, tmp_path / "disk", verifier("es.example/witness", public)


def test_every_checkpoint_is_cosigned_and_kept_elsewhere(witnessed) -> None:
    case, disk, public = witnessed
    for _ in range(2):
        made = run_cli("custody", "checkpoint", case.folder)
        assert "es.example/witness" in made.stdout
    seen = (disk / "seen.txt").read_text()
    assert seen.count("\u2014 es.example/witness") == 2
    assert parse(seen).checkpoint.size == parse(made.stdout).checkpoint.size
    asked = ("custody", "verify", case.folder, "--against", disk / "seen.txt")
    assert run_cli(*asked, "--verifier", public).returncode == 0


def test_a_log_that_was_rolled_back_is_told_without_being_asked_and_not_signed(
    witnessed, tmp_path
) -> None:
    case, disk, _ = witnessed
    shutil.copytree(case.folder, tmp_path / "older")
    case.custody.append("test")
    run_cli("custody", "checkpoint", case.folder)
    with open_case(tmp_path / "older") as older:
        assert any("cut or rolled back" in one.text for one in verify(older))
    before = (disk / "seen.txt").read_text()
    assert run_cli("custody", "checkpoint", tmp_path / "older").returncode == 3
    assert (disk / "seen.txt").read_text() == before


def test_a_file_of_the_witness_that_was_changed_is_told(witnessed) -> None:
    case, disk, _ = witnessed
    run_cli("custody", "checkpoint", case.folder)
    text = (disk / "seen.txt").read_text()
    size = parse(text).checkpoint.size
    (disk / "seen.txt").write_text(text.replace(f"\n{size}\n", f"\n{size - 1}\n", 1))
    assert run_cli("custody", "checkpoint", case.folder).returncode == 3
    assert [one for one in verify(case) if one.is_problem]


def test_a_witness_that_can_not_be_reached_is_told_and_nobody_waits_for_it(witnessed) -> None:
    case, disk, _ = witnessed
    (disk / "w.pem").unlink()
    made = run_cli("custody", "checkpoint", case.folder)
    assert made.returncode == 0
    assert "can't be reached" in made.stderr
    assert run_cli("custody", "witness", case.folder, "--none").returncode == 0
    assert "can't be reached" not in run_cli("custody", "checkpoint", case.folder).stderr


def test_a_witness_on_a_token_cosigns_and_is_waited_for_by_nobody(case, tmp_path, token) -> None:
    case.custody.append("test")
    public = token.key("witness")
    named = run_cli("custody", "witness", case.folder, tmp_path / "seen.txt",
                    *token.options("witness"), "--name", "es.example/witness")  # fmt: skip
    assert named.returncode == 0, named.stderr
    assert run_cli("custody", "checkpoint", case.folder).returncode == 0
    seen = parse((tmp_path / "seen.txt").read_text())
    check(seen, verifier("es.example/witness", public))
    assert seen.signed_by == ["es.example/witness"]
    shutil.rmtree(tmp_path / "tokens")
    (tmp_path / "tokens").mkdir()
    made = run_cli("custody", "checkpoint", case.folder)
    assert made.returncode == 0
    assert "can't be reached" in made.stderr


@pytest.mark.parametrize("asked", [(), ("FILE",), ("FILE", "--none"), ("--name", "x")])
def test_half_a_witness_is_none(case, tmp_path, asked) -> None:
    words = [str(tmp_path / "f") if word == "FILE" else word for word in asked]
    case.custody.append("test")
    assert run_cli("custody", "witness", case.folder, *words).returncode == 2
