"""Only a judgement that is there can be undone, by somebody and for a reason."""

from __future__ import annotations

import pytest
from run_cli import run_cli


@pytest.fixture
def case(tmp_path):
    assert run_cli("new", tmp_path / "c", "--title", "T", "--authority", "A").returncode == 0
    return tmp_path / "c"


@pytest.mark.parametrize(
    "words",
    [("1", "--by", "A", "--reason", "r"), ("1", "--by", " ", "--reason", "r"),
     ("0", "--by", "A", "--reason", "r"), ("1", "--by", "A")],
)  # fmt: skip
def test_what_can_not_be_undone_is_refused(case, words) -> None:
    assert run_cli("undo", case, *words).returncode == 2
