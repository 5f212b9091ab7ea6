from __future__ import annotations

import msgspec
import pytest
from builders.deconflicting import AT, later, logged

from clew.errors import UsageError
from clew.exchange.deconfliction import answering, group, wire
from clew.exchange.deconfliction.refused import ACTION, Refused
from clew.exchange.deconfliction.wire import Step
from clew.records import Deconfliction, DeconflictionStep


def answer(pair, ask, officer, at=AT, out="answer"):
    return answering.answer(
        pair.es.dealing(officer, at), pair.es.agency, ask, pair.folder / out
    ).step


def test_nothing_is_answered_until_two_officers_with_two_keys_agree(pair) -> None:
    ask = pair.ask(pair.offer())
    for _ in range(2):
        assert answer(pair, ask, 0) is DeconflictionStep.RELEASED
        assert not (pair.folder / "answer").exists()
    assert answer(pair, ask, 1) is DeconflictionStep.ANSWERED
    officers = wire.kept(pair.folder / "answer", Step.ANSWER).header.officers
    ask_sha256 = wire.kept(ask, Step.ASK).sha256
    assert answering.released_by_two(ask_sha256, officers)
    assert not answering.released_by_two(ask_sha256, officers[:1])
    assert not answering.released_by_two(ask_sha256, (officers[0],) * 2)
    assert not answering.released_by_two("0" * 64, officers)
    told = pair.es.case.ledger.judgements(Deconfliction)
    assert [row.step for row in told] == ["offered", "released", "answered"]


def test_the_second_officer_agrees_to_the_very_file_that_the_first_saw(pair) -> None:
    offer = pair.offer()
    first, second = (pair.ask(offer, name=name) for name in ("one", "two"))
    assert answer(pair, first, 0) is DeconflictionStep.RELEASED
    assert answer(pair, second, 1) is DeconflictionStep.RELEASED
    with pytest.raises(UsageError, match="second officer, and an answer needs a file"):
        answering.answer(pair.es.dealing(1), None, first, None)


def test_an_ask_is_answered_once(pair) -> None:
    ask = pair.ask(pair.offer())
    pair.answer(ask)
    for officer in (0, 1, 2):
        with pytest.raises(Refused, match="was answered before, at 2026-11-30T12:00:00Z"):
            answer(pair, ask, officer, out="again")
    assert not (pair.folder / "again").exists()
    assert '"code":"replayed"' in logged(pair.es)


def again(pair, file, name, rows=None, **more):
    """The ask once more with another id, as a partner could send it who heeds no quota."""
    found = wire.kept(file, Step.ASK)
    header = msgspec.structs.replace(found.header, **more)
    out = pair.folder / name
    out.write_bytes(wire.made(header, rows or found.rows, pair.pt.agency.signer).data)
    return out


def test_a_partner_who_asks_above_the_quota_is_refused_however_few_its_numbers(pair) -> None:
    ask = pair.ask(pair.offer())
    pair.answer(ask)
    points = sorted(group.any_point() for _ in range(256))
    for number in range(3):
        name = f"a{number}"
        pair.answer(again(pair, ask, name, points, ask=f"{number:032}"), f"x{number}")
    with pytest.raises(
        Refused, match="would have asked 1\u202f088 points in 2026-H2, and may 1\u202f024"
    ):
        answer(pair, again(pair, ask, "b", points, ask="9" * 32), 0)
    assert '"code":"quota"' in logged(pair.es)


def refused(pair, ask, at=AT) -> str:
    with pytest.raises(Refused) as found:
        answer(pair, ask, 0, at)
    steps = [r.step for r in pair.es.case.ledger.judgements(Deconfliction)]
    assert DeconflictionStep.RELEASED not in steps
    assert f'"action":"{ACTION}"' in logged(pair.es)
    return found.value.code


def test_an_ask_that_is_past_or_whose_key_is_destroyed_is_refused(pair) -> None:
    ask = pair.ask(pair.offer(), days=3)
    assert refused(pair, ask, later(days=4)) == "expired"
    long = pair.ask(pair.folder / "offer", days=60, name="long")
    assert refused(pair, long, later(days=33)) == "expired"


@pytest.mark.parametrize("bad", [group.IDENTITY, b"\xff" * 32, b"\x01" + bytes(31)])
def test_the_identity_and_what_is_no_point_are_never_multiplied_by_the_key(pair, bad) -> None:
    ask = pair.ask(pair.offer())
    rows = [bad, *wire.kept(ask, Step.ASK).rows[1:]]
    assert refused(pair, again(pair, ask, "bad", rows)) == "point"


def test_a_point_that_stands_twice_and_an_odd_number_of_points_are_refused(pair) -> None:
    ask = pair.ask(pair.offer())
    rows = wire.kept(ask, Step.ASK).rows
    assert refused(pair, again(pair, ask, "twice", [rows[1], *rows[1:]])) == "points"
    assert refused(pair, again(pair, ask, "few", rows[:63])) == "size"


@pytest.mark.parametrize(
    ("more", "code"),
    [({"offer": "0" * 32}, "unknown-offer"), ({"offer_sha256": "0" * 64}, "unknown-offer"),
     ({"receiver": "FR"}, "receiver"), ({"kind": "imei"}, "unknown-offer"),
     ({"period": "2027-H1", "holds_until": "2027-01-02T00:00:00Z"}, "unknown-offer"),
     ({"made_at": "2026-12-30T12:00:00Z"}, "later"), ({"sender": "FR"}, "stranger")],
)  # fmt: skip
def test_an_ask_that_does_not_fit_the_offer_is_refused(pair, more, code) -> None:
    assert refused(pair, again(pair, pair.ask(pair.offer()), "odd", **more)) == code
