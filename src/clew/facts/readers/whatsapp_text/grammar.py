"""Where messages begin: the grammar of header lines, general for all, compiled for one file.

The general grammar knows every way of writing date and time that exports use. It is slow. The
headers at the start of a file show which few of these ways the file uses; one expression is
compiled for them, and what it misses is looked at again with the general one.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache

import msgspec

from clew.facts.readers.whatsapp_text.clock import GAP, INVISIBLE, SPACE, words_pattern

IOS, ANDROID = "ios", "android"
_I = f"[{INVISIBLE}]*"
_WORD = r"[^\W\d_]"
_ERA = r"(?:[MTSHR]|明治|大正|昭和|平成|令和|民國|民国)"
_PART = rf"(?:{_ERA}{GAP}?)?\d{{1,4}}"
_MONTH = rf"{_WORD}{{3,10}}\.?"
_SEP = rf"{GAP}{{0,2}}[./\-‐-–年月년월]{GAP}{{0,2}}"
_SUFFIX = r"(?:BE|B\.E\.|AH|AD|CE|พ\.ศ\.|ค\.ศ\.|هـ|г\.?|р\.?)"
_AFTER = rf"(?:{_I}[日일.])?(?:{GAP}{{1,2}}{_SUFFIX})?"
_DATE = (
    rf"(?:{_PART}{_SEP}(?:\d{{1,2}}|{_MONTH}){_SEP}{_PART}{_AFTER}"
    rf"|\d{{1,2}}\.?{SPACE}(?:de{SPACE})?{_MONTH}{SPACE}(?:de{SPACE})?\d{{4}}{_AFTER}"
    rf"|{_MONTH}{SPACE}\d{{1,2}},?{SPACE}\d{{4}})"
)
_CLOCK = rf"\d{{1,2}}{_I}(?:[:.]|{SPACE}?h{SPACE}?){_I}\d{{2}}(?:{_I}[:.]{_I}\d{{2}})?(?![:.]?\d)"
_JOIN = rf"(?:[,،、]{GAP}{{0,2}}|{GAP}{{1,2}})"
_UNKNOWN = {
    IOS: rf"{_WORD}[^\d\n\[\]:/\-]{{0,18}}",
    ANDROID: rf"{_WORD}{{1,3}}\.?(?:{SPACE}?{_WORD}{{1,2}}\.)?(?={GAP}*[-–\d])",
}
"""Words beside a time that no rule knows; a bracket or dash must show that the header ends."""
_ENDS = {IOS: rf"\]{GAP}", ANDROID: rf"{SPACE}[-–]{SPACE}|:{SPACE}"}
_LEADS = {IOS: rf"{_I}\[{_I}", ANDROID: _I}
_AUTHOR = (
    rf"(?:([^:\n]{{1,100}}+(?::[^\s:{INVISIBLE}][^:\n]{{0,60}}+)?)"
    rf":(?:[ \u00a0]|(?=[\n{INVISIBLE}])|\Z))?"
)
"""A name and its colon; a colon inside a name is followed by no space."""
_LIKELY = re.compile(rf"\n(?={_I}(?:[\[\d]|{_WORD}[^\n]{{0,24}}?\d))")
_TOKENS = re.compile(
    rf"\d+|[{INVISIBLE}]+|{_WORD}+(?:[.'’]|{SPACE}(?={_WORD})|{_WORD}|-(?={_WORD}))*|."
)
_MAY_BE = {IOS: re.compile(rf"\n{_I}\["), ANDROID: re.compile(rf"\n{_I}\d{{1,4}}[./\-年]")}
"""A quick look for lines that may begin a message."""
_WAYS = 8
"""More ways of writing a date or a time than this in one file are left to the general grammar."""


class Messages(msgspec.Struct):
    """The messages that begin in a block, field by field, as found."""

    before: str
    """What stands before the first of them: the end of the message before."""
    stamps: list[str]
    dates: list[str]
    times: list[str]
    names: list[str | None]
    texts: list[str]
    flavours: list[str] | None = None
    """Platform of each, where a file mixes them; else all are of the file's."""


class Grammar(msgspec.Struct, frozen=True):
    """How the messages of one file begin."""

    flavour: str
    """Platform that wrote the file: ``ios`` or ``android``."""
    split: re.Pattern[str] | None = None
    """Finds the headers; None where the file has too many ways of writing them."""
    days: re.Pattern[str] | None = None
    """Finds the date of each header alone."""
    time_first: bool = False

    def read(self, text: str) -> Messages:
        """Messages that begin in ``text``, by the file's own expression."""
        if self.split is None:
            return self.read_slowly(text)
        parts = self.split.split(text)
        dates, times = parts[2::5], parts[3::5]
        if self.time_first:
            dates, times = times, dates
        return Messages(parts[0], parts[1::5], dates, times, parts[4::5], parts[5::5])

    def read_whole(self, text: str) -> Messages:
        """Messages that begin in ``text``, line by line where the expression misses some."""
        read = self.read(text)
        rest = read.before + "".join(t for t in read.texts if "\n" in t)
        return self.read_slowly(text) if self._misses(rest) else read

    def read_slowly(self, text: str) -> Messages:
        """Messages of either platform that begin in ``text``, by the general grammar, by lines."""
        met = sorted(
            ((match.start(), flavour, match) for flavour, match in _either(text)),
            key=lambda found: found[0],
        )
        ends = [*(start for start, *_ in met), len(text)]
        found = [match for *_, match in met]
        return Messages(
            text[: ends[0]],
            [match["stamp"] for match in found],
            [match["d"] or match["d2"] for match in found],
            [match["t"] or match["t2"] for match in found],
            [match.group(match.re.groups) for match in found],
            [text[match.end() : end] for match, end in zip(found, ends[1:], strict=True)],
            [flavour for _, flavour, _ in met],
        )

    def dates(self, text: str) -> dict[str, list[str]]:
        """Dates of the messages that begin in ``text``, by platform."""
        if self.days and not _MAY_BE[self.other].search(text):
            return {self.flavour: self.days.findall(text)}
        found: dict[str, list[str]] = {self.flavour: [], self.other: []}
        if self.days:
            found[self.flavour] = self.days.findall(text)
        for flavour, match in _either(text):
            if flavour == self.other or not self.days:
                found[flavour].append(match["d"] or match["d2"])
        return found

    @property
    def other(self) -> str:
        """The platform that did not write the first message."""
        return ANDROID if self.flavour == IOS else IOS

    def _misses(self, text: str) -> bool:
        """Whether a line in ``text`` begins as messages do, here or on the other platform."""
        return any(
            flavour_of(text[found.end() : found.end() + 400].partition("\n")[0])
            for found in _LIKELY.finditer(text)
        )


@cache
def header(flavour: str) -> re.Pattern[str]:
    """General grammar of a platform's header lines; its last group is the name."""
    word = rf"(?:{words_pattern()}|{_UNKNOWN[flavour]})"
    time = rf"(?:{word}{GAP}{{0,2}})?{_CLOCK}(?:{GAP}{{0,2}}{word})?"
    stamp = rf"(?P<d>{_DATE}){_I}{_JOIN}(?P<t>{time})|(?P<t2>{time}){_I}{_JOIN}(?P<d2>{_DATE})"
    return re.compile(rf"{_LEADS[flavour]}(?P<stamp>{stamp}){_I}(?:{_ENDS[flavour]}){_AUTHOR}")


@cache
def _headers(flavour: str) -> re.Pattern[str]:
    return re.compile("\n" + header(flavour).pattern)


def _either(text: str) -> Iterator[tuple[str, re.Match[str]]]:
    """Headers of both platforms in a text, and of which each is."""
    for flavour in (IOS, ANDROID):
        for match in _headers(flavour).finditer(text):
            yield flavour, match


def flavour_of(line: str) -> str | None:
    """Platform whose messages begin as this line does."""
    return next((f for f in (IOS, ANDROID) if header(f).match(line)), None)


def grammar(samples: Iterable[str]) -> Grammar | None:
    """Grammar of the file that the samples are from; None where no line begins a message."""
    lines = [line[:400] for sample in samples for line in sample.split("\n")]
    flavour = next((f for line in lines if (f := flavour_of(line))), None)
    if flavour is None:
        return None
    headers = [match for line in lines if (match := header(flavour).match(line))]
    return _compiled(flavour, headers) or Grammar(flavour)


def _compiled(flavour: str, headers: list[re.Match[str]]) -> Grammar | None:
    """Expression for the ways of these headers; None where they are too many to be one file's."""
    time_first = {match["d"] is None for match in headers}
    dates = {_way(match["d"] or match["d2"]) for match in headers}
    times = {_way(match["t"] or match["t2"], clock=True) for match in headers}
    if len(time_first) > 1 or len(dates) > _WAYS or len(times) > _WAYS:
        return None
    date, time = _any_of(dates), _any_of(times)
    lead, end = rf"\n{_LEADS[flavour]}", rf"{_I}(?:{_ENDS[flavour]})"
    if time_first == {True}:
        stamp, day = rf"({time}){_I}{_JOIN}({date})", rf"{time}{_I}{_JOIN}({date})"
    else:
        stamp, day = rf"({date}){_I}{_JOIN}({time})", rf"({date}){_I}{_JOIN}{time}"
    return Grammar(
        flavour,
        re.compile(rf"{lead}({stamp}){end}{_AUTHOR}"),
        re.compile(rf"{lead}{day}{end}"),
        time_first == {True},
    )


def _any_of(ways: set[str]) -> str:
    return "(?:" + "|".join(sorted(ways, key=lambda w: (-len(w), w))) + ")"


def _way(found: str, *, clock: bool = False) -> str:
    """Pattern of dates or times written like this one."""
    return "".join(_token(m.group(), clock=clock) for m in _TOKENS.finditer(found))


def _token(token: str, *, clock: bool) -> str:
    if token.isdecimal():
        digit = "[0-9]" if token.isascii() else r"\d"
        return digit + ("{1,2}" if len(token) <= 2 else f"{{{len(token)}}}")
    if re.fullmatch(f"[{INVISIBLE}]", token[0]):
        return _I
    if not token[0].isalpha():
        return re.escape(token)
    if clock:
        return re.escape(token) if token.strip() == "h" else words_pattern(token.strip())
    if re.fullmatch(_ERA, token):
        return _ERA
    return _MONTH if re.fullmatch(_MONTH, token) else re.escape(token)
