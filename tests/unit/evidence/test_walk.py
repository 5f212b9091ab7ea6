"""Every entry is seen once, in the order of its bytes, and nothing is followed."""

from __future__ import annotations

import fcntl
import os

import pytest

from clew.evidence.walk import Folders, roots, walk
from clew.records import ItemKind


@pytest.fixture
def tree(tmp_path):
    (tmp_path / "b" / "deep").mkdir(parents=True)
    (tmp_path / "b" / "deep" / "x.txt").write_text("x")
    (tmp_path / "a").write_text("aa")
    (tmp_path / "link").symlink_to("b")
    os.mkfifo(tmp_path / "pipe")
    os.close(os.open(os.fsencode(tmp_path) + b"/\xff", os.O_CREAT))
    return tmp_path


def entries(folder):
    (root,) = roots([folder])
    return list(walk(0, root))


def test_every_entry_once_folders_before_what_is_in_them(tree) -> None:
    seen = [b"/".join(entry.parts) for entry in entries(tree)]
    assert seen == [b"a", b"b", b"b/deep", b"b/deep/x.txt", b"link", b"pipe", b"\xff"]


def test_kinds_are_told_and_a_link_is_not_followed(tree) -> None:
    kinds = {entry.parts[-1]: entry for entry in entries(tree)}
    assert kinds[b"link"].kind == ItemKind.SYMLINK
    assert kinds[b"link"].link_target == b"b"
    assert kinds[b"pipe"].kind == ItemKind.FIFO
    assert kinds[b"a"].size == 2
    assert kinds[b"b"].size is None


def test_one_file_is_a_root_of_itself(tree) -> None:
    (root,) = roots([tree / "a"])
    assert [entry.parts for entry in walk(0, root)] == [(b"a",)]


def test_a_file_is_opened_for_reading_alone(tree) -> None:
    (root,) = roots([tree])
    folders = Folders()
    handle = folders.open_file(root, (b"b", b"deep", b"x.txt"))
    assert fcntl.fcntl(handle, fcntl.F_GETFL) & os.O_ACCMODE == os.O_RDONLY
    os.close(handle)
    folders.close()


def test_roots_of_one_name_are_told_apart(tmp_path) -> None:
    for name in ("p", "q"):
        (tmp_path / name / "DCIM").mkdir(parents=True)
    shown = [root.shown_as for root in roots([tmp_path / "p" / "DCIM", tmp_path / "q" / "DCIM"])]
    assert shown == [b"DCIM", b"DCIM~2"]


def test_a_folder_that_can_not_be_listed_costs_itself(tree, monkeypatch) -> None:
    listed = os.listdir

    def refuse(handle):
        if b"x.txt" in map(os.fsencode, (names := listed(handle))):
            raise PermissionError(13, "refused")
        return names

    monkeypatch.setattr(os, "listdir", refuse)
    monkeypatch.setattr(os, "scandir", None, raising=False)
    found = {b"/".join(e.parts): e for e in entries(tree)}
    assert b"b/deep" in found
    assert b"a" in found
