"""Codes and rows in words: numbers, plural forms, masking, and a language of its own."""

from __future__ import annotations

import gettext
from datetime import UTC, datetime, timedelta, timezone

import pytest

from clew.words import Sentence, Speaker, already_masked, registers, say, sentences
from clew.words.catalogue import KINDS, written

AT = datetime(2025, 3, 1, 12, 30, tzinfo=timezone(timedelta(hours=2)))


class Pseudo(gettext.NullTranslations):
    """A language in which every sentence is marked, so that what bypasses it is seen."""

    def pgettext(self, context, message):
        return f"«{context}»"

    def npgettext(self, context, msgid1, msgid2, n):
        return f"«{context} {n}»"


def samples():
    """Each sentence with figures of every name that it uses."""
    for register, codes in registers().items():
        for name, entry in codes.items():
            yield register, name, {**_guessed(entry.sentence), **entry.sample}


def _guessed(said) -> dict:
    return dict.fromkeys(said.figures(), 2)


def test_every_code_renders_with_sample_figures() -> None:
    for register, name, figures in samples():
        text = Speaker(already_masked).say(register, name, **figures)
        assert "{" not in text
        assert text != name


def test_every_sentence_of_a_row_renders_with_its_samples() -> None:
    for table, clauses in sentences().items():
        for clause in clauses:
            row = {**_guessed(clause), **clause.sample}
            assert Speaker(already_masked)._said(table, clause, row)
            assert bool(clause.many) == bool(clause.count)


def test_all_that_is_said_goes_through_the_catalogue() -> None:
    speaker = Speaker(already_masked, Pseudo())
    for register, name, figures in samples():
        assert speaker.say(register, name, **figures).startswith(f"«{register}")


def test_a_person_in_a_sentence_goes_through_the_mask_or_is_refused() -> None:
    masking = Speaker(lambda kind, value: f"{kind}-of-{len(value)}")
    row = {"p": "whatsapp:pn:34600111222"}
    assert masking._said("", Sentence(say="{p:person}"), row) == "person-of-23"
    for kind in KINDS:
        with pytest.raises(PermissionError):
            Speaker()._said("", Sentence(say=f"{{p:{kind}}}"), row)


@pytest.mark.parametrize(
    ("value", "how", "text"),
    [
        (AT, "", "2025-03-01 10:30:00Z"), (AT.astimezone(UTC), "day", "2025-03-01"),
        (0.9996, "chance", "over 0.99"), (0.001, "chance", "under 0.01"), (0.5, "chance", "0.50"),
        (0.256, "percent", "26 %"), (-0.04, ".1f", "0.0"), (1234567, "", "1\u202f234\u202f567"),
        (-1.5, "+.1f", "-1.5"), ("text", "", "text"),
    ],
)  # fmt: skip
def test_figures_are_written_in_one_way(value, how, text) -> None:
    assert written(value, how) == text


def test_a_code_that_is_not_registered_is_shown_as_it_is() -> None:
    assert say("settled_by", "made_up") == "made_up"
