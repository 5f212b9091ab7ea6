"""In which order the dates of text exports are read, by all that stands in and beside them.

What a file proves by itself is not asked again. For the others the case is asked: databases with
the same messages, other exports of the exhibit, times of change. Everything that is asked is as the
files have it, whichever order they were last read in, so that reading them again changes nothing
here.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

from clew.casefile import Context
from clew.facts.date_signs import Sign, decided
from clew.records import (
    DateJudgement,
    DateOrder,
    DateOrderBasis,
    DateVoteBeside,
    DateVoteKind,
    DateWeight,
    SourceDateOrder,
)
from clew.schema import from_builtins, table_part

_BESIDE = {
    "dates_in_databases": (DateVoteKind.MESSAGES, DateWeight.STRONG),
    "dates_in_exports": (DateVoteKind.EXPORTS, DateWeight.HABIT),
    "dates_of_files": (DateVoteKind.FILE_TIMES, DateWeight.WEAK),
}
"""What is asked of the case, and how much the answer says."""


def date_orders(context: Context) -> None:
    """Find the order of day and month in text exports whose own dates do not prove it."""
    beside = [
        DateVoteBeside(**row, kind=kind, weight=weight)
        for query, (kind, weight) in _BESIDE.items()
        for row in context.rows(query)
    ]
    judged = {
        row["source_id"]: from_builtins(DateJudgement, row) for row in context.rows("dates_judged")
    }
    orders = _orders(context, beside, judged)
    context.publish(table_part(DateVoteBeside, beside), table_part(SourceDateOrder, list(orders)))


def _orders(
    context: Context, beside: list[DateVoteBeside], judged: dict[str, DateJudgement]
) -> Iterator[SourceDateOrder]:
    inside = context.rows("date_signs")
    own = {source: list(rows) for source, rows in groupby(inside, itemgetter("source_id"))}
    for row in context.rows("dates_read_twice"):
        source = row["source_id"]
        signs = list(_signs(own.get(source, ())))
        near = [vote for vote in beside if vote.source_id == source]
        order = decided([*signs, *_together(near)])
        basis = DateOrderBasis.OPEN if order == DateOrder.AMBIGUOUS else DateOrderBasis.FILE
        judgement = judged.get(source)
        yield SourceDateOrder(
            source_id=source,
            file_order=decided(signs),
            date_order=judgement.date_order if judgement and judgement.date_order else order,
            basis=DateOrderBasis.JUDGEMENT if judgement else basis,
            judgement=judgement.number if judgement else None,
        )


def _signs(rows: Iterable[dict[str, Any]]) -> Iterator[Sign]:
    """Signs in the file; where it mixes platforms, those of the platform that is open."""
    for _, group in groupby(rows, itemgetter("generation")):
        found = [Sign(DateVoteKind(r["kind"]), DateWeight(r["weight"]), r["day_first"],
                      r["month_first"], r["year_first"]) for r in group]  # fmt: skip
        if not any(sign.weight is DateWeight.PROOF for sign in found):
            yield from found


def _together(votes: Iterable[DateVoteBeside]) -> Iterator[Sign]:
    """Votes of one kind as one sign, however many files they come from."""
    for (kind, weight), group in groupby(votes, lambda vote: (vote.kind, vote.weight)):
        counted = list(group)
        days = sum(vote.day_first for vote in counted)
        yield Sign(kind, weight, days, sum(vote.month_first for vote in counted))
