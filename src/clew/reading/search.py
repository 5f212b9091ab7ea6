"""Search in messages: every word, as the reader is shown the texts.

Case, accents and the marks of Arabic and Hebrew do not count. A word is found where a word begins
so; a phrase word for word; in scripts that set no blanks between words (Chinese, Japanese, Korean,
Thai and others) a word is found wherever it stands. Whoever is masked searches masked texts: what
is not shown is not found, and a pseudonym is.
"""

import re
import unicodedata
from collections.abc import Sequence

import msgspec

from clew.errors import UsageError
from clew.reading.facade import Page, Reading
from clew.views.narrowing import Narrowing
from clew.words.characters import normal

_UNSPACED = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO", "THAI", "LAO", "KHMER",
             "MYANMAR", "TIBETAN")  # fmt: skip
"""Scripts, by the names of their characters, whose words no blank parts."""
_DROPPED = "\u00ad\u061c\u0640\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
"""Characters that are not seen, and the stroke that stretches Arabic words."""
_TEXT = f"translate(text_normal, '{_DROPPED}', '')"
_EDGE = r"[^\pL\pN]"


class Found(msgspec.Struct, frozen=True):
    """Messages in which all words stand, and how many there are."""

    page: Page
    hits: frozenset[str]
    """Events of the messages that were found; others on the page stand beside them."""


def search(
    reading: Reading, words: Sequence[str], narrowing: Narrowing, *, limit: int = 0,
    context: int = 0,
) -> Found:  # fmt: skip
    """Messages in which every word and phrase stands, with as many others before and after each."""
    terms = [term for word in words if (term := _plain(word))]
    if not terms:
        raise UsageError(
            "there is no word to search for", do="Give words, as in: clew search CASE malaga"
        )
    where = " AND ".join(map(_condition, terms))
    sql = f"SELECT event_id FROM messages WHERE {where}"  # noqa: S608 - escaped
    events = [row["event_id"] for row in reading.found(sql)]
    page = reading.view("lookup/found", narrowing, limit=limit, events=events)
    hits = frozenset(row["event_id"] for row in page.rows)
    if context and hits:
        beside = reading.view("lookup/beside", hits=sorted(hits), context=context)
        return Found(Page(beside.rows, page.total), hits)
    return Found(page, hits)


def _plain(text: str) -> str:
    """A word or phrase as texts are kept for search; blanks count as one."""
    kept = normal(text).translate(dict.fromkeys(map(ord, _DROPPED)))
    return " ".join(re.findall(r"\w+(?:-\w+)*", kept))


def _condition(term: str) -> str:
    """SQL: a text has a word that begins so, a phrase, or these characters anywhere."""
    if any(unicodedata.name(c, "").startswith(_UNSPACED) for c in term):
        return " AND ".join(f"contains({_TEXT}, '{part}')" for part in term.split(" "))
    first, *rest = map(re.escape, term.split(" "))
    phrase = f"{_EDGE}+".join([first, *rest])
    end = f"($|{_EDGE})" if rest else ""
    return f"regexp_matches({_TEXT}, '(^|{_EDGE}){phrase}{end}')"
