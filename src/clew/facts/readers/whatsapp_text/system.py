"""System lines: what the messenger itself wrote into a chat, read by a catalogue of wordings."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache, lru_cache

import msgspec

from clew.facts.reader_api import data_file
from clew.facts.readers.whatsapp_text.clock import MARKS

_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»‹›「」『』", '"') | dict.fromkeys("‘’‚ʼ", "'"))
_STOP = "(?:[.:;!](?: |$)|[。、，؛،۔।])"
"""What ends the sentence in which a name stands last."""
_SPACES = re.compile("[ \\t\u00a0\u2000-\u200a\u202f\u3000]+")
_SLOT = re.compile(r"\{(actor|target|both|old|new)\}")
_PERSONS = ("actor", "target", "both")
_EITHER = re.compile(r"\[([^\]]*\|[^\]]*)\]")
_LIST = re.compile(r", | and | y | e | und | et | en | и | ve | dan |、")
_LONGEST_NAME = 60
"""Characters beyond which what stands for one person is no name."""
_TELLING = 6
"""Characters that tell a wording in front of a colon."""


class Line(msgspec.Struct, frozen=True):
    """A system line as a rule reads it; names as they stand in it."""

    action: str
    actor: str | None = None
    targets: tuple[str, ...] = ()
    both: str | None = None
    """Actor with what follows, where only the labels of the chat tell where a name ends."""
    old: str | None = None
    new: str | None = None
    by_owner: bool = False
    """The holder of the device did it."""
    to_owner: bool = False
    """It was done to the holder of the device."""


class _Rule(msgspec.Struct, frozen=True):
    language: str
    action: str
    hints: tuple[str, ...]
    """Fixed words of which a line must hold one."""
    pattern: str
    fixed: int
    """Characters that always stand."""
    by_owner: bool
    to_owner: bool

    def left_open(self, match: re.Match[str]) -> tuple[int, int, int]:
        """How much of a line its words leave open: the less, the surer is what it reads."""
        names = match.groupdict().items()
        captured = sum(len(text) for slot, text in names if text and slot in _PERSONS)
        return ("both" in match.groupdict(), captured, -self.fixed)

    def match(self, plain: str) -> re.Match[str] | None:
        """Match of a whole line; most are distinguished by their words alone."""
        if not any(hint in plain for hint in self.hints):
            return None
        return _regex(self.pattern).fullmatch(plain)


@cache
def rules() -> list[dict[str, str]]:
    """Every rule of the catalogue: of those with an example, and of those by language."""
    found: list[dict[str, str]] = data_file(__package__, "catalogue", "system.toml")["rules"]
    return [*found, *_by_language()]


def _by_language() -> Iterator[dict[str, str]]:
    for language, known in data_file(__package__, "catalogue", "notices.toml").items():
        for standing in ("verified", "unverified"):
            for key, texts in known.get(standing, {}).items():
                action, _, about = key.partition(" ")
                owner = {"by owner": {"by": "owner"}, "to owner": {"to": "owner"}}.get(about, {})
                for text in texts:
                    yield {"language": language, "action": action, "text": text, **owner}


@lru_cache(maxsize=4096)
def line_of(text: str) -> Line | None:
    """What a system line says; None where no rule knows its wording."""
    plain = plain_line(text)
    matched = ((rule, match) for rule in _candidates(plain) if (match := rule.match(plain)))
    lines = ((rule.left_open(match), _line(rule, match)) for rule, match in matched)
    possible = [(open_, line) for open_, line in lines if line]
    return min(possible, key=lambda found: found[0])[1] if possible else None


def _line(rule: _Rule, match: re.Match[str]) -> Line | None:
    """What a rule reads; None where what stands for a person can't be one."""
    found = match.groupdict()
    targets = tuple(t for t in _LIST.split(found.get("target") or "") if t)
    if not all(map(_may_be_name, (*targets, found.get("actor") or "-"))):
        return None
    return Line(
        rule.action,
        actor=found.get("actor"),
        targets=targets,
        both=found.get("both"),
        old=found.get("old"),
        new=found.get("new"),
        by_owner=rule.by_owner,
        to_owner=rule.to_owner,
    )


def _may_be_name(found: str) -> bool:
    """Whether what stands for a person can be one: no group, no sentence, no quotation."""
    return len(found) <= _LONGEST_NAME and '"' not in found and found.casefold() not in _groups()


@cache
def _groups() -> frozenset[str]:
    """What languages call the group, the community and the holder, which is nobody's name."""
    return frozenset(data_file(__package__, "catalogue", "system.toml")["nobody"])


def may_begin_notice(name: str) -> bool:
    """Whether what stands before a colon may be the first part of a notice, and no name."""
    plain = plain_line(name)
    telling = (h for rule in _candidates(plain) for h in rule.hints if len(h) >= _TELLING)
    return '"' in plain or any(hint in plain for hint in telling)


def languages_of(text: str) -> frozenset[str]:
    """Languages in which the messenger writes this line, as far as rules know."""
    plain = plain_line(text)
    return frozenset(rule.language for rule in _candidates(plain) if rule.match(plain))


def plain_line(text: str) -> str:
    """A line without invisible marks, with plain quotes and single spaces."""
    return _SPACES.sub(" ", MARKS.sub("", text).translate(_QUOTES)).strip().rstrip(".。।")


@cache
def _compiled() -> tuple[_Rule, ...]:
    return tuple(map(_rule, rules()))


def _candidates(plain: str) -> list[_Rule]:
    """Rules of which some word may stand in a line, in their order; most lines have few."""
    pairs = {plain[n : n + 2] for n in range(len(plain))} | set(plain)
    index = _index()
    ranks = {rank for pair in pairs if pair in index for rank in index[pair]}
    known = _compiled()
    return [known[rank] for rank in sorted(ranks)]


@cache
def _index() -> dict[str, list[int]]:
    """Ranks of the rules by two characters of each of their hints, those that are rarest."""
    hints = [(rank, hint) for rank, rule in enumerate(_compiled()) for hint in rule.hints]
    pairs = [[hint[n : n + 2] for n in range(max(len(hint) - 1, 1))] for _, hint in hints]
    often = Counter(pair for found in pairs for pair in found)
    index: dict[str, list[int]] = {}
    for (rank, _), found in zip(hints, pairs, strict=True):
        index.setdefault(min(found, key=lambda pair: often[pair]), []).append(rank)
    return index


def _rule(rule: dict[str, str]) -> _Rule:
    text = plain_line(rule["text"])
    fixed = _SLOT.sub("\0", _EITHER.sub("\0", text)).replace("*", "\0").split("\0")
    return _Rule(
        rule["language"],
        rule["action"],
        _hints(text, fixed),
        _pattern(text),
        sum(map(len, fixed)),
        rule.get("by") == "owner",
        rule.get("to") == "owner",
    )


def _hints(text: str, fixed: list[str]) -> tuple[str, ...]:
    """The words that tell most: a stretch that always stands, or the ways of one that varies."""
    either = [tuple(found.split("|")) for found in _EITHER.findall(text)]
    return max([*((part,) for part in fixed), *either], key=lambda ways: min(map(len, ways)))


@cache
def _regex(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.DOTALL)


def _pattern(text: str) -> str:
    """Pattern of a wording: slots become groups, a star anything, brackets one of several."""
    made = ""
    parts = re.split(r"(\{\w+\}\*?|\*|\[[^\]]*\|[^\]]*\])", text)
    for part in parts:
        if slot := _SLOT.match(part):
            ends = rf"(?:{_STOP}.*)?" if part.endswith("*") else ""  # a sentence more, or nothing
            made += f"(?P<{slot[1]}>.+?){ends}"
        elif either := _EITHER.fullmatch(part):
            ways = sorted(either[1].split("|"), key=len, reverse=True)
            made += "(?:" + "|".join(map(re.escape, ways)) + ")"
        else:
            made += ".*" if part == "*" else re.escape(part)
    return made
