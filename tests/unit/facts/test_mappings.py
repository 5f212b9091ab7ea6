"""A mapping is taken into a case once, and what is none is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from clew.casefile.verify import verify
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


@pytest.mark.parametrize("effect", ["log", "rename"])
def test_a_mapping_that_a_kill_left_half_done_is_no_tampering(case, monkeypatch, effect) -> None:
    append = case.custody.append

    def killed(*given, **detail):
        if effect == "log" and given[0] == "mapping taken in":
            raise KeyboardInterrupt
        return append(*given, **detail)

    def not_renamed(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(case.custody, "append", killed)
        if effect == "rename":
            patched.setattr("clew.facts.mappings.writing", not_renamed)
        with pytest.raises(KeyboardInterrupt):
            add(case, GOLDEN)
    (left,) = verify(case)
    assert not left.is_problem
    assert "killed" in left.text
    with case.writing():
        assert list(verify(case)) == []


def test_a_mapping_that_nobody_staged_was_planted(case) -> None:
    made = add(case, GOLDEN)
    for name, text in (("n", "x"), (made.name, load(GOLDEN)[0])):
        planted = case.folder / "mappings" / f"{name}.yaml.staged"
        planted.write_text(text)
        (found,) = verify(case)
        assert found.is_problem
        assert "planted" in found.text
        planted.unlink()
