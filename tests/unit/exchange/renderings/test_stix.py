"""The bundle keeps to the schemas of OASIS, names no individual, and has the ids of STIX."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from builders.referrals import Size, referral

from clew.exchange.renderings import stix

FIXTURES = os.environ.get("CLEW_FIXTURES")


def bundle(size: Size | None = None) -> dict:
    ((_, chunks),) = stix.render(referral(2, size or Size(persons=5, receivers=2)))
    return json.loads(b"".join(chunks))


@pytest.mark.skipif(FIXTURES is None, reason="the schemas of OASIS are fixtures")
def test_every_object_is_valid_by_the_schemas_of_oasis() -> None:
    from jsonschema import Draft202012Validator
    from referencing import Registry, Resource

    folder = Path(str(FIXTURES)) / "exchange" / "stix21-schemas" / "schemas"
    schemas = {f: json.loads(f.read_text("utf-8")) for f in folder.rglob("*.json")}
    registry = Registry().with_resources(
        (schema["$id"], Resource.from_contents(schema)) for schema in schemas.values()
    )
    by_type = {f.stem: schema for f, schema in schemas.items()}
    found = bundle(Size(persons=1, files=2))
    problems = list(Draft202012Validator(by_type["bundle"], registry=registry).iter_errors(found))
    for one in found["objects"]:
        validator = Draft202012Validator(by_type[one["type"]], registry=registry)
        problems += list(validator.iter_errors(one))
    assert [p.message[:200] for p in problems] == []
    assert {"identity", "user-account", "file", "report"} <= {
        one["type"] for one in found["objects"]
    }


def test_nobody_is_an_individual_or_a_threat_actor() -> None:
    kinds = {(one["type"], one.get("identity_class")) for one in bundle()["objects"]}
    assert ("identity", "individual") not in kinds
    assert "threat-actor" not in {kind for kind, _ in kinds}


def test_an_observable_has_the_id_that_every_program_gives_it() -> None:
    # the address and its id are an example of STIX 2.1 (2.9)
    made = stix._Bundle(referral()).observable("ipv4-addr", {"value": "198.51.100.3"})
    assert made["id"] == "ipv4-addr--28bb3599-77cd-5a82-a950-b5bc3caf07c4"


def test_every_reference_is_in_the_bundle() -> None:
    objects = bundle()["objects"]
    keys = ("object_refs", "object_marking_refs")
    refs = {ref for one in objects for key in keys for ref in one.get(key, ())}
    assert refs <= {one["id"] for one in objects}
