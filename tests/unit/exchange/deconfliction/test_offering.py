from __future__ import annotations

import stat

import pytest
from builders.deconflicting import AT, NUMBERS, Pair, expired, forms, later, logged

from clew.casefile.engine import Progress
from clew.errors import UsageError
from clew.exchange.deconfliction import offering, private, voprf, wire
from clew.exchange.deconfliction.forms import Kind
from clew.exchange.deconfliction.wire import LEAST_OFFER, Step
from clew.records import Deconfliction


def test_an_offer_has_a_tag_of_each_number_among_others_and_tells_how_many_only_by_its_class(
    pair,
) -> None:
    found = wire.kept(pair.offer(), Step.OFFER)
    assert found.header.count == len(found.rows) == LEAST_OFFER
    (holding,) = (private.key_of(pair.es.case, found.header.offer),)
    own = offering.tags_of(holding, Progress())
    assert set(own) < set(found.rows)
    assert {form.text for form in own.values()} == set(NUMBERS)
    assert voprf.key(bytes.fromhex(holding.seed), offering._info(holding.header)).public.hex() == (
        found.header.public
    )


def test_the_key_is_the_owners_alone_and_of_one_partner_period_and_kind(pair) -> None:
    first = wire.kept(pair.offer(), Step.OFFER).header
    second = wire.kept(pair.offer(["352099001761481"], "other", kind=Kind.IMEI), Step.OFFER).header
    assert first.public != second.public
    folder = pair.es.case.folder / private.FOLDER
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for file in (folder / "keys").iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_second_offer_of_a_period_is_refused_and_the_first_is_written_again_to_the_byte(
    pair,
) -> None:
    offer = pair.offer()
    with pytest.raises(UsageError, match="was made to PT on 2026-11-30"):
        pair.offer([*NUMBERS, "+34600999999|2017-H1"], "second")
    assert not (pair.folder / "second").exists()
    wanted = wire.kept(offer, Step.OFFER).header.offer
    again = pair.folder / "again"
    offering.again(pair.es.dealing(), pair.es.agency, wanted, again, Progress())
    assert again.read_bytes() == offer.read_bytes()


def test_when_its_period_is_past_the_key_is_destroyed_and_the_log_says_so(pair) -> None:
    header = wire.kept(pair.offer(), Step.OFFER).header
    with private.opened(pair.es.case, later(days=31)):
        assert private.key_of(pair.es.case, header.offer) is not None
    with private.opened(pair.es.case, later(days=32)):
        assert private.key_of(pair.es.case, header.offer) is None
    assert f'"action":"{private.KEY_DESTROYED}"' in logged(pair.es)
    with pytest.raises(UsageError, match="no key of such an offer"):
        offering.again(pair.es.dealing(at=later(days=32)), pair.es.agency, header.offer,
                       pair.folder / "again", Progress())  # fmt: skip


@pytest.mark.parametrize(
    ("more", "match"),
    [({"partner": "FR"}, "no partner 'FR'"), ({"period": "2026-H1"}, "present half-year"),
     ({"period": "2027-H1"}, "another quota"),
     ({"legal_basis": " "}, "legal basis"), ({"texts": []}, "nothing to offer")],
)  # fmt: skip
def test_what_can_not_be_offered_is_refused_and_nothing_is_written(pair, more, match) -> None:
    with pytest.raises(UsageError, match=match):
        pair.offer(**more)
    assert not (pair.folder / "offer").exists()
    assert pair.es.case.ledger.judgements(Deconfliction) == []


def test_a_partner_whose_keys_are_out_of_time_gets_no_offer(pair) -> None:
    expired(pair.es, "PT")
    with pytest.raises(UsageError, match="are registered from 2020-01-01 to 2026-11-29"):
        pair.offer()


def test_the_same_numbers_give_a_partner_and_another_nothing_in_common(tmp_path) -> None:
    tags = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        pair = Pair(tmp_path / name)
        tags.append(set(wire.kept(pair.offer(), Step.OFFER).rows))
        pair.close()
    assert not tags[0] & tags[1]
    assert forms(NUMBERS)
    assert AT
