"""However packages came, were killed, replaced, recalled and forgotten: what is left counts.

This is laws 1, 2, 3, 15, 16 and 17 at once, over histories that nobody wrote.
"""

from __future__ import annotations

import random

import pytest
from builders.countries import SEALED, number, package, rows_of, tables_of
from builders.histories import Model, happens, history
from builders.merging import COUNTRIES, conclude, files, new_case, state
from conftest import WHOLE as AT_FULL_VOLUME

from clew.casefile.verify import verify
from clew.errors import EvidenceError
from clew.exchange.receiving import take_in
from clew.exchange.receiving.taking import admit
from clew.records import Decision, PersonJudgement

SEEDS = range(60) if AT_FULL_VOLUME else range(1)
_CONCLUDED_AFTER = 4
"""Event after which conclusions are drawn for the first time over what came."""


@pytest.mark.parametrize("seed", SEEDS)
def test_a_case_is_as_if_only_what_is_left_had_ever_come(tmp_path, seed) -> None:
    chance, model = random.Random(seed), Model()
    case, plain = (new_case(tmp_path / n, rows_of("FR", seed)) for n in ("case", "plain"))
    for one in (case, plain):
        one.ledger.append(PersonJudgement(
            number=0, decision=Decision.REJECT, accounts=(number(0), number(1)), others=(),
            judged_by="A", reason="two men", judged_at=SEALED,
        ))  # fmt: skip
    conclude(case)
    own, ledger = files(case.folder), (case.folder / "ledger.sqlite").read_bytes()
    for n, event in enumerate(history(seed)):
        expected = model.expects(event)
        assert happens(case, event, seed, chance) == expected, (n, event)
        if n == _CONCLUDED_AFTER:
            conclude(case)
    conclude(case)
    with plain.writing():
        for sent in chance.sample([*model.left.values()], len(model.left)):
            take_in(plain, sent.about, tables_of(sent.rows(seed)))
    conclude(plain)
    found = files(case.folder)
    assert own.items() <= found.items()
    added = {name for name in found.keys() - own.keys() if not name.startswith("received")}
    assert all(n.startswith(("done/joint", "done/receive")) or "joint" in n for n in added)
    assert (case.folder / "ledger.sqlite").read_bytes() == ledger
    assert found == files(plain.folder)
    assert state(case) == state(plain)
    assert [p.text for p in verify(case) if p.is_problem] == []


@pytest.mark.parametrize("seed", SEEDS)
def test_nobody_recalls_or_replaces_what_another_sent(tmp_path, seed) -> None:
    chance = random.Random(seed)
    sender, *strangers = chance.sample(COUNTRIES, chance.randint(3, 5))
    case = new_case(tmp_path / "case")
    with case.writing():
        take_in(case, package(sender), tables_of(rows_of(sender, seed)))
    before = files(case.folder)
    for stranger in strangers:
        for how in ("recalls", "supersedes"):
            with pytest.raises(EvidenceError, match=sender):
                admit(case, package(stranger, 2, **{how: package(sender).package_id}))
    assert files(case.folder) == before
