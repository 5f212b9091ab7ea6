"""What is written down: one row class a table, in the order of the data flow."""

from clew.records import (
    embeddings,
    evidence,
    facts,
    findings,
    judgements,
    media,
    network,
    recovered,
)

__all__ = [
    "embeddings",
    "evidence",
    "facts",
    "findings",
    "judgements",
    "media",
    "network",
    "recovered",
]
