"""The event keeps to MISP's templates, and MISP gives it to nobody by itself."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from builders.referrals import referral

from clew.exchange.renderings import misp

FIXTURES = os.environ.get("CLEW_FIXTURES")
TEMPLATES = ("person", "instant-message-group", "forensic-case", "forensic-evidence")


def event() -> dict:
    ((_, chunks),) = misp.render(referral(4))
    return json.loads(b"".join(chunks))["Event"]


@pytest.mark.skipif(FIXTURES is None, reason="the templates are fixtures")
@pytest.mark.parametrize("name", TEMPLATES)
def test_an_object_keeps_to_its_template(name) -> None:
    file = Path(str(FIXTURES)) / "exchange" / "misp" / f"object-{name}.json"
    template = json.loads(file.read_text("utf-8"))
    found = [one for one in event()["Object"] if one["name"] == name]
    assert found
    for one in found:
        assert one["template_uuid"] == template["uuid"]
        assert one["template_version"] == str(template["version"])
        given = [a["object_relation"] for a in one["Attribute"]]
        for attribute in one["Attribute"]:
            declared = template["attributes"][attribute["object_relation"]]
            assert attribute["type"] == declared["misp-attribute"]
            assert declared.get("multiple") or given.count(attribute["object_relation"]) == 1
        assert set(template.get("required", [])) <= set(given)
        assert not template.get("requiredOneOf") or set(template["requiredOneOf"]) & set(given)


def test_nothing_is_distributed_or_published() -> None:
    made = event()
    everything = [made, *made["Object"], *(a for o in made["Object"] for a in o["Attribute"])]
    assert {one["distribution"] for one in everything} == {"0"}
    assert made["published"] is False
    assert not any(a["to_ids"] for o in made["Object"] for a in o["Attribute"])


def test_the_codes_are_tags() -> None:
    tags = {tag["name"] for tag in event()["Tag"]}
    assert tags == {"tlp:amber+strict", 'clew:handling-code="H1"', 'clew:handling-code="H3"'}
