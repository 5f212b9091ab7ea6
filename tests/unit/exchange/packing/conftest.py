"""One copy of the operation with packages, for all tests of packing."""

from __future__ import annotations

import shutil
from types import SimpleNamespace

import pytest
from builders.packing import to
from builders.routing import SEND, officer

from clew.casefile import open_case
from clew.exchange.packing import draft
from clew.exchange.packing.compose import Known
from clew.exchange.routing import decisions


@pytest.fixture(scope="package")
def packed(concluded, tmp_path_factory):
    """A copy of the operation, a third of the proposals decided, and a package of each country."""
    home = tmp_path_factory.mktemp("packed")
    shutil.copytree(concluded.folder, home / "case", symlinks=True)
    with open_case(home / "case") as case:
        signed = officer(case, home, "A. One")
        rows = case.rows(
            "SELECT person_id, country FROM routes WHERE state = 'proposed' ORDER BY 1"
        )
        rows = [rows[0], *rows[1::3]]
        for row in rows:
            decisions.decide(case, row["person_id"], SEND, signed)
        known = Known.of(case)
        made = {}
        for country in sorted({row["country"] for row in rows}):
            (home / country).mkdir()
            made[country] = draft.make(case, to(country), known, home / country)
        yield SimpleNamespace(case=case, home=home, made=made, known=known, signed=signed,
                              decided={(r["person_id"], r["country"]) for r in rows})  # fmt: skip
