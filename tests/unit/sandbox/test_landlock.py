"""After it gave up the file system, a process reads and writes where it may, and nowhere else."""

from __future__ import annotations

import subprocess
import sys

import pytest

from clew.sandbox import landlock

CODE = """
import sys
from pathlib import Path
from clew.sandbox import landlock, seccomp
seccomp.no_new_privileges()
readable, writable, other = map(Path, sys.argv[1:])
landlock.restrict([readable], [writable])
(writable / "new").write_text("x")
print((readable / "file").read_text())
for attempt in (lambda: (other / "file").read_text(), lambda: (readable / "new").write_text("x")):
    try:
        attempt()
        print("reached")
    except PermissionError:
        print("refused")
"""


def test_what_is_not_named_is_out_of_reach(tmp_path) -> None:
    if not landlock.version():
        pytest.skip("this kernel has no Landlock")
    folders = [tmp_path / name for name in ("readable", "writable", "other")]
    for folder in folders:
        folder.mkdir()
        (folder / "file").write_text("seen")
    done = subprocess.run(
        [sys.executable, "-c", CODE, *folders], capture_output=True, text=True, check=False
    )
    assert done.stdout.split() == ["seen", "refused", "refused"], done.stderr


def test_a_folder_that_is_not_there_needs_no_rule() -> None:
    landlock._allow(-1, __import__("pathlib").Path("/no/such/folder"), 1)
