"""Partners stand in the ledger with the keys that were checked, and the latest counts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from builders.certificates import certificate, key, pem
from builders.countries import rows_of
from builders.merging import conclude, new_case, receive
from builders.packages import Agencies, signer

from clew.casefile import create_case
from clew.casefile.custody.checkpoint import verifier
from clew.errors import UsageError
from clew.exchange.sealing import partners
from clew.exchange.sealing.partners import Registration
from clew.records import PartnerKind

NOW = datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
def case(tmp_path):
    with create_case(tmp_path / "case", "Test", "Order 1/2026") as made:
        yield made


def registration(name: str = "PT", **about) -> Registration:
    own = signer("pt.example/exchange")
    told = {"partner_id": name, "partner_name": "Unit 4", "partner_kind": PartnerKind.POLICE,
            "country": "PT", "verifier": verifier(own.name, own.public),
            "checked_how": "by telephone", "valid_from": NOW - timedelta(days=1),
            "valid_until": NOW + timedelta(days=300), **about}  # fmt: skip
    return Registration(**told)


def test_the_latest_registration_of_a_partner_counts(case) -> None:
    public = Agencies().receiver("PT").age_recipient
    first = partners.register(case, registration(), "A. Analyst")
    own = pem(certificate(key("p256")))
    second = partners.register(
        case, registration(age_recipient=public, certificate=own), "A. Analyst"
    )
    assert (first.number, second.number) == (1, 2)
    assert partners.partners(case) == {"PT": second}
    (receiver,) = partners.receivers(partners.partners(case), ("PT",))
    assert receiver.age_recipient == public
    assert [kind.suffix for kind, _ in receiver.locks("AGE-SECRET-KEY-1")] == ["age", "p7m"]
    assert case.rows("FROM partners ORDER BY number")[1]["certificate_sha256"]


@pytest.mark.parametrize("about", [
    {"name": "../PT"}, {"name": ""}, {"name": "pt"}, {"country": "Portugal"},
    {"checked_how": " "}, {"partner_name": ""}, {"verifier": None}, {"verifier": "a+b+c"},
    {"age_recipient": "age1x"}, {"certificate": b"x"}, {"valid_until": NOW - timedelta(days=2)},
])  # fmt: skip
def test_a_registration_that_can_not_be_is_refused_and_nothing_is_written(case, about) -> None:
    with pytest.raises(UsageError):
        partners.register(case, registration(**about), "A. Analyst")
    assert partners.partners(case) == {}


def test_a_receiver_who_is_unknown_or_out_of_time_or_without_a_key_is_refused(case) -> None:
    partners.register(case, registration(), "A. Analyst")
    old = registration("DE", age_recipient=Agencies().receiver("DE").age_recipient,
                       valid_from=NOW - timedelta(days=9),
                       valid_until=NOW - timedelta(days=1))  # fmt: skip
    partners.register(case, old, "A. Analyst")
    for name in ("FR", "PT", "DE"):
        with pytest.raises(UsageError, match=name):
            partners.receivers(partners.partners(case), (name,))


def test_what_needs_a_look_is_told(case) -> None:
    shared = registration().verifier
    for name, about in {
        "AT": {"valid_from": NOW + timedelta(days=1)}, "BE": {"valid_until": NOW},
        "CH": {"valid_until": NOW + timedelta(days=5)}, "DE": {"verifier": shared},
        "ES": {"verifier": shared},
        "FR": {"certificate": pem(certificate(key("rsa"), days=(-9, -1))), "verifier": None},
        "PT": {},
    }.items():  # fmt: skip
        partners.register(case, registration(name, **about), "A. Analyst")
    found = set(partners.problems(partners.partners(case), NOW + timedelta(seconds=1)))
    assert found == {("AT", "not-yet"), ("BE", "expired"), ("CH", "soon"), ("DE", "shared-key"),
                     ("ES", "shared-key"), ("FR", "certificate-expired"),
                     ("FR", "no-verifier")}  # fmt: skip


def test_a_fingerprint_is_of_the_key_and_can_be_read_aloud() -> None:
    own = signer()
    words = partners.fingerprint(verifier("es.example/a", own.public)).split()
    assert len(words) == 8
    assert " ".join(words) == partners.fingerprint(verifier("es.example/b", own.public))


def test_the_own_id_is_the_country_of_the_cases_own_exhibits_whatever_was_received(tmp_path):
    with new_case(tmp_path / "own", rows_of("FR", 1)) as own:
        receive(own, "ES", seed=1)
        conclude(own, ("resolve",))
        assert {row["country"] for row in own.rows("SELECT country FROM exhibits")} > {"FR"}
        assert partners.own_id(own) == "FR"


def test_without_exhibits_of_one_country_it_is_not_clear_who_sends(case) -> None:
    with pytest.raises(UsageError, match="not clear who sends"):
        partners.own_id(case)
