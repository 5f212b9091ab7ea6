"""Killed at an effect on the case, receiving and forgetting go on, and end as if nothing happened.

The gate tries a few effects of each, ``make check-long`` every one.
"""

from __future__ import annotations

import random
import shutil

import pytest
from builders.countries import package, rows_of
from builders.merging import files, new_case, receive, state
from conftest import WHOLE as AT_FULL_VOLUME
from forked import exit_code, forked, receive_or_forget_and_die

from clew.casefile import open_case
from clew.casefile.verify import verify
from clew.exchange.receiving import forget, resume
from clew.exchange.receiving.forgetting import Why

FEW = 3
PACKAGE = package("ES").package_id


@pytest.mark.parametrize("what", ["take", "forget"])
def test_a_kill_at_any_effect_leaves_a_case_that_goes_on(tmp_path, what) -> None:
    before, after, tried = (tmp_path / name for name in ("before", "after", "tried"))
    with new_case(before, rows_of("FR", 1)) as case:
        told = state(case)
        never = files(before), told
        if what == "forget":
            receive(case, "ES", seed=1)
    shutil.copytree(before, after)
    assert exit_code(forked(receive_or_forget_and_die, after, what, 0)) == 0
    effects = int((tmp_path / "effects").read_text())
    moments = range(1, effects + 1)
    for moment in moments if AT_FULL_VOLUME else random.Random(what).sample(moments, FEW):
        shutil.copytree(before, tried)
        assert exit_code(forked(receive_or_forget_and_die, tried, what, moment)) == -9
        with open_case(tried) as case:
            with case.writing():
                resume(case)
            again(case, what)
            case.refresh()
            assert [one.text for one in verify(case) if one.is_problem] == [], moment
            with open_case(after) as whole:
                assert (files(tried), state(case)) == (files(after), state(whole)), moment
            if what == "forget":
                assert (files(tried), state(case)) == never, moment
        shutil.rmtree(tried)


def again(case, what: str) -> None:
    """What a person does who was interrupted: the same once more."""
    if what == "take":
        receive(case, "ES", seed=1)
    elif case.manifests.get("receive", PACKAGE):
        with case.writing():
            forget(case, PACKAGE, Why.FORGOTTEN)
