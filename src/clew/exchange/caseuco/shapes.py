"""The shapes of CASE and UCO as ``bench/case_shapes.py`` compiled them from the ontology.

References:
    - CASE 1.5.0 (casework/CASE) and UCO 1.5.0 (ucoProject/UCO), Apache-2.0
    - SHACL, W3C Recommendation, 2017: 4 (constraint components), 2.1 (targets)

"""

from __future__ import annotations

import functools
import gzip
from enum import StrEnum
from pathlib import Path
from typing import Any

import msgspec

_FILE = Path(__file__).with_name("shapes.json.gz")


class Severity(StrEnum):
    """How much a breach matters, as the ontology says."""

    INFO = "Info"
    WARNING = "Warning"
    VIOLATION = "Violation"


class Shape(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Constraints of a node, or with ``path`` of the values that the path leads to."""

    path: str | list[str] | dict[str, str] | None = None
    severity: Severity = Severity.VIOLATION
    classes: list[str] = msgspec.field(default_factory=list, name="class")
    datatype: str | None = None
    node_kind: str | None = msgspec.field(default=None, name="nodeKind")
    least: int | None = msgspec.field(default=None, name="minCount")
    most: int | None = msgspec.field(default=None, name="maxCount")
    value: str | tuple[str, str] | None = msgspec.field(default=None, name="hasValue")
    among: list[str | tuple[str, str]] | None = msgspec.field(default=None, name="in")
    no_class: list[str] = msgspec.field(default_factory=list, name="not")
    no_class_path: str | None = msgspec.field(default=None, name="not_path")
    any_of: list[Shape] = msgspec.field(default_factory=list, name="or")
    one_of: list[Shape] = msgspec.field(default_factory=list, name="xone")
    parts: list[Shape] = msgspec.field(default_factory=list, name="property")
    code: list[str] = msgspec.field(default_factory=list, name="sparql")
    """Constraints that the ontology has as queries, by the name of their code in ``check``."""
    name: str = ""
    target: str = ""
    """``class``, ``subjects`` or ``objects``: whether ``of`` is a class or a property."""
    of: str = ""


class Ontology(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole data file."""

    source: str
    licence: str
    version: str
    shapes: list[Shape]
    classes: dict[str, list[str]]
    """Each class with every class that it is one of, itself included."""
    concepts: frozenset[str]
    """Every name in the ontologies' namespaces that there is."""


@functools.cache
def ontology() -> Ontology:
    """The ontology; read once a process."""
    return msgspec.json.decode(gzip.decompress(_FILE.read_bytes()), type=Ontology)


def targets() -> dict[str, dict[str, list[Shape]]]:
    """Shapes by the kind of their target and what it is."""
    found: dict[str, dict[str, list[Shape]]] = {"class": {}, "subjects": {}, "objects": {}}
    for shape in ontology().shapes:
        found[shape.target].setdefault(shape.of, []).append(shape)
    return found


def is_concept(iri: str) -> bool:
    """Whether an IRI is in a namespace of CASE or UCO, where every name is declared."""
    spaces: Any = (
        "https://ontology.caseontology.org/",
        "https://ontology.unifiedcyberontology.org/",
    )
    return iri.startswith(spaces)
