"""A mapping is taken into a case once, and what is none is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from clew.errors import UsageError
from clew.facts.mappings import add, load

GOLDEN = Path(__file__).parents[2] / "golden" / "csv_mapped" / "semicolon_local" / "mapping.yaml"


def test_a_mapping_is_kept_as_it_was_given(case) -> None:
    made = add(case, GOLDEN)
    kept = case.folder / "mappings" / f"{made.name}.yaml"
    assert kept.read_text() == load(GOLDEN)[0]
    before = len(list(case.custody.entries()))
    with pytest.raises(UsageError, match="in the case already"):
        add(case, GOLDEN)
    assert len(list(case.custody.entries())) == before


def test_a_file_that_is_none_is_refused(tmp_path) -> None:
    with pytest.raises(UsageError, match="no file"):
        load(tmp_path / "gone.yaml")
    (tmp_path / "x.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UsageError, match="UTF-8"):
        load(tmp_path / "x.yaml")
