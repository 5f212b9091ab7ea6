"""``clew show``: the findings, a list each."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from clew.cli.output import (
    allow_unmasking,
    case_argument,
    json_option,
    log_reading,
    masked,
    say,
    unmask_options,
    worded,
    write_json,
    write_table,
)

if TYPE_CHECKING:
    from clew.casefile import Case
    from clew.cli.timeline import Narrowing

_FILES = """
SELECT c.sha256, c.media_type, c.size, c.settled_by, c.settled_through, c.settled_distance, c.known,
       c.known_near, c.ignorable, c.file_present, c.shares, c.chats, c.persons, c.countries,
       c.items, c.exhibits, c.cluster_id, c.contents, c.representative = c.sha256 AS represents,
       c.distance, c.orientation, c.frames_matched, c.frames_total,
       c.cluster_chats, c.cluster_persons, c.cluster_countries, c.cluster_exhibits,
       c.cluster_shares,
       f.person_id AS first_by, f.sent_at AS first_at, f.certainty, f.first_in_cluster
FROM file_clusters AS c LEFT JOIN first_shares AS f ON f.sha256 = c.sha256
ORDER BY NOT (coalesce(regexp_matches(c.media_type, '^(image|video)/'), false) OR c.shares > 0),
         c.settled_by <> 'open', c.cluster_chats DESC, c.cluster_persons DESC,
         c.cluster_countries DESC, c.cluster_exhibits DESC, c.cluster_shares DESC, c.cluster_id,
         c.representative <> c.sha256, c.sha256
"""
"""What is new and most spread first; what is no picture, video or shared file last."""
SHOWN = {
    "exhibits": "SELECT exhibit_id, kind, country, search_id, label, authority, content_sha256 "
    "FROM exhibits ORDER BY exhibit_id",
    "groups": "SELECT chat_id, subject, members, countries, messages, shares, known_shares, "
    "first_at, last_at, exhibits FROM groups ORDER BY members DESC, chat_id",
    "members": "SELECT g.subject, m.* FROM group_members AS m JOIN groups AS g USING (chat_id) "
    "ORDER BY m.chat_id, m.person_id",
    "links": "SELECT * FROM group_links ORDER BY containment DESC, shared_members DESC, chat_a, "
    "chat_b",
    "accounts": "SELECT p.account_id, p.person_id, p.rule, p.exhibit_id, p.locator, "
    "p.messages, p.judgement, p.bits, n.names "
    "FROM person_accounts AS p LEFT JOIN (SELECT account_id, "
    "array_agg(DISTINCT name ORDER BY name) AS names FROM account_names GROUP BY account_id) AS n "
    "ON n.account_id = p.account_id ORDER BY p.account_id",
    "persons": "SELECT r.*, p.accounts, p.names FROM persons AS p LEFT JOIN roles AS r "
    "USING (person_id) ORDER BY r.connected_to DESC NULLS LAST, p.person_id",
    "files": _FILES,
    "categories": "SELECT * FROM file_categories ORDER BY number",
    "first-shares": "SELECT * FROM first_shares ORDER BY chats DESC, shares DESC, sha256",
    "matches": "SELECT * FROM matches ORDER BY kind <> 'known', CASE tier WHEN 'exact' THEN 0 "
    "WHEN 'near' THEN 1 ELSE 2 END, distance, set, version, sha256, exhibit_id, match_id",
    "invites": "SELECT * FROM invite_targets ORDER BY seen DESC, code",
    "postings": "SELECT * FROM invite_postings ORDER BY platform, code, posted_at NULLS LAST, "
    "place",
    "entries": "SELECT e.exhibit_id, i.path, e.locator, e.first_day, e.last_day, e.precision, "
    "e.readings, e.written, e.year_basis, e.places, e.names, e.text FROM entries AS e "
    "JOIN items AS i USING (item_id) ORDER BY e.first_day NULLS LAST, e.exhibit_id, i.path, "
    "e.locator",
    "sources": "SELECT * FROM sources ORDER BY exhibit_id, item_id",
    "unread": "SELECT exhibit_id, path, locator, severity, code, reason, reader FROM unread "
    "ORDER BY code <> 'looks_like_chat', severity, exhibit_id, path, locator",
    "flags": "SELECT f.exhibit_id, i.path, f.code, f.detail FROM flags AS f JOIN items AS i "
    "USING (item_id) ORDER BY f.exhibit_id, i.path, f.code",
    "recovered": "SELECT m.exhibit_id, m.locator, m.found_in, m.complete, m.chat_id, "
    "m.sender_account_id, m.sent_at, m.kind, m.text, s.sha256, "
    "(SELECT count(DISTINCT o.exhibit_id) FROM messages AS o WHERE o.message_key = m.message_key "
    "AND o.exhibit_id <> m.exhibit_id) AS live_on_others FROM recovered_messages AS m "
    "LEFT JOIN recovered_shares AS s ON s.event_id = m.event_id "
    "ORDER BY m.exhibit_id, m.sent_at, m.locator",
    "media": "SELECT m.exhibit_id, i.path, m.media_type, m.width, m.height, m.make, m.model, "
    "m.serial, m.taken_local, m.taken_at, m.offset_basis, m.quantisation_fingerprint, m.codec, "
    "m.duration_ms, m.source_id FROM media_files AS m JOIN (SELECT exhibit_id, sha256, "
    "min(path) AS path FROM items WHERE sha256 IS NOT NULL GROUP BY ALL) AS i "
    "ON i.exhibit_id = m.exhibit_id AND i.sha256 = m.source_id ORDER BY m.exhibit_id, i.path",
    "embeddings": "SELECT exhibit_id, source_id AS sha256, algorithm, version, dimensions, "
    "decode_path FROM embeddings ORDER BY exhibit_id, source_id",
    "places": "SELECT exhibit_id, source_id, round(latitude, 6)::VARCHAR AS latitude, "
    "round(longitude, 6)::VARCHAR AS longitude, altitude_m, fixed_at, locator, basis, value_raw "
    "FROM media_places UNION ALL "
    "SELECT p.exhibit_id, p.source_id, round(p.latitude, 6)::VARCHAR, "
    "round(p.longitude, 6)::VARCHAR, NULL, m.sent_at, p.locator, 'message', p.value_raw "
    "FROM message_places AS p LEFT JOIN messages AS m USING (event_id) "
    "ORDER BY exhibit_id, source_id, locator, value_raw",
    "polls": "SELECT m.exhibit_id, m.chat_id, m.sender_account_id, m.sent_at, m.text AS question, "
    "p.ordinal, p.option, p.votes, p.voters, p.locator FROM poll_options AS p "
    "JOIN messages AS m USING (event_id) ORDER BY m.exhibit_id, m.sent_at, p.locator, p.ordinal",
    "failed": "SELECT exhibit_id, path, outcome, reason FROM items WHERE outcome <> 'processed' "
    "ORDER BY outcome, exhibit_id, path",
    "membership-periods": "SELECT g.subject, s.chat_id, s.person_id, s.number, s.from_at, "
    "s.from_bound, s.until_at, s.until_bound, s.joined_how, s.joined_by, s.invites, s.ended_how, "
    "s.ended_by, s.roles, s.posts, s.conflicts, s.exhibits, s.reason FROM membership_periods AS s "
    "LEFT JOIN groups AS g ON g.chat_id = s.chat_id "
    "ORDER BY s.chat_id, s.from_at NULLS LAST, s.person_id, s.number",
    "membership-conflicts": "SELECT * FROM membership_conflicts "
    "ORDER BY chat_id, person_id, number, kind, place, other_place",
    "conflicts": "SELECT * FROM message_conflicts ORDER BY chat_id, merged_id, kind, what, "
    "event_id, other_event_id",
    "candidates": "SELECT * FROM merge_candidates ORDER BY export_chat, event_id, rank",
    "network": "SELECT * FROM network_links ORDER BY kind, from_id, to_id",
    "layout": "SELECT * FROM layout ORDER BY kind, line",
    "sets": "SELECT * FROM hash_sets ORDER BY set, version",
    "lineage": "SELECT * FROM group_lineage ORDER BY later, earlier",
    "countries": "SELECT * FROM countries ORDER BY persons DESC, country",
    "person-countries": "SELECT * FROM person_countries ORDER BY NOT conflict, number_only, "
    "person_id",
    "country-evidence": "SELECT * FROM country_evidence ORDER BY person_id, confidence DESC, "
    "country, basis, reason, exhibit_id",
    "country-ties": "SELECT * FROM country_ties ORDER BY place_persons + place_groups + "
    "place_contents, a, b",
    "timeline": 'SELECT * FROM timeline ORDER BY "at", weight DESC, line_id',
    "gaps": "SELECT * FROM timeline_gaps ORDER BY exhibit_id, from_at NULLS FIRST, kind, gap_id",
    "roles": "SELECT behaviour, place, person_id, country, score, groups, contents, countries, "
    "watched, figures, persons FROM behaviours ORDER BY place, behaviour, person_id",
    "measures": "SELECT * FROM person_measures ORDER BY betweenness DESC, person_id",
    "key-players": "SELECT * FROM key_players ORDER BY set_kind, place",
    "carried": 'SELECT * FROM carried ORDER BY "at" DESC, cluster_id, to_chat',
    "communities": "SELECT * FROM communities ORDER BY period, community_id",
    "community-events": "SELECT * FROM community_events ORDER BY period, before, after",
}


_TABLES = {
    "accounts": "person_accounts",
    "roles": "behaviours",
    "measures": "person_measures",
    "lineage": "group_lineage",
}
"""Tables that a list is named otherwise than."""
_POSTINGS = """
SELECT p.platform, p.code, t.group_name AS leads_to, t.chat_id AS leads_to_chat, p.posted_at,
       p.posted_local, p.person_id, p.chat_name, p.chat_id, p.found_in, p.written, p.exhibits,
       p.path, p.locator, p.state
FROM invite_postings AS p JOIN invite_targets AS t USING (platform, code)
WHERE p.code IN (SELECT unnest($codes))
ORDER BY p.platform, p.code, p.posted_at NULLS LAST, p.posted_local, p.place
"""
_ONWARD = """
WITH RECURSIVE reached AS (
  SELECT platform, code, 0 AS depth, CAST(NULL AS VARCHAR) AS posted_in
  FROM invite_targets WHERE code IN (SELECT unnest($codes))
  UNION
  SELECT p.platform, p.code, r.depth + 1, p.chat_id
  FROM reached AS r
  JOIN invite_targets AS t ON t.platform = r.platform AND t.code = r.code
  JOIN invite_postings AS p ON p.chat_id = t.chat_id AND p.state = 'live'
  WHERE r.depth < $steps
),
nearest AS (
  SELECT platform, code, min(depth) AS depth FROM reached GROUP BY platform, code
)
SELECT n.depth, t.platform, t.code, t.kind, t.chat_id AS leads_to_chat,
       t.group_name AS leads_to, min(r.posted_in) AS posted_in, t.seen, t.documents, t.persons,
       t.first_at, t.first_by, t.exhibits
FROM nearest AS n
JOIN invite_targets AS t USING (platform, code)
LEFT JOIN reached AS r ON r.platform = n.platform AND r.code = n.code AND r.depth = n.depth
GROUP BY ALL
ORDER BY n.depth, t.platform, t.code
"""
_TIERS = """
SELECT kind, tier, count(DISTINCT coalesce(sha256, query_hash)) AS files, count(*) AS matches
FROM matches GROUP BY kind, tier
ORDER BY kind <> 'known', CASE tier WHEN 'exact' THEN 0 WHEN 'near' THEN 1 ELSE 2 END
"""
_STEPS = 16
"""Steps from link to group to link that are followed; a walk that comes back ends before."""


@click.command(no_args_is_help=True)
@case_argument
@click.argument("what", metavar="WHAT", type=click.Choice(tuple(SHOWN)))
@click.option("--link", help="With invites: who posted this link or code, where and when.")
@click.option(
    "--onward", is_flag=True, help="With --link: the groups and links reached from it, by steps."
)
@click.option("--person", help="With timeline or gaps: id, account, number or pseudonym.")
@click.option("--group", help="With timeline or gaps: a group's id or whole title.")
@click.option("--since", help="With timeline or gaps: from this day or moment on, in UTC.")
@click.option("--until", help="With timeline or gaps: up to this day, or before this moment.")
@click.option("--limit", type=click.IntRange(0), default=50, help="Rows shown; 0 for all.")
@unmask_options
@json_option
def show(
    case: Path,
    what: str,
    link: str | None,
    onward: bool,
    person: str | None,
    group: str | None,
    since: str | None,
    until: str | None,
    limit: int,
    unmask: bool,
    reason: str | None,
    as_json: bool,
) -> None:
    r"""Show one list: LISTS.

    \b
    clew show cases/op-17 groups
    clew show cases/op-17 invites --json --limit 0
    clew show cases/op-17 invites --link https://chat.whatsapp.com/CODE --onward
    clew show cases/op-17 timeline --person person-1a2b3c4d --since 2025-03-01 --until 2025-03-31
    """
    from clew.casefile import open_case
    from clew.cli.timeline import Narrowing, narrowed

    asked = Narrowing(person, group, since, until)
    _check(what, link, asked, onward=onward)
    with open_case(case) as opened:
        if unmask:
            allow_unmasking(opened, reason, f"show {what}")
        log_reading(opened, f"show {what}", unmasked=unmask, reason=reason)
        query, values = _of_link(link, onward=onward) if link else (SHOWN[what], {})
        if asked:
            query, values = narrowed(opened, what, query, asked)
        (all_rows,) = opened.rows(f"SELECT count(*) AS n FROM ({query})", **values)  # noqa: S608 - our own text
        rows = opened.rows(query + (f" LIMIT {limit}" if limit else ""), **values)
        if not unmask:
            rows = masked(_nameless(rows) if what == "entries" else rows, opened.masking())
        headlines = _headlines(opened, what)
    rows = worded(rows, _TABLES.get(what, what.replace("-", "_")))
    write_json(rows) if as_json else write_table(rows)
    for line in headlines:
        say(line)
    if link and not rows:
        say("This link is nowhere in what was read; clew status says what was not read.")
    if len(rows) < all_rows["n"]:
        say(f"{len(rows)} of {all_rows['n']} shown; --limit 0 shows all.")
    if not unmask and what not in ("exhibits", "sets"):
        say("People are masked; --unmask --reason REASON shows who they are, and is logged.")


show.help = (show.help or "").replace("LISTS", ", ".join(SHOWN))


def _headlines(case: Case, what: str) -> list[str]:
    """What stands under a list as a whole."""
    from clew.report.queries import SETTLED, told_settled

    if what == "files":
        return [told_settled(row) for row in case.rows(SETTLED)]
    return [
        f"{row['kind']} sets, {row['tier']}: {row['files']} files in {row['matches']} rows"
        for row in (case.rows(_TIERS) if what == "matches" else ())
    ]


def _check(what: str, link: str | None, asked: Narrowing, *, onward: bool) -> None:
    """Refuse options that do not go with the list asked for."""
    from clew.cli.timeline import NARROWED
    from clew.errors import UsageError

    if (what != "invites" and (link or onward)) or (onward and not link):
        raise UsageError(
            "--link goes with invites, and --onward with --link",
            do="Say, for instance: clew show CASE invites --link URL --onward",
        )
    if asked and what not in NARROWED:
        raise UsageError(
            "--person, --group, --since and --until go with timeline and gaps",
            do="Say, for instance: clew show CASE timeline --since 2025-03-01",
        )


def _nameless(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Entries without the words that may be names, of which the case need not know the persons."""
    hidden = []
    for row in rows:
        text = row["text"]
        for name in sorted(row["names"], key=len, reverse=True):
            text = text.replace(name, "[name]")
        hidden.append({**row, "names": ["[name]"] * len(row["names"]), "text": text})
    return hidden


def _of_link(link: str, *, onward: bool) -> tuple[str, dict[str, Any]]:
    """The query for one link, however it is written, or for a bare code."""
    from clew.facts.text import invite_links

    codes = [found.code for found in invite_links(link)] or [link.strip()]
    if onward:
        return _ONWARD, {"codes": codes, "steps": _STEPS}
    return _POSTINGS, {"codes": codes}
