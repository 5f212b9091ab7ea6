"""Says codes and rows in a language: gettext chooses the sentence, figures are written here.

Identifiers of people never stand in a sentence by themselves: a figure with one of the kinds below,
such as ``{added_by:person}``, goes through the reading's masking, which is given the kind.

>>> say("settled_by", "known")
'The content is in a known hash set, by its bytes.'
"""

import gettext
import os
import re
import string
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from clew.words import po
from clew.words.register import Sentence, code, registers, sentences

Mask = Callable[[str, str], str]
"""Shows an identifier, given its kind: as a pseudonym, or in clear to whoever may see it."""
KINDS = ("person", "account", "group", "name", "text")
DOMAIN = "clew"
_TIMES = {"day": "%Y-%m-%d", "local": "%Y-%m-%d %H:%M:%S"}
_NEARLY = 0.995
_WHOLE = re.compile(r"-?[0-9]{1,18}")


def already_masked(_kind: str, value: str) -> str:
    """Shows identifiers of a row that has been masked before it came here."""
    return value


def _refused(kind: str, _value: str) -> str:
    raise PermissionError(f"a {kind} would be shown without masking")


class Speaker:
    """Says codes, figures and rows in one language, and masks who stands in them."""

    def __init__(
        self, mask: Mask = _refused, translations: gettext.NullTranslations | None = None
    ) -> None:
        self._mask = mask
        self._words = translations or spoken()

    def say(self, register: str, name: str, /, **figures: Any) -> str:
        """The sentence of a code with its figures; the code itself where it is not registered."""
        if name not in registers().get(register, {}):
            return name
        return self._said(register, code(register, name).sentence, figures)

    def sentence(self, table: str, row: Mapping[str, Any]) -> str:
        """A row in words: each clause of its table that holds for it."""
        row = {**values_of(row.get("figures") or ()), **row}
        said = [self._said(table, s, row) for s in sentences().get(table, ()) if s.holds(row)]
        return (text := "; ".join(said))[:1].upper() + text[1:] + ("." if text else "")

    def translated(self, context: str, text: str) -> str:
        """A text that has no figures."""
        return self._words.pgettext(context, text)

    def figures(self, register: str, values: Iterable[str]) -> str:
        """A list of ``name=value``, or of codes alone, in words."""
        parts = (value.partition("=") for value in values)
        return ", ".join(self.say(register, name, n=_number(value)) for name, _, value in parts)

    def _said(self, context: str, said: Sentence, figures: Mapping[str, Any]) -> str:
        if said.many:
            count = abs(int(figures.get(said.count) or 0))
            pattern = self._words.npgettext(context, said.say, said.many, count)
        else:
            pattern = self._words.pgettext(context, said.say)
        return _Figures(self._mask, self, figures).vformat(pattern, (), _Given(figures))


class _Given(dict[str, Any]):
    """Figures of a row; a question mark for one that a case of another version lacks."""

    def __missing__(self, name: str) -> str:
        return "?"


class _Figures(string.Formatter):
    """Writes figures: times in UTC, numbers with thin spaces, identifiers through the mask."""

    def __init__(self, mask: Mask, speaker: Speaker, row: Mapping[str, Any]) -> None:
        self._mask = mask
        self._speaker = speaker
        self._row = row

    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, list | tuple) and not format_spec.startswith("figures "):
            return ", ".join(self.format_field(v, format_spec) for v in value)
        if format_spec in KINDS:
            return self._mask(format_spec, str(value))
        if format_spec.startswith("figures "):
            return self._speaker.figures(format_spec.split()[1], value)
        if format_spec.startswith("code "):
            return _clause(self._speaker.say(format_spec.split()[1], str(value), **self._row))
        return written(value, format_spec)


def values_of(figures: Iterable[str]) -> dict[str, Any]:
    """Figures by their names, whole where they are written so; several of one name as a list."""
    found: dict[str, list[Any]] = defaultdict(list)
    for figure in figures:
        name, _, value = figure.partition("=")
        found[name].append(int(value) if _WHOLE.fullmatch(value) else value)
    return {name: v[0] if len(v) == 1 else v for name, v in found.items()}


def _clause(text: str) -> str:
    """A sentence as a part of another."""
    text = text.removesuffix(".")
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def _number(text: str) -> float | str:
    """A figure of a list, whole where it is written so; text that is no number stays text."""
    try:
        return int(text) if text.lstrip("+-").isdigit() else float(text)
    except ValueError:
        return text


def written(value: Any, how: str = "") -> str:
    """A figure: ``day``, ``percent``, ``chance`` (never 0.00 or 1.00), or a format of Python's.

    >>> written(0.998, "chance"), written(0.26, "percent"), written(-0.04, ".1f"), written(12345)
    ('over 0.99', '26 %', '0.0', '12\u202f345')
    """
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):{_TIMES.get(how, '%Y-%m-%d %H:%M:%SZ')}}"
    if how == "chance":
        low = "under 0.01" if value < 1 - _NEARLY else f"{value:.2f}"
        return "over 0.99" if value >= _NEARLY else low
    if how == "percent":
        return f"{100 * value:.0f} %"
    if isinstance(value, float):
        text = format(value, how)
        return text if text.strip("+-0.") else format(0.0, how)
    return f"{value:,}".replace(",", "\u202f") if isinstance(value, int) else str(value)


LOCALES = str(resources.files("clew.words").joinpath("locale"))
"""Folder of the catalogues: ``LANGUAGE/LC_MESSAGES/clew.po``, or ``.mo`` where it is compiled."""
_TAG = re.compile(r"([a-z]{2,3})(?:[-_][A-Za-z]{2,4})?")
"""A language as people name it, such as ``pt`` or ``pt-BR``."""


LANGUAGE = "CLEW_LANGUAGE"
"""Variable of the environment that names the language in which Clew speaks."""


def language() -> str:
    """The language in which Clew speaks."""
    return os.environ.get(LANGUAGE) or "en"


def spoken() -> gettext.NullTranslations:
    """The catalogue of the language in which Clew speaks; English where there is none."""
    return in_language(language())


def in_language(language: str) -> gettext.NullTranslations:
    """The catalogue of a language; English where there is none."""
    return _catalogue(language, LOCALES)


def is_language(language: str) -> bool:
    """Whether that can be the tag of a language; it names files."""
    return _TAG.fullmatch(language) is not None


@cache
def _catalogue(language: str, folder: str) -> gettext.NullTranslations:
    if not (found := _TAG.fullmatch(language)):
        return gettext.NullTranslations()
    for name in (language, found[1]):
        file = Path(folder, name, "LC_MESSAGES", f"{DOMAIN}.po")
        if file.is_file():
            return po.translations(file)
    return gettext.translation(DOMAIN, folder, [language], fallback=True)


def here(text: str) -> str:
    """A text of the command line in the language in which Clew speaks."""
    return spoken().pgettext("cli", text)


def say(register: str, name: str, /, **figures: Any) -> str:
    """The English sentence of a code, which may show nobody."""
    return Speaker().say(register, name, **figures)


def counted(noun: str, n: int) -> str:
    """So many of something, as ``1 file`` and ``2 files``, in the language in which Clew speaks."""
    return Speaker().say("counted", noun, n=n)


def sentence(table: str, row: Mapping[str, Any]) -> str:
    """The English sentence of a row that has been masked before."""
    return Speaker(already_masked).sentence(table, row)
