"""Compile the shapes of CASE/UCO into the data file that Clew's checker reads.

Usage: python bench/case_shapes.py [VERSION], with case-utils installed, which brings the ontology
(casework/CASE and ucoProject/UCO, Apache-2.0) in its package.
"""

from __future__ import annotations

import gzip
import importlib.resources
import json
import sys
from pathlib import Path

import case_utils.ontology
import rdflib
from case_utils.case_validate import validate_utils
from rdflib import OWL, RDF, RDFS, SH, BNode, Literal, URIRef
from rdflib.collection import Collection

OUT = Path(__file__).parents[1] / "src" / "clew" / "exchange" / "caseuco" / "shapes.json.gz"
LEFT_OUT = {
    "owl/List-shape", "owl/Axiom-shape", "owl/incompatibleWith-direct-import-shape",
    "owl/incompatibleWith-imported-ontology-iri-shape",
    "owl/incompatibleWith-imported-version-iri-shape", "owl/versionIRI-multiversion-shape",
}  # fmt: skip
"""Shapes of ontologies and not of data; those that case_validate switches off are left out too."""
SPARQL = {
    "UcoThings are required to not be blank nodes.": "no_blank",
    "UcoThings are suggested to end with a UUID.": "uuid",
    "hasFacet must not be used to link two objects to one Facet.": "one_owner",
    "A key in a proper dictionary can appear no more than once.": "unique_keys",
    "A key in a dictionary should appear no more than once.": "unique_keys_unless_said",
}
"""Queries by their message; the checker has each in code."""


def short(node: object) -> str:
    return str(node).removeprefix("https://ontology.unifiedcyberontology.org/")


class Compiler:
    """One ontology on its way to the data file."""

    def __init__(self, graph: rdflib.Graph) -> None:
        self.graph = graph

    def path(self, node: object) -> object:
        """Where the values of a property shape are."""
        if isinstance(node, URIRef):
            return str(node)
        if (inner := self.graph.value(node, SH.oneOrMorePath)) is not None:
            return {"plus": str(inner)}
        if (inner := self.graph.value(node, SH.zeroOrMorePath)) is not None:
            return {"star": str(inner)}
        return [str(one) for one in Collection(self.graph, node)]

    def value(self, node: object) -> object:
        """A value that values are compared with."""
        if isinstance(node, Literal):
            return [str(node), str(node.datatype or "http://www.w3.org/2001/XMLSchema#string")]
        return str(node)

    def constraints(self, shape: object) -> dict[str, object]:
        """The constraints of a node or property shape."""
        made: dict[str, object] = {}
        for name, read in (
            ("datatype", str), ("nodeKind", str), ("minCount", int), ("maxCount", int),
            ("hasValue", self.value), ("in", self.values), ("or", self.shapes_in),
            ("xone", self.shapes_in),
        ):  # fmt: skip
            found = self.graph.value(shape, SH[name])
            if found is not None:
                made[name] = read(found)
        if classes := sorted(map(str, self.graph.objects(shape, SH["class"]))):
            made["class"] = classes
        for one in self.graph.objects(shape, SH["not"]):
            made["not"] = [str(c) for c in self.graph.objects(one, SH["class"])]
            if (path := self.graph.value(one, SH.path)) is not None:
                made["not_path"] = str(path)
        if queries := [self.query(q) for q in self.graph.objects(shape, SH.sparql)]:
            made["sparql"] = sorted(queries)
        return made

    def values(self, node: object) -> list[object]:
        """Values of a list."""
        return [self.value(one) for one in Collection(self.graph, node)]

    def shapes_in(self, node: object) -> list[object]:
        """Shapes of a list."""
        return [self.shape(one) for one in Collection(self.graph, node)]

    def query(self, node: object) -> str:
        """Name of the code that stands for a query."""
        message = str(self.graph.value(node, SH.message))
        known = (name for begins, name in SPARQL.items() if message.startswith(begins))
        return next(known)

    def shape(self, shape: object) -> dict[str, object]:
        """A shape with its parts."""
        made = self.constraints(shape)
        path = self.graph.value(shape, SH.path)
        if path is not None:
            made["path"] = self.path(path)
        severity = self.graph.value(shape, SH.severity)
        if severity is not None:
            made["severity"] = str(severity).rpartition("#")[2]
        parts = [self.shape(p) for p in self.graph.objects(shape, SH.property) if self.active(p)]
        if parts:
            made["property"] = sorted(parts, key=lambda p: json.dumps(p, sort_keys=True))
        return made

    def active(self, shape: object) -> bool:
        """Whether a shape is of data, and switched on."""
        if isinstance(shape, URIRef) and short(shape) in LEFT_OUT:
            return False
        return not any(bool(one) for one in self.graph.objects(shape, SH.deactivated))

    def shapes(self) -> list[dict[str, object]]:
        """Every shape that has a target."""
        graph, made = self.graph, []
        kinds = {
            *graph.subjects(RDF.type, SH.NodeShape),
            *graph.subjects(RDF.type, SH.PropertyShape),
        }
        for shape in sorted((k for k in kinds if isinstance(k, URIRef)), key=str):
            if not self.active(shape):
                continue
            targets = [("class", t) for t in graph.objects(shape, SH.targetClass)]
            targets += [("subjects", t) for t in graph.objects(shape, SH.targetSubjectsOf)]
            targets += [("objects", t) for t in graph.objects(shape, SH.targetObjectsOf)]
            if not targets and (shape, RDF.type, OWL.Class) in graph:
                targets = [("class", shape)]
            body = self.shape(shape)
            if set(body) - {"severity"}:
                name = str(shape)
                made += [{"name": name, "target": k, "of": str(of), **body} for k, of in targets]
        return made

    def ancestors(self) -> dict[str, list[str]]:
        """Every class with the classes that it is one of, itself included."""
        graph = self.graph
        classes = {*graph.subjects(RDF.type, OWL.Class), *graph.subjects(RDFS.subClassOf)}
        return {
            str(c): sorted(
                str(a)
                for a in graph.transitive_objects(c, RDFS.subClassOf)
                if isinstance(a, URIRef)
            )
            for c in sorted((c for c in classes if not isinstance(c, BNode)), key=str)
        }

    def concepts(self) -> list[str]:
        """Every name of CASE and UCO, those of earlier ontologies too."""
        graph = rdflib.Graph()
        for s, p, o in self.graph:
            for member in (s, p, o):
                if isinstance(member, URIRef) and validate_utils.concept_is_cdo_concept(member):
                    graph.add((member, RDF.type, RDF.Property))
        unknown = validate_utils.get_invalid_cdo_concepts(graph, self.graph)
        names = {str(s) for s in graph.subjects() if s not in unknown}
        earlier = (
            importlib.resources.files(case_utils.ontology)
            .joinpath("ontology_and_version_iris.txt")
            .read_text("utf-8")
        )
        return sorted(names | {line.strip() for line in earlier.split("\n") if line.strip()})


def main(version: str = "1.5.0") -> None:
    graph = validate_utils.get_ontology_graph(version)
    validate_utils.disable_tbox_review(graph)
    compiler = Compiler(graph)
    made = {
        "source": "CASE and UCO, https://caseontology.org, as in case-utils",
        "licence": "Apache-2.0",
        "version": version,
        "shapes": compiler.shapes(),
        "classes": compiler.ancestors(),
        "concepts": compiler.concepts(),
    }
    text = json.dumps(made, separators=(",", ":"), sort_keys=True).encode()
    OUT.write_bytes(gzip.compress(text, 9, mtime=0))
    print(
        f"{OUT.name}: {len(made['shapes'])} shapes, {len(made['classes'])} classes, "
        f"{len(made['concepts'])} names, {len(text)} bytes, {OUT.stat().st_size} packed"
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
