"""The one door to a terminal: no character of evidence moves it, colours it or turns what is read.

Paths, names and texts from evidence stand in tables, sentences and errors alike, so everything that
a command prints goes through here.
"""

import json
import os

import click

from clew.words.characters import hides, spelt_out


def put(text: str, *, err: bool = False, nl: bool = True) -> None:
    """Print a text whose control and bidirectional characters are written out."""
    click.echo(printable(text), err=err, nl=nl)


def put_paged(text: str) -> None:
    """The same through the pager of the terminal, which has nothing to colour."""
    os.environ.setdefault("LESS", "FRX")
    click.echo_via_pager(printable(text) + "\n", color=False)


def printable(text: str) -> str:
    """Text that can't move the cursor, change colours or turn the reading direction."""
    return spelt_out(text, keep="\n")


def escaped(encoded: str) -> str:
    """JSON of the same value, in which such characters are escapes."""
    if encoded.isascii() and encoded.isprintable():
        return encoded
    return "".join(json.dumps(c)[1:-1] if hides(c, keep="\n") else c for c in encoded)
