"""Laws of merging: the same state whatever order statements come in, and however often."""

from __future__ import annotations

import msgspec
from builders.statements import site
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from clew.operation.board import board

SAYS = {
    "person": ("identified", "arrested", "released", "charged", "acquitted", "possible_victim"),
    "exhibit": ("seized", "acquired", "moved"),
    "search": ("entered", "left"),
    "victim": ("possible", "safeguarded"),
}


@st.composite
def lines(draw):
    about = draw(st.sampled_from(sorted(SAYS)))
    references = ["X-1/1", "X-1/2", "ES-2/1"] if about == "exhibit" else ["ES-1", "CO-2", "X-3"]
    line = {
        "about": f"{about} {draw(st.sampled_from(references))}",
        "says": draw(st.sampled_from(SAYS[about])),
        "happened_at": draw(st.sampled_from(["2017-03-28", "2017-03-29T08:00:00Z", "2017-04-01"])),
    }
    if draw(st.booleans()):
        line["heard_from"] = "another"
    if about == "exhibit":
        line["kind"] = draw(st.sampled_from(["phone", "laptop", ""]))
        line["quantity"] = draw(st.sampled_from(["1", "40", ""]))
    if draw(st.integers(0, 4)) == 0:
        line |= {"says": "withdrawn", "withdraws": [draw(st.integers(1, 6))]}
    return line


def sites(least: int = 1):
    lists = st.lists(lines(), min_size=1, max_size=8)
    return st.lists(lists, min_size=least, max_size=4).map(
        lambda every: [site(f"S{n}", *said) for n, said in enumerate(every)]
    )


FEW = settings(max_examples=25, deadline=None)


@FEW
@given(sites(), st.randoms(use_true_random=False))
def test_order_and_repeats_change_nothing(every, chance) -> None:
    plain = [one for said in every for one in said]
    mixed = [*plain, *chance.choices(plain, k=3)]
    chance.shuffle(mixed)
    assert board(mixed) == board(plain)


@FEW
@given(sites())
def test_things_are_counted_and_persons_once(every) -> None:
    said = [one for part in every for one in part]
    found = board(said)
    references = [p.reference for p in found.persons]
    assert len(references) == len(set(references))
    assert not set(references) & {v.reference for v in found.desk}
    listed = sum(e.lot_quantity or 0 for e in found.register)
    assert sum(s.items for s in found.searches) == listed


@FEW
@given(sites())
def test_hearsay_never_changes_what_was_seen(every) -> None:
    said = [one for part in every for one in part]
    seen = [one for one in said if one.heard_from is None and one.about != "victim"
            and one.says != "possible_victim"]  # fmt: skip
    heard = [one for one in said if one.heard_from and one.about != "victim"
             and one.says != "possible_victim"]  # fmt: skip
    before = {p.reference: p for p in board(seen).persons if p.first_hand}
    after = {p.reference: p for p in board([*seen, *heard]).persons}
    for name, one in before.items():
        if any(o.withdraws and o.site == s.site for o in heard for s in seen):
            continue  # hearsay that withdraws is of the same site and not tried here
        assert (after[name].track, after[name].arrested_in) == (one.track, one.arrested_in)


@FEW
@given(sites(least=2))
def test_a_withdrawal_hides_only_what_it_names(every) -> None:
    said = [one for part in every for one in part]
    first = next((one for one in said if not one.withdraws), None)
    assume(first)
    last = max(one.seq for one in said if one.site == first.site)
    (taken_back,) = site(
        first.site, {"about": f"{first.about} {first.reference}", "says": "withdrawn",
                     "withdraws": [first.seq]},
    )  # fmt: skip
    taken_back = msgspec.structs.replace(taken_back, seq=last + 1, statement_id="f" * 32)
    without = board([one for one in said if one is not first])
    found = board([*said, taken_back])
    others = [p for p in found.persons if p.reference != first.reference]
    assert others == [p for p in without.persons if p.reference != first.reference]
    assert [e for e in found.register if e.entry != first.reference] == [
        e for e in without.register if e.entry != first.reference
    ]
