"""The one door to a terminal: no character of evidence moves it, colours it or turns what is read.

Paths, names and texts from evidence stand in tables, sentences and errors alike, so everything that
a command prints goes through here.
"""

import json
import unicodedata

import click

_SHOWN_OUT = ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")


def put(text: str, *, err: bool = False, nl: bool = True) -> None:
    """Print a text whose control and bidirectional characters are written out."""
    click.echo(printable(text), err=err, nl=nl)


def printable(text: str) -> str:
    """Text that can't move the cursor, change colours or turn the reading direction."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(f"\u27e8U+{ord(c):04X}\u27e9" if _hides(c) else c for c in text)


def escaped(encoded: str) -> str:
    """JSON of the same value, in which such characters are escapes."""
    if encoded.isascii() and encoded.isprintable():
        return encoded
    return "".join(json.dumps(c)[1:-1] if _hides(c) else c for c in encoded)


def _hides(character: str) -> bool:
    return character != "\n" and unicodedata.category(character) in _SHOWN_OUT
