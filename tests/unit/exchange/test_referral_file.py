"""A referral has one text, and nothing else is taken for it."""

from __future__ import annotations

import json

import msgspec
import pytest
from builders.referrals import Size, referral

from clew.errors import EvidenceError, UsageError
from clew.exchange.referral import VERSION
from clew.exchange.referral_file import decode, encode


@pytest.mark.parametrize("seed", range(4))
def test_what_is_written_is_read_again_to_the_letter(seed) -> None:
    made = referral(seed, Size(persons=seed, receivers=1 + seed))
    text = encode(made)
    assert decode(text) == made
    assert encode(decode(text)) == text
    assert json.loads(text)["format"] == VERSION


def changed(text: bytes, *path, value) -> bytes:
    whole = json.loads(text)
    inner = whole
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    return msgspec.json.encode(whole, order="sorted")


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (("surprise",), 1, "unknown field"),
        (("facts", "shares", 0, "surprise"), 1, "unknown field"),
        (("case_reference",), 7, "Expected `str`"),
        (("facts", "groups", 0, "members"), -1, ">= 0"),
        (("receivers",), [], "length >= 1"),
        (("facts", "accounts", 0, "proof"), [], "length >= 1"),
        (("facts", "files", 0, "sha256"), "A" * 64, "matching regex"),
        (("made_at",), "2026-03-01T08:00:00", "timezone"),
        (("marking", "handling"), ["H3", "H1"], "in their order"),
        (("marking", "restrictions"), None, "H3"),
        (("grading", "source"), "D", "no grade"),
        (("assessments", "persons", 0, "category"), "offender", "Invalid enum value"),
        (("format",), "other/1", "does not call itself"),
        (("supersedes",), None, "canonical"),
    ],
)
def test_what_does_not_fit_is_refused(path, value, said) -> None:
    with pytest.raises(EvidenceError, match=said):
        decode(changed(encode(referral()), *path, value=value))


def test_a_later_version_says_so_before_anything_else_of_it_is_looked_at() -> None:
    with pytest.raises(UsageError, match="version 2"):
        decode(b'{"format":"clew-referral/2","anything":[1,2]}')


@pytest.mark.parametrize(
    "text",
    [b"", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 100_000, b'{"format":' + b"[" * 100_000],
)
def test_what_is_no_referral_at_all_is_refused(text) -> None:
    with pytest.raises(EvidenceError):
        decode(text)


def test_another_way_of_writing_it_is_refused() -> None:
    text = encode(referral())
    for other in (text + b"\n", text.replace(b",", b", ", 1), b'{"format":1,' + text[1:]):
        with pytest.raises(EvidenceError):
            decode(other)
