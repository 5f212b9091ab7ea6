"""Words of dates, of places and of persons in six languages, from ``languages.toml``."""

import re
from collections import Counter
from functools import cache

import msgspec

from clew.facts.reader_api import data_file
from clew.words.characters import normal

_WORD = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")
_SPAN = re.compile(
    r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*(?:[ \u00a0]+[^\W\d_]+(?:['\u2019-][^\W\d_]+)*)*"
)
_JOINING = frozenset({"de", "del", "la", "las", "los", "da", "do", "dos", "di", "du", "von", "van"})
"""Small words inside names of places and persons."""
_SENTENCE_ENDS = '.!?:;\n\u2013\u2014-|\u2022"\u201c('


class Language(msgspec.Struct, frozen=True):
    """The words of one language, as in the data file."""

    months: list[list[str]]
    weekdays: list[str]
    lead: list[str]
    to: list[str]
    of: list[str]
    year: list[str]
    prepositions: list[str]
    common: list[str]
    examples: list[tuple[str, str]]
    every_noun: bool = False
    """Every noun has a capital."""


@cache
def languages() -> dict[str, Language]:
    """The languages by their ISO 639-1 codes."""
    return msgspec.convert(data_file(__package__, "languages.toml"), dict[str, Language])


@cache
def months() -> dict[str, tuple[int, frozenset[str]]]:
    """Every word for a month: its number, and the languages that have it."""
    found: dict[str, tuple[int, frozenset[str]]] = {}
    for code, language in languages().items():
        for number, words in enumerate(language.months, start=1):
            for word in words:
                found[word] = (number, found.get(word, (number, frozenset()))[1] | {code})
    return found


@cache
def weekdays() -> frozenset[str]:
    """Every word for a day of the week."""
    return frozenset(every("weekdays"))


def every(field: str) -> list[str]:
    """Words of one kind in all languages, the longest first."""
    words = {word for language in languages().values() for word in getattr(language, field)}
    return sorted(words, key=lambda w: (-len(w), w))


def common_words(text: str) -> dict[str, int]:
    """How often the common words of each language stand in a text."""
    words = Counter(_WORD.findall(normal(text)))
    return {code: sum(words[w] for w in language.common) for code, language in languages().items()}


def leading(votes: dict[str, int]) -> str | None:
    """The language with the most votes; None where none leads."""
    ordered = sorted(votes.items(), key=lambda vote: -vote[1])
    if len(ordered) > 1 and ordered[0][1] == ordered[1][1]:
        return None
    return ordered[0][0] if ordered and (ordered[0][1] or len(ordered) == 1) else None


def places_and_names(text: str, code: str | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Capitalised words of a text: after a preposition of place, and elsewhere in a sentence.

    Words are kept as found and each once. Without a language nothing is known of prepositions, and
    all stand as names. A word that begins a sentence is left out unless a second one follows; where
    every noun has a capital, single ones are left out wherever they stand.
    """
    language = languages().get(code or "")
    of_dates = weekdays() | months().keys()
    places: dict[str, None] = {}
    names: dict[str, None] = {}
    for run in _SPAN.finditer(text):
        words = [(word.start() + run.start(), word.group()) for word in _WORD.finditer(run.group())]
        at = 0
        while at < len(words):
            span = _capitalised(words, at)
            found = " ".join(word for _, word in words[at : at + span])
            before = normal(words[at - 1][1]) if at else ""
            if span and normal(found) not in of_dates:
                if language and before in language.prepositions:
                    places[found] = None
                elif _is_name(text, words[at][0], span, language):
                    names[found] = None
            at += max(span, 1)
    return tuple(places), tuple(names)


def _capitalised(words: list[tuple[int, str]], at: int) -> int:
    """How many words from here on belong to a capitalised span."""
    length = last = 0
    while at + length < len(words):
        word = words[at + length][1]
        length += 1
        inner = sum(c.isupper() for c in word[1:])
        if word[0].isupper() and (inner <= 1 or word.isupper()):  # no code of mixed letters
            last = length
        elif word not in _JOINING or not last:
            break
    return last


def _is_name(text: str, start: int, span: int, language: Language | None) -> bool:
    if span > 1:
        return True
    if language and language.every_noun:
        return False
    before = text[:start].rstrip(" \u00a0\t")
    return bool(before) and before[-1] not in _SENTENCE_ENDS
