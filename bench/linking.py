"""Part of bench/network.py: the odds of inferred links, fitted, and their errors out of sample."""

from __future__ import annotations

import itertools
import math
from collections import Counter, defaultdict
from collections.abc import Iterator
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import numpy as np

from clew.findings import linkage
from clew.findings.linkage.errors import calibrated
from clew.findings.linkage.infer import _known, _trained
from clew.findings.linkage.odds import Signs
from clew.findings.linkage.traits import Traits, traits
from clew.findings.logistic import Numbers, Prior, chance, fitted
from clew.findings.resolve import proved_ties
from clew.pipeline import context_of

_EDGES = (-20.0, -4.0, -3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0, 4.0)
_EACH = 600.0
"""Links that each operation counts as, however many it has; its parts as many by their root."""
_ALIKE = 0.8
Link = tuple[dict[str, float], bool]
Pairs = list[tuple[str, str]]


def links(operation: Any) -> Iterator[Link]:
    """The signs of each link that no device proves, and whether it is right."""
    context = context_of(operation.case, "resolve")
    context.case.read_live()
    with context.once("numbers_given_again"):
        ties = proved_ties(context, context.rows("accounts_seen"))
        proved = [(tie.a, tie.b) for tie in ties]
        two_owners = set(context.query("recycled_numbers").column("account_id").to_pylist())
        found, pairs = _known(context, proved, two_owners)
        linker, _ = _trained(context, found, pairs)
        scored = linker.pairs()
    signs = Signs(found, proved, scored)
    for pair in scored:
        if signs.apart(pair):
            yield dict(signs.of(pair)), operation.same(pair.a, pair.b)


def within_reach(operation: Any, known: list[str]) -> Iterator[tuple[str, Pairs]]:
    """Pairs of one person that an oracle could join: it knows the truth, and sees the evidence.

    ``compared``: of the pairs that the product compares. ``anything shared``: of all pairs that
    share any trait at all, however common, or whose names are spelled alike.
    """
    case = operation.case
    rows = case.rows("SELECT account_a AS a, account_b AS b FROM person_links")
    compared = [(r["a"], r["b"]) for r in rows if operation.same(r["a"], r["b"])]
    yield "compared", compared
    context = context_of(case, "resolve")
    found = {one.unique_id: one for one in traits(context)}
    own: dict[int, list[str]] = defaultdict(list)
    for account in known:
        for person in operation.owners[account] if account in found else ():
            own[person].append(account)
    yield (
        "anything shared",
        compared
        + [
            (a, b)
            for accounts in own.values()
            for a, b in itertools.combinations(accounts, 2)
            if _shares_anything(found[a], found[b])
        ],
    )


def _shares_anything(a: Traits, b: Traits) -> bool:
    lists = ("handles", "words", "entries", "pictures", "swapped", "at_once")
    return any(set(getattr(a, name)) & set(getattr(b, name)) for name in lists) or any(
        SequenceMatcher(None, x, y).ratio() > _ALIKE
        for x, y in itertools.product([*a.words, *a.handles], [*b.words, *b.handles])
    )


def write(found: dict[str, list[Link]]) -> None:
    """Write the declared odds, and how often links were wrong that had no part in them.

    ``found`` are the links of each operation, by its name: seed and coverage.
    """
    names = sorted({name for rows in found.values() for signs, _ in rows for name in signs})
    out: list[tuple[float, bool]] = []
    for operation, rows in found.items():
        seed = operation.partition("-")[0]
        weights = _fitted({k: v for k, v in found.items() if k.partition("-")[0] != seed}, names)
        odds = _figures(rows, names) @ weights[1:] + weights[0]
        out += zip((odds / np.log(2)).tolist(), (right for _, right in rows), strict=True)
    weights, counted = _fitted(found, names), " ".join(sorted(found))
    folder = Path(linkage.__file__).parent
    head = "# Written by bench/network.py calibrate"
    lines = [f"{head}; what each sign means: odds.py.", f'counted_on = "{counted}"',
             f"start = {weights[0]:.3f}", "", "[signs]"]  # fmt: skip
    lines += [f"{name} = {value:.3f}" for name, value in zip(names, weights[1:], strict=True)]
    (folder / "odds.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    lines = [f"{head}.", f'calibrated_on = "{counted}"']
    for band in calibrated(out, _EDGES):
        lines += ["", "[[band]]", *(f"{name} = {value}" for name, value in band.items())]
    (folder / "errors.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    stated = chance(np.array([odds for odds, _ in out]) * np.log(2))
    print(f"stated less true, all together: {stated.mean() - np.mean([r for _, r in out]):.3f}")


def _figures(rows: list[Link], names: list[str]) -> Numbers:
    return np.array([[signs.get(name, 0.0) for name in names] for signs, _ in rows])


def _fitted(found: dict[str, list[Link]], names: list[str]) -> Numbers:
    rows = [row for links in found.values() for row in links]
    parts = Counter(name.partition("-")[0] for name in found)
    counted = np.concatenate([
        np.full(len(rows), _EACH / len(rows) / math.sqrt(parts[name.partition("-")[0]]))
        for name, rows in found.items()
    ])  # fmt: skip
    prior = Prior(np.zeros(len(names) + 1), np.concatenate([[0.0], np.ones(len(names))]))
    right = np.array([float(right) for _, right in rows])
    return fitted(_figures(rows, names), right, prior, counted)
