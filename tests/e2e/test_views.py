"""On the demo, what a view is ordered by tells all its rows apart: the same case, the same list."""

from __future__ import annotations

import csv

import pytest

from clew import views
from clew.casefile import open_case
from clew.reading import Disclosure, disclose
from clew.report.figures import figures
from clew.views.narrowing import Narrowing

EVERY = [
    f"{folder}/{name}".lstrip("/") for folder in ("", "report") for name in views.names(folder)
]
BROKEN = "SELECT DISTINCT item_id FROM unread WHERE severity = 'error'"
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


LISTED = {
    "persons": "persons", "groups": "groups", "messages": "messages", "invitations": "invites",
    "postings": "postings", "group_links": "links", "names": "names", "structures": "structures",
    "exhibits": "exhibits", "shared_files": "first-shares", "sources": "sources",
}  # fmt: skip
"""Figures of the report's first page, and the list that has as many rows."""
ANNEXES = {
    "persons": "persons", "groups": "groups", "invitations": "invitations", "known": "files",
    "exhibits": "exhibits", "known_sendings": "known", "new_files": "new",
}  # fmt: skip
"""Figures of the report's first page, and the annex that has as many rows."""


def test_each_figure_has_one_value_in_report_lists_and_annexes(demo) -> None:
    with open_case(demo / "case") as case, disclose(case, Disclosure(what="figures")) as reading:
        found = figures(reading)
        totals = {one: reading.view(name, limit=1).total for one, name in LISTED.items()}
        known = Narrowing(values={"act": ("sent",)})
        sent = reading.view("known", known, limit=1).total
        broken = {row["item_id"] for row in reading.rows(BROKEN)}
        taken = reading.view("failed", limit=0).rows
    assert totals == {name: found[name] for name in LISTED}
    assert sent == found["known_sendings"]
    assert len(broken) == found["not_read"]
    assert len(taken) + len(broken) == found["skipped"] + found["failed"]
    for name, annex in ANNEXES.items():
        with (demo / "report-annex" / f"{annex}.csv").open(encoding="utf-8", newline="") as file:
            assert len(list(csv.reader(file))) == found[name] + 1, name
