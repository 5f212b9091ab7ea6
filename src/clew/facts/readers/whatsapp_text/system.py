"""System lines: what the messenger itself wrote into a chat, read by a catalogue of wordings."""

import re
from functools import cache

import msgspec

from clew.facts.reader_api import data_file
from clew.facts.readers.whatsapp_text.clock import MARKS

_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»‹›「」『』", '"') | dict.fromkeys("‘’‚ʼ", "'"))
_SPACES = re.compile("[ \\t\u00a0\u2000-\u200a\u202f\u3000]+")
_PLACE = re.compile(r"\{(actor|target|old|new)\}")
_LIST = re.compile(r", | and | y | e | und | et | en | и | ve | dan ")


class Line(msgspec.Struct, frozen=True):
    """A system line as a rule reads it; names as they stand in it."""

    action: str
    actor: str | None = None
    targets: tuple[str, ...] = ()
    old: str | None = None
    new: str | None = None
    by_owner: bool = False
    """The holder of the device did it."""
    to_owner: bool = False
    """It was done to the holder of the device."""


class _Rule(msgspec.Struct, frozen=True):
    language: str
    action: str
    hint: str
    """Longest stretch of fixed words, which a line must hold."""
    pattern: re.Pattern[str]
    by_owner: bool
    to_owner: bool


@cache
def rules() -> list[dict[str, str]]:
    """Every rule of the catalogue, with its example."""
    found: list[dict[str, str]] = data_file(__package__, "catalogue", "system.toml")["rules"]
    return found


def line_of(text: str) -> Line | None:
    """What a system line says; None where no rule knows its wording."""
    plain = plain_line(text)
    for rule in _compiled():
        if rule.hint in plain and (match := rule.pattern.fullmatch(plain)):
            found = match.groupdict()
            target = found.get("target")
            return Line(
                rule.action,
                actor=found.get("actor"),
                targets=tuple(t for t in _LIST.split(target) if t) if target else (),
                old=found.get("old"),
                new=found.get("new"),
                by_owner=rule.by_owner,
                to_owner=rule.to_owner,
            )
    return None


def languages_of(text: str) -> frozenset[str]:
    """Languages in which the messenger writes this line, as far as rules know."""
    plain = plain_line(text)
    fitting = (r for r in _compiled() if r.hint in plain and r.pattern.fullmatch(plain))
    return frozenset(rule.language for rule in fitting)


def plain_line(text: str) -> str:
    """A line without invisible marks, with plain quotes and single spaces."""
    return _SPACES.sub(" ", MARKS.sub("", text).translate(_QUOTES)).strip().rstrip(".。।")


@cache
def _compiled() -> tuple[_Rule, ...]:
    return tuple(
        _Rule(
            rule["language"],
            rule["action"],
            max(_PLACE.sub("\0", plain_line(rule["text"])).replace("*", "\0").split("\0"), key=len),
            re.compile(_pattern(rule["text"]), re.DOTALL),
            rule.get("by") == "owner",
            rule.get("to") == "owner",
        )
        for rule in rules()
    )


def _pattern(text: str) -> str:
    """Pattern of a wording: places become groups, and a star stands for anything."""
    made = ""
    for part in re.split(r"(\{\w+\}|\*)", plain_line(text)):
        place = _PLACE.fullmatch(part)
        made += f"(?P<{place[1]}>.+?)" if place else ".*" if part == "*" else re.escape(part)
    return made
