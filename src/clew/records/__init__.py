"""What is written down: one row class a table, in the order of the data flow.

The register in ``clew/words/codes`` explains each value of the enumerations of findings.
"""

from clew.records import (
    countries,
    drawing,
    embeddings,
    evidence,
    facts,
    findings,
    judgements,
    media,
    membership_periods,
    message_content,
    network,
    persons,
    recovered,
    roles,
    timeline,
)

__all__ = [
    "countries",
    "drawing",
    "embeddings",
    "evidence",
    "facts",
    "findings",
    "judgements",
    "media",
    "membership_periods",
    "message_content",
    "network",
    "persons",
    "recovered",
    "roles",
    "timeline",
]
