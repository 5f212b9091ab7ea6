"""Known sets that the examining authority supplies, one module a format.

A set is read by the module of its format, kept as it came under its name and version, and indexed
for search; ``adding`` does that, and ``known`` answers what a set in the case has.
"""

from clew.findings.hashsets.ingest import FORMATS, Source, add, remove, take_in
from clew.findings.hashsets.known import KnownSet, known_sets, withdrawn

__all__ = [
    "FORMATS", "KnownSet", "Source", "add", "known_sets", "remove", "take_in", "withdrawn",
]  # fmt: skip
