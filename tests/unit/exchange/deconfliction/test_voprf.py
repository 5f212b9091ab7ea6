"""Held to the vectors of RFC 9497, A.1.2, and to a second implementation, the package `voprf`."""

import json
import secrets
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clew.exchange.deconfliction import group, voprf

VECTORS = json.loads(Path(__file__).with_name("rfc9497.json").read_text("ascii"))
HEX = bytes.fromhex
SEED, INFO = HEX(VECTORS["seed"]), HEX(VECTORS["keyInfo"])
KEY = voprf.key(SEED, INFO)


def several(text: str) -> list[bytes]:
    return [HEX(part) for part in text.split(",")]


def test_the_key_is_the_one_of_the_rfc() -> None:
    assert group.encoded(KEY.scalar) == HEX(VECTORS["skSm"])
    assert KEY.public == HEX(VECTORS["pkSm"])


@pytest.mark.parametrize("vector", VECTORS["vectors"], ids=["one", "another", "batch"])
def test_every_value_is_the_one_of_the_rfc(vector) -> None:
    inputs, blinds = several(vector["Input"]), [group.decoded(b) for b in several(vector["Blind"])]
    blinded = [voprf.blind(x, r) for x, r in zip(inputs, blinds, strict=True)]
    assert blinded == several(vector["BlindedElement"])
    evaluated, proof = voprf.answer(KEY, blinded, group.decoded(HEX(vector["Proof"]["r"])))
    assert evaluated == several(vector["EvaluationElement"])
    assert proof == HEX(vector["Proof"]["proof"])
    assert voprf.is_proved(KEY.public, blinded, evaluated, proof)
    outputs = [voprf.finish(x, r, e) for x, r, e in zip(inputs, blinds, evaluated, strict=True)]
    assert outputs == several(vector["Output"]) == [voprf.evaluate(KEY, x) for x in inputs]


def test_the_second_implementation_agrees_as_holder_and_as_asker() -> None:
    second = pytest.importorskip("voprf").ristretto
    seed = secrets.token_bytes(voprf.SEED)
    key, holder = voprf.key(seed, b"clew"), second.Evaluator.from_seed(seed, b"clew")
    assert holder.public_key.serialize() == key.public
    inputs = [b"+346001112%02d" % n for n in range(40)]
    outputs = [voprf.evaluate(key, x) for x in inputs]
    assert [holder.evaluate_known_input(x) for x in inputs] == outputs
    ours = [voprf.random_scalar() for _ in inputs]
    asked = [voprf.blind(x, r) for x, r in zip(inputs, ours, strict=True)]
    said = holder.evaluate_batch([second.BlindedInput.deserialize(b) for b in asked]).serialize()
    proof, points = said[: voprf.PROOF], said[voprf.PROOF :]
    answered = [points[at : at + 32] for at in range(0, len(points), 32)]
    assert voprf.is_proved(key.public, asked, answered, proof)
    found = [voprf.finish(x, r, e) for x, r, e in zip(inputs, ours, answered, strict=True)]
    assert found == outputs
    clients, blinded = zip(*map(second.Client.blind, inputs), strict=True)
    evaluated, own_proof = voprf.answer(key, [b.serialize() for b in blinded])
    batch = second.VerifiableBatchOutput.deserialize(own_proof + b"".join(evaluated))
    assert second.Client.finalize_batch(list(clients), batch, holder.public_key) == outputs


@settings(deadline=None, max_examples=15)
@given(st.lists(st.binary(max_size=200), min_size=1, max_size=4), st.data())
def test_a_blind_changes_no_output_and_a_changed_answer_is_never_proved(inputs, data) -> None:
    blinds = [voprf.random_scalar() for _ in inputs]
    blinded = [voprf.blind(x, r) for x, r in zip(inputs, blinds, strict=True)]
    evaluated, proof = voprf.answer(KEY, blinded)
    outputs = [voprf.finish(x, r, e) for x, r, e in zip(inputs, blinds, evaluated, strict=True)]
    assert outputs == [voprf.evaluate(KEY, x) for x in inputs]
    whole = bytearray(b"".join(evaluated) + proof)
    at = data.draw(st.integers(0, 8 * len(whole) - 1))
    whole[at // 8] ^= 1 << at % 8
    points = [bytes(whole[32 * n : 32 * n + 32]) for n in range(len(inputs))]
    assert not voprf.is_proved(KEY.public, blinded, points, bytes(whole[32 * len(inputs) :]))


def test_an_answer_by_another_key_or_in_another_order_is_not_proved() -> None:
    blinded = [voprf.blind(x, voprf.random_scalar()) for x in (b"a", b"b")]
    evaluated, proof = voprf.answer(KEY, blinded)
    other = voprf.key(bytes(voprf.SEED), b"other")
    assert not voprf.is_proved(other.public, blinded, evaluated, proof)
    assert not voprf.is_proved(KEY.public, blinded, evaluated[::-1], proof)
    assert not voprf.is_proved(KEY.public, blinded, evaluated[:1], proof)
    assert not voprf.is_proved(KEY.public, blinded, *voprf.answer(other, blinded))


def test_no_proof_is_of_no_point_or_of_more_than_two_bytes_count() -> None:
    for points in ([], [KEY.public] * (voprf.MOST + 1)):
        assert not voprf.is_proved(KEY.public, points, points, bytes(voprf.PROOF))
        with pytest.raises(ValueError, match="proof"):
            voprf.answer(KEY, points)
