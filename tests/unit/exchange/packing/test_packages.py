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


def unit(case, name: str) -> None:
    """A partner of ES under this id."""
    register(case, Registration(
        partner_id=name, partner_name=name, partner_kind=PartnerKind.POLICE, country="ES",
        checked_how="met", verifier=verifier("es", signer("es").public),
        valid_from=datetime(2020, 1, 1, tzinfo=UTC), valid_until=datetime(2099, 1, 1, tzinfo=UTC),
    ), "B")  # fmt: skip


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
    unit(case, "ES-7")
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


def test_what_was_approved_is_not_sealed_for_keys_that_were_registered_since(
    case, packed, tmp_path
) -> None:
    packages.approve(case, packed.package, officer(case, tmp_path, "B"))
    assert packages.to_seal(case, packed.package)
    unit(case, "ES")
    with pytest.raises(UsageError, match="registered anew"):
        packages.to_seal(case, packed.package)


def test_a_receipt_is_of_a_package_that_was_sealed_for_its_receiver(case, packed, tmp_path) -> None:
    receipt = (packed.package, "ES", "f" * 64)
    with pytest.raises(EvidenceError, match="did not seal"):
        packages.receipted(case, *receipt)
    packages.approve(case, packed.package, officer(case, tmp_path, "B"))
    packages.sealed(case, packages.to_seal(case, packed.package), officer(case, tmp_path, "A"),
                    envelope="e" * 64, tagmanifest="f" * 64)  # fmt: skip
    packages.receipted(case, *receipt)
    for other in (("0" * 36, *receipt[1:]), (packed.package, "PT", "f" * 64),
                  (*receipt[:2], "0" * 64)):  # fmt: skip
        with pytest.raises(EvidenceError, match="did not seal"):
            packages.receipted(case, *other)


def test_only_what_its_receivers_have_is_replaced(case, packed, tmp_path) -> None:
    with pytest.raises(UsageError, match="no receiver has it"):
        packages.to_supersede(case, packed.package, ["ES"])
    packages.approve(case, packed.package, officer(case, tmp_path, "B"))
    packages.sealed(case, packages.to_seal(case, packed.package), officer(case, tmp_path, "A"),
                    envelope="e" * 64, tagmanifest="f" * 64)  # fmt: skip
    for others in (["PT"], ["ES", "PT"]):
        with pytest.raises(UsageError, match="went to ES"):
            packages.to_supersede(case, packed.package, others)
    assert packages.to_supersede(case, packed.package[:8], ["ES"]).package == packed.package


def test_who_is_erased_is_in_no_draft_and_a_killed_command_leaves_none(
    case, packed, tmp_path
) -> None:
    left = draft.folder(case, "0b0e7c1e-0000-4000-8000-000000000001")
    left.mkdir()
    (left / "referral.json").write_text("left by a killed command")
    assert [p.is_problem for p in verify(case) if left.name in p.text] == [False]
    packages.discard_open(case, officer(case, tmp_path, "A"))
    assert state(case) is PackageStep.DISCARDED
    assert not list(left.parent.iterdir())
    assert problems(case) == []


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
