"""Times of day as exports write them: any digits, twelve hours with words in many scripts."""

import re
from functools import cache
from typing import Any

from clew.facts.reader_api import data_file

INVISIBLE = "\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\u061c\ufeff"
"""Marks that exports scatter through headers, as part of a class of characters."""
SPACE = "[ \\t\u00a0\u2000-\u200a\u202f\u205f\u3000]"
GAP = f"[ \\t\u00a0\u2000-\u200a\u202f\u205f\u3000{INVISIBLE}]"
"""A space of any kind, or a mark."""
_READ = re.compile(
    r"^(?P<before>\D*?)(?P<h>\d{1,2})\D{1,4}?(?P<m>\d{2})(?:\D{1,3}?(?P<s>\d{2}))?(?P<after>\D*)$"
)
MARKS = re.compile(f"[{INVISIBLE}]")
_SIGNS = re.compile(rf"[\s.'’{INVISIBLE}]+")
_HOURS = 12


@cache
def entries() -> dict[str, Any]:
    """Read the catalogue of words for times and months."""
    return data_file(__package__, "catalogue", "clock.toml")


def plain(words: str) -> str:
    """Words without case, dots, spaces and marks."""
    return _SIGNS.sub("", words).casefold()


@cache
def meanings() -> dict[str, str]:
    """What each known word means: am, pm, noon, night, evening or none."""
    found: dict[str, str] = {}
    for entry in entries()["clock"]:
        for meaning in ("am", "pm", "noon", "night", "evening", "none"):
            for word in entry.get(meaning, ()):
                found.setdefault(plain(word), meaning)
    return found


@cache
def words_pattern(like: str = "") -> str:
    """Pattern of the known words; of those of one language, if ``like`` is one of its words."""
    wanted = plain(like)
    ways: set[str] = set()
    for entry in entries()["clock"]:
        words = [w for value in entry.values() if isinstance(value, list) for w in value]
        if not wanted or wanted in map(plain, words):
            ways.update(_way(word) for word in words)
    if not ways:
        return re.escape(like)
    return "(?i:" + "|".join(sorted(ways, key=lambda w: (-len(w), w))) + ")"


def _way(word: str) -> str:
    if " " in word or len(word) > 4:
        return rf"{GAP}".join(map(re.escape, word.split())) + r"\.?"
    return rf"\.?{GAP}?".join(map(re.escape, word)) + r"\.?"


def time_of_day(found: str) -> tuple[str | None, str]:
    """Time in ISO 8601 and its precision; None where the words or figures make no time.

    >>> time_of_day("11:45 p. m.")
    ('23:45', 'min')
    >>> time_of_day("14.56.01")
    ('14:56:01', 's')
    """
    match = _READ.match(found)
    if match is None:
        return None, "min"
    precision = "s" if match["s"] else "min"
    hour = _hour(int(match["h"]), plain(match["before"]) or plain(match["after"]).strip("]-"))
    minute, second = int(match["m"]), int(match["s"] or 0)
    if hour is None or hour >= 24 or minute >= 60 or second >= 60:
        return None, precision
    return f"{hour:02}:{minute:02}" + (f":{second:02}" if match["s"] else ""), precision


def _hour(hour: int, word: str) -> int | None:
    """Hour of the day; None for a word that no rule knows."""
    meaning = meanings().get(word) if word else "none"
    if meaning is None or meaning == "none" or hour > _HOURS:
        return hour if meaning else None
    hour %= _HOURS
    afternoon = {
        "am": False,
        "pm": True,
        "noon": hour < 6,  # twelve to five; ten and eleven are before midday
        "night": hour >= 6,  # six to eleven; twelve to five are after midnight
        "evening": hour > 0,
    }[meaning]
    return hour + _HOURS if afternoon else hour
