"""Every assertion says what is asserted, when it passes, and how sure a pass is."""

from __future__ import annotations

import pytest

from clew.validation.assertions import Assertion, Plan, catalogue, timed


def test_every_assertion_belongs_to_a_promise_and_names_what_is_known() -> None:
    said = catalogue()
    for name, statement in said.assertions.items():
        assert name.partition("-")[0] in said.promises
        assert statement.text
        assert statement.criterion
        assert statement.uncertainty
        assert set(statement.weaknesses) <= set(said.weaknesses)
        assert set(statement.cftt) <= set(said.cftt)


@pytest.mark.parametrize(
    ("name", "says"),
    [("KA-03", "known figure"), ("KA-R-signal-x", "known figure"), ("P1-01", "entry")],
)
def test_a_result_is_of_the_statement_that_its_name_begins_with(name, says) -> None:
    statement = Assertion(name, passed=True, figures="f", about="known figure").statement
    assert says in statement.text


def test_a_sampled_pass_says_how_sure_it_is_and_a_failure_does_not() -> None:
    passed = Assertion("P3-02", passed=True, figures="f", trials=10).statement.uncertainty
    failed = Assertion("P3-02", passed=False, figures="f", trials=10).statement.uncertainty
    assert "25.9%" in passed  # 1 - 0.05 ** (1 / 10)
    assert "n/a" in failed


def test_times_are_of_each_assertion(tmp_path) -> None:
    def works(_):
        sum(range(3_000_000))
        yield Assertion("P1-01", passed=True, figures="f")
        yield Assertion("P1-03", passed=True, figures="f")

    first, second = timed(works, Plan(folder=tmp_path))
    assert first.processor_seconds > second.processor_seconds
