"""Logistic regression by Fisher's scoring, with weights, a prior and labels that may be wrong.

The library that has it would be the largest dependency of all (decision 33).
"""

import msgspec
import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
_ROUNDS, _SMALL, _STRIDE = 100, 1e-9, 2.0


class Prior(msgspec.Struct, frozen=True):
    """What the coefficients are before anything is counted, and how much that counts."""

    middle: Numbers
    strength: Numbers
    """Of each coefficient, the inverse of its variance."""


class Mistakes(msgspec.Struct, frozen=True):
    """How often labels are wrong, each a share from 0 to 1."""

    of_no: float = 0.0
    """Part of what is labelled yes though it is no."""
    of_yes: float = 0.0
    """Part of what is labelled no though it is yes."""


def chance(score: Numbers) -> Numbers:
    """Chances from log-odds."""
    return 1 / (1 + np.exp(-np.clip(score, -35, 35)))


def log_odds(chances: Numbers) -> Numbers:
    """Log-odds of chances; none is surer than 9,999 in 10,000."""
    bounded = np.clip(chances, 1e-4, 1 - 1e-4)
    found: Numbers = np.log(bounded / (1 - bounded))
    return found


def fitted(
    figures: Numbers,
    labels: Numbers,
    prior: Prior,
    counted: Numbers | None = None,
    mistakes: Mistakes = Mistakes(),  # noqa: B008 - a frozen value
) -> Numbers:
    """Likeliest coefficients, the first one for the constant.

    ``figures`` has a row a case, ``labels`` are 0 or 1, ``counted`` says for how many each case is
    counted.
    """
    design = np.column_stack([np.ones(len(figures)), figures])
    weight = np.ones(len(figures)) if counted is None else counted
    sure = 1 - mistakes.of_no - mistakes.of_yes
    found, hold = prior.middle.copy(), np.diag(prior.strength)
    for _ in range(_ROUNDS):
        true = chance(design @ found)
        seen = np.clip(mistakes.of_no + sure * true, _SMALL, 1 - _SMALL)
        slope = sure * true * (1 - true)
        each = weight * slope / (seen * (1 - seen))
        climb = design.T @ (each * (labels - seen)) - hold @ (found - prior.middle)
        bend = (design * (each * slope)[:, None]).T @ design + hold
        step = np.linalg.solve(bend + _SMALL * np.eye(len(found)), climb)
        longest = float(np.abs(step).max())
        found += step * min(1.0, _STRIDE / max(longest, _SMALL))
        if longest < _SMALL:
            break
    return found
