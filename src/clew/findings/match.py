"""What the known and ignorable sets know, in files and in records of files that are gone."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from clew.casefile import Case
from clew.casefile.done import Done
from clew.findings.hashsets.known import WIDTHS, KnownSet, as_bytes, known_sets, withdrawn
from clew.findings.looks import photodna, pictures, videos
from clew.findings.looks.hits import to_table
from clew.findings.queries import query
from clew.records.findings import KnownHash, Match
from clew.schema import arrow_schema

_DIGESTS = """
SELECT DISTINCT md5, NULL AS sha1, NULL AS sha256 FROM items WHERE md5 IS NOT NULL
UNION ALL SELECT DISTINCT NULL, sha1, NULL FROM items WHERE sha1 IS NOT NULL
UNION ALL SELECT NULL, NULL, sha256 FROM (
  SELECT sha256 FROM items UNION SELECT sha256 FROM shares UNION SELECT original_sha256 FROM shares
  UNION SELECT sha256 FROM recovered_shares UNION SELECT original_sha256 FROM recovered_shares
) WHERE sha256 IS NOT NULL
"""
_ORDERED = """
SELECT * REPLACE (coalesce(low_quality, FALSE) AS low_quality,
                  coalesce(simple_graphic, FALSE) AS simple_graphic, coalesce(at_ms, []) AS at_ms)
FROM all_matches ORDER BY kind, set, version, tier, sha256, exhibit_id,
  coalesce(item_id, event_id), record, algorithm, match_id
"""


def match(case: Case, done: Done) -> Done:
    """Match every file, and every record of a shared file that is gone, with the hash sets.

    By digests first, then by what pictures and videos look like.
    """
    sets = known_sets(case)
    gone = withdrawn(sets)
    case.db.register("known_here", _known_here(case, sets, gone))
    exact = case.sql(query("matches"))
    hits = [
        *photodna.hits(exact, sets, gone),
        *pictures.hits(case, sets, gone),
        *videos.hits(case, sets, gone),
    ]
    case.db.register("exact_matches", exact)
    case.db.register("content_hits", to_table(hits))
    placed = case.sql(query("near_matches"))
    found = pa.concat_tables(
        [exact.drop_columns(["photodna"]), placed], promote_options="permissive"
    )
    case.db.register("all_matches", found)
    return case.publish(done, [case.derived(Match, _ORDERED)])


def _known_here(
    case: Case, sets: list[KnownSet], gone: dict[tuple[str, str], set[str]]
) -> pa.Table:
    """The entries of every set that have any digest of this case."""
    digests = case.sql(_DIGESTS)
    parts = [_entries(one, digests, gone[one.set, one.version]) for one in sets]
    empty = _with_set(arrow_schema(KnownHash).empty_table(), None)
    return pa.concat_tables([empty, *parts])


def _entries(one: KnownSet, digests: pa.Table, withdrawn_media: set[str]) -> pa.Table:
    found = []
    for kind in ("md5", "sha1", "sha256"):
        wanted = digests.column(kind).drop_null().combine_chunks()
        here = wanted.filter(pa.array(one.has(kind, as_bytes(wanted, WIDTHS[kind]))))
        if len(here):
            found.append(one.entries(kind, here))
    if not found:
        return _with_set(arrow_schema(KnownHash).empty_table(), one)
    entries = pa.concat_tables(found)
    _, firsts = _first_of_each(entries.column("record").to_pylist())
    entries = entries.take(pa.array(firsts, pa.int64()))
    if withdrawn_media:
        is_gone = pc.is_in(entries.column("medium"), pa.array(sorted(withdrawn_media)))
        entries = entries.filter(pc.invert(is_gone))
    return _with_set(entries, one)


def _first_of_each(records: list[str]) -> tuple[set[str], list[int]]:
    """Places at which a record stands for the first time: several digests may have found it."""
    seen: set[str] = set()
    firsts = []
    for place, record in enumerate(records):
        if record not in seen:
            seen.add(record)
            firsts.append(place)
    return seen, firsts


def _with_set(entries: pa.Table, one: KnownSet | None) -> pa.Table:
    kept = entries.select(["set", "version", "record", "md5", "sha1", "sha256", "category",
                           "disputed", "photodna"])  # fmt: skip
    kind = pa.repeat(pa.scalar(one.kind if one else "", pa.string()), len(kept))
    return kept.append_column("kind", kind)
