"""What a command writes outside the case never takes the place of evidence or of a case."""

from __future__ import annotations

import os

import pytest
from run_cli import run_cli

from clew.casefile.outputs import output, refuse_guarded, refuse_overlap, writable
from clew.errors import UsageError


def test_a_file_is_there_whole_or_not_at_all(tmp_path) -> None:
    with output(tmp_path / "x") as made:
        made.write_text("whole")
    assert (tmp_path / "x").read_text() == "whole"
    with pytest.raises(ZeroDivisionError), output(tmp_path / "y") as made:
        made.write_text(f"half {1 // 0}")
    assert [f.name for f in tmp_path.iterdir()] == ["x"]


def test_what_is_there_is_replaced_only_where_that_was_asked_for(tmp_path) -> None:
    (tmp_path / "x").write_text("old")
    with pytest.raises(UsageError, match="there already"), output(tmp_path / "x"):
        raise AssertionError
    with output(tmp_path / "x", force=True) as made:
        made.write_text("new")
    assert (tmp_path / "x").read_text() == "new"


def test_what_came_to_be_meanwhile_is_not_replaced(tmp_path) -> None:
    with pytest.raises(UsageError, match="there already"), output(tmp_path / "x"):
        (tmp_path / "x").write_text("theirs")
    assert (tmp_path / "x").read_text() == "theirs"


def test_of_a_folder_only_what_is_written_anew_is_replaced(tmp_path) -> None:
    folder = tmp_path / "d"
    folder.mkdir()
    (folder / "notes").write_text("mine")
    (folder / "x").write_text("old")
    with pytest.raises(UsageError, match="not empty"):
        writable(folder, folder=True)
    with output(folder, force=True, folder=True) as made:
        made.mkdir()
        (made / "x").write_text("new")
    assert {f.name: f.read_text() for f in folder.iterdir()} == {"notes": "mine", "x": "new"}


@pytest.mark.parametrize("name", ["folder", "pipe", "missing/x"])
def test_what_can_be_no_file_is_refused(tmp_path, name) -> None:
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UsageError):
        writable(tmp_path / name, force=True)


def test_a_key_stays_its_owners_alone(tmp_path) -> None:
    with output(tmp_path / "key") as made:
        made.touch(0o600)
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600


@pytest.fixture
def evidence(tmp_path, case):
    folder = tmp_path / "seized"
    folder.mkdir()
    (folder / "x").write_text("evidence")
    image = tmp_path / "image"
    image.mkdir()
    for name in ("disk.001", "disk.002"):
        (image / name).write_text(f"evidence of {name}")
    told = ("--kind", "phone", "--country", "ES")
    assert not run_cli("add", case.folder, folder, "--exhibit", "ES-01", *told).returncode
    assert not run_cli("add", case.folder, image / "disk.001", "--exhibit", "E2", *told).returncode
    return folder


@pytest.mark.parametrize("path", ["x", "new", "case.toml", "../link/x", "../dangling"])
def test_nothing_is_written_into_evidence(tmp_path, evidence, path) -> None:
    (tmp_path / "link").symlink_to(evidence)
    (tmp_path / "dangling").symlink_to(evidence / "new")
    with pytest.raises(UsageError, match="evidence of the case"):
        writable(evidence / path, force=True)


def test_of_an_exhibit_that_is_a_file_only_that_file_and_its_image_are_evidence(
    tmp_path, evidence
) -> None:
    for name in ("disk.001", "disk.002"):
        with pytest.raises(UsageError, match="evidence of the case"):
            writable(tmp_path / "image" / name, force=True)
    assert writable(tmp_path / "image" / "report.html")


def test_evidence_that_is_not_taken_in_to_its_end_is_evidence(
    tmp_path, evidence, case, monkeypatch
) -> None:
    begun = tmp_path / "begun"
    begun.mkdir()
    (begun / "x").write_text("evidence")
    monkeypatch.setattr("clew.shards.ShardRun.run", lambda *_: 1 / 0)
    told = ("--exhibit", "ES-03", "--kind", "phone", "--country", "ES")
    assert run_cli("add", case.folder, begun, *told).returncode
    for path in (begun / "new", evidence / "new"):
        with pytest.raises(UsageError, match="evidence of the case"):
            writable(path)


def test_no_case_is_made_in_evidence_or_in_a_case(tmp_path, evidence, case) -> None:
    for folder in (evidence / "new", case.folder / "new", case.folder / "store" / "new"):
        ended = run_cli("new", folder, "--title", "x")
        assert ended.returncode == 2
        assert "lies in" in ended.stderr
        assert not folder.exists()


def test_a_damaged_case_is_still_one(case) -> None:
    (case.folder / "case.toml").unlink()
    with pytest.raises(UsageError, match="lies in the case"):
        refuse_guarded(case.folder / "work" / "x")


def test_evidence_lies_outside_the_case_and_the_case_outside_evidence(tmp_path, case) -> None:
    inside = case.folder / "evidence"
    inside.mkdir()
    (tmp_path / "link").symlink_to(inside)
    (inside / "out").symlink_to(tmp_path / "elsewhere")
    for path in (inside, case.folder, tmp_path / "link", inside / ".." / "store", inside / "out"):
        with pytest.raises(UsageError, match="lies in the case"):
            refuse_overlap(path, case.folder)
    with pytest.raises(UsageError, match=r"the case .* lies in"):
        refuse_overlap(tmp_path, case.folder)
    refuse_overlap(tmp_path / "seized", case.folder)


def test_what_lies_in_the_case_is_not_taken_in_and_stays(case) -> None:
    inside = case.folder / "evidence"
    for name in (".tmp-photos/1.jpg", ".tmp-note", "chat.txt"):
        (inside / name).parent.mkdir(parents=True, exist_ok=True)
        (inside / name).write_text("evidence")
    told = ("--exhibit", "ES-01", "--kind", "phone", "--country", "ES")
    ended = run_cli("add", case.folder, inside, *told)
    assert ended.returncode == 2
    assert "lies in the case" in ended.stderr
    with case.writing():
        assert sum(f.is_file() for f in inside.rglob("*")) == 3
