"""Part of bench/network.py: the odds of inferred links, fitted, and their errors out of sample."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from clew.findings import linkage
from clew.findings.linkage.errors import calibrated
from clew.findings.linkage.infer import _known, _trained
from clew.findings.linkage.odds import Signs
from clew.findings.logistic import Numbers, Prior, chance, fitted
from clew.findings.resolve import proved_ties
from clew.pipeline import context_of

_EDGES = (-20.0, -4.0, -3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0, 4.0)
_EACH = 600.0
"""Links that each operation counts as, however many it has."""
Link = tuple[dict[str, float], bool]


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
    counted = np.concatenate([np.full(len(r), _EACH / len(r)) for r in found.values()])
    prior = Prior(np.zeros(len(names) + 1), np.concatenate([[0.0], np.ones(len(names))]))
    right = np.array([float(right) for _, right in rows])
    return fitted(_figures(rows, names), right, prior, counted)
