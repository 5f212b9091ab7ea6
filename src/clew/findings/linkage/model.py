"""How much each line of evidence weighs: measured on links that devices prove, never guessed.

The model is Fellegi and Sunter's (1969, doi 10.1080/01621459.1969.10501049). For each degree of
agreement it has m, how often accounts of one person agree so, and u, how often accounts of two
persons do; log2(m/u) is its weight in bits. m is counted on the links that the devices themselves
prove. u is counted on pairs drawn at random, apart for numbers of one country, of two, and for
accounts of no known country: people of one country share names and groups by chance far more
often, and one u for all would make every such pair look surer than it is. A drawn pair that is
likely one person's after all counts for as little as it is likely.
"""

from collections.abc import Iterable

import msgspec
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from clew.casefile.engine import Linkage
from clew.findings.linkage.comparisons import COMPARISONS, COUNTRY, case_of

Numbers = npt.NDArray[np.float64]
Degrees = npt.NDArray[np.int64]
"""Of each pair, the degree of agreement on each line; -1 where nothing can be said."""
SEED = 7
_DRAWN = 400_000
"""Pairs drawn of each kind of country."""
_ADDED = 0.5
"""Added to every count, so that what was never seen is not called impossible."""
_ROUNDS = 12


class Model(msgspec.Struct, frozen=True):
    """Weights in bits, and how many pairs of accounts are one person's before any evidence."""

    m: tuple[tuple[float, ...], ...]
    """Of each line, how often accounts of one person agree to each degree."""
    u: tuple[tuple[tuple[float, ...], ...], ...]
    """The same for accounts of two persons: by kind of country, then by line."""
    country: tuple[float, ...]
    """Weight in bits of each kind of country."""
    prior: float
    """Part of all pairs of accounts that are one person's."""
    labels: tuple[int, ...]
    """Proved links on which m of each line was counted."""
    drawn: int
    """Pairs on which u was counted."""

    def weights(self, kind: int, line: int) -> tuple[float, ...]:
        """Bits of each degree of agreement on a line, for a kind of country."""
        return tuple(
            float(np.log2(m / u)) for m, u in zip(self.m[line], self.u[kind][line], strict=True)
        )


def measure(engine: Linkage, proved: Iterable[tuple[str, str]]) -> Model:
    """Learn the weights from ``account_traits`` and the pairs that devices prove to be one person.

    Deterministic: pairs are drawn with a fixed seed from the accounts in their order.
    """
    known = engine.query("SELECT unique_id, country FROM account_traits ORDER BY unique_id")
    accounts = {name: known[name].to_numpy() for name in known.column_names}
    labels = _degrees(engine, sorted(proved))
    sizes = _sizes(accounts["country"])
    kinds = [_degrees(engine, pairs) for pairs in _drawn(accounts, sizes)]
    m = tuple(
        _shares(labels[:, n + 1], None, len(line.levels)) for n, line in enumerate(COMPARISONS)
    )
    counts = np.array([(labels[:, 0] == kind).sum() for kind in range(len(COUNTRY))]) + _ADDED
    country = np.log2((counts / counts.sum()) / (sizes / sizes.sum()))
    prior, u = 2.0 * len(labels) / sizes.sum(), _chance(kinds, [None] * len(kinds))
    for _ in range(_ROUNDS):
        model = Model(m, u, tuple(country.tolist()), prior, (), 0)
        likely = [_probable(model, kind, drawn) for kind, drawn in enumerate(kinds)]
        u = _chance(kinds, [1 - p for p in likely])
        prior = sum(p.mean() * size for p, size in zip(likely, sizes, strict=True)) / sizes.sum()
    return Model(
        m, u, tuple(country.tolist()), float(prior),
        tuple(int((labels[:, n + 1] >= 0).sum()) for n in range(len(COMPARISONS))),
        sum(len(drawn) for drawn in kinds),
    )  # fmt: skip


def _chance(
    kinds: list[Degrees], counted: list[Numbers | None]
) -> tuple[tuple[tuple[float, ...], ...], ...]:
    return tuple(
        tuple(_shares(drawn[:, n + 1], by, len(line.levels)) for n, line in enumerate(COMPARISONS))
        for drawn, by in zip(kinds, counted, strict=True)
    )


def _shares(degrees: Degrees, counted: Numbers | None, levels: int) -> tuple[float, ...]:
    """How often each degree is found among the pairs of which something can be said."""
    known_degrees = degrees >= 0
    by = None if counted is None else counted[known_degrees]
    counts = np.bincount(degrees[known_degrees], by, levels) + _ADDED
    return tuple((counts / counts.sum()).tolist())


def _probable(model: Model, kind: int, degrees: Degrees) -> Numbers:
    """Probability of each pair to be one person's, as the model has it."""
    bits = np.full(len(degrees), model.country[kind] + np.log2(model.prior))
    for n in range(len(COMPARISONS)):
        weights = np.array([*model.weights(kind, n), 0.0])  # the last for -1: nothing is known
        bits += weights[degrees[:, n + 1]]
    probable: Numbers = 1 / (1 + np.exp2(-bits))
    return probable


def _degrees(engine: Linkage, pairs: list[tuple[str, str]]) -> Degrees:
    """The kind of country of each pair, and its degree of agreement on each line."""
    asked = pa.table(
        {"rank": pa.array(range(len(pairs)), pa.int64()),
         "l": pa.array([a for a, _ in pairs], pa.string()),
         "r": pa.array([b for _, b in pairs], pa.string())}
    )  # fmt: skip
    traits = engine.query("SELECT * FROM account_traits LIMIT 0").column_names
    names = [name for name in traits if name != "unique_id"]
    sides = ", ".join(f'{s}."{name}" AS "{name}_{s}"' for s in "lr" for name in names)
    cases = ", ".join(
        [case_of(COUNTRY), *(case_of(line.levels, line.missing) for line in COMPARISONS)]
    )
    with engine.with_tables(asked=asked):
        rows = engine.query(
            f"SELECT {cases} FROM (SELECT a.rank, {sides} FROM asked AS a "  # noqa: S608 - our own text
            "JOIN account_traits AS l ON l.unique_id = a.l "
            "JOIN account_traits AS r ON r.unique_id = a.r) ORDER BY rank"
        )
    columns = [np.asarray(column.to_numpy(), dtype=np.int64) for column in rows.columns]
    return np.column_stack(columns)


def _sizes(countries: npt.NDArray[np.object_]) -> Numbers:
    """How many pairs of accounts there are of each kind of country."""
    known = [c for c in countries if isinstance(c, str)]
    counts = np.unique(known, return_counts=True)[1].astype(np.float64) if known else np.zeros(0)
    one = float((counts * (counts - 1) / 2).sum())
    two = len(known) * (len(known) - 1) / 2 - one
    every = len(countries) * (len(countries) - 1) / 2
    return np.array([one, two, every - one - two]) + 1.0


def _drawn(
    accounts: dict[str, npt.NDArray[np.object_]], sizes: Numbers
) -> list[list[tuple[str, str]]]:
    """Pairs drawn at random, of each kind of country; of few accounts no more than there are."""
    chance = np.random.default_rng(SEED)
    names, countries = accounts["unique_id"], accounts["country"]
    codes = np.unique([c if isinstance(c, str) else "" for c in countries], return_inverse=True)[1]
    missing = np.array([not isinstance(c, str) for c in countries])
    first = chance.integers(0, len(names), 40 * _DRAWN // 4)
    other = chance.integers(0, len(names), len(first))
    found = []
    unknown, alike = missing[first] | missing[other], codes[first] == codes[other]
    for fits, size in zip((~unknown & alike, ~unknown & ~alike, unknown), sizes, strict=True):
        chosen = np.flatnonzero(fits & (first != other))[: min(_DRAWN, int(size))]
        found.append(list(zip(names[first[chosen]], names[other[chosen]], strict=True)))
    return found
