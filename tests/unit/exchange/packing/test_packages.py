"""One person packs, another approves, and what is sealed is what was approved."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest
from builders.packages import signer
from builders.packing import to
from builders.routing import HOLDER, SEND, officer, put

from clew.casefile.custody.checkpoint import verifier
from clew.casefile.verify import verify
from clew.errors import EvidenceError, UsageError
from clew.exchange.packing import draft, packages
from clew.exchange.packing.compose import Known
from clew.exchange.packing.naming import Receiver
from clew.exchange.routing import decisions
from clew.exchange.routing.decisions import Choice, Signed
from clew.exchange.sealing.partners import Registration, register
from clew.records import PackageStep, PartnerKind, PersonCategory, RouteChoice


@pytest.fixture
def packed(case, tmp_path):
    put(case)
    signed = officer(case, tmp_path, "A")
    decisions.decide(case, HOLDER, SEND, signed)
    into, request = draft.scratch(case), to("ES")
    made = draft.make(case, request, Known.of(case), into)
    draft.keep(case, request, made, into, "A")
    return made


def problems(case) -> list:
    """What `clew verify` finds of drafts and of files that nobody put there."""
    return [p for p in verify(case) if p.what in ("draft", "file")]


def state(case) -> PackageStep:
    (one,) = packages.packages(case).values()
    return one.state


def test_a_second_key_approves_and_the_draft_goes_when_it_is_sealed(case, packed, tmp_path) -> None:
    assert problems(case) == []
    packages.approve(case, packed.package, officer(case, tmp_path, "B"))
    entry = packages.to_seal(case, packed.package[:6])
    assert {name for name, _ in draft.members(case, entry)} >= {
        "referral.json", "coverage.json", "cover.en.html", "case/referral.jsonld.gz",
        "vics/case.json", "stix/bundle.json", "judgements.jsonl", "tables/messages.parquet",
    }  # fmt: skip
    packages.sealed(case, entry, officer(case, tmp_path, "A"), envelope="e" * 64,
                    tagmanifest="f" * 64)  # fmt: skip
    assert state(case) is PackageStep.SEALED
    with pytest.raises(UsageError, match="is sealed"):
        packages.to_seal(case, packed.package)


def test_whoever_packed_it_does_not_approve_it_under_any_name(case, packed, tmp_path) -> None:
    for signed in (officer(case, tmp_path, "A"), Signed("B", "in another's name")):
        with pytest.raises(UsageError, match="does not approve"):
            packages.approve(case, packed.package, signed)
    case.custody.analyst = None
    with pytest.raises(UsageError, match="does not approve"):
        packages.approve(case, packed.package, Signed("B", "without a key"))
    with pytest.raises(UsageError, match="would have to be approved"):
        packages.to_seal(case, packed.package)


@pytest.mark.parametrize("change", ["altered", "added", "removed", "renamed"])
def test_a_draft_that_was_changed_is_neither_approved_nor_sealed(
    case, packed, tmp_path, change
) -> None:
    home = draft.folder(case, packed.package)
    file = home / "coverage.json"
    match change:
        case "altered":
            file.write_bytes(file.read_bytes()[:-1] + b" ")
        case "added":
            (home / "more.txt").write_text("x")
        case "removed":
            file.unlink()
        case "renamed":
            file.rename(home / "cover.json")
    assert [p.text for p in problems(case)] == [
        f"the draft of package {packed.package} is not as it was packed"
    ]
    with pytest.raises(EvidenceError, match="not as it was packed"):
        packages.approve(case, packed.package, officer(case, tmp_path, "B"))
    assert state(case) is PackageStep.PACKED


def test_what_was_approved_is_not_sealed_once_a_decision_is_gone(case, packed, tmp_path) -> None:
    packages.approve(case, packed.package, officer(case, tmp_path, "B"))
    decisions.decide(case, HOLDER, Choice(decision=RouteChoice.WITHDRAW), Signed("B", "wrong"))
    with pytest.raises(UsageError, match="counts no more"):
        packages.to_seal(case, packed.package)


def test_what_was_approved_is_not_sealed_once_somebody_in_it_is_judged_a_victim(
    case, packed, tmp_path
) -> None:
    packages.approve(case, packed.package, officer(case, tmp_path, "B"))
    decisions.mark(case, HOLDER, PersonCategory.POSSIBLE_VICTIM, Signed("B", "order 3"))
    with pytest.raises(UsageError, match="counts no more"):
        packages.to_seal(case, packed.package)


def test_what_was_approved_is_not_sealed_once_its_receiver_is_to_get_nothing(
    case, packed, tmp_path
) -> None:
    """A decision on the partner itself is not the one on its country, which still counts."""
    register(case, Registration(
        partner_id="ES-7", partner_name="Unit 7", partner_kind=PartnerKind.POLICE, country="ES",
        checked_how="met", verifier=verifier("es", signer("es").public),
        valid_from=datetime(2020, 1, 1, tzinfo=UTC), valid_until=datetime(2099, 1, 1, tzinfo=UTC),
    ), "B")  # fmt: skip
    into, request = draft.scratch(case), to("ES-7")
    request = msgspec.structs.replace(request, receivers=(Receiver("ES-7", "Unit 7", "ES"),))
    made = draft.make(case, request, Known.of(case), into)
    draft.keep(case, request, made, into, "A")
    packages.approve(case, made.package, officer(case, tmp_path, "B"))
    assert packages.to_seal(case, made.package).partners == ("ES-7",)
    hold = Choice(decision=RouteChoice.HOLD, goes_to="ES-7")
    decisions.decide(case, HOLDER, hold, Signed("B", "not to this unit"))
    with pytest.raises(UsageError, match="counts no more"):
        packages.to_seal(case, made.package)


def test_a_package_that_is_thrown_away_leaves_no_draft(case, packed, tmp_path) -> None:
    packages.discard(case, packed.package, officer(case, tmp_path, "A"))
    assert state(case) is PackageStep.DISCARDED
    assert not draft.folder(case, packed.package).exists()
    with pytest.raises(UsageError, match="is discarded"):
        packages.discard(case, packed.package, Signed("A", "again"))


def test_a_package_is_named_by_enough_of_its_id(case, packed) -> None:
    for named in ("", "zz"):
        with pytest.raises(UsageError, match="no package"):
            packages.package(case, named)
