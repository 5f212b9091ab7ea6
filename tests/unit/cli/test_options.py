"""Options that commands share: in the order in which they are named, and one meaning each."""

from __future__ import annotations

import click
import pytest

from clew.cli.options import CODES, LIGHTS, key_options, marking_of, marking_options, together
from clew.errors import UsageError
from clew.exchange.markings import Handling, Tlp


def names(decorator) -> list[str]:
    return [param.name for param in click.command()(decorator(lambda **_: None)).params]


def test_options_stand_in_the_order_in_which_they_are_given() -> None:
    one, other = click.option("--one"), click.option("--other")
    assert names(together(one, key_options("The key."), other)) == [
        "one", "key", "name", "module", "label", "other",
    ]  # fmt: skip
    assert names(marking_options()) == ["handling", "tlp", "restrictions"]


def test_codes_and_lights_are_those_of_the_schemes() -> None:
    assert [*CODES] == [code.value for code in Handling]
    assert [f"TLP:{light}" for light in LIGHTS] == [light.value for light in Tlp]


def test_codes_come_once_each_and_in_their_order() -> None:
    marking = marking_of(("H2", "H1", "H2"), None, "AMBER")
    assert (marking.handling, marking.tlp) == ((Handling.H1, Handling.H2), Tlp.AMBER)


@pytest.mark.parametrize(
    "given", [((), None, "AMBER"), (("H1",), None, None), (("H3",), None, "RED"),
              (("H1",), "only by post", "RED"), (("H3",), " ", "RED")],
)  # fmt: skip
def test_what_is_no_marking_is_refused_with_what_to_say(given) -> None:
    with pytest.raises(UsageError, match="no marking") as refused:
        marking_of(*given)
    assert "--tlp" in str(refused.value.do)
