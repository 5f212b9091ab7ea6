"""A masked reader's own SQL finds no number, identifier or name, whatever is asked."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator

import pytest
from telltale import FORBIDDEN, SECRETS, TABLES, made

from clew.casefile import Case
from clew.errors import ClewError
from clew.reading import Disclosure, disclose
from clew.reading.statement import logged
from clew.schema import columns

QUERIES = int(os.environ.get("CLEW_QUERIES", "2000"))
"""`make check-long` asks ten thousand."""


@pytest.fixture(scope="module")
def full(tmp_path_factory) -> Iterator[Case]:
    with made(tmp_path_factory.mktemp("masked") / "case") as case:
        yield case


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.strip().splitlines()]


EXPRESSIONS = _lines("""
    {y}
    {y}::varchar
    substr(({y})::varchar, {a}, {b})
    left(({y})::varchar, {b})
    upper(({y})::varchar)
    reverse(({y})::varchar)
    hex(({y})::varchar)
    from_hex(hex(({y})::varchar))
    base64(encode(({y})::varchar))
    encode(({y})::varchar)
    ({y})::varchar::blob
    try_cast({y} AS bigint)
    md5(({y})::varchar)
    hash({y})::varchar
    length(({y})::varchar)
    ascii(({y})::varchar)
    string_split(({y})::varchar, '-')
    string_split(({y})::varchar, '6')
    regexp_extract(({y})::varchar, '[0-9]{{{a},}}')
    regexp_replace(({y})::varchar, '[a-z]+', '', 'g')
    translate(({y})::varchar, '+@', '')
    strip_accents(({y})::varchar)
    nullif(({y})::varchar, '')
    concat('<', {y}, '>')
    printf('%s', ({y})::varchar)
    format('{{}}', {y})
    CASE WHEN ({y})::varchar LIKE '%6%' THEN {y} END
    coalesce({y}, NULL)
    struct_pack(a := {y})
    row({y}, 1)
    [{y}]
    list_sort([{y}])
    unnest([{y}])
    map {{'k': {y}}}
    to_json({y})
    stats({y})
    typeof({y})
    alias({y})
""")
AGGREGATES = _lines("""
    min({x})
    max({x})
    any_value({x})
    first({x})
    mode({x})
    list({x})
    count(DISTINCT {x})
    arg_max({x}, {x})
    string_agg(({x})::varchar, ',')
    histogram(({x})::varchar)
    array_agg(DISTINCT ({x})::varchar)
    quantile_disc(({x})::varchar, 0.5)
    approx_top_k(({x})::varchar, 2)
    max(struct_pack(v := {x}))
""")
CONDITIONS = _lines("""
    true
    {x} IS NOT NULL
    length({x}::varchar) > 3
    {x}::varchar = '{secret}'
    {x}::varchar > '{secret}'
    {x}::varchar LIKE '%{secret}%'
    contains({x}::varchar, '{secret}')
    regexp_matches({x}::varchar, '{secret}')
    {x}::varchar IN (SELECT {v}::varchar FROM {u})
    EXISTS (SELECT 1 FROM {u} WHERE {v}::varchar <> {x}::varchar)
""")
QUERIES_OF = _lines("""
    SELECT * FROM {t} ORDER BY {x} LIMIT 5
    SELECT * FROM {t} WHERE {c} LIMIT 5
    SELECT {x}, {y} FROM {t} WHERE {c} ORDER BY {y} LIMIT 5
    SELECT {x}, {t}.{y} FROM {t} LIMIT 2 OFFSET 1
    SELECT {x} AS {y} FROM {t} ORDER BY {y} LIMIT 2
    SELECT {e} FROM {t} WHERE {c}
    SELECT {e}, {f} AS a FROM {t} WHERE {c}
    SELECT {e} AS a, {f} AS b, {x} FROM {t} WHERE {c} ORDER BY {x}
    SELECT {e}, {f} FROM {t} WHERE {c} ORDER BY {y} DESC LIMIT 2
    SELECT {x}, {g} FROM {t} GROUP BY ALL
    SELECT {g}, {h} FROM {t} WHERE {c}
    SELECT {e}, {g} FROM {t} GROUP BY ALL HAVING count(*) > 0
    SELECT a.{x}, b.{v} FROM {t} AS a CROSS JOIN {u} AS b
    SELECT a.{x}, b.{v} FROM {t} AS a POSITIONAL JOIN {u} AS b
    SELECT a.{x}, b.{v} FROM {t} AS a JOIN {u} AS b ON a.{x}::varchar <> b.{v}::varchar
    SELECT * FROM {t} JOIN {t} AS b USING ({x})
    SELECT * FROM {t} NATURAL JOIN {t} AS b
    SELECT a FROM {t} a
    SELECT a::varchar FROM {t} AS a
    SELECT to_json(a) FROM {t} a
    SELECT hash(a), a FROM {t} a
    SELECT {t} FROM {t}
    FROM {t}
    TABLE {t}
    SELECT #1, #2 FROM {t}
    SELECT x1 FROM {t} AS a(x1)
    SELECT * EXCLUDE ({x}) FROM {t}
    SELECT * REPLACE (1 AS {x}) FROM {t}
    SELECT COLUMNS('.*') FROM {t}
    SELECT COLUMNS(*)::varchar FROM {t}
    SELECT min(COLUMNS(*)) FROM {t}
    SELECT DISTINCT ON ({x}) * FROM {t}
    WITH w AS (SELECT {e} AS v, {x} FROM {t}) SELECT * FROM w
    WITH RECURSIVE r AS (SELECT {x}::varchar AS v, 1 AS n FROM {t} UNION ALL {more}) FROM r
    SELECT (SELECT max({x}) FROM {t}), (SELECT min({v}) FROM {u})
    SELECT v FROM (SELECT {e} AS v FROM {t})
    SELECT unnest(list({x})) FROM {t}
    SELECT l.v FROM {t} AS n, LATERAL (SELECT n.{x} AS v) AS l
    SELECT {x}::varchar FROM {t} UNION SELECT {v}::varchar FROM {u}
    SELECT {x}::varchar FROM {t} EXCEPT SELECT {v}::varchar FROM {u}
    SELECT lag({x}) OVER (ORDER BY {y}), {x} FROM {t}
    SELECT first_value({x}) OVER (ORDER BY {y}) FROM {t}
    SELECT error({x}::varchar) FROM {t}
    SELECT {x} FROM {t} ORDER BY error({y}::varchar)
    SELECT {x}::varchar::bigint FROM {t}
    SELECT {x}::varchar::double FROM {t}
    SELECT {x}::varchar::date FROM {t}
    SELECT {x}::varchar::uuid FROM {t}
    SELECT {x}::varchar::interval FROM {t}
    SELECT {x}::varchar::bigint[] FROM {t}
    SELECT {x}::varchar::json->'a' FROM {t}
    SELECT strptime({x}::varchar, '%Y') FROM {t}
    SELECT from_hex({x}::varchar) FROM {t}
    SELECT regexp_matches('', {x}::varchar) FROM {t}
    SELECT sqrt(-length({x}::varchar)) FROM {t}
    SELECT nothing FROM {t}
    SELECT {x} FROM read_parquet('facts/{t}/*.parquet')
    SELECT {x} FROM main.{t}
    SELECT * FROM query('SELECT * FROM {t}')
    SELECT * FROM (SHOW TABLES)
    SELECT id FROM "known persons"
""")


class Grammar:
    """Random queries over all tables: most are answered, some raise errors on values."""

    def __init__(self, seed: int) -> None:
        self.pick = random.Random(seed)

    def query(self) -> str:
        """One query."""
        (t, x, y), (u, v, _) = self.table(), self.table()
        return self.pick.choice(QUERIES_OF).format(
            t=t, u=u, x=x, y=y, v=v, e=self.expression(x), f=self.expression(y, 1),
            g=self.aggregate(x), h=self.aggregate(y), c=self.condition(x),
            more="SELECT v, n + 1 FROM r WHERE n < 2",
        )  # fmt: skip

    def table(self) -> tuple[str, str, str]:
        """A table and two of its columns."""
        name = self.pick.choice(list(TABLES))
        cols = columns(TABLES[name])
        return name, f'"{self.pick.choice(cols).name}"', f'"{self.pick.choice(cols).name}"'

    def expression(self, x: str, depth: int = 2) -> str:
        """Functions of a column, one of another."""
        if not depth:
            return x
        y, a, b = self.expression(x, depth - 1), self.pick.randint(1, 9), self.pick.randint(1, 30)
        return self.pick.choice(EXPRESSIONS).format(y=y, a=a, b=b)

    def aggregate(self, x: str) -> str:
        """An aggregate of a function of a column."""
        return self.pick.choice(AGGREGATES).format(x=self.expression(x, 1))

    def condition(self, x: str) -> str:
        """A condition that may name what a masked reader should not learn."""
        u, v, _ = self.table()
        secret = self.pick.choice(SECRETS)
        return self.pick.choice(CONDITIONS).format(x=x, secret=secret, u=u, v=v)


@pytest.mark.slow
def test_random_queries_of_a_masked_reader_give_nobody_away(full) -> None:
    answered = 0
    with disclose(full, Disclosure(what="query")) as reading:
        for seed in range(QUERIES):
            sql = Grammar(seed).query()
            assert not FORBIDDEN.search(logged(sql)), sql
            try:
                said = str(reading.query(sql))
                answered += 1
            except ClewError as error:
                said = f"{error} {error.do}"
            found = FORBIDDEN.search(said)
            assert not found, (seed, sql, found)
    assert answered > QUERIES / 2
    log = "".join(entry.body for entry in full.custody.entries())
    assert not FORBIDDEN.search(log)


def test_the_grammar_would_find_what_is_not_masked(full) -> None:
    """The law above is one that a fault fails: unmasked, the same queries give people away."""
    found = set()
    with disclose(full, Disclosure(what="q", masked=False, purpose="a test")) as reading:
        for seed in range(400):
            try:
                said = str(reading.query(Grammar(seed).query()))
            except ClewError as error:
                said = str(error)
            found |= set(FORBIDDEN.findall(said))
    assert len(found) > 20
