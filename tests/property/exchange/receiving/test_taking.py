"""A package takes another's place, whenever it comes."""

from __future__ import annotations

import pytest
from builders.countries import package, rows_of
from builders.merging import conclude, new_case, receive, state
from conftest import WHOLE as AT_FULL_VOLUME

from clew.errors import EvidenceError

SEEDS = range(60) if AT_FULL_VOLUME else range(1)


def test_a_later_package_takes_the_place_of_the_earlier_and_the_earlier_comes_too_late(tmp_path):
    later = {"number": 2, "supersedes": package("ES").package_id}
    states = []
    for order in ((1, 2), (2,), (2, 1)):
        case = new_case(tmp_path / "".join(map(str, order)), rows_of("FR", 1))
        for n in order:
            if n == 2:
                receive(case, "ES", seed=2, **later)
            elif 2 in order[: order.index(n)]:
                with pytest.raises(EvidenceError, match="superseded"):
                    receive(case, "ES", seed=1)
            else:
                receive(case, "ES", seed=1)
        conclude(case)
        states.append(state(case))
        case.close()
    assert len(set(states)) == 1


def test_only_the_sender_supersedes(tmp_path):
    case = new_case(tmp_path / "case")
    receive(case, "ES", seed=1)
    with pytest.raises(EvidenceError, match="ES"):
        receive(case, "PT", seed=1, supersedes=package("ES").package_id)
