"""What the known and ignorable sets know, in files and in records of files that are gone."""

import pyarrow as pa
import pyarrow.compute as pc

from clew.casefile import Case, Context
from clew.casefile.files import sha256_of
from clew.findings.hashsets.ingest import STEP as HASHSET
from clew.findings.hashsets.known import WIDTHS, KnownSet, as_bytes, known_sets, withdrawn
from clew.findings.perceptual import embeddings, photodna, pictures, videos
from clew.findings.perceptual.hits import to_table
from clew.findings.search.exact import damaged
from clew.records import KnownHash, Match, SetKind
from clew.schema import arrow_schema

_DIGEST_COLUMNS = ("md5", "sha1", "sha256")
_COLUMNS = ("set", "version", "record", *_DIGEST_COLUMNS, "category", "disputed", "photodna",
            "medium")  # fmt: skip
_EMPTY = arrow_schema(KnownHash).empty_table().select(list(_COLUMNS))


def match(context: Context) -> None:
    """Match every file, and every record of a shared file that is gone, with the hash sets.

    By digests first, then by what pictures and videos look like. A set is read whole before it is
    trusted: one that was altered could miss what it has, and nobody would see it.
    """
    _refuse_altered(context.case)
    sets = known_sets(context.case)
    gone = withdrawn(sets)
    with context.engine.with_tables(known_here=_known_here(context, sets, gone)):
        exact = context.query("exact_matches")
    hits = [
        *photodna.hits(exact, sets, gone),
        *pictures.hits(context, sets, gone),
        *videos.hits(context, sets, gone),
        *embeddings.hits(context, exact, sets),
    ]
    with context.engine.with_tables(exact_matches=exact, content_hits=to_table(hits)):
        near = context.query("near_matches")
    parts = [exact.drop_columns(["photodna"]), near]
    found = pa.concat_tables(parts, promote_options="permissive")
    with context.engine.with_tables(all_matches=found):
        context.publish(context.derived(Match, "matches"))


def _refuse_altered(case: Case) -> None:
    for done in case.manifests.every():
        for out in done.outputs if done.step == HASHSET else ():
            file = case.folder / out.file
            if not file.is_file() or sha256_of(file) != out.sha256:
                raise damaged(file)


def _known_here(
    context: Context, sets: list[KnownSet], gone: dict[tuple[str, str], set[str]]
) -> pa.Table:
    """The entries of every set that have any digest of this case."""
    digests = context.query("digests")
    parts = [_entries(one, digests, gone[one.set, one.version]) for one in sets]
    return pa.concat_tables([_with_set(_EMPTY, None), *(p for p in parts if p.num_rows)])


def _entries(one: KnownSet, digests: pa.Table, withdrawn_media: set[str]) -> pa.Table:
    found = [_EMPTY]
    for kind in ("md5", "sha1", "sha256"):
        wanted = digests.column(kind).drop_null().combine_chunks()
        here = wanted.filter(pa.array(one.has(kind, as_bytes(wanted, WIDTHS[kind]))))
        if len(here):
            found.append(one.entries(kind, here, _COLUMNS))
    entries = pa.concat_tables(found, promote_options="permissive")
    if withdrawn_media:
        is_gone = pc.is_in(entries.column("medium"), pa.array(sorted(withdrawn_media)))
        entries = entries.filter(pc.invert(is_gone))
    whole = one.kind != SetKind.IGNORABLE
    return _with_set(_once(entries, ("record",) if whole else _DIGEST_COLUMNS, whole=whole), one)


def _once(entries: pa.Table, names: tuple[str, ...], *, whole: bool) -> pa.Table:
    """The first of the entries that agree in some columns, and how many others there are.

    Several digests may have found one record. An ignorable set may list one file in each of
    hundreds of packages, of which one is told.
    """
    keys = list(zip(*(entries.column(n).to_pylist() for n in names), strict=True))
    places: dict[tuple[str | None, ...], int] = {}
    records: dict[tuple[str | None, ...], set[str]] = {}
    for place, (key, record) in enumerate(
        zip(keys, entries.column("record").to_pylist(), strict=True)
    ):
        places.setdefault(key, place)
        records.setdefault(key, set()).add(record)
    more = [None if whole else (len(records[key]) - 1 or None) for key in places]
    kept = entries.take(pa.array(list(places.values()), pa.int64()))
    return kept.append_column("further", pa.array(more, pa.int64()))


def _with_set(entries: pa.Table, one: KnownSet | None) -> pa.Table:
    if "further" not in entries.schema.names:
        entries = entries.append_column("further", pa.nulls(len(entries), pa.int64()))
    kind = pa.repeat(pa.scalar(one.kind if one else "", pa.string()), len(entries))
    return entries.append_column("kind", kind)
