"""From any id of a table or report back to the file, row and exhibit that it rests on.

Rows that carry the id come first, findings before facts; then what its figures count, each with the
query that lists it; then the sources and items outwards, through every archive, to the exhibit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from clew.casefile import Case

Found = tuple[str, dict[str, Any]]
"""Name of a table, and a row of it."""
COUNT = "count"
"""What rows that are only counted stand under."""
CONCLUDED = {
    "merged_messages": ("merged_id", "message_key"),
    "merge_candidates": ("event_id", "merged_id"),
    "clock_offsets": ("exhibit_id",),
    "export_zones": ("source_id",),
    "matches": ("match_id", "sha256"),
    "file_clusters": ("sha256", "cluster_id"),
    "first_shares": ("sha256", "event_id"),
    "introductions": ("cluster_id", "event_id"),
    "origins": ("cluster_id", "event_id"),
    "introduction_model": ("figure",),
    "new_material": ("person_id",),
    "groups": ("chat_id",),
    "group_members": ("chat_id", "person_id"),
    "group_links": ("chat_a", "chat_b"),
    "group_lineage": ("earlier", "later"),
    "persons": ("person_id",),
    "person_accounts": ("account_id", "person_id"),
    "person_links": ("account_a", "account_b"),
    "link_evidence": ("account_a", "account_b"),
    "linkage_weights": ("line",),
    "linkage_errors": ("calibrated_on",),
    "recycled_numbers": ("account_id", "later_account_id"),
    "roles": ("person_id",),
    "person_measures": ("person_id",),
    "behaviours": ("person_id",),
    "carried": ("cluster_id", "person_id", "event_id", "seen_event_id"),
    "key_players": ("person_id",),
    "communities": ("community_id",),
    "community_events": ("before", "after"),
    "invite_targets": ("code",),
    "invite_postings": ("code", "place"),
    "network_links": ("from_id", "to_id"),
    "layout": ("node_id",),
    "membership_periods": ("chat_id", "person_id"),
    "membership_conflicts": ("chat_id", "person_id", "place", "other_place"),
    "message_conflicts": ("merged_id", "event_id", "other_event_id"),
    "country_evidence": ("person_id", "country"),
    "person_countries": ("person_id",),
    "countries": ("country",),
    "country_ties": ("a", "b"),
    "timeline": ("line_id", "event_id"),
    "timeline_gaps": ("gap_id",),
}
"""Findings, and the columns by which a row of each is asked for."""
_STATED = {
    "exhibits": ("exhibit_id", "content_sha256", "search_id"),
    "hash_sets": ("set", "source_sha256"),
    "known_hashes": ("md5", "sha1", "sha256"),
}
_HASHES = ("sha256", "enc_sha256", "original_sha256")
_FACTS = {
    "sources": ("source_id",),
    "source_rows": ("source_id",),
    "calls": ("call_id", "chat_id"),
    "call_parties": ("call_id", "account_id"),
    "accounts": ("account_id",),
    "account_names": ("account_id",),
    "account_aliases": ("a", "b"),
    "contacts": ("account_id", "event_id", "vcard_sha256"),
    "chats": ("chat_id",),
    "memberships": ("chat_id", "account_id"),
    "messages": ("event_id", "message_key"),
    "shares": ("event_id", "message_key", *_HASHES),
    "recovered_messages": ("event_id", "message_key"),
    "recovered_shares": ("event_id", "message_key", *_HASHES),
    "recovered_invites": ("event_id", "code"),
    "group_events": ("event_id",),
    "invites": ("event_id", "code"),
    "receipts": ("event_id",),
    "reactions": ("event_id",),
    "message_places": ("event_id",),
    "poll_options": ("event_id",),
    "fingerprints": ("source_id", "value"),
    "media_files": ("source_id",),
    "embeddings": ("source_id",),
    "embedding_models": ("algorithm",),
    "entries": ("source_id",),
    "items": ("item_id", "sha256", "md5", "sha1"),
}
_OF_EVENT = tuple(name for name, columns in _FACTS.items() if "event_id" in columns)
_COUNTED = (
    *(("items", f"exhibit_id = $wanted AND outcome = '{end}'")
      for end in ("processed", "skipped", "failed")),
    *((table, "exhibit_id = $wanted")
      for table in ("items", "sources", "messages", "shares", "unread", "flags", "matches")),
    *((table, "chat_id = $wanted")
      for table in ("merged_messages", "messages", "shares", "group_events", "recovered_messages")),
    ("invites", "invites_to_chat_id = $wanted"),
    ("invites", "seen_chat_id = $wanted"),
    *((table, "sender_account_id = $wanted")
      for table in ("merged_messages", "messages", "shares", "recovered_messages")),
    ("receipts", "account_id = $wanted"),
    ("reactions", "account_id = $wanted"),
    ("first_shares", "person_id = $wanted"),
    ("timeline", "list_contains(persons, $wanted)"),
    ("timeline", "chat_id = $wanted"),
    ("timeline_gaps", "exhibit_id = $wanted"),
    ("timeline_gaps", "chat_id = $wanted"),
    ("person_countries", "country = $wanted"),
    ("items", "parent_item_id = $wanted"),
    ("known_hashes", '"set" = $wanted'),
    ("matches", '"set" = $wanted'),
)  # fmt: skip
"""What the figures of an exhibit, group, account, person, archive or hash set count."""
_SIDES = {
    "hash_sets": {"set": "set", "version": "version"},
    "known_hashes": {"set": "set", "version": "version", "record": "record"},
    "fingerprints": {"exhibit_id": "exhibit_id", "source_id": "sha256", "value": "query_hash"},
}
"""What stands behind a match, by its columns."""
_LISTED = 200


def found(case: Case, wanted: str) -> Iterator[Found]:
    """Rows that carry the id, what its figures count, and the way back to the evidence."""
    seen: set[str] = set()
    rows = list(_once(_carrying(case, wanted), seen))
    clustered = [row for table, row in rows if table == "communities"]
    rows += _once(_of_communities(case, clustered), seen)
    rows += _once(_of_matches(case, [row for table, row in rows if table == "matches"]), seen)
    yield from rows
    yield from _counted(case, wanted)
    event_ids = {event for _, row in rows for event in _events(row)}
    if "#" in wanted:
        event_ids.add(wanted)
    below = list(_once(_of_events(case, sorted(event_ids)), seen))
    yield from below
    items = {event.partition("#")[0] for event in event_ids}
    items |= set(_items(case, [row for _, row in (*rows, *below)]))
    named = () if items else [row["exhibit_id"] for _, row in rows if row.get("exhibit_id")]
    yield from _once(_outwards(case, items, named), seen)


def _carrying(case: Case, wanted: str) -> Iterator[Found]:
    asked = {
        table: " OR ".join(f'"{column}" = $wanted' for column in columns)
        for table, columns in (CONCLUDED | _STATED | _FACTS).items()
    }
    looks = (
        f"SELECT '{table}' AS it WHERE EXISTS (SELECT 1 FROM \"{table}\" WHERE {condition})"  # noqa: S608 - declared names
        for table, condition in asked.items()
    )
    there = {row["it"] for row in case.rows(" UNION ALL ".join(looks), wanted=wanted)}
    for table, condition in asked.items():
        if table not in there:
            continue
        rows = case.rows(
            f'SELECT * FROM "{table}" WHERE {condition} ORDER BY ALL LIMIT {_LISTED}',  # noqa: S608 - declared names
            wanted=wanted,
        )
        yield from ((table, row) for row in rows)
        if len(rows) == _LISTED:
            yield from _count(case, table, condition, wanted)


def _of_communities(case: Case, communities: list[dict[str, Any]]) -> Iterator[Found]:
    """The groups that a community is made of, as the devices have them."""
    groups = sorted({group for row in communities for group in row["groups"]})
    query = "SELECT * FROM chats WHERE chat_id IN (SELECT unnest($ids)) ORDER BY ALL LIMIT $most"
    for row in case.rows(query, ids=groups, most=_LISTED) if groups else ():
        yield "chats", row


def _of_matches(case: Case, matches: list[dict[str, Any]]) -> Iterator[Found]:
    """Both sides of a match: the set, its entry unless that is restricted, and the file's hash."""
    for match in matches:
        for table, columns in _SIDES.items():
            values = {mine: match[theirs] for mine, theirs in columns.items()}
            where = " AND ".join(f'"{column}" = ${column}' for column in columns)
            query = f'SELECT * FROM "{table}" WHERE {where} ORDER BY ALL'  # noqa: S608 - declared names
            yield from ((table, row) for row in case.rows(query, **values))


def _counted(case: Case, wanted: str) -> Iterator[Found]:
    for table, condition in _COUNTED:
        yield from _count(case, table, condition, wanted)


def _count(case: Case, table: str, condition: str, wanted: str) -> Iterator[Found]:
    """How many rows, and the query that lists them; nothing where there are none."""
    (rows,) = case.rows(
        f'SELECT count(*) AS n FROM "{table}" WHERE {condition}',  # noqa: S608 - declared names
        wanted=wanted,
    )
    if rows["n"]:
        literal = "'" + wanted.replace("'", "''") + "'"
        query = f"SELECT * FROM {table} WHERE {condition.replace('$wanted', literal)}"  # noqa: S608 - shown
        yield COUNT, {"of": table, "rows": rows["n"], "query": query}


def _of_events(case: Case, event_ids: list[str]) -> Iterator[Found]:
    """Every row that was read from the same row of the evidence."""
    for table in _OF_EVENT if event_ids else ():
        query = f'SELECT * FROM "{table}" WHERE event_id IN (SELECT unnest($ids)) ORDER BY ALL'  # noqa: S608 - declared names
        yield from ((table, row) for row in case.rows(query, ids=event_ids))


def _events(row: dict[str, Any]) -> Iterator[str]:
    """Ids of the events that a row of a table is, or rests on."""
    yield from filter(
        None, (row.get("event_id"), row.get("other_event_id"), *(row.get("event_ids") or ()))
    )


def _items(case: Case, rows: list[dict[str, Any]]) -> Iterator[str]:
    """Items that rows name, or that their source was."""
    yield from (row["item_id"] for row in rows if row.get("item_id"))
    sources = {
        (row["exhibit_id"], row["source_id"])
        for row in rows
        if row.get("source_id") and row.get("exhibit_id")
    }
    if sources:
        known = case.rows("SELECT exhibit_id, source_id, item_id FROM sources")
        yield from (k["item_id"] for k in known if (k["exhibit_id"], k["source_id"]) in sources)
        sources -= {(k["exhibit_id"], k["source_id"]) for k in known}
    if sources:  # a file that no reader read, such as a picture: found by its content
        contents = sorted({content for _, content in sources})
        same = "SELECT exhibit_id, sha256, item_id FROM items WHERE sha256 IN (SELECT unnest($ids))"
        files = case.rows(f"{same} ORDER BY ALL", ids=contents)
        yield from (k["item_id"] for k in files if (k["exhibit_id"], k["sha256"]) in sources)


def _outwards(case: Case, items: Iterable[str], named: Iterable[str]) -> Iterator[Found]:
    """Items with what was said of them, what holds them, and so on to their exhibits."""
    level, exhibits = sorted(items), set(named)
    while level:
        for table in ("sources", "items", "unread", "flags"):
            query = f'SELECT * FROM "{table}" WHERE item_id IN (SELECT unnest($ids)) ORDER BY ALL'  # noqa: S608 - declared names
            rows = case.rows(query, ids=level)
            yield from ((table, row) for row in rows)
            if table == "items":
                held = {row["parent_item_id"] for row in rows} - {None}
                exhibits |= {row["exhibit_id"] for row in rows}
        level = sorted(held)
    for exhibit in sorted(exhibits):
        for row in case.rows("FROM exhibits WHERE exhibit_id = $id", id=exhibit):
            yield "exhibits", row


def _once(rows: Iterable[Found], seen: set[str]) -> Iterator[Found]:
    """Rows that were not told yet."""
    for table, row in rows:
        told = f"{table} {row!r}"
        if told not in seen:
            seen.add(told)
            yield table, row
