"""Contents go from group to group: what is passed on was seen, and forwarding keeps the file."""

from __future__ import annotations

from collections import Counter

import pytest

from clew.demo import Parameters
from clew.demo.world import imagine


@pytest.fixture(scope="module")
def cascades():
    return imagine(Parameters(shares=5_000)).cascades


def test_of_a_content_the_first_share_is_its_introducer_s(cascades) -> None:
    first: dict[int, object] = {}
    for share in sorted(cascades.shares, key=lambda s: s.at):
        first.setdefault(share.content, share)
    for content in cascades.contents:
        assert first[content.number].person == content.introduced_by


def test_a_forwarded_share_keeps_its_file_and_counts_its_hops(cascades) -> None:
    variants = {s.variant for s in cascades.shares if not s.forwarded}
    for share in cascades.shares:
        assert (share.hops > 0) >= share.forwarded
        if share.forwarded:
            assert share.variant in variants


def test_one_file_is_of_one_content(cascades) -> None:
    content = {}
    for share in cascades.shares:
        assert content.setdefault(share.variant, share.content) == share.content


def test_no_new_content_is_in_the_known_set(cascades) -> None:
    kinds = Counter((c.new, c.known) for c in cascades.contents)
    assert kinds[True, True] == 0
    assert kinds[True, False] > 0
    assert kinds[False, True] > kinds[False, False] > 0
