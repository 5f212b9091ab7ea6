"""What is written down: one row class a table, in the order of the data flow."""

from clew.records import (
    countries,
    evidence,
    facts,
    findings,
    judgements,
    media,
    network,
    recovered,
    timeline,
)

__all__ = [
    "countries",
    "evidence",
    "facts",
    "findings",
    "judgements",
    "media",
    "network",
    "recovered",
    "timeline",
]
