"""Laws of ``clew.casefile.custody.canonical``."""

from __future__ import annotations

import os

import msgspec
import pytest

from clew.casefile.custody.canonical import canonical


def test_entries_have_one_text() -> None:
    """RFC 8785, 3.2.3: names in the order of their UTF-16 units; 3.2.2.2: escapes."""
    names = {"\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\U0001f600": 5, "\x80": 6, "\xf6": 7}
    text = canonical(names)
    assert list(msgspec.json.decode(text).values()) == [2, 4, 6, 7, 1, 5, 3]
    assert canonical({"a": '\x08\t\n\f\r"\\/\x0f\x7f'}) == (
        '{"a":"\\b\\t\\n\\f\\r\\"\\\\/\\u000f\x7f"}'
    )
    assert canonical({"file": os.fsdecode(b"\xff.html")}) == '{"file":"\\\\udcff.html"}'
    assert canonical({"b": 1, "a": "x", "c": None}) == '{"a":"x","b":1,"c":null}'
    for refused in (0.5, 2**53):
        with pytest.raises((TypeError, ValueError)):
            canonical({"n": refused})
