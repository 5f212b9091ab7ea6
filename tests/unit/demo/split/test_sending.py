"""What the demo sends went through two officers, and is what its receiver opens."""

from __future__ import annotations

import pytest
from builders.routing import put

from clew.demo.split import sending
from clew.demo.split.agencies import COORDINATOR, agency, introduce
from clew.exchange.packing import packages
from clew.exchange.routing import decisions
from clew.exchange.sealing import Receiving, opened
from clew.exchange.sealing.partners import partners
from clew.records import PackageStep


@pytest.fixture
def agencies(case, tmp_path):
    put(case)
    own = agency(tmp_path / "ES", "ES", "ES")
    to = agency(tmp_path / "hub", COORDINATOR, None)
    introduce(case, own, [to])
    introduce(case, to, [own])  # the same case stands for the receiver's
    return own, to


def test_whom_no_rule_proposed_to_it_two_officers_name_to_the_coordinator(
    case, agencies, tmp_path
) -> None:
    own, to = agencies
    persons = sending.proposed(case)
    sending.name(case, own, persons, to)
    standing = decisions.in_force(case)
    assert {person for person, towards in standing if towards == COORDINATOR} == {*persons}
    assert all(one.names and one.second for one in standing.values())

    sent = sending.send(case, own, to, tmp_path)
    assert sent.named == len(persons)
    assert sent.total == {n: sent.rows[n] + sum(sent.withheld[n].values()) for n in sent.total}
    receiving = Receiving(me=to.id, keys=to.opener.keys, senders=partners(case), scratch=tmp_path)
    with opened(sent.folder, receiving) as package:
        assert package.header.package == sent.package
    with opened(sending.recall(case, own, sent, tmp_path), receiving) as word:
        assert word.header.recalls == sent.package
    assert packages.package(case, sent.package).state is PackageStep.RECALLED

    sending.withdraw(case, own, persons[0], to)
    assert (persons[0], COORDINATOR) not in decisions.in_force(case)
