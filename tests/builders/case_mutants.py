"""Changed copies of a CASE file, each under a base of its own, and case_validate's verdicts."""

from __future__ import annotations

import copy
import json
import logging
import random
import re
import warnings
from pathlib import Path

_UCO = "https://ontology.unifiedcyberontology.org/uco/"
_ROOMS = ("core", "action", "identity", "location", "marking", "observable", "role", "tool",
          "types", "victim", "vocabulary", "configuration")  # fmt: skip
CONTEXT = {
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "co": "http://purl.org/co/",
    "case-investigation": "https://ontology.caseontology.org/case/investigation/",
    **{f"uco-{room}": f"{_UCO}{room}/" for room in _ROOMS},
}
_PROPERTIES = (
    "uco-core:name", "uco-core:hasFacet", "uco-observable:hash", "uco-core:source",
    "uco-core:isDirectional", "uco-observable:sentTime", "uco-observable:sizeInBytes",
    "uco-types:hashMethod", "uco-types:hashValue", "uco-core:startTime", "uco-core:objectStatus",
    "uco-observable:creationTime", "uco-core:createdBy", "uco-observable:messageThread",
    "uco-marking:definitionType", "co:size", "uco-core:nothing", "uco-types:entry",
)  # fmt: skip
_TYPES = (
    "uco-observable:File", "uco-observable:URL", "uco-observable:FileFacet", "uco-action:Action",
    "uco-core:Event", "uco-identity:Person", "uco-types:Hash", "uco-marking:LicenseMarking",
    "uco-types:Thread", "uco-types:Dictionary", "uco-observable:Observation", "uco-core:UcoType",
    "uco-observable:TableFieldFacet", "uco-action:Technique", "uco-types:ThreadItem",
    "uco-configuration:ConfigurationEntry", "uco-observable:Nothing",
)  # fmt: skip


def _typed(datatype: str, text: str) -> dict[str, str]:
    return {"@type": datatype, "@value": text}


_VALUES = (
    "x", 7, -1, 1.5, True, None, [], ["a", "b"], [1, 1], "SHA256", "license", "observe",
    _typed("xsd:dateTime", "2020-13-01T00:00:00"), _typed("xsd:dateTime", "2020-01-01T00:00:00Z"),
    _typed("xsd:integer", "12a"), _typed("xsd:integer", "12"), _typed("xsd:hexBinary", "abc"),
    _typed("xsd:hexBinary", "ABCD"), _typed("xsd:nonNegativeInteger", "-5"),
    _typed("xsd:string", "SHA256"), {"@value": "hallo", "@language": "de"},
    _typed("xsd:boolean", "TRUE"), _typed("xsd:boolean", "1"), _typed("xsd:decimal", "1,5"),
)  # fmt: skip


def _nodes(value) -> list[dict]:
    if isinstance(value, list):
        return [node for one in value for node in _nodes(one)]
    if not isinstance(value, dict) or "@value" in value or set(value) == {"@id"}:
        return []
    return [value, *(node for one in value.values() for node in _nodes(one))]


def _change(rng: random.Random, graph: list[dict]) -> None:
    """Change one node: its properties, values, types, name or references."""
    nodes = _nodes(graph)
    node = rng.choice(nodes)
    names = [n["@id"] for n in nodes if "@id" in n]
    own = [key for key in node if key[0] != "@"] or ["uco-core:name"]
    key, other, value = rng.choice(own), rng.choice(_PROPERTIES), copy.deepcopy(rng.choice(_VALUES))
    kinds, old = node.get("@type", []), node.get(key)
    several = [*(old if isinstance(old, list) else [old]), value]
    typed = [*(kinds if isinstance(kinds, list) else [kinds]), rng.choice(_TYPES)]
    ref = {"@id": rng.choice([*names, "kb:nowhere"])}
    changed = rng.choice([
        {key: None}, {key: None, other: old}, {"@type": rng.choice(_TYPES)}, {"@type": typed},
        {rng.choice(["@type", "@id"]): None}, {key: value}, {key: ref}, {other: ref},
        {key: several}, {other: value}, {"@id": rng.choice([*names, "kb:no-uuid"])},
    ])  # fmt: skip
    for name, given in changed.items():
        node[name] = given
        if given is None:
            del node[name]


def mutants(document: dict, seed: int, count: int) -> list[dict]:
    """Copies of a document, each with one or two changes, under ``https://m0.invalid/`` and on."""
    rng = random.Random(seed)
    made = []
    for number in range(count):
        graph = copy.deepcopy(document["@graph"])
        for _ in range(rng.choice([1, 1, 2])):
            _change(rng, graph)
        context = {**document["@context"], **CONTEXT, "kb": f"https://m{number}.invalid/"}
        made.append({"@context": context, "@graph": graph})
    return made


def number_of(name: str) -> int:
    """Which mutant a node belongs to; -1 for what has no name of its own."""
    found = re.match(r"https://m(\d+)\.invalid/", name)
    return int(found[1]) if found else -1


def verdicts(documents: list[dict], file: Path) -> tuple[set[tuple[int, str, str]], set[str]]:
    """What case_validate says: mutant, severity and node of each result, and names not declared."""
    from case_utils.case_validate import validate
    from rdflib import RDF, SH, BNode
    from rdflib.plugins.sparql import processor

    parsed: dict[str, object] = {}
    parse, translate = processor.parseQuery, processor.translateQuery

    def once(query, base=None, names=None):
        if query not in parsed:  # four queries, which it parses again for every node
            parsed[query] = translate(parse(query), base, names)
        return parsed[query]

    file.write_text(json.dumps(documents), "utf-8")
    logging.disable(logging.CRITICAL)
    processor.parseQuery, processor.translateQuery = (lambda query: query), once
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            result = validate(str(file), inference="none", allow_infos=True)
    finally:
        processor.parseQuery, processor.translateQuery = parse, translate
        logging.disable(logging.NOTSET)
    found = set()
    for one in result.graph.subjects(RDF.type, SH.ValidationResult):
        node = result.graph.value(one, SH.focusNode)
        severity = str(result.graph.value(one, SH.resultSeverity)).rpartition("#")[2]
        name = "_" if isinstance(node, BNode) else str(node)
        found.add((number_of(name), severity, name))
    return found, {str(one) for one in result.undefined_concepts}
