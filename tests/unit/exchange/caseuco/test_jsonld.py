"""JSON-LD becomes the graph that it means, and what is not followed is refused."""

from __future__ import annotations

import pytest

from clew.exchange.caseuco.jsonld import RDF, STRING, TYPE, XSD, NotUnderstoodError, graph_of

NAME = "https://n.invalid/name"
PREFIX = {"n": "https://n.invalid/"}
TERM = {"name": NAME, "xsd": XSD, "kb": "https://k.invalid/"}
LANG, INTEGER = f"{RDF}langString", f"{XSD}integer"


def only(document) -> dict:
    ((_, node),) = graph_of(document).items()
    return node


@pytest.mark.parametrize(
    ("context", "key", "value", "wanted"),
    [
        (PREFIX, "n:name", "x", ("x", STRING, None)),
        (TERM, "name", "x", ("x", STRING, None)),
        ({"@vocab": "https://n.invalid/"}, "name", "x", ("x", STRING, None)),
        ([PREFIX, {"name": "n:name"}], "name", "x", ("x", STRING, None)),
        ({**TERM, "name": {"@id": NAME, "@type": "@id"}}, "name", "kb:a", "https://k.invalid/a"),
        (
            {**TERM, "name": {"@id": NAME, "@type": "xsd:integer"}},
            "name",
            "7",
            ("7", INTEGER, None),
        ),
        ({**TERM, "@language": "es"}, "name", "x", ("x", LANG, "es")),
        (TERM, "name", 7, ("7", INTEGER, None)),
        (TERM, "name", False, ("false", f"{XSD}boolean", None)),
        (TERM, "name", 1.5, ("1.5", f"{XSD}double", None)),
        (TERM, "name", {"@value": "7", "@type": "xsd:byte"}, ("7", f"{XSD}byte", None)),
        (TERM, "name", {"@value": "x", "@type": "xsd:string"}, ("x", STRING, "")),
        (TERM, "name", {"@value": "x", "@language": "de"}, ("x", LANG, "de")),
        (TERM, "name", {"@set": ["x"]}, ("x", STRING, None)),
        ({**TERM, "id": "@id"}, "name", {"id": "urn:x"}, "urn:x"),
    ],
)
def test_a_value_is_what_the_context_says(context, key, value, wanted) -> None:
    assert list(only({"@context": context, "@id": "urn:a", key: value})[NAME]) == [wanted]


def test_nodes_nest_and_meet_under_their_names() -> None:
    inner = {"@id": "urn:b", "n:name": ["x", "x"]}
    nodes = [
        {"@id": "urn:a", "type": "n:T", "n:name": inner},
        {"@id": "urn:b", "n:name": ["y", None]},
    ]
    graph = graph_of({"@context": {**PREFIX, "type": "@type"}, "@graph": nodes})
    assert graph["urn:a"] == {TYPE: {"https://n.invalid/T": None}, NAME: {"urn:b": None}}
    assert [value[0] for value in graph["urn:b"][NAME]] == ["x", "y"]


def test_a_list_is_a_chain_of_cells() -> None:
    graph = graph_of({"@context": {"name": NAME}, "@id": "urn:a", "name": {"@list": ["x", "y"]}})
    ((head,),) = [list(graph["urn:a"][NAME])]
    assert [v[0] for v in graph[head][f"{RDF}first"]] == ["x"]
    ((second,),) = [list(graph[head][f"{RDF}rest"])]
    assert list(graph[second][f"{RDF}rest"]) == [f"{RDF}nil"]


@pytest.mark.parametrize(
    "document",
    [
        {"@context": "https://elsewhere.invalid/context.jsonld", "@id": "urn:a"},
        {"@context": {"name": {"@reverse": NAME}}, "name": "x"},
        {"@context": {"name": {"@id": NAME, "@container": "@index"}}, "name": "x"},
        {"@context": 7, "@id": "urn:a"},
        {"@context": {"n": 5}, "@id": "urn:a"},
        {"@type": [7]},
        "text",
        [7],
    ],
)
def test_what_is_not_followed_is_refused(document) -> None:
    with pytest.raises(NotUnderstoodError):
        graph_of(document)
