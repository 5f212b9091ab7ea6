"""On the demo, what a view is ordered by tells all its rows apart: the same case, the same list."""

from __future__ import annotations

import pytest

from clew import views
from clew.casefile import open_case

EVERY = [
    f"{folder}/{name}".lstrip("/") for folder in ("", "report") for name in views.names(folder)
]
IN_MEMORY = ("report/nodes", "report/node-links")


@pytest.mark.slow
@pytest.mark.parametrize("name", [n for n in EVERY if n not in IN_MEMORY])
def test_what_a_view_is_ordered_by_tells_all_its_rows_apart(demo, name) -> None:
    view = views.view(name)
    with open_case(demo / "case") as case:
        whole = f"SELECT count(*) AS n FROM (SELECT DISTINCT * FROM ({view.sql}))"
        ranked = (
            f"SELECT count(*) AS n FROM (SELECT DISTINCT * FROM (SELECT rank() OVER "
            f"(ORDER BY {view.order}) AS r FROM ({view.sql})))"
        )
        (rows,) = case.rows(whole, **view.header.parameters)
        (ranks,) = case.rows(ranked, **view.header.parameters)
    assert ranks == rows
