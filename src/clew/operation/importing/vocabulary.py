"""Words that registers are written with: names of columns, of things, of states."""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib import resources

import msgspec

_SIGNS = re.compile(r"[^0-9a-z]+")


class Vocabulary(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What ``vocabulary.toml`` says."""

    totals: frozenset[str]
    columns: dict[str, dict[str, tuple[str, ...]]]
    """Names of each field's column, by what is imported."""
    kinds: dict[str, tuple[str, ...]]
    results: dict[str, tuple[str, ...]]
    states: dict[str, tuple[str, ...]]
    statuses: dict[str, tuple[str, ...]]
    of_victims: dict[str, frozenset[str]]
    categories: dict[str, tuple[str, ...]]
    countries: dict[str, str]
    """Codes that are often written and are none of ISO 3166-1, with the code that is meant."""


@cache
def vocabulary() -> Vocabulary:
    """The words that are known."""
    data = resources.files(__package__).joinpath("vocabulary.toml").read_bytes()
    return msgspec.toml.decode(data, type=Vocabulary)


@lru_cache(maxsize=50_000)
def normal(text: str) -> str:
    """A text in lower case, without accents and signs.

    >>> normal("Nº  indicio:")
    'no indicio'
    """
    plain = text.casefold().replace("°", "o")
    if not plain.isascii():
        spread = unicodedata.normalize("NFKD", plain)
        plain = "".join(c for c in spread if not unicodedata.combining(c))
    return " ".join(_SIGNS.sub(" ", plain).split())


def exactly(words: Mapping[str, tuple[str, ...]], text: str) -> str | None:
    """What a whole text means."""
    wanted = normal(text)
    underscored = wanted.replace(" ", "_")
    if underscored in words:
        return underscored
    return next((meaning for meaning, known in words.items() if wanted in known), None)


@cache
def kind_of(text: str) -> str | None:
    """What kind of thing words describe: the longest words that are known decide.

    >>> kind_of("DVD (lote)"), kind_of("Ordenador portátil HP"), kind_of("cuaderno")
    ('optical_disc', 'laptop', None)
    """
    known = vocabulary().kinds
    if exact := exactly(known, text):
        return exact
    said = f" {normal(text)} "
    found = [(len(w), kind) for kind, words in known.items() for w in words if f" {w} " in said]
    return max(found)[1] if found else None
