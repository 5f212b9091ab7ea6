"""Part of bench/network.py: how well stated chances hold, scored as forensic statistics does.

Calibration error: mean distance of what is stated from what is true, over ten bins. Overstatement:
mean of what is stated less what is true. Cllr: cost of the log likelihood ratios (Brümmer and du
Preez 2006, doi 10.1016/j.csl.2005.08.001), and the part of it that calibration costs, by pooling
adjacent violators. Where an interpreter is named that has NFI's ``lir`` (1.3, Apache 2.0), what it
makes of the same ratios stands beside as an oracle; it is no dependency.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
_LEAST = 1e-4
LIR = ""
"""An interpreter that has ``lir``; without one it is not asked."""
_ASKED = """
import json, sys
import numpy as np
from lir.data.models import LLRData
from lir.metrics import cllr, cllr_cal
from lir.metrics.devpav import devpav
given = json.load(sys.stdin)
ratios, right = np.array(given["ratios"]), np.array(given["right"])
found = LLRData(features=ratios.reshape(-1, 1), labels=right)
json.dump([cllr(found), cllr_cal(found), devpav(ratios, right)], sys.stdout)
"""


def scored(stated: Any, right: Any) -> Iterator[tuple[str, float, str]]:
    """Figures of chances that were stated, against what is true."""
    stated, right = np.asarray(stated, np.float64), np.asarray(right, np.bool_)
    yield "calibration error", calibration_error(stated, right), "less"
    yield "overstated by", float(stated.mean() - right.mean()), "near 0"
    if right.all() or not right.any():
        return
    odds = _ratios(stated, right)
    yield "Cllr", cllr(odds, right), "less"
    yield (
        "Cllr lost by calibration",
        cllr(odds, right) - cllr(_isotonic(stated, right), right),
        "less",
    )
    if LIR:
        for name, value in zip(_LIR_FIGURES, _by_lir(odds, right), strict=True):
            yield name, value, "less"


def calibration_error(stated: Numbers, right: npt.NDArray[np.bool_], bins: int = 10) -> float:
    """Mean distance of stated chances from true ones, weighted by how many are in each bin."""
    bin_of = np.clip((stated * bins).astype(int), 0, bins - 1)
    return sum(
        float(abs(stated[bin_of == b].mean() - right[bin_of == b].mean()) * (bin_of == b).mean())
        for b in range(bins)
        if (bin_of == b).any()
    )


def cllr(odds: Numbers, right: npt.NDArray[np.bool_]) -> float:
    """Cost of log likelihood ratios: 0 if perfect, 1 for a system that says nothing."""
    of_right, of_wrong = np.logaddexp(0, -odds[right]), np.logaddexp(0, odds[~right])
    return float((of_right.mean() + of_wrong.mean()) / 2 / np.log(2))


def _ratios(stated: Numbers, right: npt.NDArray[np.bool_]) -> Numbers:
    """Logarithms of likelihood ratios: the odds stated over those of all together."""
    bounded = np.clip(stated, _LEAST, 1 - _LEAST)
    found: Numbers = np.log(bounded / (1 - bounded)) - np.log(right.sum() / (~right).sum())
    return found


def _isotonic(stated: Numbers, right: npt.NDArray[np.bool_]) -> Numbers:
    """The ratios as well calibrated as their order allows; what is stated alike stays alike."""
    place = np.unique(stated, return_inverse=True)[1]
    counts, rights = np.bincount(place), np.bincount(place, right)
    blocks: list[list[float]] = []
    for length, sure in zip(counts, rights, strict=True):
        blocks.append([sure / length, length, 1])
        while len(blocks) > 1 and blocks[-2][0] >= blocks[-1][0]:
            (before, size, many), (last, count, more) = blocks[-2:]
            mean = (before * size + last * count) / (size + count)
            blocks[-2:] = [[mean, size + count, many + more]]
    found = np.repeat([b[0] for b in blocks], [int(b[2]) for b in blocks])
    return _ratios(found[place], right)


_LIR_FIGURES = ("Cllr by lir", "Cllr lost by calibration, by lir", "devPAV by lir")


def _by_lir(odds: Numbers, right: npt.NDArray[np.bool_]) -> list[float]:
    given = {"ratios": (odds / np.log(10)).tolist(), "right": right.astype(int).tolist()}
    found: list[float] = json.loads(subprocess.run(
        [LIR, "-c", _ASKED], input=json.dumps(given), capture_output=True, text=True, check=True
    ).stdout)  # fmt: skip
    return found
