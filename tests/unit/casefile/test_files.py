"""A crash leaves the old file or the new one, and never half of either."""

from __future__ import annotations

import hashlib
import os

import pytest

from clew.casefile.files import (
    replacing,
    replacing_folder,
    sha256_of,
    sweep,
    write_text,
    writing,
)
from clew.errors import MachineError


def killed_at(file) -> None:
    file.write_text("half")
    raise ZeroDivisionError


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path) -> None:
    file = tmp_path / "d" / "x"
    write_text(file, "old")
    with pytest.raises(ZeroDivisionError), replacing(file) as hidden:
        killed_at(hidden)
    assert file.read_text() == "old"
    assert [f.name for f in file.parent.iterdir()] == ["x"]
    write_text(file, "new")
    assert file.read_text() == "new"


def test_a_folder_is_replaced_whole_or_not_at_all(tmp_path) -> None:
    folder = tmp_path / "f"
    with replacing_folder(folder) as hidden:
        (hidden / "x").write_text("old")
    with pytest.raises(ZeroDivisionError), replacing_folder(folder) as hidden:
        killed_at(hidden / "y")
    assert [f.name for f in folder.iterdir()] == ["x"]
    with replacing_folder(folder) as hidden:
        (hidden / "z").write_text("new")
    assert [f.name for f in folder.iterdir()] == ["z"]


def test_an_error_of_the_disk_is_one_of_the_machine() -> None:
    with pytest.raises(MachineError, match="doing x"), writing("doing x"):
        raise OSError(28, "No space left on device")


def test_only_what_clew_named_is_swept(tmp_path) -> None:
    for name in (".tmp-clew-folder/x", ".tmp-clew-file", "kept", ".tmp-photos/1.jpg", ".tmp-note"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / ".tmp-clew-link").symlink_to(tmp_path / ".tmp-photos")
    sweep(tmp_path)
    assert {f.name for f in tmp_path.iterdir()} == {"kept", ".tmp-photos", ".tmp-note"}
    assert (tmp_path / ".tmp-photos" / "1.jpg").exists()


def test_a_digest_is_that_of_the_bytes(tmp_path) -> None:
    data = os.urandom(100_000)
    (tmp_path / "x").write_bytes(data)
    assert sha256_of(tmp_path / "x") == hashlib.sha256(data).hexdigest()
