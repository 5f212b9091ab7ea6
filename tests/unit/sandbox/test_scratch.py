"""A worker's folder is measured and emptied, whatever hostile code put there."""

from __future__ import annotations

import os

from clew.sandbox.limits import Limits
from clew.sandbox.scratch import Scratch, family


def deep(folder, levels: int) -> None:
    handle = os.open(folder, os.O_RDONLY)
    for _ in range(levels):
        os.mkdir("d", 0o300, dir_fd=handle)
        below = os.open("d", os.O_RDONLY, dir_fd=handle)
        os.close(handle)
        handle = below
    os.close(handle)


def test_folders_deeper_than_any_path_are_removed(tmp_path) -> None:
    scratch = Scratch(Limits(), tmp_path / "parent")
    deep(scratch.path, 1500)
    (scratch.path / "closed").mkdir(0)
    (scratch.path / "link").symlink_to(tmp_path)
    scratch.close()
    assert list((tmp_path / "parent").iterdir()) == []
    assert tmp_path.exists()


def test_what_is_used_counts_from_the_beginning_of_a_task(tmp_path) -> None:
    scratch = Scratch(Limits(file_bytes=1 << 20, scratch_files=5), tmp_path)
    (scratch.path / "given").write_bytes(bytes(2 << 20))
    scratch.begin()
    assert scratch.passed(os.getpid()) is None
    (scratch.path / "made").write_bytes(bytes(2 << 20))
    assert scratch.passed(os.getpid()) == "limit:scratch"
    (scratch.path / "made").write_bytes(b"")
    for number in range(6):
        (scratch.path / str(number)).touch()
    assert scratch.passed(os.getpid()) == "limit:scratch"
    scratch.clear()
    assert scratch.passed(os.getpid()) is None
    scratch.close()


def test_a_process_that_is_gone_uses_nothing(tmp_path) -> None:
    scratch = Scratch(Limits(), tmp_path)
    assert scratch.passed(1 << 22) is None
    assert family(1 << 22) == [1 << 22]
    scratch.close()
