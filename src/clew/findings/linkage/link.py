"""Comparing accounts with Splink on DuckDB, by weights that were measured and are given to it."""

import contextlib
import io
import logging
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa

from clew.casefile.engine import Linkage
from clew.findings.linkage.comparisons import BLOCKS, COMPARISONS, COUNTRY
from clew.findings.linkage.model import Model

LEAST = -4.0
"""Bits from which on a pair is kept at all: odds of 1 to 16."""
RARITY = "rarity"
_CHOSEN = "SELECT t.* FROM account_traits AS t JOIN chosen AS c ON c.unique_id = t.unique_id"


class Evidence(msgspec.Struct, frozen=True):
    """What one line says of a pair."""

    line: str
    agreement: str
    bits: float


class Scored(msgspec.Struct, frozen=True):
    """A pair of accounts with the weight of each line of evidence."""

    a: str
    b: str
    bits: float
    """All lines together, and how rare such pairs are before any evidence."""
    evidence: tuple[Evidence, ...]


class Linker:
    """Scores pairs of accounts."""

    def __init__(self, engine: Linkage, model: Model) -> None:
        from splink import Linker as Splink

        self._model, self._engine = model, engine
        self._api = engine.splink()
        records = self._api.register("account_traits")
        self._splink = Splink(records, _settings(model), log_level=logging.ERROR)

    def pairs(self) -> list[Scored]:
        """Every pair that shares something to begin with and weighs enough, the heaviest first."""
        with _quiet():
            found = self._splink.inference.predict(threshold_match_weight=LEAST)
        return self._scored(found)

    def pairs_between(self, here: Sequence[str], there: Sequence[str]) -> list[Scored]:
        """Pairs of one account of a new package and one of all the rest."""
        sides = []
        for name, accounts in (("accounts_here", here), ("accounts_there", there)):
            chosen = pa.table({"unique_id": pa.array(accounts, pa.string())})
            with self._engine.with_tables(chosen=chosen):
                self._engine.keep(name, self._engine.query(_CHOSEN))
            sides.append(self._api.register(name))
        with _quiet():
            found = self._splink.inference.predict_between(
                sides[0], sides[1], link_type="link_only", threshold_match_weight=LEAST
            )
        return self._scored(found)

    def _scored(self, found: Any) -> list[Scored]:
        names = ("country", *(line.name for line in COMPARISONS))
        columns = [f"{of}_{name}" for name in names for of in ("gamma", "mw")]
        rows = found.as_pyarrow_table().select(["unique_id_l", "unique_id_r", *columns])
        scored = [self._of(row) for row in rows.to_pylist()]
        return sorted(scored, key=lambda s: (-s.bits, s.a, s.b))

    def _of(self, row: dict[str, Any]) -> Scored:
        a, b = sorted((row["unique_id_l"], row["unique_id_r"]))
        kind = COUNTRY[len(COUNTRY) - 1 - row["gamma_country"]]
        evidence = [
            Evidence(RARITY, RARITY, float(np.log2(self._model.prior))),
            Evidence("country", kind.code, row["mw_country"]),
        ]
        for line in COMPARISONS:
            gamma = row[f"gamma_{line.name}"]
            if gamma >= 0:
                level = (len(line.levels) * len(COUNTRY) - 1 - gamma) % len(line.levels)
                evidence.append(
                    Evidence(line.name, line.levels[level].code, row[f"mw_{line.name}"])
                )
        rounded = tuple(msgspec.structs.replace(e, bits=round(e.bits, 2) + 0.0) for e in evidence)
        return Scored(a, b, round(sum(e.bits for e in evidence), 2), rounded)


def _settings(model: Model) -> Any:
    from splink import SettingsCreator, block_on

    return SettingsCreator(
        link_type="dedupe_only",
        comparisons=[_country(model), *(_comparison(model, n) for n in range(len(COMPARISONS)))],
        blocking_rules_to_generate_predictions=[
            block_on(*columns, arrays_to_explode=[columns[0]]) for columns in BLOCKS
        ],
        retain_intermediate_calculation_columns=True,
        probability_two_random_records_match=model.prior,
    )


def _country(model: Model) -> Any:
    levels = [
        _level(kind.sql, kind.code, 2.0 ** min(bits, 0), 2.0 ** -max(bits, 0))
        for kind, bits in zip(COUNTRY, model.country, strict=True)
    ]
    return _custom("country", levels)


def _comparison(model: Model, n: int) -> Any:
    """A line of evidence: its degrees for numbers of one country, then of two, then the others."""
    import splink.comparison_level_library as cll

    line = COMPARISONS[n]
    levels = [cll.CustomLevel(line.missing, "missing").configure(is_null_level=True)]
    for kind, country in enumerate(COUNTRY):
        for level, degree in enumerate(line.levels):
            parts = [f"({p})" for p in (country.sql, degree.sql) if p != "ELSE"]
            levels.append(
                _level(" AND ".join(parts) or "ELSE", f"{degree.code}; {country.code}",
                       model.m[n][level], model.u[kind][n][level])
            )  # fmt: skip
    return _custom(line.name, levels)


def _level(sql: str, code: str, m: float, u: float) -> Any:
    import splink.comparison_level_library as cll

    level = cll.ElseLevel() if sql == "ELSE" else cll.CustomLevel(sql, code)
    return level.configure(m_probability=m, u_probability=u)


def _custom(name: str, levels: list[Any]) -> Any:
    import splink.comparison_library as cl

    return cl.CustomComparison(output_column_name=name, comparison_levels=levels)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Splink writes advice to standard output; ours is for data."""
    with contextlib.redirect_stdout(io.StringIO()):
        yield
