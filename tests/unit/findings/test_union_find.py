"""Laws of ``clew.findings.union_find``."""

from __future__ import annotations

import numpy as np
from builders.persons import ACCOUNTS
from hypothesis import given
from hypothesis import strategies as st

from clew.findings.union_find import Tie, UnionFind, lowest_labels


def tie(a: int, b: int, bits: float | None = None) -> Tie:
    return Tie(ACCOUNTS[a], ACCOUNTS[b], "lid_of", bits=bits)


pairs = st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=20)


@given(pairs)
def test_persons_are_what_ties_connect(ties) -> None:
    forest = UnionFind(ACCOUNTS)
    for a, b in ties:
        assert forest.join(tie(a, b))
    met = {n: {n} for n in range(8)}
    for _ in range(8):
        for a, b in ties:
            met[a] = met[b] = met[a] | met[b]
    persons = forest.persons()
    for n in range(8):
        together = {m for m in range(8) if persons[ACCOUNTS[m]] == persons[ACCOUNTS[n]]}
        assert together == {m for m in range(8) if met[m] & met[n]} == met[n]


def test_a_tie_to_what_is_no_account_ties_nobody() -> None:
    forest = UnionFind(ACCOUNTS[:2])
    assert not forest.join(tie(0, 2))
    assert not forest.join(tie(2, 0))
    assert set(forest.persons()) == set(ACCOUNTS[:2])


@given(pairs, pairs)
def test_accounts_judged_to_be_apart_are_never_one_person(ties, apart) -> None:
    barred = [(ACCOUNTS[a], ACCOUNTS[b]) for a, b in apart if a != b]
    forest = UnionFind(ACCOUNTS, barred)
    for a, b in ties:
        forest.join(tie(a, b))
    persons = forest.persons()
    assert not [1 for a, b in barred if persons[a] == persons[b]]


@given(pairs)
def test_a_persons_accounts_each_hang_on_a_tie_but_the_first(ties) -> None:
    forest = UnionFind(ACCOUNTS)
    for a, b in ties:
        forest.join(tie(a, b))
    held = [list(forest.members_of(person)) for person in set(forest.persons().values())]
    assert sorted(account for group in held for account, _ in group) == ACCOUNTS
    for group in held:
        assert [t is None for _, t in group] == [True] + [False] * (len(group) - 1)


def test_a_barred_tie_leaves_both_persons_as_they_were() -> None:
    forest = UnionFind(ACCOUNTS, [(ACCOUNTS[0], ACCOUNTS[3])])
    assert forest.join(tie(0, 1))
    assert forest.join(tie(2, 3))
    assert not forest.join(tie(1, 2))
    assert forest.persons()[ACCOUNTS[1]] == ACCOUNTS[0]
    assert forest.persons()[ACCOUNTS[2]] == ACCOUNTS[2]


@given(pairs)
def test_each_number_gets_the_lowest_that_pairs_join_it_to(joined) -> None:
    left, right = (np.array([p[side] for p in joined], np.int64) for side in (0, 1))
    forest = UnionFind(ACCOUNTS)
    for a, b in joined:
        forest.join(tie(a, b))
    persons = forest.persons()
    lowest = [
        next(m for m in range(8) if persons[ACCOUNTS[m]] == persons[ACCOUNTS[n]]) for n in range(8)
    ]
    assert lowest_labels(np.arange(8), [(left, right)]).tolist() == lowest
