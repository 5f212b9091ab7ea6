"""Options that several commands have: who decides, whose key signs, how something is handled."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from clew.cli.output import F, json_option

if TYPE_CHECKING:
    from clew.exchange.markings import Marking

FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
"""A file that is read."""
OUT = click.Path(path_type=Path)
"""A file or folder that is written."""
DAY = click.DateTime(("%Y-%m-%d",))
CODES = ("H0", "H1", "H2", "H3")
LIGHTS = ("CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED")


def together(*options: Callable[[Any], Any]) -> Callable[[F], F]:
    """Give a command several options, which its help lists in this order."""

    def given(command: F) -> F:
        for option in reversed(options):
            command = option(command)
        return command

    return given


by_option = click.option("--by", help="Who decides: your own name, as `clew whoami` says it.")
"""Who decides is whoever has the key, so it may be left out."""


def deciding_options(why: str = "Why.") -> Callable[[F], F]:
    """Give a command that decides something who decides, and why; it can answer in JSON."""
    return together(by_option, click.option("--reason", required=True, help=why), json_option)


def key_options(key: str) -> Callable[[F], F]:
    """Give a command a key that signs, in a file or on a token; ``key`` says which it is."""
    return together(
        click.option("--key", type=FILE, help=key),
        click.option("--name", help="Name of that key, such as es.example/custody."),
        click.option("--pkcs11", "module", help="Module of a PKCS#11 token that has the key."),
        click.option("--label", help="Label of the key on the token."),
    )


def marking_options(*, required: bool = False) -> Callable[[F], F]:
    """Give a command how something may be handled, for ``marking_of``."""
    return together(
        click.option("--handling", multiple=True, required=required, type=click.Choice(CODES),
                     help="Handling code of Europol; several are said several times."),
        click.option("--tlp", required=required, type=click.Choice(LIGHTS),
                     help="Label of the Traffic Light Protocol 2.0."),
        click.option("--restrictions", help="What H3 restricts, in words."),
    )  # fmt: skip


def marking_of(handling: tuple[str, ...], restrictions: str | None, tlp: str | None) -> Marking:
    """Handling codes and traffic light as they were given; UsageError where they are no marking."""
    from clew.errors import UsageError
    from clew.exchange.markings import Handling, Marking, Tlp

    try:
        codes = tuple(Handling(code) for code in sorted(set(handling)))
        return Marking(handling=codes, tlp=Tlp(f"TLP:{tlp}"), restrictions=restrictions)
    except ValueError as error:
        raise UsageError(
            f"this is no marking: {error}; nothing was done",
            do="Say one code or more and one label, as in --handling H1 --tlp AMBER; and what H3 "
            "restricts, with H3 alone: --restrictions.",
        ) from error
