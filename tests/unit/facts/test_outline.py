"""An outline names what stands far behind, whatever it stands behind."""

from __future__ import annotations

import io
import json

import pytest

from clew.facts.beginning import beginning
from clew.facts.outline import outline


def outlined(raw: bytes):
    return outline(io.BytesIO(raw), beginning(io.BytesIO(raw)))


@pytest.mark.parametrize(
    "before",
    [
        [{"n": n, "of": [n, {"x": '\\" ] }'}]} for n in range(30_000)],
        {f"k{n}": n for n in range(50_000)},
        {f"k{n}": {"v": [n]} for n in range(300)},
        "x" * 3_000_000,
        [[[[[1]]]]] * 20_000,
        list(range(200_000)),
    ],
    ids=["records", "plain members", "members", "a string", "nested", "numbers"],
)
def test_a_member_is_seen_behind_others(before) -> None:
    found = outlined(json.dumps({"before": before, "messages": [{"sender": "ada"}]}).encode())
    assert {"before", "messages", "sender"} <= found.keys.keys()
    assert found.text.endswith('"messages":[{"sender":"ada"}]}')
    assert found.documents == 1


def test_it_is_a_document_itself() -> None:
    value = {"a": [1, 2, 3], "b": {"c": None, "d": "x"}, "e": [{"f": True}], "g": [], "h": {}}
    assert json.loads(outlined(json.dumps(value).encode()).text) == value


def test_documents_one_behind_the_other_are_counted() -> None:
    found = outlined(b'{"a": 1}\n' * 50)
    assert found.documents == 50
    assert found.text.splitlines() == ['{"a":1}'] * 3


@pytest.mark.parametrize("kept", range(0, 60, 7))
def test_a_torn_document_costs_what_is_missing(kept) -> None:
    raw = b'{"name": "Brot", "list": [{"x": "y"}, {"x": "z"}], "messages": [1, 2'
    assert outlined(raw[:kept]).keys.keys() <= {"name", "list", "x", "messages"}


def test_deep_documents_end() -> None:
    assert outlined(b"[" * 100_000).documents == 1
    assert outlined(b'{"a":' * 50_000).keys.keys() == {"a"}
