"""A case is made once, with its authority or a word that it has none."""

from __future__ import annotations

import json

from run_cli import run_cli

import clew


def test_a_new_case_is_open_and_named(tmp_path) -> None:
    done = run_cli("new", tmp_path / "c", "--title", "T", "--authority", " Order 1 ", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["title"] == "T"
    with clew.open(tmp_path / "c") as case:
        assert (case.config.title, case.config.authority) == ("T", "Order 1")


def test_a_case_without_an_authority_says_so(tmp_path) -> None:
    done = run_cli("new", tmp_path / "c", "--title", "T")
    assert done.returncode == 0
    assert "authority" in done.stderr


def test_a_case_without_a_title_is_refused(tmp_path) -> None:
    done = run_cli("new", tmp_path / "c", "--title", " ")
    assert done.returncode == 2
    assert "title" in done.stderr
    assert not (tmp_path / "c").exists()


def test_a_folder_that_is_there_is_not_made_a_case(tmp_path) -> None:
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "x").touch()
    assert run_cli("new", tmp_path / "c", "--title", "T").returncode == 2
    assert [f.name for f in (tmp_path / "c").iterdir()] == ["x"]


def test_a_case_that_is_there_is_said_to_be_one(tmp_path) -> None:
    run_cli("new", tmp_path / "c", "--title", "T")
    again = run_cli("new", tmp_path / "c", "--title", "Other")
    assert again.returncode == 2
    assert "is a case already" in again.stderr
