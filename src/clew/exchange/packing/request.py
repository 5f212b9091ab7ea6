"""What a package is asked to be: for whom, on what basis, with what in it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from datetime import date
from functools import cache
from importlib import resources

import msgspec

from clew.errors import UsageError
from clew.exchange.moments import refuse_past
from clew.exchange.packing.naming import Receiver
from clew.words.catalogue import is_language

ENGLISH = "en"
PURPOSE = "prevention, investigation, detection or prosecution of criminal offences"
"""What a package is sent for, unless another purpose is given: Directive (EU) 2016/680, Art. 1."""


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """A package that somebody asks for."""

    sender: Receiver
    """Who sends, by the id under which partners register each other."""
    receivers: tuple[Receiver, ...]
    """Who may open it."""
    legal_basis: str
    keep_until: date
    purpose: str = PURPOSE
    texts: bool = False
    """What people wrote goes along."""
    desk: bool = False
    """It is for a desk that identifies victims."""
    languages: tuple[str, ...] = (ENGLISH,)
    """Languages of the cover page."""
    supersedes: str | None = None
    """Package that it replaces."""

    def check(self) -> None:
        """Raise UsageError where a package can't be made of it."""
        if not self.receivers:
            raise UsageError(
                "a package needs a receiver", do="Name one: --to PT; nothing was written."
            )
        if not self.legal_basis.strip() or not self.purpose.strip():
            raise UsageError(
                "a package needs a legal basis and a purpose; nothing was written",
                do='Say them: --legal-basis "Law 23/2014, Art. 186; order 12/26"',
            )
        refuse_past(self.keep_until)
        for language in filter(lambda one: not is_language(one), self.languages):
            raise UsageError(
                f"{language!r} is no language; nothing was written",
                do="Name it by its code, as in: --language pt",
            )
        if self.sender.partner_id in {one.partner_id for one in self.receivers}:
            raise UsageError(
                "a package has another receiver than its sender", do="Name a partner: --to PT"
            )


def languages(receivers: Iterable[Receiver], asked: Iterable[str] = ()) -> tuple[str, ...]:
    """Languages of the cover: English, and those asked for or else of the receivers' countries."""
    spoken = [language for one in receivers if (language := _spoken().get(one.country or ""))]
    return tuple(dict.fromkeys((ENGLISH, *(asked or spoken))))


@cache
def _spoken() -> dict[str, str]:
    """The language of each country whose language has a cover."""
    text = resources.files("clew.exchange.packing").joinpath("languages.toml").read_text("utf-8")
    return {
        country: language
        for language, countries in tomllib.loads(text).items() for country in countries
    }  # fmt: skip
