"""What can be compared of two accounts: the lines of evidence, and their degrees of agreement."""

from __future__ import annotations

import msgspec


class Level(msgspec.Struct, frozen=True):
    """One degree of agreement."""

    words: str
    sql: str


class Comparison(msgspec.Struct, frozen=True):
    """One line of evidence: its degrees of agreement, the strongest first, the last one: none."""

    name: str
    missing: str
    """When nothing can be said."""
    levels: tuple[Level, ...]


def _share(column: str, count: int = 1) -> str:
    return f'len(list_intersect("{column}_l", "{column}_r")) >= {count}'


def _lacks(column: str) -> str:
    return f'len("{column}_l") = 0 OR len("{column}_r") = 0'


def _alike(column: str, least: float) -> str:
    """Some word of one is spelled nearly as some word of the other."""
    return (
        f'len(list_filter("{column}_l", lambda x: len(list_filter("{column}_r", '
        f"lambda y: jaro_winkler_similarity(x, y) >= {least})) > 0)) > 0"
    )


_TOGETHER = (
    'len(list_filter("stays_l", lambda x: len(list_filter("stays_r", lambda y: x.chat = y.chat '
    "AND least(x.until, y.until) - greatest(x.since, y.since) > 45)) > 0))"
)
COMPARISONS = (
    Comparison(
        "handle",
        _lacks("handles"),
        (
            Level("a handle that hardly anybody else has", _share("rare_handles")),
            Level("the same handle", _share("handles")),
            Level("nearly the same handle", _alike("handles", 0.93)),
            Level("other handles", "ELSE"),
        ),
    ),
    Comparison(
        "name",
        _lacks("words"),
        (
            Level("the same full name, a rare word in it",
                  f"{_share('full_names')} AND {_share('rare')}"),
            Level("a full name that hardly anybody else has", _share("rare_full_names")),
            Level("the same full name", _share("full_names")),
            Level("a rare word of the name", _share("rare")),
            Level("two words of the name", _share("words", 2)),
            Level("a word of the name that few others have", _share("middling")),
            Level("a common word of the name", _share("common")),
            Level("a word spelled alike", _alike("words", 0.92)),
            Level("other names", "ELSE"),
        ),
    ),
    Comparison(
        "address_book",
        'len(list_intersect("books_l", "books_r")) = 0',
        (
            Level("one entry in two address books or more", _share("entries", 2)),
            Level("one entry of an address book", _share("entries")),
            Level("different entries of one address book", "ELSE"),
        ),
    ),
    Comparison(
        "picture",
        _lacks("pictures"),
        (Level("the same profile picture", _share("pictures")),
         Level("other profile pictures", "ELSE")),
    ),
    Comparison(
        "groups",
        _lacks("groups"),
        (
            Level("one left two groups or more within days of the other's coming",
                  _share("swapped_twice")),
            Level("one left a group within days of the other's coming", _share("swapped")),
            Level("in two groups or more at the same time", f"{_TOGETHER} > 1"),
            Level("in one group at the same time", f"{_TOGETHER} > 0"),
            Level("in three groups or more, at other times", _share("groups", 3)),
            Level("in two groups, at other times", _share("groups", 2)),
            Level("in one group, at other times", _share("groups")),
            Level("in no group together", "ELSE"),
        ),
    ),
)  # fmt: skip
BLOCKS = (
    ("handles",), ("full_names",), ("rare",), ("entries",), ("pictures",), ("swapped_twice",),
    ("swapped", "country"), ("middling", "country"),
)  # fmt: skip
"""What two accounts must share to be compared at all: the first column of each is a list."""

COUNTRY = (
    Level("numbers of one country", '"country_l" = "country_r"'),
    Level("numbers of two countries", '"country_l" <> "country_r"'),
    Level("a country that is not known", "ELSE"),
)
"""Accounts of one country share names and groups by chance more often than others do: what any
two accounts have in common is measured apart for each of these."""


def case_of(levels: tuple[Level, ...], missing: str | None = None) -> str:
    """SQL that numbers the degree of agreement from 0, or gives -1 where nothing can be said."""
    parts = [f"WHEN {missing} THEN -1"] if missing else []
    parts += [f"WHEN {level.sql} THEN {n}" for n, level in enumerate(levels[:-1])]
    return f"CASE {' '.join(parts)} ELSE {len(levels) - 1} END"
