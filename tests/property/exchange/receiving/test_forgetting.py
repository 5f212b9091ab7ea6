"""A package that is taken out leaves nothing."""

from __future__ import annotations

import pytest
from builders.countries import package, rows_of
from builders.merging import conclude, files, new_case, receive, state
from conftest import WHOLE as AT_FULL_VOLUME

from clew.casefile.verify import verify
from clew.exchange.receiving import forget
from clew.exchange.receiving.forgetting import Why

SEEDS = range(60) if AT_FULL_VOLUME else range(1)


@pytest.mark.parametrize("seed", SEEDS)
class TestRecall:
    def test_after_the_last_recall_the_case_is_as_if_it_had_never_received(self, tmp_path, seed):
        case = new_case(tmp_path / "case", rows_of("FR", seed))
        conclude(case)
        before = files(case.folder), state(case)
        receive(case, "ES", "PT", seed=seed)
        conclude(case)
        assert state(case) != before[1]
        with case.writing():
            forget(case, package("ES").package_id, Why.RECALLED)
            forget(case, package("PT").package_id, Why.FORGOTTEN)
        assert (files(case.folder), state(case)) == before
        assert [p.text for p in verify(case) if p.is_problem] == []
        everything = b"".join(p.read_bytes() for p in case.folder.rglob("*") if p.is_file())
        assert b"ES-0a0b0c0d~" not in everything
