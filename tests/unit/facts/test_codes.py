"""Codes of a format are data, and what is not there is not guessed."""

from __future__ import annotations

import pytest

from clew.facts.codes import Codes
from clew.records import GroupAction, MessageKind

ANDROID = Codes("clew.facts.readers.whatsapp_android")


@pytest.mark.parametrize("package", ["whatsapp_android", "whatsapp_ios", "signal"])
def test_codes_stand_for_what_rows_can_hold(package: str) -> None:
    codes = Codes(f"clew.facts.readers.{package}")
    kinds = codes.of("base" if package == "signal" else "message")
    actions = codes.of("action" if package == "whatsapp_android" else "event")
    assert all(MessageKind(kind) for kind in kinds.values())
    assert all(GroupAction(action) for action in actions.values())


def test_a_code_that_is_not_there_has_no_meaning() -> None:
    assert ANDROID.meaning("message", 1) == "image"
    assert [ANDROID.meaning("message", code) for code in (9999, "1", 1.0, None)] == [None] * 4


def test_a_list_may_be_of_codes_alone() -> None:
    assert {1, 2, 3} <= ANDROID.set_of("carries_file")
