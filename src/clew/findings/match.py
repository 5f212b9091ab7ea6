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
from clew.records import KnownHash, Match
from clew.schema import arrow_schema, no_rows

_DIGESTS = ("md5", "sha1", "sha256")
_COLUMNS = ("set", "version", "record", *_DIGESTS, "category", "disputed", "photodna", "medium")
_EMPTY = no_rows(arrow_schema(KnownHash)).select(list(_COLUMNS))


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
    """The entries of every set that have any digest of this case, as often as they have one."""
    digests = context.query("digests")
    parts = [_entries(one, digests, gone[one.set, one.version]) for one in sets]
    found = pa.concat_tables([_EMPTY.append_column("kind", pa.array([], pa.string())), *parts])
    return found.append_column("rank", pa.array(range(len(found)), pa.int64()))


def _entries(one: KnownSet, digests: pa.Table, withdrawn_media: set[str]) -> pa.Table:
    found = [_EMPTY]
    for kind in _DIGESTS:
        wanted = digests.column(kind).drop_null().combine_chunks()
        here = wanted.filter(pa.array(one.has(kind, as_bytes(wanted, WIDTHS[kind]))))
        if len(here):
            found.append(one.entries(kind, here, _COLUMNS))
    entries = pa.concat_tables(found, promote_options="permissive")
    if withdrawn_media:
        is_gone = pc.is_in(entries.column("medium"), pa.array(sorted(withdrawn_media)))
        entries = entries.filter(pc.invert(is_gone))
    return entries.append_column("kind", pa.array([one.kind] * len(entries), pa.string()))
