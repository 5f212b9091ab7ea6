"""A package is closed for those it was packed for, and taken back from the same."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from builders.authority import authority_in
from builders.packages import Agencies, partner, signer
from builders.packing import to
from builders.routing import HOLDER, SEND, officer, put
from msgspec.structs import replace

from clew.errors import EvidenceError, UsageError
from clew.exchange.packing import closing, draft, packages
from clew.exchange.packing.compose import Known
from clew.exchange.routing import decisions
from clew.exchange.sealing import AgeKey, Receiving, Vouched, opened
from clew.exchange.sealing.partners import Registration, register
from clew.records import PackageStep, PartnerKind

FOREVER = {"valid_from": datetime(2020, 1, 1, tzinfo=UTC),
           "valid_until": datetime(2099, 1, 1, tzinfo=UTC)}  # fmt: skip


@pytest.fixture
def approved(case, tmp_path):
    """A package to ES, approved by a second officer, and who opens what ES gets."""
    put(case)
    signed = officer(case, tmp_path, "A")
    agencies = Agencies()
    register(case, Registration(
        partner_id="ES", partner_name="ES", partner_kind=PartnerKind.POLICE, checked_how="met",
        age_recipient=agencies.receiver("PT").age_recipient, **FOREVER,
    ), "A")  # fmt: skip
    decisions.decide(case, HOLDER, SEND, signed)
    into, request = draft.scratch(case), to("ES")
    made = draft.make(case, request, Known.of(case), into)
    draft.keep(case, request, made, into, "A")
    packages.approve(case, made.package, officer(case, tmp_path, "B"))
    how = closing.Closing(signed=officer(case, tmp_path, "A"), signer=signer())
    receiving = Receiving(
        me="ES", keys=(AgeKey(agencies.identities["PT"]),), scratch=tmp_path,
        senders={"Z1": partner(how.signer)},
    )  # fmt: skip
    return made.package, how, receiving


def test_what_is_changed_while_it_is_sealed_is_not_sealed(
    case, approved, tmp_path, monkeypatch
) -> None:
    package, how, _ = approved
    checked = draft.members

    def changed_after(case, entry):
        found = checked(case, entry)
        (draft.folder(case, package) / "coverage.json").write_bytes(b"{}")
        return [*found]

    monkeypatch.setattr(draft, "members", changed_after)
    with pytest.raises(EvidenceError, match="not as it was packed"):
        closing.close(case, packages.to_seal(case, package), how, tmp_path / "sent")
    assert packages.packages(case)[package].state is PackageStep.APPROVED


def test_a_recall_names_the_package_and_goes_to_the_same_and_only_once(
    case, approved, tmp_path
) -> None:
    package, how, receiving = approved
    with pytest.raises(UsageError, match="would have to be sealed"):
        packages.to_recall(case, package)
    closing.close(case, packages.to_seal(case, package), how, tmp_path / "sent")
    with opened(tmp_path / "sent", receiving) as sent:
        assert (sent.header.package, sent.header.recalls) == (package, None)
        assert "referral.json" in sent.names
        assert dict(sent.info).items() >= {
            "Clew-Legal-Basis": to("ES").legal_basis, "Clew-Contains-Media": "no",
            "Clew-Keep-Until": to("ES").keep_until.isoformat(),
        }.items()  # fmt: skip
    closing.take_back(case, packages.to_recall(case, package), how, tmp_path / "recall")
    with opened(tmp_path / "recall", receiving) as recall:
        assert recall.header.recalls == package != recall.header.package
        assert recall.header.receivers == ("ES",)
        assert not recall.names
    (one,) = packages.packages(case).values()
    assert one.state is PackageStep.RECALLED
    with pytest.raises(UsageError, match="is recalled"):
        packages.to_recall(case, package)


def test_an_authority_stamps_what_is_sealed_afterwards(case, approved, tmp_path) -> None:
    pytest.importorskip("rfc3161_client")
    package, how, receiving = approved
    entry = packages.to_seal(case, package)
    with pytest.raises(UsageError, match="no time stamp was asked for"):
        closing.close(case, entry, replace(how, stamp=b"x"), tmp_path / "never")
    authority = authority_in(tmp_path)
    (tmp_path / "r.tsq").write_bytes(closing.request(case, entry, how))
    authority("ts", "-reply", "-config", "tsa.cnf", "-queryfile", "r.tsq", "-out", "r.tsr")
    time.sleep(1.01)  # so that the moment of sealing would be another
    how = replace(how, stamp=(tmp_path / "r.tsr").read_bytes())
    closing.close(case, entry, how, tmp_path / "sent")
    roots = (tmp_path / "ca.pem").read_bytes()
    with opened(tmp_path / "sent", replace(receiving, authorities=roots)) as sent:
        assert sent.proofs.stamp is Vouched.AUTHORITY
