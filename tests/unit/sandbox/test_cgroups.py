"""A worker's group of cgroup v2 is made where controllers are handed down, and nowhere else."""

from __future__ import annotations

import os

import pytest

from clew.sandbox import cgroups


@pytest.fixture
def tree(tmp_path, monkeypatch):
    """A group that hands controllers down, with files in place of the kernel's."""
    own = tmp_path / "slice" / "own"
    own.mkdir(parents=True)
    monkeypatch.setattr(cgroups, "_own_line", lambda: "0::/slice/own")
    (own / "cgroup.subtree_control").write_text("")
    (own.parent / "cgroup.subtree_control").write_text("cpu memory pids")
    return tmp_path


def kernel(folder) -> None:
    """What the kernel puts into a new group."""
    for name in ("memory.max", "pids.max", "memory.swap.max", "cgroup.procs"):
        (folder / name).touch()


def test_a_group_has_its_limits_and_takes_processes(tree, monkeypatch) -> None:
    mkdir = type(tree).mkdir
    monkeypatch.setattr(type(tree), "mkdir", lambda self: (mkdir(self), kernel(self))[0])
    made = cgroups.group("clew-1", 1 << 30, 64, tree)
    folder = tree / "slice" / "clew-1"
    assert int((folder / "memory.max").read_text()) > 1 << 30
    assert (folder / "pids.max").read_text() == "64"
    assert made.take([os.getpid()])
    assert not made.ran_out
    (folder / "memory.events").write_text("low 0\noom_kill 1\n")
    assert made.ran_out


def test_where_nothing_is_handed_down_there_is_none(tree) -> None:
    (tree / "slice" / "cgroup.subtree_control").write_text("cpu")
    assert cgroups.group("clew-1", 1, 1, tree) is None


def test_a_group_without_its_files_is_removed_again(tree) -> None:
    assert cgroups.group("clew-1", 1, 1, tree) is None
    assert not (tree / "slice" / "clew-1").exists()
