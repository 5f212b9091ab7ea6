from __future__ import annotations

import hashlib

import pytest
from builders.deconflicting import ASKED, NUMBERS, expired, later, logged

from clew.casefile.custody import tree
from clew.casefile.custody.canonical import canonical
from clew.errors import UsageError
from clew.exchange.deconfliction import asking, private, voprf, wire
from clew.exchange.deconfliction.refused import ACTION, Refused
from clew.exchange.deconfliction.wire import Step
from clew.records import Deconfliction


def many(count: int) -> list[str]:
    return [f"+3519{n:08}|2017-H1" for n in range(count)]


@pytest.mark.parametrize(("count", "points"), [(1, 64), (64, 64), (65, 256), (257, 1024)])
def test_an_ask_tells_how_many_numbers_it_has_only_by_its_class(pair, count, points) -> None:
    found = wire.kept(pair.ask(pair.offer(), many(count)), Step.ASK)
    assert found.header.count == len(set(found.rows)) == points
    assert found.rows == sorted(found.rows)


def test_two_asks_of_one_number_have_no_point_in_common(pair) -> None:
    offer = pair.offer()
    first, second = (wire.kept(pair.ask(offer, ASKED, n), Step.ASK) for n in ("a", "b"))
    assert not set(first.rows) & set(second.rows)
    assert first.header.commitment != second.header.commitment


def test_the_commitment_is_over_the_very_list_that_is_asked_for(pair) -> None:
    header = wire.kept(pair.ask(pair.offer()), Step.ASK).header
    kept = private.blinds_of(pair.pt.case, header.ask)
    leaves = [
        canonical({"form": form, "salt": voprf.scalar(bytes.fromhex(kept.seed), b"salt", n)
                   .to_bytes(32, "little").hex()})
        for n, form in enumerate(sorted(ASKED))
    ]  # fmt: skip
    frontier = tree.Frontier()
    for number, leaf in enumerate(leaves):
        frontier.add(tree.leaf(leaf.encode()), number)
    assert header.commitment == frontier.root.hex()
    assert asking.commitment(bytes.fromhex(kept.seed), sorted(ASKED)[1:]) != header.commitment


def test_an_ask_above_the_quota_is_refused_with_all_that_was_asked_before(pair) -> None:
    offer = pair.offer()
    with pytest.raises(UsageError, match="1001 identifiers are more than ES answers in 2026-H2"):
        pair.ask(offer, many(1001))
    for number in range(4):
        pair.ask(offer, many(200), f"ask{number}")
    with pytest.raises(UsageError, match="1024 points were asked before"):
        pair.ask(offer, many(1), "more")
    assert not (pair.folder / "more").exists()


def test_what_is_asked_for_is_of_the_kind_of_the_offer(pair) -> None:
    wanted = asking.Wanted(forms=(), legal_basis="Art. 7")
    with pytest.raises(UsageError, match="nothing to ask of the kind phone"):
        asking.ask(pair.pt.dealing(), pair.pt.agency, pair.offer(), wanted, pair.folder / "ask")


def refused(pair, offer, **more) -> str:
    with pytest.raises(Refused) as found:
        pair.ask(offer, **more)
    assert not (pair.folder / "ask").exists()
    assert pair.pt.case.ledger.judgements(Deconfliction) == []
    digest = hashlib.sha256(offer.read_bytes()).hexdigest()
    entry = next(e for e in pair.pt.case.custody.entries() if e.content["action"] == ACTION)
    assert (entry.content["code"], entry.content["file_sha256"]) == (found.value.code, digest)
    assert "346001112" not in logged(pair.pt)
    return found.value.code


def test_an_offer_of_a_period_that_is_past_is_refused(pair) -> None:
    offer = pair.offer()
    assert refused(pair, offer, at=later(days=40)) == "expired"


def test_an_offer_for_another_partner_is_refused(pair) -> None:
    offer = pair.offer()
    pair.pt.agency = type(pair.pt.agency)("DE", pair.pt.agency.signer)
    assert refused(pair, offer) == "receiver"


def test_an_offer_of_a_stranger_and_one_signed_by_another_key_are_refused(pair) -> None:
    offer = pair.offer()
    known, pair.pt.partners = pair.pt.partners, {}
    assert refused(pair, offer) == "stranger"
    pair.pt.partners = {"ES": pair.es.partners["PT"]}
    with pytest.raises(Refused) as found:
        pair.ask(offer)
    assert found.value.code == "signature"
    pair.pt.partners = known
    expired(pair.pt, "ES")
    with pytest.raises(Refused) as found:
        pair.ask(offer)
    assert found.value.code == "partner-expired"


def test_a_second_offer_of_one_period_is_refused_because_it_shows_what_changed(pair) -> None:
    offer = pair.offer()
    pair.ask(offer)
    other = wire.kept(offer, Step.OFFER)
    header = type(other.header)(**{
        name: getattr(other.header, name) for name in other.header.__struct_fields__
    } | {"offer": "0" * 32})  # fmt: skip
    second = pair.folder / "second"
    second.write_bytes(wire.made(header, other.rows, pair.es.agency.signer).data)
    with pytest.raises(Refused) as found:
        pair.ask(second, NUMBERS[:1], "b")
    assert found.value.code == "another-offer"


def test_an_offer_whose_key_is_no_point_is_refused(pair) -> None:
    offer = pair.offer()
    other = wire.kept(offer, Step.OFFER)
    told = {n: getattr(other.header, n) for n in other.header.__struct_fields__}
    for bad in ("00" * 32, "ff" * 32, "zz"):
        header = type(other.header)(**told | {"public": bad})
        offer.write_bytes(wire.made(header, other.rows, pair.es.agency.signer).data)
        with pytest.raises(Refused):
            pair.ask(offer)
