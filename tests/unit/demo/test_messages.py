"""Messages are in the order of time, and what they carry beside their text is as asked for."""

from __future__ import annotations

import pytest

from clew.demo import Parameters, small
from clew.demo.messages import DAY, START
from clew.demo.world import imagine


def messages(parameters) -> list:
    network = imagine(parameters)
    found = [m for some in network.messages.values() for m in some] + network.private
    return sorted(found, key=lambda m: m.number)


@pytest.fixture(scope="module")
def few():
    return messages(small())


def test_keys_are_unique_and_times_in_order(few) -> None:
    assert len({m.key for m in few}) == len(few)
    assert [m.at for m in few] == sorted(m.at for m in few)
    assert all(START <= m.at <= START + 366 * DAY for m in few)


def test_the_small_one_has_every_detail(few) -> None:
    assert any(m.edited for m in few)
    assert any(m.reaction is not None for m in few)
    assert any("\n" in (m.text or "") for m in few)
    assert any(m.deleted for m in few)
    assert any(m.invites is not None for m in few)


def test_an_answer_is_to_an_earlier_text_of_its_group(few) -> None:
    answers = [m for m in few if m.quotes is not None]
    assert answers
    for message in answers:
        assert message.quotes.group == message.group
        assert message.quotes.number < message.number
        assert message.quotes.text


def test_an_operation_has_no_detail_that_was_not_asked_for() -> None:
    for message in messages(Parameters(shares=800)):
        assert (message.quotes, message.edited, message.reaction) == (None, False, None)
        assert "\n" not in (message.text or "")
