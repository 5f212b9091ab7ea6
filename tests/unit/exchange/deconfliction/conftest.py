from __future__ import annotations

import pytest
from builders.deconflicting import Pair


@pytest.fixture
def pair(tmp_path):
    """ES, who offers, and PT, who asks."""
    made = Pair(tmp_path)
    yield made
    made.close()
