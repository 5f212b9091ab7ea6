"""What commands that write a file outside a case may put into it of what others sent."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from clew.cli.output import how_many, say

if TYPE_CHECKING:
    from clew.casefile import Case
    from clew.exchange.receiving.permissions import Bars


@contextlib.contextmanager
def leaving(case: Case, bars: Bars | None = None) -> Iterator[dict[str, int]]:
    """Read of a case what may leave it; rows of others that stay are said, logged and given.

    They are given by the code of why. ``bars`` is one of ``clew.exchange.receiving.permissions``,
    ``PASSED_ON`` where it is left out.
    """
    from clew.exchange.receiving import permissions
    from clew.words import say as worded

    bars = permissions.PASSED_ON if bars is None else bars
    stay = permissions.withheld(case, bars)
    rows = {why: one.rows for why, one in stay.items()}
    for why, one in stay.items():
        say("{rows} of {packages} that others sent were left out: {why}",
            rows=how_many("rows", one.rows), packages=how_many("packages", one.packages),
            why=worded("withheld", why))  # fmt: skip
    with case.over(*permissions.reach(case, bars)):
        if stay:
            use = "court" if bars is permissions.IN_COURT else "passing on"
            packages = {why: one.packages for why, one in stay.items()}
            case.custody.append("received rows withheld", use=use, rows=rows, packages=packages)
        for package, words in permissions.restrictions(case).items():
            say("Restrictions of package {package} (H3): {words}", package=package,
                words=case.masking().text(words))  # fmt: skip
        yield rows
