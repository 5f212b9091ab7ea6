"""What a rendering says, read back by code that knows nothing of the code that wrote it."""

from __future__ import annotations

import csv
import gzip
import io
import json
from dataclasses import dataclass, field

from clew.words.characters import no_formula


@dataclass
class Inventory:
    """Ids by kind as a rendering has them; None for what its format has no field for."""

    text: str
    """All its texts, one below the other."""
    persons: dict[str, str] | None = None
    """Persons with what is said of each."""
    accounts: set[str] | None = None
    files: set[str] | None = None
    groups: set[str] | None = None
    tokens: set[str] | None = None
    shares: int | None = None
    memberships: int | None = None
    marked: set[str] = field(default_factory=set)
    """Handling of single elements, where the format has a field for it."""


def strings(value) -> list[str]:
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for one in inner for text in strings(one)]


def case(data: bytes) -> Inventory:
    graph = json.loads(gzip.decompress(data))["@graph"]
    by_type: dict[str, list[dict]] = {}
    for node in graph:
        for kind in node["@type"] if isinstance(node["@type"], list) else [node["@type"]]:
            by_type.setdefault(kind.partition(":")[2], []).append(node)
    contents = [facet for node in by_type.get("File", ()) if node["@id"].startswith("kb:file-")
                for facet in node["uco-core:hasFacet"]]  # fmt: skip
    markings = {m["@id"]: strings(m)[-1] for m in by_type["MarkingDefinition"]}
    persons = by_type.get("Person", ())
    return Inventory(
        text="\n".join(strings(graph)),
        persons={p["clew:id"]: p["uco-core:description"][0] for p in persons},
        accounts={n["clew:id"] for n in by_type.get("ApplicationAccount", ())},
        files={h["uco-types:hashValue"]["@value"] for facet in contents
               for h in facet["uco-observable:hash"] if h["uco-types:hashMethod"] == "SHA256"},
        groups={n["clew:id"] for n in by_type.get("MessageThread", ())},
        tokens={n["clew:token"] for n in by_type.get("DigitalAccount", ())},
        shares=len(by_type.get("Message", ())),
        memberships=sum(n.get("uco-core:kindOfRelationship") == "Member_Of" for n in graph),
        marked={markings[ref["@id"]] for p in [*persons, *by_type["Investigation"]]
                for ref in p["uco-core:objectMarking"]},
    )  # fmt: skip


def vics(data: bytes) -> Inventory:
    (one,) = json.loads(data)["value"]
    return Inventory(
        text="\n".join(strings(one)),
        files={m["AlternativeHashes"][0]["HashValue"].lower() for m in one["Media"]},
        marked={m["Comments"].partition(";")[0] for m in one["Media"]},
    )


def stix(data: bytes) -> Inventory:
    objects = json.loads(data)["objects"]
    reports = [o for o in objects if o["type"] == "report" and o["name"].startswith("Person ")]
    names = {o["id"]: o.get("name") or o["definition"]["statement"] for o in objects
             if o["type"] == "marking-definition"}  # fmt: skip
    return Inventory(
        text="\n".join(strings(objects)),
        persons={
            o["name"].removeprefix("Person "): o["description"].split("\n")[0] for o in reports
        },
        accounts={o["user_id"] for o in objects if o["type"] == "user-account"},
        files={o["hashes"]["SHA-256"] for o in objects if o["type"] == "file"},
        marked={names[ref] for o in objects for ref in o.get("object_marking_refs", ())},
    )


def ftm(data: bytes) -> Inventory:
    entities = [json.loads(line) for line in data.splitlines()]
    of: dict[str, list[dict]] = {}
    for one in entities:
        of.setdefault(one["schema"], []).append(one["properties"])
    return Inventory(
        text="\n".join(strings(entities)),
        persons={p.get("alias", p["name"])[0]: p["summary"][0] for p in of.get("Person", ())},
        accounts={p["username"][0] for p in of.get("UserAccount", ())},
        files={p["name"][0] for p in of.get("Document", ())},
        groups={p.get("alias", p["name"])[0] for p in of["Organization"] if "summary" in p},
        tokens={p["name"][0] for p in of.get("LegalEntity", ())},
        shares=len(of.get("UnknownLink", ())),
        memberships=len(of.get("Membership", ())),
        marked={p["notes"][0] for all_of in of.values() for p in all_of},
    )


def misp(data: bytes) -> Inventory:
    event = json.loads(data)["Event"]
    of: dict[str, list[dict[str, list[str]]]] = {}
    for one in event["Object"]:
        values: dict[str, list[str]] = {}
        for attribute in one["Attribute"]:
            values.setdefault(attribute["object_relation"], []).append(attribute["value"])
        of.setdefault(one["name"], []).append(values)
    groups = of.get("instant-message-group", ())
    return Inventory(
        text="\n".join(strings(event)),
        persons={p["handle"][0]: p["text"][0] for p in of.get("person", ())},
        accounts={p["user-id"][0] for p in of.get("user-account", ())},
        files={p["sha256"][0] for p in of.get("file", ())},
        groups={p["group-alias"][0] for p in groups},
        memberships=sum(len(p.get("username", ())) for p in groups),
        marked={a["comment"] for o in event["Object"] for a in [o, *o["Attribute"]]},
    )


def sheet(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode(), newline="")))


def i2(entities: bytes, links: bytes) -> Inventory:
    of: dict[str, list[dict[str, str]]] = {}
    rows = [*sheet(entities), *sheet(links)]
    for row in rows:
        of.setdefault(row["type"], []).append(row)

    def ids(kind: str) -> set[str]:
        return {row["id"] for row in of.get(kind, ())}

    return Inventory(
        text="\n".join(strings(rows)),
        persons={row["id"]: row["description"] for row in of.get("Person", ())},
        accounts=ids("Account"),
        files=ids("File"),
        groups=ids("Group"),
        tokens=ids("Person not named"),
        shares=len(of.get("Sent", ())),
        memberships=len(of.get("Member of", ())),
        marked={row["handling"] for row in rows},
    )


def timesketch(data: bytes) -> Inventory:
    of: dict[str, list[dict[str, str]]] = {}
    rows = sheet(data)
    for row in rows:
        of.setdefault(row["kind"], []).append(row)

    def ids(kind: str) -> set[str]:
        return {row["id"] for row in of.get(kind, ())}

    return Inventory(
        text="\n".join(strings(rows)),
        persons={row["id"]: row["message"].split(": ", 1)[1] for row in of.get("person", ())},
        accounts=ids("account"),
        files=ids("file"),
        groups=ids("group"),
        tokens=ids("token"),
        shares=len(of.get("share", ())),
        memberships=len(of.get("membership", ())),
        marked={row["handling"] for row in rows},
    )


def inventories(members: dict[str, bytes]) -> dict[str, Inventory]:
    return {
        "case": case(members["case/referral.jsonld.gz"]),
        "vics": vics(members["vics/case.json"]),
        "stix": stix(members["stix/bundle.json"]),
        "ftm": ftm(members["ftm/entities.ftm.json"]),
        "misp": misp(members["misp/event.json"]),
        "i2": i2(members["i2/entities.csv"], members["i2/links.csv"]),
        "timesketch": timesketch(members["timesketch/timeline.csv"]),
    }


def has(text: str, line: str) -> bool:
    """Whether a rendering says a line, as a cell of CSV may have to write it too."""
    return line in text or no_formula(line).removeprefix("'") in text
