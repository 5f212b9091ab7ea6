from __future__ import annotations

import json
from types import SimpleNamespace

import msgspec
import pytest
from builders.countries import number, package, sha
from builders.referrals import referral

from clew.errors import EvidenceError
from clew.exchange import referral_file
from clew.exchange.markings import Marking, Tlp
from clew.exchange.receiving.arriving import arrival, judgements
from clew.exchange.referral import Party
from clew.exchange.sealing import Inner


def line(**about: object) -> bytes:
    told = {"number": 1, "table": "person_judgements", "about": [number(0)], "says": "accept",
            "by": "B", "at": "2026-01-01T00:00:00Z", **about}  # fmt: skip
    return json.dumps(told).encode() + b"\n"


def test_a_judgement_is_about_a_file_or_about_accounts_under_their_origin() -> None:
    about = [number(0), "telegram:username:ana", sha("file")]
    (found,) = judgements(line(about=about), package("ES"))
    assert found.sha256 == sha("file")
    assert found.accounts == (number(0), "ES-0a0b0c0d~telegram:username:ana")


@pytest.mark.parametrize(
    "about",
    [{"at": "2071-01-01T00:00:00Z"}, {"about": ["PT-1~x"]}, {"number": 0}, {"says": 7}],
)
def test_a_judgement_that_can_not_be_is_refused(about) -> None:
    with pytest.raises(EvidenceError):
        judgements(line(**about), package("ES"))


def test_one_number_is_one_judgement() -> None:
    with pytest.raises(EvidenceError, match="one number"):
        judgements(line() + line(says="reject"), package("ES"))


@pytest.mark.parametrize("about", [
    {"number": 2**63}, {"at": "2026-01-01T00:00:00"}, {"by": "\ud800"}, {"number": float("nan")},
])  # fmt: skip
def test_a_judgement_of_odd_values_is_refused(about) -> None:
    with pytest.raises(EvidenceError):
        judgements(line(**about), package("ES"))
    with pytest.raises(EvidenceError):
        judgements(b'{"number":' + b"[" * 100_000, package("ES"))


SAID = referral()
NO_TABLES = SimpleNamespace()
"""A guard that is asked for nothing."""
ID = SAID.package_id.removeprefix("urn:uuid:")


def opened(said=SAID, **about) -> SimpleNamespace:
    """A package that opened: what its header says, and a referral."""
    given = {
        "package": ID, "case": "0a0b0c0d", "sender": SAID.sender.partner_id,
        "receivers": tuple(sorted(one.partner_id for one in SAID.receivers)),
        "sealed_at": "2026-11-01T00:00:00Z", "tagmanifest_sha256": sha("tags"),
        "handling": SAID.marking.handling, "tlp": SAID.marking.tlp, **about,
    }  # fmt: skip
    files = {"referral.json": referral_file.encode(said)} if said else {}
    return SimpleNamespace(
        size=lambda _: 1, header=Inner(**given), names=tuple(files), read=files.get
    )


def test_header_and_referral_say_the_same() -> None:
    about = arrival(opened(), b"k" * 32, NO_TABLES).about
    assert (about.handling, about.tlp) == (SAID.marking.handling, SAID.marking.tlp)
    assert about.origin == f"{SAID.sender.partner_id}-0a0b0c0d"


@pytest.mark.parametrize(("changed", "what"), [
    ({"marking": Marking(handling=("H0",), tlp=SAID.marking.tlp)}, "handling code"),
    ({"marking": msgspec.structs.replace(SAID.marking, tlp=Tlp.CLEAR)}, "label"),
    ({"sender": Party(partner_id="XX", name="X")}, "sender"),
    ({"receivers": (Party(partner_id="XX", name="X"),)}, "receivers"),
    ({"supersedes": "urn:uuid:" + ID[::-1]}, "earlier package"),
    ({"package_id": f"urn:uuid:{'0' * 8}{ID[8:]}"}, "package"),
])  # fmt: skip
def test_a_referral_that_loosens_or_exchanges_what_the_envelope_says_is_refused(changed, what):
    loose = msgspec.structs.replace(SAID, **changed)
    persons = tuple(msgspec.structs.replace(p, marking=None) for p in SAID.assessments.persons)
    said = msgspec.structs.replace(SAID.assessments, persons=persons)
    with pytest.raises(EvidenceError, match=f"another {what} than") as refused:
        arrival(opened(msgspec.structs.replace(loose, assessments=said)), b"k" * 32, NO_TABLES)
    assert refused.value.code == "disagrees"


@pytest.mark.parametrize("case", ["unit4-0a", "0a0b0c", "0A0B0C0D", "0a0b0c0d/..", "~~~~~~~~"])
def test_the_name_of_a_case_can_not_take_the_origin_of_another_partner(case) -> None:
    with pytest.raises(EvidenceError, match="can't be the name"):
        arrival(opened(case=case), b"k" * 32, NO_TABLES)


def test_a_package_without_a_handling_code_is_refused_and_a_recall_needs_none() -> None:
    with pytest.raises(EvidenceError, match="no handling code"):
        arrival(opened(None, handling=()), b"k" * 32, NO_TABLES)
    assert arrival(opened(None, handling=(), recalls="0" * 8), b"k" * 32, NO_TABLES).about.recalls


def test_a_referral_that_is_none_is_refused_with_its_code() -> None:
    broken = opened()
    broken.read = lambda _: b'{"format":"clew-referral/1"' + b"[" * 100_000
    with pytest.raises(EvidenceError) as refused:
        arrival(broken, b"k" * 32, NO_TABLES)
    assert refused.value.code == "referral"
