"""One writer at a time, and what a killed one left is swept."""

from __future__ import annotations

import pytest

from clew.casefile.lock import locked
from clew.errors import MachineError


def test_a_second_writer_is_refused_and_a_later_one_is_not(tmp_path) -> None:
    with locked(tmp_path), pytest.raises(MachineError, match="another clew"), locked(tmp_path):
        raise AssertionError("two writers")
    with locked(tmp_path):
        pass


def test_what_was_left_half_done_is_swept(tmp_path) -> None:
    (tmp_path / "facts").mkdir()
    (tmp_path / "facts" / ".tmp-clew-x").write_text("half")
    (tmp_path / "facts" / "whole").write_text("whole")
    with locked(tmp_path):
        assert [f.name for f in (tmp_path / "facts").iterdir()] == ["whole"]


def test_an_error_lets_go_of_the_case(tmp_path) -> None:
    with pytest.raises(ZeroDivisionError), locked(tmp_path):
        raise ZeroDivisionError
    with locked(tmp_path):
        pass
