"""All renderings say what the referral says, and nothing else."""

from __future__ import annotations

import re

import pytest
from builders.inventories import Inventory, has, inventories
from builders.referrals import Size, referral
from msgspec.structs import replace

from clew.exchange import referral as r
from clew.exchange.markings import Marking, Tlp
from clew.exchange.referral_file import encode
from clew.exchange.renderings import common, renderings
from clew.records import PersonCategory

NUMBER = re.compile(r"(?<![0-9a-f-])[0-9]{9,}(?![0-9a-f-])")


def members(made: r.Referral) -> dict[str, bytes]:
    return {name: b"".join(chunks) for name, chunks in renderings(made)}


def wanted(made: r.Referral) -> dict[str, object]:
    facts = made.facts
    return {
        "persons": {p.person_id: common.WORDS[p.category] for p in made.assessments.persons},
        "accounts": {a.account_id for a in facts.accounts},
        "files": {f.sha256 for f in facts.files},
        "groups": {g.chat_id for g in facts.groups},
        "tokens": {t.token for t in facts.tokens},
        "shares": len(facts.shares),
        "memberships": len(facts.memberships),
    }


def disagreements(made: r.Referral, said: dict[str, Inventory]) -> list[str]:
    """What renderings say otherwise than a referral; ``persons`` begin with their category."""
    found = []
    for name, inventory in said.items():
        for what, right in wanted(made).items():
            got = getattr(inventory, what)
            if what == "persons" and got is not None:
                got = {
                    k: right.get(k) if v.startswith(right.get(k, "?")) else v
                    for k, v in got.items()
                }
            if got is not None and got != right:
                found.append(f"{name}: {what}")
        found += [
            f"{name}: {line}" for line in common.header(made) if not has(inventory.text, line)
        ]
        short = common.marking_short(made.marking)
        marks = {*common.marking_words(made.marking), common.PRESUMPTION, short}
        found += [f"{name}: {m}" for m in inventory.marked - marks - {f"Handling: {short}"}]
        known = encode(made).decode()
        numbers = set(NUMBER.findall(inventory.text)) - times(made)
        found += [f"{name}: {number}" for number in numbers if number not in known]
    return found


def words_of(said: str, category: str) -> str:
    return category if said.startswith(category) else said


def times(made: r.Referral) -> set[str]:
    """Times of the referral as formats count them, in seconds and in microseconds."""
    dated = [s.sent_at for s in made.facts.shares] + [m.joined_at for m in made.facts.memberships]
    stamps = {at.timestamp() for at in [*dated, made.made_at] if at}
    return {str(round(stamp * unit)) for stamp in stamps for unit in (1, 1_000_000)}


CASES = [
    (1, Size()),
    (2, Size(persons=9, receivers=3, files=11, shares=40, groups=5, tokens=7)),
    (3, Size(persons=0, tokens=0, groups=0, files=0, shares=0)),
    (4, Size(persons=1, tokens=0, groups=1, files=1, shares=1)),
]


@pytest.mark.parametrize(("seed", "size"), CASES)
def test_all_renderings_agree_with_the_referral(seed, size) -> None:
    made = referral(seed, size)
    assert disagreements(made, inventories(members(made))) == []


def test_the_same_referral_gives_the_same_bytes() -> None:
    assert members(referral(5)) == members(referral(5))


def without(made: r.Referral, **facts) -> r.Referral:
    return replace(made, facts=replace(made.facts, **facts))


def with_person(made: r.Referral, **said) -> r.Referral:
    persons = made.assessments.persons
    changed = (replace(persons[1], **said), persons[0], *persons[2:])
    return replace(made, assessments=replace(made.assessments, persons=changed))


WHOLE = referral(6)
LAST = WHOLE.assessments.persons[-1]
SHORT = replace(LAST, accounts=LAST.accounts[:-1])
NO_ACCOUNT = replace(
    without(WHOLE, accounts=WHOLE.facts.accounts[:-1]),
    assessments=replace(WHOLE.assessments, persons=(*WHOLE.assessments.persons[:-1], SHORT)),
)
NO_PERSON = replace(WHOLE.assessments, persons=WHOLE.assessments.persons[:-1])
CHANGED = {
    "a person less": (replace(WHOLE, assessments=NO_PERSON), 7),
    "a suspect called convicted": (with_person(WHOLE, category=PersonCategory.CONVICTED), 6),
    "an account less": (NO_ACCOUNT, 7),
    "a file less": (without(WHOLE, files=WHOLE.facts.files[:-1]), 7),
    "a share less": (without(WHOLE, shares=WHOLE.facts.shares[:-1]), 7),
    "no membership": (without(WHOLE, memberships=()), 7),
    "another traffic light": (
        replace(WHOLE, marking=Marking(handling=("H1",), tlp=Tlp.GREEN)),
        7,
    ),
    "another count": (without(WHOLE, counts=(r.CountryCount(country="PT", persons=18),)), 7),
}


@pytest.mark.parametrize(("changed", "least"), CHANGED.values(), ids=CHANGED)
def test_a_rendering_of_anything_else_disagrees(changed, least) -> None:
    said = inventories(members(changed))
    assert len({d.partition(":")[0] for d in disagreements(WHOLE, said)}) >= least
