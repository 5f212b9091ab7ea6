"""Statements as somebody types them."""

from __future__ import annotations

import pytest
from builders.statements import site

from clew.errors import UsageError
from clew.operation.saying import check_withdrawn, stated

NOTHING = {"withdraws": ()}


def test_a_statement_is_taken_as_it_is_typed() -> None:
    given = {**NOTHING, "country": "es", "happened_at": "2017-03-28T06:10Z"}
    said = stated("exhibit ES-S-01/7", "seized", ["kind=phone", "seal=S=1"], given)
    assert (said.country, said.happened_at) == ("ES", "2017-03-28T06:10Z")
    assert said.particulars == ("kind=phone", "seal=S=1")


@pytest.mark.parametrize(
    ("about", "says", "values", "given"),
    [
        ("persn ES-P-01", "arrested", [], {}),
        ("person", "arrested", [], {}),
        ("person ES\u202eP", "arrested", [], {}),
        ("person ES-P-01", "arested", [], {}),
        ("person ES-P-01", "safeguarded", [], {}),
        ("search ES-S-01", "seized", [], {}),
        ("exhibit 7", "seized", [], {}),
        ("person ES-P-01", "withdrawn", [], {}),
        ("person ES-P-01", "arrested", [], {"withdraws": (1,)}),
        ("person ES-P-01", "arrested", ["kind"], {}),
        ("person ES-P-01", "arrested", [], {"country": "UK"}),
        ("person ES-P-01", "arrested", [], {"happened_at": "2071-01-01"}),
        ("person ES-P-01", "arrested", [], {"happened_at": "yesterday"}),
    ],
)
def test_what_can_not_be_stated_is_refused(about, says, values, given) -> None:
    with pytest.raises(UsageError):
        stated(about, says, values, {**NOTHING, **given})


def test_a_withdrawal_names_what_is_there() -> None:
    there = site("X", {"about": "person P-1", "says": "arrested"})
    taken = stated("person P-1", "withdrawn", [], {"withdraws": (1,)})
    assert taken.withdraws == ("1",)
    check_withdrawn(taken, there)
    other = stated("person P-2", "withdrawn", [], {"withdraws": (1,)})
    with pytest.raises(UsageError, match="no own statement 1 about person P-2"):
        check_withdrawn(other, there)
