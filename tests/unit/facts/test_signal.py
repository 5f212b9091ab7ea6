"""Whoever names an account of Signal's, it is the same account; a link leads to its group."""

from __future__ import annotations

import base64
import uuid

import pytest

from clew.facts.signal import as_uuid, group_behind, group_of, person

ACI = "0b1e4f2a-1c5d-4e8f-9a3b-7c6d5e4f3a2b"
RAW = uuid.UUID(ACI).bytes


@pytest.mark.parametrize("written", [ACI, ACI.upper(), RAW, base64.b64encode(RAW).decode()])
def test_every_spelling_of_an_id_is_one_id(written) -> None:
    assert as_uuid(written) == ACI
    assert person(aci=written).account_id == f"signal:aci:{ACI}"


@pytest.mark.parametrize("written", [None, "", 7, b"short", bytes(16), "no id"])
def test_what_is_no_id_is_none(written) -> None:
    assert as_uuid(written) is None


def test_the_surest_identifier_names_the_account() -> None:
    assert person(ACI, "+34600000001", ACI, "loaf").account_id == f"signal:aci:{ACI}"
    assert person(ACI, "+34600000001").e164 == "+34600000001"
    assert person(e164="+34600000001", pni=ACI).account_id == "signal:pn:34600000001"
    assert person(pni=f"PNI:{ACI}").account_id == f"signal:pni:{ACI}"
    assert person(username="loaf.01").account_id == "signal:username:loaf.01"
    assert person() is None


def test_a_link_leads_to_the_group_of_its_key() -> None:
    key = bytes(range(1, 33))
    contents = b"\x0a\x20" + key
    link = base64.urlsafe_b64encode(b"\x0a" + bytes([len(contents)]) + contents).decode()
    assert group_behind(link.rstrip("=")) == group_of(key)
    assert group_behind("AAAA") is None
    assert key.hex() not in group_of(key)
