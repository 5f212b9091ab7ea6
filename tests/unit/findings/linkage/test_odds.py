"""Laws of ``clew.findings.linkage.odds``: what the sum of the weights leaves out counts too."""

from __future__ import annotations

from clew.findings.linkage.link import Evidence, Scored
from clew.findings.linkage.odds import Signs, declared
from clew.findings.linkage.traits import Traits


def account(number: int, kind: str = "whatsapp:pn", **about) -> Traits:
    return Traits(**{
        "unique_id": f"{kind}:{number}", "names": [], "country": "ES", "handles": [],
        "full_names": ["ana ruiz"], "words": ["ana", "ruiz"], "books": [], "entries": [],
        "pictures": [], "groups": [], "stays": [], **about,
    })  # fmt: skip


def pair(a: Traits, b: Traits, bits: float = 2.0, **lines: str) -> Scored:
    agreed = {"country": "one_country", "name": "full_name", **lines}
    evidence = tuple(Evidence(line, agreement, 0.0) for line, agreement in agreed.items())
    return Scored(a.unique_id, b.unique_id, bits, evidence)


OTHERS = [account(n, full_names=[f"x {n}"], words=[f"x{n}"]) for n in range(100, 200)]
ONE, OTHER = account(1), account(2)


def odds(asked: Scored, found=(ONE, OTHER, *OTHERS), rivals=(), proved=()) -> float:
    return Signs(found, proved, [asked, *rivals]).odds(asked)


def test_an_entry_of_an_address_book_says_more_than_its_weight() -> None:
    named = pair(ONE, OTHER, address_book="entry_in_one_book")
    assert odds(named) > odds(pair(ONE, OTHER)) + 1


def test_a_name_that_more_accounts_have_says_less() -> None:
    namesakes = [account(n) for n in range(3, 9)]
    assert odds(pair(ONE, OTHER), (ONE, OTHER, *namesakes, *OTHERS)) < odds(pair(ONE, OTHER))


def test_rivals_make_a_link_less_likely_unless_they_are_one_person() -> None:
    third, fourth = account(3), account(4)
    found = (ONE, OTHER, third, fourth, *OTHERS)
    rivals = [pair(ONE, third), pair(ONE, fourth)]
    alone, among = odds(pair(ONE, OTHER), found), odds(pair(ONE, OTHER), found, rivals)
    one_person = [("whatsapp:pn:2", "whatsapp:pn:3"), ("whatsapp:pn:3", "whatsapp:pn:4")]
    assert among < alone
    assert odds(pair(ONE, OTHER), found, rivals, one_person) > alone  # they support each other


def test_a_heavier_rival_makes_a_link_less_likely_than_a_lighter_one() -> None:
    third = account(3)
    found = (ONE, OTHER, third, *OTHERS)
    light, heavy = (odds(pair(ONE, OTHER), found, [pair(ONE, third, bits)]) for bits in (-3.0, 6.0))
    assert heavy < light


def test_heavier_evidence_never_lowers_the_odds() -> None:
    at = [odds(pair(ONE, OTHER, bits)) for bits in (-4.0, -1.0, 0.0, 3.0, 12.0)]
    assert at == sorted(at)


def test_two_accounts_of_another_messenger_are_seldom_one_persons() -> None:
    one, other = (account(n, "telegram:user") for n in (1, 2))
    assert odds(pair(one, other), (one, other, *OTHERS)) < odds(pair(ONE, OTHER))


def test_every_sign_of_a_pair_is_declared_or_nothing() -> None:
    signs = Signs((ONE, OTHER, *OTHERS), (), ())
    known = {"handle": "near_handle", "picture": "same_picture", "groups": "swapped"}
    later = {"files": "files_at_once", "spans": "days_apart", "hours": "other_hours"}
    for lines in ({}, known, later):
        assert {name for name, _ in signs.of(pair(ONE, OTHER, **lines))} <= set(declared().signs)
