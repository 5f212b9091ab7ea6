"""Whether a graph keeps to the shapes of CASE and UCO: the verdict of ``case_validate``, compiled.

Every class is compiled once into the constraints that its members must keep to, so that a node
costs its own values and nothing else. Constraints that the ontology has as queries are code here.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import msgspec

from clew.exchange.caseuco.jsonld import TYPE, Graph, Value
from clew.exchange.caseuco.literals import is_of, same
from clew.exchange.caseuco.shapes import Severity, Shape, is_concept, ontology, targets

_SUBCLASS = "http://www.w3.org/2000/01/rdf-schema#subClassOf"
_CLASS = "http://www.w3.org/2002/07/owl#Class"
_UCO = "https://ontology.unifiedcyberontology.org/uco/"
_FACET, _SAME = f"{_UCO}core/hasFacet", "http://www.w3.org/2002/07/owl#sameAs"
_UUID = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-5][0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$", re.IGNORECASE
).search
_RANK = list(Severity)


class Breach(msgspec.Struct, frozen=True):
    """One thing that does not keep to a shape."""

    severity: Severity
    node: str
    """Node that it was found at."""
    constraint: str
    """Component of SHACL, name of a query, or ``concept``: a name that no ontology declares."""
    path: str = ""
    """Property that it is about."""


class Plan(msgspec.Struct, frozen=True):
    """What the members of a set of classes must keep to."""

    by_property: dict[str, list[Shape]]
    further: list[Shape]
    """Shapes of longer paths."""
    required: list[Shape]
    """Shapes of properties that must be there."""
    whole: list[Shape]
    """Constraints of the node itself."""


def conforms(breaches: Iterable[Breach], allow: Severity | None = Severity.INFO) -> bool:
    """Whether no breach is worse than what is allowed."""
    most = -1 if allow is None else _RANK.index(allow)
    return all(_RANK.index(breach.severity) <= most for breach in breaches)


def breaches(graph: Graph) -> Iterator[Breach]:
    """Every breach of a graph, in the order of its nodes."""
    checker = _Checker(graph)
    yield from _unknown(graph)
    for name, node in graph.items():
        yield from checker.of_node(name, node)
    yield from checker.of_facets()


def _unknown(graph: Graph) -> Iterator[Breach]:
    """Names in the ontologies' namespaces that none of them declares."""
    seen: set[str] = set()
    for node in graph.values():
        seen.update(node)
        for values in node.values():
            seen.update(one if isinstance(one, str) else one[1] for one in values)
    seen.update(graph)
    known = ontology().concepts
    for iri in sorted(one for one in seen if is_concept(one) and one not in known):
        yield Breach(Severity.WARNING, iri, "concept")


class _Checker:
    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.targets = targets()
        self.own: dict[str, set[str]] = {}
        for name, node in graph.items():
            if above := node.get(_SUBCLASS):
                self.own[name] = {one for one in above if isinstance(one, str)}
        self._closures: dict[tuple[Any, ...], frozenset[str]] = {}
        self._plans: dict[tuple[frozenset[str], frozenset[str]], Plan] = {}
        self._subjects = frozenset(self.targets["subjects"])

    def above(self, direct: Iterable[str]) -> frozenset[str]:
        """Classes with everything that they are one of."""
        found: set[str] = set()
        waiting = list(direct)
        while waiting:
            one = waiting.pop()
            if one not in found:
                found.add(one)
                waiting += ontology().classes.get(one, ())
                waiting += self.own.get(one, ())
        return frozenset(found)

    def types(self, value: Value) -> frozenset[str]:
        """Every class that a value is of."""
        if not isinstance(value, str):
            return frozenset()
        direct = tuple(self.graph.get(value, {}).get(TYPE, ()))
        if value in ontology().classes:
            direct += (_CLASS,)
        if direct not in self._closures:
            self._closures[direct] = self.above(one for one in direct if isinstance(one, str))
        return self._closures[direct]

    def plan(self, types: frozenset[str], properties: frozenset[str]) -> Plan:
        """The plan for classes, and for properties that are targets themselves."""
        key = (types, properties)
        if key not in self._plans:
            shapes = [s for t in sorted(types) for s in self.targets["class"].get(t, ())]
            shapes += [s for p in sorted(properties) for s in self.targets["subjects"][p]]
            self._plans[key] = _plan(shapes)
        return self._plans[key]

    def of_node(self, name: str, node: dict[str, dict[Value, None]]) -> Iterator[Breach]:
        plan = self.plan(self.types(name), self._subjects.intersection(node))
        by_property = plan.by_property
        for path, values in node.items():
            for shape in by_property.get(path, ()):
                yield from self.of_values(shape, name, path, values)
        for shape in plan.required:
            if shape.path not in node:
                yield Breach(shape.severity, name, "minCount", str(shape.path))
        for shape in plan.further:
            yield from self.of_values(shape, name, str(shape.path), self.reached(name, shape))
        for shape in plan.whole:
            yield from self.of_whole(shape, name)

    def reached(self, name: str, shape: Shape) -> dict[Value, None]:
        """The values that a longer path leads to."""
        if isinstance(shape.path, dict):  # only of subclasses
            found = self.above([name]) if name in self.own or name in ontology().classes else {name}
            return dict.fromkeys(one for one in found if one != name or "star" in shape.path)
        at: dict[Value, None] = {name: None}
        for step in [shape.path] if isinstance(shape.path, str) else shape.path or ():
            at = {v: None for one in at if isinstance(one, str)
                  for v in self.graph.get(one, {}).get(step, ())}  # fmt: skip
        return at

    def of_values(
        self, shape: Shape, name: str, path: str, values: dict[Value, None]
    ) -> Iterator[Breach]:
        """Breaches of a shape by the values of one path."""
        if shape.most is not None and len(values) > shape.most and (
            len({one if isinstance(one, str) else same(one) for one in values}) > shape.most
        ):  # fmt: skip
            yield Breach(shape.severity, name, "maxCount", path)
        if shape.least is not None and len(values) < shape.least:
            yield Breach(shape.severity, name, "minCount", path)
        if shape.value is not None and not any(_equal(one, shape.value) for one in values):
            yield Breach(shape.severity, name, "hasValue", path)
        for value in values:
            if (broken := self.broken(shape, value)) is not None:
                yield Breach(shape.severity, name, broken, path)

    def broken(self, shape: Shape, value: Value) -> str | None:
        """The component that one value breaks."""
        if shape.datatype is not None and not is_of(value, shape.datatype):
            return "datatype"
        if shape.node_kind is not None and not _of_kind(value, shape.node_kind):
            return "nodeKind"
        if shape.classes and not self.types(value).issuperset(shape.classes):
            return "class"
        if shape.among is not None and not any(_equal(value, one) for one in shape.among):
            return "in"
        if shape.any_of and all(self.broken(one, value) for one in shape.any_of):
            return "or"
        return None

    def of_whole(self, shape: Shape, name: str) -> Iterator[Breach]:
        """Breaches of a shape by a node itself."""
        types = self.types(name)
        if shape.classes and not types.issuperset(shape.classes):
            yield Breach(shape.severity, name, "class")
        if shape.no_class_path is not None:
            values = self.graph[name].get(shape.no_class_path, ())
            if all(self.types(one).issuperset(shape.no_class) for one in values):
                yield Breach(shape.severity, name, "not", shape.no_class_path)
        elif not types.isdisjoint(shape.no_class):
            yield Breach(shape.severity, name, "not")
        if shape.one_of and sum(self.fits(one, name) for one in shape.one_of) != 1:
            yield Breach(shape.severity, name, "xone")
        for code in shape.code:
            if _CODE[code](self, name, types):
                yield Breach(shape.severity, name, code)

    def fits(self, shape: Shape, name: str) -> bool:
        """Whether a node keeps to the parts of a shape."""
        return not any(
            True
            for part in shape.parts
            for _ in self.of_values(part, name, "", self.reached(name, part))
        )

    def keys(self, name: str) -> bool:
        """Whether a dictionary has a key twice."""
        entries = self.graph[name].get(f"{_UCO}types/entry", ())
        keys = Counter(
            key
            for one in entries
            if isinstance(one, str)
            for key in self.graph.get(one, {}).get(f"{_UCO}types/key", ())
        )
        return any(times > 1 for times in keys.values())

    def of_facets(self) -> Iterator[Breach]:
        """Facets that several objects have."""
        owners: dict[Value, list[str]] = {}
        for name, node in self.graph.items():
            for facet in node.get(_FACET, ()):
                key = facet if isinstance(facet, str) else same(facet)
                owners.setdefault(key, []).append(name)
        for facet, those in owners.items():
            if len(those) > 1 and not self._one(those):
                shown = facet if isinstance(facet, str) else facet[0]
                yield Breach(Severity.VIOLATION, shown, "one_owner", _FACET)

    def _one(self, names: list[str]) -> bool:
        """Whether the file says of all of these that they are the same."""
        tied = {(one, other) for one in names for other in self.graph[one].get(_SAME, ())}
        return all(
            a == b or (a, b) in tied or (b, a) in tied for a in names for b in names
        )  # fmt: skip


def _plan(shapes: list[Shape]) -> Plan:
    made = Plan({}, [], [], [])
    parts = [part for shape in shapes for part in (shape.parts if shape.path is None else [shape])]
    for part in parts:
        if not isinstance(part.path, str):
            made.further.append(part)
            continue
        made.by_property.setdefault(part.path, []).append(part)
        if part.least or part.value is not None:
            made.required.append(part)
    made.whole.extend(s for s in shapes if s.path is None)
    return made


def _equal(value: Value, given: str | tuple[str, str]) -> bool:
    if isinstance(given, str):
        return value == given
    return type(value) is tuple and same(value) == (*given, None)


def _of_kind(value: Value, kind: str) -> bool:
    wanted = kind.rpartition("#")[2]
    if not isinstance(value, str):
        return "Literal" in wanted
    return "BlankNode" in wanted if value.startswith("_:") else "IRI" in wanted


_CODE: dict[str, Callable[[_Checker, str, frozenset[str]], bool]] = {
    "no_blank": lambda _, name, __: name.startswith("_:"),
    "uuid": lambda _, name, __: _UUID(name) is None,
    "unique_keys": lambda checker, name, _: checker.keys(name),
    "unique_keys_unless_said": lambda checker, name, types: (
        types.isdisjoint({f"{_UCO}types/ImproperDictionary", f"{_UCO}types/ProperDictionary"})
        and checker.keys(name)
    ),
}
"""Constraints that the ontology has as queries; ``one_owner`` looks at the graph as a whole."""
