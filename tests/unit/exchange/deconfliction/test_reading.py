"""The whole way from offer to notice."""

from __future__ import annotations

import base64

import msgspec
import pytest
from builders.deconflicting import ASKED, SHARED, later, logged

from clew.casefile.engine import Progress
from clew.casefile.verify import verify
from clew.exchange.deconfliction import private, reading, voprf, wire
from clew.exchange.deconfliction.refused import ACTION, Refused
from clew.exchange.deconfliction.wire import Step
from clew.records import Deconfliction, DeconflictionResult, DeconflictionStep


def test_every_shared_number_is_a_hit_and_no_other_and_both_sides_are_told(pair) -> None:
    offer = pair.offer()
    notice, step, results = pair.read(pair.answer(pair.ask(offer)))
    assert {f"{r.identifier}|{r.seen}" for r in results if r.is_hit} == set(SHARED)
    assert {f"{r.identifier}|{r.seen}" for r in results} == set(ASKED)
    assert (step.step, step.hits, step.own_count, step.points) == ("read", 3, len(ASKED), 64)
    told, own = reading.notice(pair.es.dealing(), notice, Progress())
    assert told.hits == 3
    assert {f"{r.identifier}|{r.seen}" for r in own} == set(SHARED)
    assert not any(r.is_own_question for r in own)


def test_a_result_is_kept_as_the_partners_word_and_no_number_stands_in_any_log(pair) -> None:
    notice, *_ = pair.read(pair.answer(pair.ask(pair.offer())))
    reading.notice(pair.es.dealing(), notice, Progress())
    for side, other, steps in ((pair.pt, "ES", 2), (pair.es, "PT", 4)):
        log = logged(side)
        assert "346001112" not in log
        assert "35191000" not in log
        rows = side.case.ledger.judgements(Deconfliction)
        assert len(rows) == steps
        assert all(f'"number":{row.number},' in log for row in rows)
        assert not any("346001112" in str(row) for row in rows)
        assert {r.partner_id for r in side.case.ledger.judgements(DeconflictionResult)} == {other}
        assert [p.text for p in verify(side.case) if p.is_problem] == []


def test_what_opens_an_answer_is_gone_once_it_is_read_and_it_is_read_once(pair) -> None:
    ask = pair.ask(pair.offer())
    answer = pair.answer(ask)
    notice, *_ = pair.read(answer)
    ask_id = wire.kept(ask, Step.ASK).header.ask
    assert private.blinds_of(pair.pt.case, ask_id) is None
    with pytest.raises(Refused) as refused:
        pair.read(answer, "again")
    assert refused.value.code == "read"
    reading.notice(pair.es.dealing(), notice, Progress())
    with pytest.raises(Refused) as refused:
        reading.notice(pair.es.dealing(), notice, Progress())
    assert refused.value.code == "noticed"


def test_an_answer_to_another_ask_and_one_that_is_past_are_refused(pair) -> None:
    offer = pair.offer()
    first, second = pair.ask(offer, name="a1"), pair.ask(offer, ASKED[:4], name="a2", days=3)
    answers = [pair.answer(first, "x1"), pair.answer(second, "x2")]
    other = wire.kept(second, Step.ASK).header.ask
    kept = private.blinds_of(pair.pt.case, wire.kept(first, Step.ASK).header.ask)
    private.destroy_blinds(pair.pt.case, other)
    private.keep_blinds(pair.pt.case, _as(kept, other))
    with pytest.raises(Refused) as refused:
        pair.read(answers[1])
    assert refused.value.code == "another-ask"
    with pytest.raises(Refused) as refused:
        pair.read(answers[0], at=later(days=31))
    assert refused.value.code == "expired"
    assert f'"action":"{ACTION}"' in logged(pair.pt)


def _as(kept: private.Asking, ask: str) -> private.Asking:
    header = msgspec.structs.replace(kept.header, ask=ask)
    return msgspec.structs.replace(kept, header=header)


def forged(pair, answer, change) -> None:
    """The same answer, otherwise, and signed by the right agency."""
    found = wire.kept(answer, Step.ANSWER)
    header, rows, proof = change(found.header, found.rows, found.proof)
    answer.write_bytes(wire.made(header, rows, pair.es.agency.signer, proof).data)


def _by_another_key(header, rows, _):
    other = voprf.key(bytes(voprf.SEED), b"other")
    return header, *voprf.answer(other, rows)


def _swapped(header, rows, proof):
    return header, [rows[1], rows[0], *rows[2:]], proof


def _of_one_officer(header, rows, proof):
    return msgspec.structs.replace(header, officers=(header.officers[0],) * 2), rows, proof


def _of_one_key_in_two_texts(header, rows, proof):
    """The last letter before the sign of equality has two bits that say nothing."""
    first = header.officers[0]
    bare, last = first.key[:-2], "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    again = f"{bare}{last[last.index(first.key[-2]) ^ 1]}="
    other = msgspec.structs.replace(first, key=again)
    assert base64.b64decode(other.key) == base64.b64decode(first.key)
    return msgspec.structs.replace(header, officers=(first, other)), rows, proof


def _with_no_officer(header, rows, proof):
    return msgspec.structs.replace(header, officers=()), rows, proof


@pytest.mark.parametrize(
    ("change", "code"),
    [(_by_another_key, "proof"), (_swapped, "proof"), (_of_one_officer, "officers"),
     (_with_no_officer, "officers"), (_of_one_key_in_two_texts, "officers")],
)  # fmt: skip
def test_an_answer_that_is_not_the_right_one_is_never_believed(pair, change, code) -> None:
    answer = pair.answer(pair.ask(pair.offer()))
    forged(pair, answer, change)
    with pytest.raises(Refused) as refused:
        pair.read(answer)
    assert refused.value.code == code
    assert pair.pt.case.ledger.judgements(DeconflictionResult) == []
    assert not (pair.folder / "notice").exists()


def test_a_notice_of_tags_that_were_not_offered_is_refused(pair) -> None:
    notice, *_ = pair.read(pair.answer(pair.ask(pair.offer())))
    found = wire.kept(notice, Step.NOTICE)
    rows = sorted([*found.rows, b"0123456789"])
    notice.write_bytes(wire.made(found.header, rows, pair.pt.agency.signer).data)
    with pytest.raises(Refused) as refused:
        reading.notice(pair.es.dealing(), notice, Progress())
    assert refused.value.code == "notice"


def test_without_a_hit_the_holder_is_told_that_there_was_none(pair) -> None:
    notice, step, _ = pair.read(pair.answer(pair.ask(pair.offer(), ASKED[4:])))
    assert step.hits == 0
    told, own = reading.notice(pair.es.dealing(), notice, Progress())
    assert (told.step, told.hits, own) == (DeconflictionStep.NOTICED, 0, [])
