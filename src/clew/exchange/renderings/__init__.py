"""The referral in others' formats: each a pure function of it that says the same.

A rendering says nothing that the referral does not say, calls a suspect only that, and carries the
handling codes. What a format has no field for stands in a note or a property of our own; VICS,
which knows neither persons nor accounts, has their number.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from clew.exchange.referral import Referral
from clew.exchange.renderings import case, ftm, i2, misp, stix, timesketch, vics

MODULES = (case, vics, stix, ftm, misp, i2, timesketch)
"""Each with ``render``, which gives names of members and their content."""


def renderings(referral: Referral) -> Iterator[tuple[str, Iterable[bytes]]]:
    """Every member of a package that repeats the referral in another format, and its content.

    The content comes in pieces and only once; the same referral gives the same bytes.
    """
    return chain.from_iterable(module.render(referral) for module in MODULES)
