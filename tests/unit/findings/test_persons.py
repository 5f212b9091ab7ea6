"""Accounts become persons by the surest tie first, and a judgement outranks every tie."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clew.casefile.ledger import undone
from clew.findings.linkage.errors import TAKEN, calibrated, error_of, observed, strength_of
from clew.findings.linkage.names import handle, spelling
from clew.findings.union_find import Tie, UnionFind
from clew.judgements.rulings import Judged
from clew.records.judgements import Decision, PersonJudgement
from clew.schema import replace

ACCOUNTS = [f"whatsapp:pn:{n}" for n in range(8)]


def tie(a: int, b: int, bits: float | None = None) -> Tie:
    return Tie(ACCOUNTS[a], ACCOUNTS[b], "lid_of", bits=bits)


def judgement(number: int, decision: Decision, *accounts: str, others=(), undoes=None):
    return PersonJudgement(
        number=number, decision=decision, accounts=accounts, others=tuple(others), undoes=undoes,
        judged_by="A", reason="because", judged_at=datetime(2026, 1, 1, tzinfo=UTC),
    )  # fmt: skip


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
    held = [list(forest.held_by(person)) for person in set(forest.persons().values())]
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


def test_the_later_of_two_judgements_counts_and_undoing_brings_the_earlier_back() -> None:
    a, b = ACCOUNTS[:2]
    first = judgement(1, Decision.ACCEPT, a, b)
    second = judgement(2, Decision.REJECT, b, a)
    undo = judgement(3, Decision.UNDO, undoes=2)
    undo_again = judgement(4, Decision.UNDO, undoes=3)
    for made, together in (
        ([first], True), ([first, second], False), ([first, second, undo], True),
        ([first, second, undo, undo_again], False),
    ):  # fmt: skip
        gone = undone([(j.number, j.undoes) for j in made])
        counting = [replace(j, counts=not j.undoes and j.number not in gone) for j in made]
        assert Judged(counting).on(a, b).together is together


def test_a_split_keeps_each_account_from_each_that_stays() -> None:
    a, b, c, d = ACCOUNTS[:4]
    judged = Judged([judgement(1, Decision.SPLIT, a, b, others=(c, d))])
    assert sorted(judged.apart()) == sorted([(a, c), (a, d), (b, c), (b, d)])
    assert judged.on(a, b) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("MÜLLER Jürgen", "juergen mueller"),
        ("Núñez, José", "jose nunyez \U0001f525"),
        ("Weiß Anna", "anna weiss"),
        ("Pepe Taller", "pepe"),
        ("李 小龙", "小龙 李"),
    ],
)
def test_two_spellings_of_a_name_have_the_same_words(one, other) -> None:
    assert sorted(spelling(one).words) == sorted(spelling(other).words) != []


@pytest.mark.parametrize(
    ("short", "name"),
    [
        ("Pepe", "jose"),
        ("Beppe", "giuseppe"),
        ("Zé", "jose"),
        ("Sepp", "josef"),
        ("Bill", "william"),
    ],
)
def test_a_short_form_stands_for_its_name(short, name) -> None:
    assert name in spelling(short).forms
    assert name not in spelling(short).words


@pytest.mark.parametrize("written", ["lobo.azul7", "Lobo_Azul7", "@loboazul7", "LOBOAZUL7"])
def test_a_handle_is_one_however_it_is_parted(written) -> None:
    assert handle(written) == "loboazul7"
    assert spelling(written).handle == "loboazul7"


@given(st.text(max_size=40))
def test_any_text_can_stand_as_a_name(text) -> None:
    read = spelling(text)
    assert read.handle is None or not read.words
    assert all(word == word.casefold() for word in read.words)


@given(st.lists(st.tuples(st.floats(-4, 20), st.booleans()), max_size=80))
def test_errors_fall_with_the_weight_and_every_link_is_counted_once(links) -> None:
    bands = calibrated(links, (-4.0, 0.0, 4.0, 8.0))
    errors = [band["error"] for band in bands]
    assert errors == sorted(errors, reverse=True)
    assert sum(band["links"] for band in bands) == len(links)
    assert sum(band["wrong"] for band in bands) == sum(not right for _, right in links)


def test_what_is_taken_is_sure_by_what_was_observed() -> None:
    bands = observed()
    assert [b.from_bits for b in bands] == sorted(b.from_bits for b in bands)
    assert [b.error for b in bands] == sorted((b.error for b in bands), reverse=True)
    assert all(b.links > 0 and b.wrong <= b.links for b in bands)
    assert error_of(-50) == bands[0].error > TAKEN > error_of(50)
    assert strength_of(error_of(50)) in ("very_strong", "strong")
