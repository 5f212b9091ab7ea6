"""Every file: whatever is changed in it, it is refused by a code, and nothing of it is kept."""

from __future__ import annotations

import os

import msgspec
import pytest
from builders.deconflicting import AT, Pair
from hypothesis import given, settings
from hypothesis import strategies as st

from clew.exchange.deconfliction import wire
from clew.exchange.deconfliction.refused import Refused
from clew.exchange.deconfliction.wire import Step
from clew.words import registers

TRIES = int(os.environ.get("CLEW_DECONFLICT_TRIES", "40"))


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """One file of each step, and who signed it."""
    pair = Pair(tmp_path_factory.mktemp("files"))
    offer = pair.offer()
    ask = pair.ask(offer)
    answer = pair.answer(ask)
    notice, *_ = pair.read(answer)
    known = {**pair.es.partners, **pair.pt.partners}
    yield {Step.OFFER: offer, Step.ASK: ask, Step.ANSWER: answer, Step.NOTICE: notice}, known, pair
    pair.close()


def code(file, step, known) -> str:
    with pytest.raises(Refused) as refused:
        wire.read(file, step, known, AT)
    assert refused.value.code in registers()["deconfliction_refused"]
    return refused.value.code


@pytest.mark.volume
@settings(deadline=None, max_examples=TRIES)
@given(data=st.data())
def test_one_flipped_bit_or_a_torn_file_is_refused(files, data) -> None:
    made, known, pair = files
    step = data.draw(st.sampled_from(Step))
    whole = made[step].read_bytes()
    changed = data.draw(st.one_of(
        st.integers(0, 8 * len(whole) - 1).map(lambda at: _flipped(whole, at)),
        st.integers(0, len(whole) - 1).map(lambda at: whole[:at]),
        st.binary(min_size=1, max_size=40).map(lambda more: whole + more),
    ))  # fmt: skip
    torn = pair.folder / "torn"
    torn.write_bytes(changed)
    assert code(torn, step, known)


def _flipped(whole: bytes, at: int) -> bytes:
    changed = bytearray(whole)
    changed[at // 8] ^= 1 << at % 8
    return bytes(changed)


@pytest.mark.parametrize("step", Step)
def test_a_whole_file_is_read_as_it_was_made_and_only_as_its_own_step(files, step) -> None:
    made, known, _ = files
    found = wire.read(made[step], step, known, AT)
    assert len(found.rows) == found.header.count
    assert b"".join(found.rows) + found.proof == found.body
    for other in set(Step) - {step}:
        assert code(made[step], other, known) == "another-step"


def test_what_is_no_plain_file_is_refused(files, tmp_path) -> None:
    _, known, _ = files
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for odd in (tmp_path, pipe, tmp_path / "missing"):
        assert code(odd, Step.OFFER, known) == "no-file"
    big = tmp_path / "big"
    with big.open("wb") as file:
        file.truncate(1 << 33)
    assert code(big, Step.OFFER, known) == "no-file"


HOSTILE = [
    ({"format": "clew-deconflict/2"}, "no-file"),
    ({"sender": "../ES"}, "no-file"),
    ({"period": "2026-H3"}, "no-file"),
    ({"made_at": "2026-11-30 12:00"}, "no-file"),
    ({"public": "00"}, "no-file"),
    ({"offer": "../../x"}, "no-file"),
    ({"holds_until": "2027-02-01T00:00:00Z"}, "period"),
    ({"made_at": "2071-01-01T00:00:00Z"}, "later"),
    ({"made_at": "2019-01-01T00:00:00Z"}, "partner-expired"),
]


@pytest.mark.parametrize(("change", "wanted"), HOSTILE)
def test_a_header_that_a_partner_signed_and_that_can_not_be_is_refused(
    files, tmp_path, change, wanted
) -> None:
    made, known, pair = files
    found = wire.kept(made[Step.OFFER], Step.OFFER)
    header = msgspec.structs.replace(found.header, **change)
    known = {**known, "../ES": known["ES"]}
    file = tmp_path / "odd"
    file.write_bytes(wire.made(header, found.rows, pair.es.agency.signer).data)
    assert code(file, Step.OFFER, known) == wanted


def test_tags_out_of_order_or_of_a_number_that_tells_are_refused(files, tmp_path) -> None:
    made, known, pair = files
    found = wire.kept(made[Step.OFFER], Step.OFFER)
    rows, file = found.rows, tmp_path / "odd"
    for changed, wanted in (
        ([rows[1], rows[0], *rows[2:]], "tags"), ([rows[1], *rows[1:]], "tags"),
        (rows[:255], "size"), (rows[:128], "size"), ([], "size"),
    ):  # fmt: skip
        file.write_bytes(wire.made(found.header, changed, pair.es.agency.signer).data)
        assert code(file, Step.OFFER, known) == wanted


def test_a_notice_can_not_pass_as_signed_by_another(files, tmp_path) -> None:
    made, known, _ = files
    first, _, rest = made[Step.NOTICE].read_bytes().partition(b"\n")
    stolen = made[Step.ASK].read_bytes().split(b"\n", 2)[1]
    file = tmp_path / "odd"
    file.write_bytes(first + b"\n" + stolen + b"\n" + rest.partition(b"\n")[2])
    assert code(file, Step.NOTICE, known) == "signature"
