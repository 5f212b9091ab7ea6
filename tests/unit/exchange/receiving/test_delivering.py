from __future__ import annotations

import pytest
from builders.countries import package
from builders.merging import files, new_case, receive

from clew.errors import EvidenceError, UsageError
from clew.exchange.receiving.delivering import only_recalls, only_supersedes, recall
from clew.exchange.receiving.taking import admit


def test_only_the_sender_takes_a_package_back(tmp_path) -> None:
    case = new_case(tmp_path / "case")
    receive(case, "ES", seed=1)
    before = files(case.folder)
    stranger = package("PT", recalls=package("ES").package_id)
    with pytest.raises(EvidenceError, match="ES"):
        admit(case, stranger)
    assert files(case.folder) == before
    with case.writing():
        assert recall(case, package("ES", recalls=package("ES").package_id)) > 0
    assert not (case.folder / "received").exists()


def test_what_was_taken_back_before_it_came_does_not_come_and_another_senders_does(tmp_path):
    case = new_case(tmp_path / "case")
    with case.writing():
        assert recall(case, package("ES", 9, recalls=package("ES").package_id)) == 0
    with pytest.raises(EvidenceError, match="recalled"):
        receive(case, "ES", seed=1)
    receive(case, "PT", seed=1, package_id=package("ES").package_id)


def test_a_command_refuses_a_package_that_it_is_not_for() -> None:
    plain = package("ES")
    for refuses in (only_recalls, only_supersedes):
        with pytest.raises(UsageError):
            refuses(plain)
    only_recalls(package("ES", recalls="x"))
    only_supersedes(package("ES", supersedes="x"))
