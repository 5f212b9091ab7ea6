"""The checker gives the verdicts of case_validate, and says what a file breaks."""

from __future__ import annotations

import copy
import gzip
import json
import os
from pathlib import Path

import pytest
from builders.case_mutants import mutants, number_of, verdicts
from builders.referrals import Size, referral

from clew.exchange.caseuco.check import breaches, conforms
from clew.exchange.caseuco.jsonld import graph_of
from clew.exchange.renderings import case

FIXTURES = os.environ.get("CLEW_FIXTURES")
FILES = sorted((Path(FIXTURES) / "exchange" / "case").glob("*.json")) if FIXTURES else []


def document(size: Size) -> dict:
    ((_, chunks),) = case.render(referral(9, size))
    return json.loads(gzip.decompress(b"".join(chunks)))


WHOLE = document(Size(persons=2, tokens=1, groups=1, files=1, shares=1))
SENT = "uco-observable:sentTime"


def kinds(one: dict) -> list[str]:
    return one["@type"] if isinstance(one["@type"], list) else [one["@type"]]


def node(graph: dict, kind: str) -> dict:
    return next(n for n in graph["@graph"] if any(k.endswith(f":{kind}") for k in kinds(n)))


def put(kind: str, name: str, value):
    """A change that gives the first node of a kind a value."""
    return lambda graph: node(graph, kind).update({name: value})


def put_sent(*texts: str):
    times = [{"@type": "xsd:dateTime", "@value": text} for text in texts]
    return lambda graph: node(graph, "Message")["uco-core:hasFacet"][0].update({SENT: times})


def take(kind: str, name: str):
    return lambda graph: node(graph, kind).pop(name)


def shared(graph: dict) -> None:
    node(graph, "MessageThread")["uco-core:hasFacet"] = node(graph, "Message")["uco-core:hasFacet"]


def remarked(graph: dict) -> None:
    (model,) = node(graph, "MarkingDefinition")["uco-marking:definition"]
    model["uco-marking:definitionType"] = "license"


CHANGES = {
    "no direction": (take("Relationship", "uco-core:isDirectional"), "minCount"),
    "two times": (put_sent("2020-01-01", "2020-01-02"), "maxCount"),
    "a time that is none": (put_sent("yesterday"), "datatype"),
    "a number as a name": (put("Organization", "uco-core:name", 7), "datatype"),
    "a node of nothing": (put("Relationship", "uco-core:target", {"@id": "kb:nobody"}), "class"),
    "a text for a node": (put("Relationship", "uco-core:target", "somebody"), "nodeKind"),
    "one facet of two": (shared, "one_owner"),
    "no name": (take("Organization", "@id"), "no_blank"),
    "no UUID": (put("Person", "@id", "kb:somebody"), "uuid"),
    "no such type": (put("Person", "@type", "uco-identity:Nobody"), "concept"),
    "no such property": (put("Person", "uco-core:nothing", "x"), "concept"),
    "a form of its own": (
        put("Investigation", "case-investigation:investigationForm", "raid"),
        "in",
    ),
    "another marking": (remarked, "hasValue"),
    "file and address": (
        put("File", "@type", ["uco-observable:File", "uco-observable:URL"]),
        "not",
    ),
}


@pytest.mark.parametrize(("change", "constraint"), CHANGES.values(), ids=CHANGES)
def test_what_a_change_breaks_is_said(change, constraint) -> None:
    graph = copy.deepcopy(WHOLE)
    change(graph)
    assert constraint in {one.constraint for one in breaches(graph_of(graph))}


def test_what_nothing_breaks_conforms_and_a_hint_is_no_breach() -> None:
    assert list(breaches(graph_of(WHOLE))) == []
    graph = copy.deepcopy(WHOLE)
    CHANGES["no UUID"][0](graph)
    hints = [one for one in breaches(graph_of(graph)) if one.constraint == "uuid"]
    assert conforms(hints)
    assert not conforms(hints, allow=None)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_the_examples_of_case_conform(file) -> None:
    assert conforms(breaches(graph_of(json.loads(file.read_bytes()))))


@pytest.mark.slow
@pytest.mark.whole("the examples of CASE are checked")
@pytest.mark.parametrize("seed", range(int(os.environ.get("CLEW_CASE_MUTANTS", "1"))))
def test_mutated_files_have_the_verdicts_of_case_validate(seed, tmp_path) -> None:
    pytest.importorskip("case_utils")
    size = Size(persons=2, tokens=1, groups=1, files=1, shares=2)
    made = mutants(document(size), seed, 40)
    said, undeclared = verdicts(made, tmp_path / "mutants.jsonld")
    found = list(breaches(graph_of(made)))
    assert {one.node for one in found if one.constraint == "concept"} == undeclared
    ours = {
        (number_of(one.node), one.severity.value, "_" if one.node.startswith("_:") else one.node)
        for one in found
        if one.constraint != "concept"
    }
    assert ours == said
    assert len({number for number, severity, _ in said if severity != "Info"}) > 10
