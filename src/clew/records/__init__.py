"""What is written down: one row class a table, in the order of the data flow."""

from clew.records import (
    drawing,
    embeddings,
    evidence,
    facts,
    findings,
    judgements,
    media,
    network,
    persons,
    recovered,
    said,
    spells,
)

__all__ = [
    "drawing",
    "embeddings",
    "evidence",
    "facts",
    "findings",
    "judgements",
    "media",
    "network",
    "persons",
    "recovered",
    "said",
    "spells",
]
