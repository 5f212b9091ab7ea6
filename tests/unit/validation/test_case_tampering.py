"""Every kind of tampering with a case is found, and a case that nobody touched is whole."""

from __future__ import annotations

import shutil

import pytest

from clew.casefile import open_case
from clew.casefile.custody.checkpoint import parse
from clew.validation.case_tampering import TAMPERS, problems_of, whole_case


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole")
    with whole_case(folder / "case", folder / "older") as case:
        return folder, parse(case.custody.checkpoint().text)


def test_a_case_that_nobody_touched_is_whole(made) -> None:
    folder, held = made
    assert problems_of(folder / "case", held) == []
    assert problems_of(folder / "older") == []


def test_there_are_as_many_kinds_as_testers_found() -> None:
    assert len(TAMPERS) >= 37


@pytest.mark.parametrize("kind", TAMPERS)
def test_tampering_is_found(made, tmp_path, kind) -> None:
    folder, held = made
    for name in ("case", "older"):
        shutil.copytree(folder / name, tmp_path / name)
    TAMPERS[kind](tmp_path / "case", tmp_path / "older")
    assert problems_of(tmp_path / "case", held)


@pytest.mark.parametrize("kind", [k for k in TAMPERS if "rolled back" not in k])
def test_most_kinds_are_found_without_a_checkpoint_from_outside(made, tmp_path, kind) -> None:
    folder, _ = made
    for name in ("case", "older"):
        shutil.copytree(folder / name, tmp_path / name)
    TAMPERS[kind](tmp_path / "case", tmp_path / "older")
    assert problems_of(tmp_path / "case")


@pytest.mark.parametrize("kind", ["whole case rolled back", "log rolled back"])
def test_a_report_that_was_kept_elsewhere_tells_a_rollback(made, tmp_path, kind) -> None:
    """The command takes the checkpoint as anybody has it: three lines in a file."""
    from click.testing import CliRunner

    from clew.cli.verify import verify

    folder, held = made
    for name in ("case", "older"):
        shutil.copytree(folder / name, tmp_path / name)
    (tmp_path / "point.txt").write_text(held.checkpoint.text)
    TAMPERS[kind](tmp_path / "case", tmp_path / "older")
    asked = [str(tmp_path / "case"), "--against", str(tmp_path / "point.txt")]
    done = CliRunner().invoke(verify, asked, standalone_mode=False)
    assert done.return_value == 3
    assert "rolled back" in done.output


def test_a_writer_refuses_a_case_whose_exhibit_is_gone(made, tmp_path) -> None:
    from clew.errors import EvidenceError

    folder, _ = made
    shutil.copytree(folder / "case", tmp_path / "case")
    (tmp_path / "case" / "done" / "intake" / "V-1.json").unlink()
    with open_case(tmp_path / "case") as case, pytest.raises(EvidenceError, match="V-1"):
        case.writing().__enter__()
    with open_case(tmp_path / "case") as case, pytest.raises(EvidenceError, match="V-1"):
        case.rows("FROM items")


def test_a_finding_that_is_gone_is_done_anew_and_told(made, tmp_path) -> None:
    folder, _ = made
    shutil.copytree(folder / "case", tmp_path / "case")
    (tmp_path / "case" / "done" / "roles" / "case.json").unlink()
    with open_case(tmp_path / "case") as case:
        with case.writing():
            assert case.manifests.get("roles", "case") is None
        assert case.rows("FROM roles") == []
    assert problems_of(tmp_path / "case") == []
