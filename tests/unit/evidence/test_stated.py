"""What a worker states of a member goes through as it is."""

from __future__ import annotations

import inspect

from clew.evidence.stated import Stated, flagged


def test_a_flag_has_a_code_and_its_figures() -> None:
    assert flagged("image:hash_mismatch", stated="a", computed="b") == flagged(
        "image:hash_mismatch", stated="a", computed="b"
    )
    assert flagged("x") != flagged("y")


def test_what_is_stated_of_a_member_can_be_sent() -> None:
    told = Stated(ordinal=3, name=b"caf\xe9", kind="file", mtime=None, size_stated=7).as_dict()
    import msgspec

    assert msgspec.json.decode(msgspec.json.encode(told))["ordinal"] == 3
    assert inspect.getdoc(Stated)
