"""The questions that the report answers, in SQL over the case's tables."""

_MEDIA = "(media_type LIKE 'image/%' OR media_type LIKE 'video/%' OR shares > 0)"
_FILES = "CAST(coalesce(sum(greatest(items, 1)), 0) AS BIGINT)"
"""Files of a content: each copy counts, and the record of a file that is gone counts as one."""
SETTLED = f"""
SELECT {_FILES} AS files,
       CAST(coalesce(sum(greatest(items, 1)) FILTER (WHERE settled_by <> 'open'), 0)
            - count(*) FILTER (WHERE settled_by = 'judged') AS BIGINT) AS settled,
       CAST(coalesce(sum(greatest(items, 1)) FILTER (WHERE settled_by = 'known'), 0) AS BIGINT)
         AS known,
       CAST(coalesce(sum(greatest(items, 1) - 1) FILTER (WHERE settled_by = 'judged'), 0) AS BIGINT)
         AS exact_duplicates,
       CAST(coalesce(sum(greatest(items, 1)) FILTER (WHERE settled_by = 'near_duplicate'), 0)
            AS BIGINT) AS near_duplicates,
       CAST(coalesce(sum(greatest(items, 1)) FILTER (WHERE settled_by = 'ignorable'), 0) AS BIGINT)
         AS ignorable,
       count(*) FILTER (WHERE settled_by = 'judged') AS looked_at,
       CAST(coalesce(sum(greatest(items, 1)) FILTER (WHERE settled_by = 'open'), 0) AS BIGINT)
         AS open,
       count(DISTINCT cluster_id) FILTER (WHERE settled_by = 'open') AS open_clusters
FROM file_clusters WHERE {_MEDIA}
"""  # noqa: S608 - our own text


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
QUERIES = {
    "totals": """
        SELECT (SELECT count(*) FROM exhibits) AS exhibits,
               (SELECT count(DISTINCT country) FROM exhibits) AS countries,
               (SELECT count(*) FROM items) AS items,
               (SELECT count(*) FROM items WHERE outcome = 'failed') AS failed,
               (SELECT count(*) FROM unread WHERE severity = 'error') AS not_read,
               (SELECT count(*) FROM merged_messages) AS messages,
               (SELECT count(*) FROM messages) AS copies,
               (SELECT count(*) FROM persons) AS persons,
               (SELECT count(*) FROM persons WHERE inferred > 0) AS inferred,
               (SELECT count(*) FROM groups) AS groups,
               (SELECT count(DISTINCT sha256) FROM shares) AS shared_files,
               (SELECT CAST(coalesce(sum(greatest(items, 1)), 0) AS BIGINT) FROM file_clusters
                WHERE media_type LIKE 'image/%' OR media_type LIKE 'video/%' OR shares > 0)
                AS media,
               (SELECT CAST(coalesce(sum(greatest(items, 1)) FILTER (WHERE settled_by <> 'open'), 0)
                       - count(*) FILTER (WHERE settled_by = 'judged') AS BIGINT)
                FROM file_clusters
                WHERE media_type LIKE 'image/%' OR media_type LIKE 'video/%' OR shares > 0)
                AS settled,
               (SELECT count(DISTINCT sha256) FROM matches
                WHERE kind = 'known' AND tier = 'exact') AS known,
               (SELECT count(DISTINCT sha256) FROM matches
                WHERE kind = 'known' AND tier = 'exact' AND sha256 NOT IN
                  (SELECT sha256 FROM matches WHERE file_present)) AS known_gone,
               (SELECT count(*) FROM messages WHERE date_order = 'ambiguous') AS ambiguous,
               (SELECT count(DISTINCT merged_id) FROM message_conflicts) AS messages_contradicted,
               (SELECT count(*) FROM (SELECT DISTINCT chat_id, person_id FROM spell_conflicts))
                AS memberships_contradicted
        """,
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
        SELECT p.*, l.reason FROM persons AS p
        JOIN person_links AS l ON p.weakest_link IN (concat(l.account_a, ' ', l.account_b),
                                                     concat(l.account_b, ' ', l.account_a))
        WHERE p.inferred > 0 ORDER BY p.weakest_bits, p.person_id
        """,
    "behaviours": f"""
        FROM behaviours WHERE place <= {BEHAVIOURS_EACH} ORDER BY behaviour, place, person_id
        """,
    "key_players": "FROM key_players ORDER BY set_kind, place",
    "roles": "FROM roles ORDER BY connected_to DESC, groups DESC, person_id",
    "files": """
        SELECT f.*, c.media_type, c.size, c.countries, c.known, c.ignorable, c.file_present,
               g.subject
        FROM first_shares AS f
        JOIN file_clusters AS c ON c.sha256 = f.sha256
        LEFT JOIN groups AS g ON g.chat_id = f.chat_id
        ORDER BY c.settled_by = 'ignorable', f.chats DESC, f.shares DESC, f.sha256
        """,
    "settled": SETTLED,
    "matches": """
        SELECT set, version, kind, category, sha256, algorithm, tier, min(distance) AS distance,
               bool_or(low_quality) AS low_quality, bool_or(simple_graphic) AS simple_graphic,
               max(frames_matched) AS frames_matched, max(frames_total) AS frames_total,
               max(known_frames_matched) AS known_frames_matched,
               max(known_frames_total) AS known_frames_total,
               max(expected_by_chance) AS expected_by_chance,
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
