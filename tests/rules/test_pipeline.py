"""The flow is a value: these laws hold for it."""

from clew.pipeline import STEPS, describe
from clew.records.facts import Unread
from clew.schema import tables


def test_each_step_reads_only_what_an_earlier_one_wrote() -> None:
    written: set[type] = set()
    for step in STEPS:
        assert set(step.reads) <= written, step.name
        written |= set(step.writes)


def test_no_table_but_that_of_unread_things_has_two_writers() -> None:
    written = [row for step in STEPS for row in step.writes if row is not Unread]
    assert len(written) == len(set(written))


def test_every_table_has_a_writer() -> None:
    declared = {row for row in tables().values() if row.__module__.startswith("clew.records")}
    assert declared == {row for step in STEPS for row in step.writes}


def test_every_step_says_what_it_does() -> None:
    assert all(step.run.__doc__ for step in STEPS)
    assert len(list(describe())) == 3 * len(STEPS)
