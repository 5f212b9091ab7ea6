"""A cover says how the package may be used, and names nobody."""

from __future__ import annotations

import re

import pytest
from builders.packing import accounts, to

from clew.errors import UsageError
from clew.exchange.packing.cover import cover
from clew.exchange.packing.naming import Receiver
from clew.exchange.packing.request import languages


def test_a_cover_says_how_it_may_be_used_and_names_nobody(packed) -> None:
    for country, made in packed.made.items():
        page = (packed.home / country / "cover.en.html").read_text("utf-8")
        assert "H1: not in judicial proceedings" in page
        assert "TLP:AMBER" in page
        assert "order 1/26" in page
        assert "europol-4x4 B2" in page
        assert not any(account in page for account in accounts(made))


@pytest.mark.parametrize("language", ["de", "es", "fr", "it", "pt"])
def test_a_cover_in_the_receivers_language_has_no_sentence_in_english(packed, language) -> None:
    country, made = next(iter(packed.made.items()))
    page = cover(made.content, to(country), language)
    assert f'<html lang="{language}">' in page
    assert not re.search(r"\b(the|which|what|named|stands|only)\b", page)
    assert not any(account in page for account in accounts(made))


def test_a_language_without_a_translation_falls_back_to_english_and_says_so(packed) -> None:
    country, made = next(iter(packed.made.items()))
    page = cover(made.content, to(country), "sv")
    assert '<html lang="en">' in page
    assert "There is no translation into the language sv" in page
    assert "no translation" not in cover(made.content, to(country), "en")


def test_a_cover_is_in_english_and_in_the_languages_of_the_receivers() -> None:
    receivers = (Receiver("PT", "PT", "PT"), Receiver("BR", "BR", "BR"), Receiver("SE", "SE", "SE"))
    assert languages(receivers) == ("en", "pt")
    assert languages(receivers, ("sv", "en")) == ("en", "sv")
    for asked in ("../x", "", "PT"):
        with pytest.raises(UsageError, match="is no language"):
            to("PT", languages=(asked,)).check()
