from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clew.casefile.engine import Progress
from clew.exchange.deconfliction import tags as tagging
from clew.exchange.deconfliction import voprf
from clew.exchange.deconfliction.tags import class_of, padded, tag, tags
from clew.exchange.deconfliction.wire import LEAST_OFFER, TAG

KEY = voprf.key(bytes(32), b"test")


class Heard(Progress):
    def __init__(self) -> None:
        self.total, self.done = 0, 0

    def start(self, label: str, total: int) -> None:
        self.total = total

    def advance(self, amount: int) -> None:
        self.done += amount


@pytest.mark.parametrize("alone", [10, 1000], ids=["two processes", "one process"])
def test_each_input_has_its_tag_in_order_however_many_processes_work(monkeypatch, alone) -> None:
    monkeypatch.setattr(tagging, "_ALONE", alone)
    monkeypatch.setattr(tagging, "_BATCH", 7)
    inputs, heard = [b"%d" % n for n in range(40)], Heard()
    assert tags(KEY, inputs, heard) == [tag(voprf.evaluate(KEY, one)) for one in inputs]
    assert heard.done == heard.total == 40


@given(st.integers(0, 10**6))
def test_a_class_is_the_power_of_two_that_holds_so_many(count) -> None:
    size = class_of(count)
    assert size & (size - 1) == 0
    assert max(count, LEAST_OFFER) <= size
    assert size == LEAST_OFFER or size < 2 * count


def test_padding_is_sorted_in_and_follows_from_the_secret_seed_alone() -> None:
    own = [bytes([n]) * TAG for n in range(20)]
    rows = padded(own, b"a" * 32)
    assert rows == sorted(set(rows)) == padded(own[::-1], b"a" * 32)
    assert set(own) < set(rows)
    assert len(rows) == LEAST_OFFER
    assert not (set(rows) & set(padded(own, b"b" * 32))) - set(own)
