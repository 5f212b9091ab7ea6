"""A category is given in full, or taken back, by somebody and for a reason."""

from __future__ import annotations

import pytest
from run_cli import run_cli

WHY = ("--by", "A", "--reason", "r")


@pytest.mark.parametrize(
    "words",
    [
        ("--code", "1", *WHY), ("--scheme", "VICS", "--country", "ES", *WHY), WHY,
        ("--withdraw", "--scheme", "VICS", *WHY), ("--withdraw", *WHY),
        ("--scheme", "VICS", "--country", "ES", "--code", "1", *WHY),
    ],
)  # fmt: skip
def test_half_a_category_and_a_file_that_is_not_there_are_refused(tmp_path, words) -> None:
    case = tmp_path / "c"
    assert run_cli("new", case, "--title", "T", "--authority", "A").returncode == 0
    done = run_cli("categorise", case, "a" * 64, *words)
    assert done.returncode == 2, done.stdout
