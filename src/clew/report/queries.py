"""The questions that the report answers, in SQL over the case's tables."""

_MEDIA = "(media_type LIKE 'image/%' OR media_type LIKE 'video/%' OR shares > 0)"
_COPIES = "CAST(coalesce(sum(greatest(items, 1)), 0) AS BIGINT)"
"""Files of a content: each copy counts, and the record of a file that is gone counts as one."""
_OTHERS = "CAST(coalesce(sum(greatest(items, 1) - 1), 0) AS BIGINT)"
"""The same but for the one that somebody looked at."""


def _counted(what: str, settled_by: str = "") -> str:
    where = f"{_MEDIA} AND settled_by = '{settled_by}'" if settled_by else _MEDIA
    return f"SELECT {what} FROM file_clusters WHERE {where}"  # noqa: S608 - our own text


def _columns(queries: dict[str, str]) -> str:
    return "SELECT " + ", ".join(f"({query}) AS {name}" for name, query in queries.items())


_PARTS = {
    "known": _counted(_COPIES, "known"),
    "exact_duplicates": _counted(_OTHERS, "judged"),
    "near_duplicates": _counted(_COPIES, "near_duplicate"),
    "ignorable": _counted(_COPIES, "ignorable"),
}
_HEADLINE = {
    "files": _counted(_COPIES),
    "settled": "SELECT " + " + ".join(f"({query})" for query in _PARTS.values()),
    **_PARTS,
    "looked_at": _counted("count(*)", "judged"),
    "open": _counted(_COPIES, "open"),
    "open_clusters": _counted("count(DISTINCT cluster_id)", "open"),
}
SETTLED = _columns(_HEADLINE)
"""``files`` = ``settled`` + ``looked_at`` + ``open``; ``settled`` is the sum of its four parts."""


def told_settled(found: dict[str, int]) -> str:
    """The headline: how many pictures, videos and shared files nobody needs to look at."""
    return (
        f"settled without a look: {found['settled']} of {found['files']} files "
        f"(known {found['known']}, exact duplicates of what was looked at "
        f"{found['exact_duplicates']}, near duplicates {found['near_duplicates']}, ignorable "
        f"{found['ignorable']}); looked at {found['looked_at']}; open {found['open']} "
        f"in {found['open_clusters']} clusters"
    )


BEHAVIOURS_EACH = 8
"""Persons shown of each behaviour."""
_TOTALS = {
    "exhibits": "SELECT count(*) FROM exhibits",
    "countries": "SELECT count(DISTINCT country) FROM exhibits",
    "items": "SELECT count(*) FROM items",
    "failed": "SELECT count(*) FROM items WHERE outcome = 'failed'",
    "not_read": "SELECT count(*) FROM unread WHERE severity = 'error'",
    "messages": "SELECT count(*) FROM merged_messages",
    "copies": "SELECT count(*) FROM messages",
    "persons": "SELECT count(*) FROM persons",
    "inferred": "SELECT count(*) FROM persons WHERE inferred > 0",
    "groups": "SELECT count(*) FROM groups",
    "shared_files": "SELECT count(DISTINCT sha256) FROM shares",
    "known": "SELECT count(DISTINCT sha256) FROM matches WHERE kind = 'known' AND tier = 'exact'",
    "known_gone": "SELECT count(DISTINCT sha256) FROM matches WHERE kind = 'known' AND "
    "tier = 'exact' AND sha256 NOT IN (SELECT sha256 FROM matches WHERE file_present)",
    "ambiguous": "SELECT count(*) FROM messages WHERE date_order = 'ambiguous'",
    "messages_contradicted": "SELECT count(DISTINCT merged_id) FROM message_conflicts",
    "memberships_contradicted": "SELECT count(*) FROM "
    "(SELECT DISTINCT chat_id, person_id FROM membership_conflicts)",
}
FIGURES = _TOTALS | {
    "media": _HEADLINE["files"], "settled": _HEADLINE["settled"],
    "settled_known": _HEADLINE["known"],
    **{name: _HEADLINE[name] for name in
       ("exact_duplicates", "near_duplicates", "ignorable", "looked_at", "open", "open_clusters")},
}  # fmt: skip
"""Every figure of the first page, each with the query that counts it."""
QUERIES = {
    "totals": _columns(FIGURES),
    "exhibits": """
        WITH broken AS (SELECT DISTINCT item_id FROM unread WHERE severity = 'error')
        SELECT e.exhibit_id, e.kind, e.country, e.search_id, e.label, e.authority, e.time_zone,
               e.hash_only, e.content_sha256, count(i.item_id) AS seen,
               count(*) FILTER (WHERE i.outcome = 'processed' AND b.item_id IS NULL) AS processed,
               count(*) FILTER (WHERE i.outcome = 'skipped') AS skipped,
               count(*) FILTER (WHERE i.outcome = 'failed'
                                OR (i.outcome = 'processed' AND b.item_id IS NOT NULL)) AS failed
        FROM exhibits AS e
        LEFT JOIN items AS i ON i.exhibit_id = e.exhibit_id
        LEFT JOIN broken AS b ON b.item_id = i.item_id
        GROUP BY ALL ORDER BY e.exhibit_id
        """,
    "sources": """
        SELECT s.*, i.path FROM sources AS s JOIN items AS i ON i.item_id = s.item_id
        ORDER BY s.exhibit_id, i.path
        """,
    "not_read": """
        SELECT exhibit_id, severity, code, reason, path, locator, reader FROM unread
        WHERE code <> 'same_content'
        ORDER BY CASE severity WHEN 'error' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END,
                 exhibit_id, path, locator
        """,
    "not_processed": """
        SELECT exhibit_id, outcome, reason, count(*) AS items, min(path) AS path
        FROM items WHERE outcome <> 'processed'
        GROUP BY exhibit_id, outcome, reason ORDER BY outcome, exhibit_id, reason
        """,
    "flags": """
        SELECT f.exhibit_id, f.code, count(*) AS items, min(i.path) AS path
        FROM flags AS f JOIN items AS i ON i.item_id = f.item_id
        GROUP BY f.exhibit_id, f.code ORDER BY f.exhibit_id, f.code
        """,
    "skipped_rows": """
        SELECT r.exhibit_id, i.path, r.source_table, r.became, r.reason, r.rows
        FROM source_rows AS r
        JOIN sources AS s ON s.exhibit_id = r.exhibit_id AND s.source_id = r.source_id
        JOIN items AS i ON i.item_id = s.item_id
        WHERE r.became IN ('skipped', 'not_read')
        ORDER BY r.exhibit_id, i.path, r.source_table, r.reason
        """,
    "groups": "FROM groups ORDER BY members DESC, messages DESC, chat_id",
    "links": """
        SELECT l.*, a.subject AS subject_a, b.subject AS subject_b
        FROM group_links AS l
        JOIN groups AS a ON a.chat_id = l.chat_a JOIN groups AS b ON b.chat_id = l.chat_b
        ORDER BY l.containment DESC, l.shared_members DESC, l.chat_a, l.chat_b
        """,
    "countries": """
        SELECT coalesce(country, 'not known') AS country, count(DISTINCT person_id) AS persons,
               count(DISTINCT chat_id) AS groups
        FROM group_members GROUP BY country ORDER BY persons DESC, country
        """,
    "inferred": """
        SELECT p.*, l.evidence FROM persons AS p
        JOIN person_links AS l ON l.account_a = least(p.weakest_a, p.weakest_b)
          AND l.account_b = greatest(p.weakest_a, p.weakest_b)
        WHERE p.inferred > 0 ORDER BY p.weakest_bits, p.person_id
        """,
    "behaviours": f"""
        FROM behaviours WHERE place <= {BEHAVIOURS_EACH} ORDER BY behaviour, place, person_id
        """,
    "key_players": "FROM key_players ORDER BY set_kind, place",
    "roles": "FROM roles ORDER BY connected_to DESC, groups DESC, person_id",
    "files": """
        SELECT f.*, c.media_type, c.size, c.countries, c.known, c.ignorable, c.settled_by,
               c.file_present, g.subject
        FROM first_shares AS f
        JOIN file_clusters AS c ON c.sha256 = f.sha256
        LEFT JOIN groups AS g ON g.chat_id = f.chat_id
        ORDER BY c.settled_by = 'ignorable', f.chats DESC, f.shares DESC, f.sha256
        """,
    "settled": SETTLED,
    "matches": """
        SELECT set, version, kind, category, sha256, algorithm, tier, min(distance) AS distance,
               arg_min(orientation, distance) AS orientation,
               bool_or(low_quality) AS low_quality, bool_or(simple_graphic) AS simple_graphic,
               max(frames_matched) AS frames_matched, max(frames_total) AS frames_total,
               max(known_frames_matched) AS known_frames_matched,
               max(known_frames_total) AS known_frames_total,
               arg_min(expected_by_chance, distance) AS expected_by_chance,
               arg_min(expected_at_most, distance) AS expected_at_most,
               count(DISTINCT record) AS records,
               count(DISTINCT item_id) AS files,
               count(DISTINCT event_id) AS records_only,
               array_agg(DISTINCT exhibit_id ORDER BY exhibit_id) AS exhibits,
               min(record) AS record
        FROM matches GROUP BY set, version, kind, category, sha256, algorithm, tier
        ORDER BY CASE tier WHEN 'exact' THEN 0 WHEN 'near' THEN 1 ELSE 2 END, kind DESC, set,
                 version, category, sha256, algorithm
        """,
    "sets": "FROM hash_sets ORDER BY set, version",
    "invites": """
        SELECT i.*, g.members FROM invite_targets AS i
        LEFT JOIN groups AS g ON g.chat_id = i.chat_id
        ORDER BY i.chat_id IS NULL, i.seen DESC, i.code
        """,
    "readers": """
        SELECT reader, reader_version, count(*) AS sources FROM sources
        GROUP BY reader, reader_version ORDER BY reader, reader_version
        """,
}
