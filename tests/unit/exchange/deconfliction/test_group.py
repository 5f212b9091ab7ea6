import importlib
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clew.exchange.deconfliction import group

scalars = st.integers(1, group.ORDER - 1)
BAD = [
    group.IDENTITY,
    b"\xff" * 32,
    (2**255 - 19).to_bytes(32, "little"),  # zero, not in its one form
    b"\x01" + bytes(31),  # negative
    group.base(5)[:-1],
    group.base(5) + b"\0",
    b"",
]


@pytest.mark.parametrize("bad", BAD, ids=range(len(BAD)))
def test_the_identity_and_what_is_no_point_are_refused(bad) -> None:
    assert not group.is_point(bad)
    with pytest.raises(group.NotAPoint):
        group.multiply(7, bad)


@settings(deadline=None, max_examples=20)
@given(scalars, scalars)
def test_multiplying_and_adding_are_those_of_a_group(a, b) -> None:
    assert group.is_point(group.base(a))
    assert group.multiply(a, group.base(b)) == group.base(a * b)
    if (a + b) % group.ORDER:
        assert group.add(group.base(a), group.base(b)) == group.base(a + b)
    assert group.multiply(pow(a, -1, group.ORDER), group.base(a)) == group.base(1)
    assert group.decoded(group.encoded(a)) == a


def test_a_scalar_that_is_not_in_its_one_form_is_refused() -> None:
    for bad in (b"\xff" * 32, group.ORDER.to_bytes(32, "little"), b"\1"):
        with pytest.raises(ValueError, match="no scalar"):
            group.decoded(bad)


def test_loading_the_library_leaves_no_file_behind() -> None:
    group._sodium.cache_clear()
    assert group.is_point(group.base(2))
    unpacked = Path(importlib.import_module("rbcl._sodium").lib_path)
    assert unpacked.parent == Path(tempfile.gettempdir())
    assert not unpacked.exists()
