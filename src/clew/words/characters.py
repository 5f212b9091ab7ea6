"""Characters that hide something, move a cursor or turn what is read, spelt out as code points.

What came from evidence can hold anything. In a terminal, a document or a spreadsheet it is shown
with such characters written out, so that nobody is shown something else than what stands there.

>>> spelt_out("a\u202eb")
'a⟨U+202E⟩b'
"""

import unicodedata

_HIDING = frozenset(("Cc", "Cf", "Cs", "Co", "Zl", "Zp"))
"""Categories of Unicode: controls, formats, surrogates, private use, separators of lines."""
_NO_CHARACTERS = "\ufffe\uffff"
"""Allowed in no XML, and so in no drawing and no workbook."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What begins a formula, in full width too; a blank that a program takes away first."""


def no_formula(text: str) -> str:
    """A text as a cell of CSV that no spreadsheet runs, in which nothing is hidden."""
    shown = spelt_out(text, keep="\n")
    return f"'{shown}" if shown.startswith(_FORMULA) else shown


def spelt_out(text: str, keep: str = "") -> str:
    """Text whose hiding characters are written out, but for those to ``keep``, as line breaks."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(f"\u27e8U+{ord(c):04X}\u27e9" if hides(c, keep) else c for c in text)


def hides(character: str, keep: str = "") -> bool:
    """Whether a character shows nothing of its own, or is no character at all."""
    hidden = unicodedata.category(character) in _HIDING or character in _NO_CHARACTERS
    return hidden and character not in keep


def normal(text: str) -> str:
    """Casefold and strip accents, so that a search for ``malaga`` finds ``Málaga``."""
    if text.isascii():
        return text.lower()
    spread = unicodedata.normalize("NFKD", text.casefold())
    combining = unicodedata.combining
    return "".join([c for c in spread if not combining(c)])
