"""Ids of a referral meet, and it names nobody whom no decision names."""

from __future__ import annotations

import pytest
from builders.referrals import referral, sha
from msgspec.structs import replace

from clew.errors import UsageError
from clew.exchange import referral as r
from clew.exchange.consistency import problems
from clew.exchange.markings import Marking, Tlp
from clew.exchange.referral_file import encode

WHOLE = referral()
FACTS, SAID = WHOLE.facts, WHOLE.assessments


def of_facts(**parts) -> r.Referral:
    return replace(WHOLE, facts=replace(FACTS, **parts))


def of_persons(**parts) -> r.Referral:
    persons = (replace(SAID.persons[0], **parts), *SAID.persons[1:])
    return replace(WHOLE, assessments=replace(SAID, persons=persons))


BROKEN = {
    "no decision": replace(WHOLE, assessments=replace(SAID, decisions=SAID.decisions[1:])),
    "decision of another": of_persons(decision=2),
    "decided and absent": replace(WHOLE, assessments=replace(SAID, persons=SAID.persons[1:])),
    "an account of nobody": of_persons(accounts=()),
    "an account that is not there": of_facts(accounts=FACTS.accounts[1:]),
    "a number of nobody": of_persons(e164="+34999999999"),
    "a name of nobody": of_persons(names=("Somebody",)),
    "a token that is not there": of_facts(tokens=()),
    "a group that is not there": of_facts(groups=FACTS.groups[1:]),
    "a file that is not there": of_facts(files=FACTS.files[1:]),
    "a source that is not there": of_facts(sources=FACTS.sources[1:]),
    "an exhibit that is not there": of_facts(exhibits=FACTS.exhibits[1:]),
    "a person twice": replace(
        WHOLE, assessments=replace(SAID, persons=SAID.persons + SAID.persons[:1])
    ),
    "a share twice": of_facts(shares=FACTS.shares + FACTS.shares[:1]),
    "a part stricter than the whole": of_persons(
        marking=Marking(handling=("H1",), tlp=Tlp.RED),
    ),
    "a judgement of somebody else": replace(
        WHOLE,
        assessments=replace(SAID, judgements=(replace(SAID.judgements[0], about=(sha("other"),)),)),
    ),
}


def test_a_referral_that_is_consistent_has_no_problem() -> None:
    assert list(problems(WHOLE)) == []


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_breach_is_a_problem_and_is_not_written(broken) -> None:
    assert list(problems(broken))
    with pytest.raises(UsageError, match="not a referral"):
        encode(broken)
