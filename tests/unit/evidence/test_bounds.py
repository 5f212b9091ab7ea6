"""Laws of ``clew.evidence.bounds``."""

from __future__ import annotations

import pytest

from clew.errors import UsageError
from clew.evidence.bounds import Bounds, bounds_from


def test_bounds_are_changed_by_name_and_a_wrong_name_is_told() -> None:
    assert bounds_from(("depth=2", "ratio=9")) == Bounds(depth=2, ratio=9)
    with pytest.raises(UsageError, match="depht=3 is no limit"):
        bounds_from(("depht=3",))
    with pytest.raises(UsageError):
        bounds_from(("depth=-1",))
