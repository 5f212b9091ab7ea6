"""What opens a key: the passphrase or PIN that is asked for before somebody signs."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from clew.casefile import Case
    from clew.casefile.custody.identity import Identity


def answers(case: Case) -> None:
    """Let whoever works here sign what they answer for, where they have a key."""
    from clew.casefile.custody import identity

    if found := identity.identity():
        sign_with(case, found)


def sign_with(case: Case, found: Identity) -> None:
    """Let a key sign what people answer for in a case; its passphrase is asked for."""
    from clew.casefile.custody.identity import Analyst

    case.custody.analyst = Analyst.of(found, passphrase(found.asks) if found.asks else "")


def passphrase(asked: str, *, confirm: bool = False, is_witness: bool = False) -> str:
    """A passphrase from the file that CLEW_PASSPHRASE_FILE names, or else from whoever is asked.

    That of a witness is in the file that CLEW_WITNESS_PASSPHRASE_FILE names, if one does.
    """
    from clew.casefile.custody.keys import PASSPHRASE_FILE, WITNESS_FILE
    from clew.errors import UsageError

    variable = WITNESS_FILE if is_witness and WITNESS_FILE in os.environ else PASSPHRASE_FILE
    if named := os.environ.get(variable):
        try:
            return Path(named).read_text("utf-8").rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(
                f"the passphrase can't be read from {named} ({error})",
                do=f"See to the file that {variable} names, or unset it to be asked.",
            ) from error
    return str(click.prompt(asked, hide_input=True, confirmation_prompt=confirm, err=True))
