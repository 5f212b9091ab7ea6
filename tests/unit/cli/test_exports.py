"""A judgement on an export names one export, and a group or none."""

from __future__ import annotations

import pytest
from run_cli import run_cli


@pytest.fixture
def case(tmp_path):
    assert run_cli("new", tmp_path / "c", "--title", "T", "--authority", "A").returncode == 0
    return tmp_path / "c"


@pytest.mark.parametrize(
    ("words", "said"),
    [(("--alone", "--reason", "r"), "one export"),
     (("e", "--alone", "--of", "g", "--reason", "r"), "one export"),
     (("e", "--alone", "--reason", "r"), "no conversation of the case"),
     (("e",), "no conversation of the case")],
)  # fmt: skip
def test_what_can_not_be_judged_is_refused(case, words, said) -> None:
    done = run_cli("exports", case, *words)
    assert (done.returncode, said in done.stderr) == (2, True)
