"""What can be compared of two accounts: the lines of evidence, and their degrees of agreement."""

import msgspec


class Level(msgspec.Struct, frozen=True):
    """One degree of agreement."""

    code: str
    """Code in the register ``agreement``."""
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


def _between(least: int, most: int) -> str:
    """So many days lie between the last sign of one account and the first of the other."""
    gap = 'greatest("since_l" - "until_r", "since_r" - "until_l")'
    return f"{gap} >= {least} AND {gap} < {most}"


_TOGETHER = (
    'len(list_filter("stays_l", lambda x: len(list_filter("stays_r", lambda y: x.chat = y.chat '
    "AND least(x.until, y.until) - greatest(x.since, y.since) > 45)) > 0))"
)
_HOURS = 'least(abs("hour_l" - "hour_r"), 24 - abs("hour_l" - "hour_r"))'
COMPARISONS = (
    Comparison(
        "handle",
        _lacks("handles"),
        (
            Level("rare_handle", _share("rare_handles")),
            Level("same_handle", _share("handles")),
            Level("near_handle", _alike("handles", 0.93)),
            Level("other_handles", "ELSE"),
        ),
    ),
    Comparison(
        "name",
        _lacks("words"),
        (
            Level("full_name_rare_word",
                  f"{_share('full_names')} AND {_share('rare')}"),
            Level("rare_full_name", _share("rare_full_names")),
            Level("full_name", _share("full_names")),
            Level("rare_word", _share("rare")),
            Level("two_words", _share("words", 2)),
            Level("middling_word", _share("middling")),
            Level("common_word", _share("common")),
            Level("alike_word", _alike("words", 0.92)),
            Level("other_names", "ELSE"),
        ),
    ),
    Comparison(
        "address_book",
        'len(list_intersect("books_l", "books_r")) = 0',
        (
            Level("entry_in_two_books", _share("entries", 2)),
            Level("entry_in_one_book", _share("entries")),
            Level("other_entries", "ELSE"),
        ),
    ),
    Comparison(
        "picture",
        _lacks("pictures"),
        (Level("same_picture", _share("pictures")),
         Level("other_pictures", "ELSE")),
    ),
    Comparison(
        "groups",
        _lacks("groups"),
        (
            Level("swapped_twice",
                  _share("swapped_twice")),
            Level("swapped", _share("swapped")),
            Level("together_in_two", f"{_TOGETHER} > 1"),
            Level("together_in_one", f"{_TOGETHER} > 0"),
            Level("apart_in_three", _share("groups", 3)),
            Level("apart_in_two", _share("groups", 2)),
            Level("apart_in_one", _share("groups")),
            Level("no_group", "ELSE"),
        ),
    ),
    Comparison(
        "files",
        '"files_l" = 0 OR "files_r" = 0',
        (
            Level("files_at_once", _share("at_once", 2)),
            Level("file_at_once", _share("at_once")),
            Level("no_file_at_once", "ELSE"),
        ),
    ),
    Comparison(
        "spans",
        '"since_l" IS NULL OR "since_r" IS NULL',
        (
            Level("days_apart", _between(-1, 3)),
            Level("weeks_apart", _between(3, 20)),
            Level("other_spans", "ELSE"),
        ),
    ),
    Comparison(
        "hours",
        '"hour_l" IS NULL OR "hour_r" IS NULL',
        (
            Level("near_hours", f"{_HOURS} < 1"),
            Level("alike_hours", f"{_HOURS} < 2.5"),
            Level("unlike_hours", f"{_HOURS} < 4"),
            Level("other_hours", "ELSE"),
        ),
    ),
)  # fmt: skip
BLOCKS = (
    ("handles",), ("full_names",), ("rare",), ("entries",), ("pictures",), ("swapped_twice",),
    ("at_once",), ("swapped", "country"), ("middling", "country"),
)  # fmt: skip
"""What two accounts must share to be compared at all: the first column of each is a list."""

COUNTRY = (
    Level("one_country", '"country_l" = "country_r"'),
    Level("two_countries", '"country_l" <> "country_r"'),
    Level("unknown_country", "ELSE"),
)
"""Accounts of one country share names and groups by chance more often than others do: what any
two accounts have in common is measured apart for each of these."""


def case_of(levels: tuple[Level, ...], missing: str | None = None) -> str:
    """SQL that numbers the degree of agreement from 0, or gives -1 where nothing can be said."""
    parts = [f"WHEN {missing} THEN -1"] if missing else []
    parts += [f"WHEN {level.sql} THEN {n}" for n, level in enumerate(levels[:-1])]
    return f"CASE {' '.join(parts)} ELSE {len(levels) - 1} END"
