"""What the demo says fits a screen, and its progress names each exhibit."""

from __future__ import annotations

from pathlib import Path

from clew.cli.demo import _print
from clew.demo import Score
from clew.evidence import intake


def test_the_summary_fits_a_screen(capsys) -> None:
    scores = [Score(f"a quantity of {n}", 159, 159, "the rest no device can know " * (n % 5))
              for n in range(21)]  # fmt: skip
    _print(["a line about what was found " * 6] * 6, scores)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) < 80
    assert max(map(len, lines)) < 80
    assert all(line.startswith("      ") for line in lines if line.startswith("   "))


def test_taking_in_names_the_exhibit() -> None:
    assert 'f"taking in {exhibit_id}"' in Path(intake.__file__).read_text("utf-8")
