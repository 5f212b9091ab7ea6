"""Entities have what their schemas require, and references lead to the right schemas."""

from __future__ import annotations

import json

from builders.referrals import Size, referral

from clew.exchange.renderings import ftm

REQUIRED = {
    "Person": {"name"},
    "Organization": {"name"},
    "LegalEntity": {"name"},
    "Document": set(),
    "UserAccount": {"username"},
    "Membership": {"member", "organization"},
    "UnknownLink": {"subject", "object"},
}
"""Of followthemoney/schema/*.yaml."""
RANGES = {"owner": {"Person", "LegalEntity"}, "member": {"Person", "LegalEntity"},
          "subject": {"Person", "LegalEntity"}, "organization": {"Organization"},
          "object": {"Document"}}  # fmt: skip


def entities(size: Size) -> list[dict]:
    ((_, chunks),) = ftm.render(referral(5, size))
    return [json.loads(line) for line in b"".join(chunks).splitlines()]


def test_entities_keep_to_their_schemas() -> None:
    found = entities(Size(persons=5))
    schema = {one["id"]: one["schema"] for one in found}
    assert len(schema) == len(found)
    assert set(schema.values()) == set(REQUIRED)
    for one in found:
        assert set(one["properties"]) >= REQUIRED[one["schema"]]
        for name, values in one["properties"].items():
            assert values
            assert all(isinstance(value, str) for value in values)
            if name in RANGES:
                assert {schema[value] for value in values} <= RANGES[name]


def test_a_checksum_is_the_sha1() -> None:
    hashes = [h for one in entities(Size()) for h in one["properties"].get("contentHash", ())]
    assert hashes
    assert {len(one) for one in hashes} == {40}
