"""What names the person who is erased, and what only has the same letters."""

from __future__ import annotations

import pytest

from clew.judgements.erasure import _names


@pytest.mark.parametrize(
    ("identifier", "text", "is_named"),
    [
        ("Ana", '{"judged_by": "A. Analyst", "reason": "an analysis"}', False),
        ("Ana", "seen by ANA in March", True),
        ("Ana", "ask Ana, then Bea", True),
        ("whatsapp:label:f5bc:Ana", '["whatsapp:label:f5bc:Anabel"]', False),
        ("whatsapp:label:f5bc:Ana", '["whatsapp:label:f5bc:Ana"]', True),
        ("34600111222", "call 0034600111222 today", True),
        ("600111222", "whatsapp:pn:34600111222", True),
        ("\u5f20\u4f1f", "\u5f20\u4f1f", True),
        ("Ana", "", False),
    ],
)
def test_a_name_stands_as_a_word_and_a_number_also_behind_a_prefix(
    identifier, text, is_named
) -> None:
    assert _names(text, [identifier]) is is_named
    assert _names(None, [identifier]) is False
