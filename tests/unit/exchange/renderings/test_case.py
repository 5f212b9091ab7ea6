"""The graph keeps to CASE and UCO, and its names are the same in every package of a case."""

from __future__ import annotations

import gzip
import json

import pytest
from builders.referrals import Size, referral
from msgspec.structs import replace

from clew.exchange.caseuco.check import breaches
from clew.exchange.caseuco.jsonld import graph_of
from clew.exchange.renderings import case


def document(made) -> dict:
    ((_, chunks),) = case.render(made)
    return json.loads(gzip.decompress(b"".join(chunks)))


@pytest.mark.parametrize("size", [Size(), Size(0, 0, 0, 0, 0), Size(persons=12, receivers=3)])
def test_a_referral_breaks_no_shape(size) -> None:
    assert list(breaches(graph_of(document(referral(7, size))))) == []


def test_a_later_package_names_things_alike() -> None:
    one = referral(7)
    later = replace(one, package_id=one.package_id.replace("urn:uuid:", "urn:uuid:")[:-1] + "0")
    ids = [{n["@id"] for n in document(made)["@graph"]} for made in (one, later)]
    assert ids[0] == ids[1]
    other = replace(one, case_reference="op-18")
    assert ids[0].isdisjoint(n["@id"] for n in document(other)["@graph"])


def test_the_investigation_lists_every_node_once() -> None:
    *nodes, investigation = document(referral(8))["@graph"]
    listed = [ref["@id"] for ref in investigation["uco-core:object"]]
    assert listed == [node["@id"] for node in nodes]
    assert len(set(listed)) == len(listed)
