"""Notices in a wording that no rule knows, of which a colon made a sender and a text.

WhatsApp on Android sets nothing before a notice: ``Ada hat "Brot: Zug" geändert`` reads like a
message of ``Ada hat "Brot``. A quotation that begins before the colon and ends behind it, a
telephone number that goes on as a sentence, and a sentence that stands before one message only
show that nobody has that name.

>>> beginning_of_notice('Ada hat den Betreff von „Brot')
'quotation'
>>> beginning_of_notice("+34 600 000 001 ha cambiado el")
'number'
>>> beginning_of_notice("Ana María de la Fuente") is None
True
>>> is_cut_notice('Ada hat den Betreff von „Brot', 'Zug“ zu „Tee“ geändert', lambda: 1)
True

"""

import re
from collections.abc import Callable
from functools import lru_cache

from clew.facts.readers.whatsapp_text.system import plain_line

_OPEN_SINGLE = re.compile(r"(?:^|\s)'[^'\s][^']*$")
_CLOSED_SINGLE = re.compile(r"^[^']*'(?:\W|$)")
_NUMBER_THEN_WORDS = re.compile(r"\+?\d[\d ().\u2010-\u2015-]{5,}\d(?: [^\W\d]\S*){3}")
_LONGEST_LABEL = 60
"""Characters; longer labels than address books hold are sentences."""
_SMALL_WORDS, _WORDS_WITHOUT_CASE, _UNBROKEN = 4, 6, 25
"""What makes a sentence: words behind the first in small letters; words of a script without
capitals; characters without a blank of such a script."""


@lru_cache(maxsize=4096)
def beginning_of_notice(label: str) -> str | None:
    """What in a label shows that it may be the beginning of a notice; None where nothing does."""
    plain = plain_line(label)
    if plain.count('"') % 2 or _OPEN_SINGLE.search(plain):
        return "quotation"
    if _NUMBER_THEN_WORDS.match(plain):
        return "number"
    return "sentence" if _is_sentence(plain) else None


def is_cut_notice(label: str, text: str, times: Callable[[], int]) -> bool:
    """Whether a label and a text are a notice together; ``times`` counts the label in the file."""
    sign = beginning_of_notice(label)
    if sign == "quotation":
        rest = plain_line(text.partition("\n")[0])
        return bool(rest.count('"') % 2 or _CLOSED_SINGLE.match(rest))
    return sign is not None and times() <= 1


def _is_sentence(plain: str) -> bool:
    words = [word for word in plain.split() if word[0].isalpha()]
    if len(plain) > _LONGEST_LABEL:
        return True
    if plain.upper() != plain.lower():
        return sum(word[0].islower() for word in words[1:]) >= _SMALL_WORDS
    return len(words) >= _WORDS_WITHOUT_CASE or max(map(len, words), default=0) >= _UNBROKEN
