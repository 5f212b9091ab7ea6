"""How names and handles are written, brought to what two spellings of one name share."""

import re
import tomllib
import unicodedata
from functools import cache
from importlib import resources

import msgspec

_LONG = 9
"""Letters from which on a single word is taken as a handle too, as ``lalobera``."""
_SPACES = re.compile(r"\s+")
_NOT_NAMES = re.compile(r"[^\w\s.'-]")
_NOT_LETTERS = re.compile(r"[\W\d_]")
_LOOKS_CHOSEN = re.compile(r"[\d._]")
_TWO_LETTERS = (("ae", "a"), ("oe", "o"), ("ue", "u"), ("ny", "n"))
"""How German and Spanish letters are written where a keyboard lacks them."""


class Spelling(msgspec.Struct, frozen=True):
    """What one written name says."""

    handle: str | None = None
    """A name that its owner made up: with digits, points or underscores, or one long word."""
    words: tuple[str, ...] = ()
    """Words of a name, without accents and case; words for places and circumstances left out."""
    forms: tuple[str, ...] = ()
    """The words, and the given names that those among them which are short forms stand for."""

    @property
    def full(self) -> str | None:
        """A name of two words or more, in whatever order they were written."""
        return " ".join(sorted(self.words)) if len(self.words) > 1 else None


def spelling(written: str) -> Spelling:
    """Read a name as somebody wrote it."""
    text = folded(_NOT_NAMES.sub(" ", written)).strip()
    parts = _SPACES.split(text) if text else []
    if len(parts) == 1 and (_LOOKS_CHOSEN.search(text.strip(".")) or len(text) >= _LONG):
        return Spelling(handle=handle(text))
    shorts, around = _short_forms(), _around()
    words = [
        word
        for word in dict.fromkeys(_plain(part) for part in parts)
        if word not in around and (word in shorts or len(word) > 1 + word.isascii())
    ]
    forms = dict.fromkeys([*words, *(long for w in words for long in shorts.get(w, ()))])
    return Spelling(words=tuple(words), forms=tuple(forms))


def handle(written: str) -> str | None:
    """A handle without its case, points and underscores."""
    return re.sub(r"[\W_]", "", folded(written)) or None


def folded(text: str) -> str:
    """A text without case and accents."""
    if text.isascii():
        return text.casefold()
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in apart if not unicodedata.combining(c))


def _plain(word: str) -> str:
    word = _NOT_LETTERS.sub("", word)
    for two, one in _TWO_LETTERS:
        word = word.replace(two, one)
    return word


@cache
def _lists() -> dict[str, dict[str, str]]:
    text = resources.files("clew.findings.linkage").joinpath("names.toml").read_text("utf-8")
    return tomllib.loads(text)


@cache
def _around() -> frozenset[str]:
    words = " ".join(_lists()["around"].values()).split()
    return frozenset(_plain(folded(word)) for word in words)


@cache
def _short_forms() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for names in _lists()["short"].values():
        for entry in names.split(";"):
            long, *shorts = (_plain(folded(word)) for word in entry.split())
            for short in shorts:
                found.setdefault(short, set()).add(long)
    return {short: frozenset(longs) for short, longs in found.items()}
