"""Part of bench/network.py: the same lines of evidence in Splink, with weights learned blindly.

Expectation maximisation guesses which pairs are one person's while it learns how such pairs agree;
the product counts on pairs that devices prove instead. Beside each other in one run.
"""

from __future__ import annotations

import contextlib
import io
from typing import Any

import duckdb

from clew.casefile import Case
from clew.findings.linkage.comparisons import BLOCKS, COMPARISONS
from clew.findings.linkage.traits import table, traits
from clew.pipeline import context_of

_SURE = 0.95
_SCALARS = {"one_handle": "handles", "one_rare": "rare", "one_full_name": "full_names"}
"""Splink's expectation maximisation takes no rules over lists: the first of each list stands in."""


def blind_links(case: Case) -> list[tuple[str, str]]:
    """Pairs of accounts that are one person's with 95 % as blindly trained Splink has it."""
    from splink import Linker, SettingsCreator, block_on
    from splink.backends.duckdb import DuckDBAPI

    db = duckdb.connect(config={"threads": 1})
    db.register("found", table(traits(context_of(case, "resolve"))))
    columns = ", ".join(f"{many}[1] AS {one}" for one, many in _SCALARS.items())
    db.sql(f"CREATE TABLE account_traits AS SELECT *, {columns} FROM found")
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[_comparison(n) for n in range(len(COMPARISONS))],
        blocking_rules_to_generate_predictions=[
            block_on(*names, arrays_to_explode=[names[0]]) for names in BLOCKS
        ],
        probability_two_random_records_match=4e-5,
    )
    with contextlib.redirect_stdout(io.StringIO()):
        linker = Linker(DuckDBAPI(db).register("account_traits"), settings, log_level=40)
        linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=7)
        for one in _SCALARS:
            with contextlib.suppress(Exception):  # a line that never varies there can't be trained
                linker.training.estimate_parameters_using_expectation_maximisation(
                    block_on(one), fix_probability_two_random_records_match=True
                )
        found = linker.inference.predict(threshold_match_probability=_SURE).as_pyarrow_table()
    return [(r["unique_id_l"], r["unique_id_r"])
            for r in found.select(["unique_id_l", "unique_id_r"]).to_pylist()]  # fmt: skip


def _comparison(n: int) -> Any:
    import splink.comparison_level_library as cll
    import splink.comparison_library as cl

    levels = [cll.CustomLevel(COMPARISONS[n].missing, "missing").configure(is_null_level=True)]
    levels += [
        cll.ElseLevel() if degree.sql == "ELSE" else cll.CustomLevel(degree.sql, degree.code)
        for degree in COMPARISONS[n].levels
    ]
    return cl.CustomComparison(output_column_name=COMPARISONS[n].name, comparison_levels=levels)
