"""What a deleted file may still call its own."""

from __future__ import annotations

import random

from clew.evidence.deleted import Claims, contested


def test_a_claim_holds_exactly_its_blocks() -> None:
    for seed in range(200):
        chance = random.Random(seed)
        claims, held = Claims(500), set()
        for _ in range(chance.randrange(1, 8)):
            start, count = chance.randrange(500), chance.randrange(1, 60)
            claims.add([(start, count)])
            held |= set(range(start, min(start + count, 500)))
        for _ in range(30):
            start, count = chance.randrange(500), chance.randrange(1, 60)
            wanted = bool(held & set(range(start, min(start + count, 500))))
            assert claims.holds([(start, count)]) == wanted


def test_runs_beyond_the_volume_cost_nothing() -> None:
    claims = Claims(100)
    claims.add([(1 << 60, 1 << 60), (-5, 3), (90, 1 << 62)])
    assert claims.holds([(95, 1)])
    assert not claims.holds([(10, 50), (1 << 61, 1)])


def test_all_that_share_a_block_are_contested_and_no_others() -> None:
    for seed in range(300):
        chance = random.Random(seed)
        claims = [
            (chance.randrange(200), chance.randrange(1, 30), owner)
            for owner in range(8)
            for _ in range(chance.randrange(3))
        ]
        blocks = {
            o: {b for s, n, who in claims if who == o for b in range(s, s + n)} for o in range(8)
        }
        wanted = {o for o in blocks for p in blocks if o != p and blocks[o] & blocks[p]}
        assert contested(claims) == wanted
