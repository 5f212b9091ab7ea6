"""How the findings score against the truth. It ranks our own steps; it is no field error rate."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pyarrow as pa

from clew.demo.truth import Truth

Tables = Callable[[str], pa.Table]


class Score(msgspec.Struct, frozen=True):
    """One figure that can be right or wrong."""

    name: str
    expected: int
    found: int
    detail: str = ""


def score(truth: Truth, tables: Tables) -> list[Score]:
    """Compare the findings of the demo's case with its truth."""
    person = {r["account_id"]: r["person_id"] for r in tables("person_accounts").to_pylist()}
    return [
        *_evidence(truth, tables),
        *_messages(truth, tables),
        *_network(truth, tables, person),
        *_files(truth, tables, person),
    ]


def _evidence(truth: Truth, tables: Tables) -> list[Score]:
    items = tables("items").select(["exhibit_id", "outcome", "reason"]).to_pylist()
    unread = tables("unread").to_pylist()
    per_exhibit = {e: sum(i["exhibit_id"] == e for i in items) for e in truth.entries}
    right = sum(per_exhibit[e] == n for e, n in truth.entries.items())
    told = {u["code"] for u in unread}
    encrypted = any(i["reason"] == "encrypted" for i in items) + ("encrypted" in told)
    return [
        Score("items seen", sum(truth.entries.values()), len(items)),
        Score("exhibits with every entry accounted for", len(truth.entries), right),
        Score("encrypted files told, not read", 2, encrypted),
        Score("broken databases told", 1, int(bool(told & {"damaged", "read_by_pages"}))),
    ]


def _messages(truth: Truth, tables: Tables) -> list[Score]:
    sources = tables("sources").to_pylist()
    merged = tables("merged_messages").select(["kind", "chat_id"]).to_pylist()
    exported = sum(s["rows_emitted"] for s in sources if s["kind"] == "whatsapp.export.text")
    once = sum(m["kind"] != "system" and ":export:" not in m["chat_id"] for m in merged)
    return [
        Score("messages of the databases, each once", truth.messages, once),
        Score(
            "messages that stand in a write-ahead log only",
            truth.only_in_wal,
            sum(s["rows_only_in_wal"] for s in sources),
        ),
        Score("messages of the text exports", truth.exported_messages, exported),
        _candidates(truth, tables, sources),
    ]


def _candidates(truth: Truth, tables: Tables, sources: list[dict[str, Any]]) -> Score:
    """Candidates are right where the best one, without a rival, is the true message."""
    content = {s["item_id"]: s["source_id"] for s in sources}
    best = {}
    for row in tables("merge_candidates").to_pylist():
        item, _, where = row["event_id"].partition("#")
        if row["rank"] == 1 and not row["rivals"]:
            best[f"{content[item]}#{where}"] = row["merged_id"]
    right = sum(truth.exported.get(where) == message for where, message in best.items())
    return Score(
        "messages of exports set beside their true message",
        len(truth.exported),
        right,
        f"{len(best) - right} set beside a wrong one",
    )


def _network(truth: Truth, tables: Tables, person: dict[str, str]) -> list[Score]:
    members = {
        (m["chat_id"], m["person_id"])
        for m in tables("group_members").to_pylist()
        if m["chat_id"] in truth.groups
    }
    real = {(g, person.get(m, m)) for g, found in truth.groups.items() for m in found}
    links = {
        f"{x['chat_a']}|{x['chat_b']}": x["shared_members"]
        for x in tables("group_links").to_pylist()
    }
    invites = {i["code"]: i["chat_id"] for i in tables("invite_targets").to_pylist()}
    lids = sum(person.get(lid) == person.get(pn, "-") for lid, pn in truth.hidden_ids.items())
    holders = {e: p["person_id"] for p in tables("persons").to_pylist() for e in p["is_owner_of"]}
    return [
        Score("groups", len(truth.groups), len({g for g, _ in members})),
        Score("memberships", len(real), len(real & members), f"{len(members - real)} beyond them"),
        Score("hidden ids tied to their number", len(truth.hidden_ids), lids),
        Score(
            "devices tied to their holder's account",
            len(truth.owners),
            sum(holders.get(e) == person.get(a) for e, a in truth.owners.items()),
        ),
        Score(
            "pairs of groups with the right number of shared members",
            len(truth.links),
            sum(links.get(pair) == n for pair, n in truth.links.items()),
        ),
        Score(
            "invitations led to their group",
            len(truth.invites),
            sum(invites.get(code) == chat for code, chat in truth.invites.items()),
        ),
    ]


def _files(truth: Truth, tables: Tables, person: dict[str, str]) -> list[Score]:
    first = {f["sha256"]: f for f in tables("first_shares").to_pylist()}
    right = sum(
        digest in first and first[digest]["person_id"] == person.get(f.account)
        for digest, f in truth.first_shares.items()
    )
    really = sum(f.account == f.real_account for f in truth.first_shares.values())
    matches = [m for m in tables("matches").to_pylist() if m["tier"] == "exact"]
    known = {m["sha256"] for m in matches if m["kind"] == "known"}
    present = {m["sha256"] for m in matches if m["file_present"]}
    ignorable = {m["sha256"] for m in matches if m["kind"] == "ignorable"}
    gone = set(truth.known_by_record_only)
    return [
        Score(
            "first known sharers of files",
            len(truth.first_shares),
            right,
            f"{really} of them are the real first sharer; the rest no seized device can know",
        ),
        Score("known files found", len(truth.known_files), len(known & set(truth.known_files))),
        Score("known files found by a record only", len(gone), len((known & gone) - present)),
        Score(
            "ignorable files found",
            len(truth.ignorable_files),
            len(ignorable & set(truth.ignorable_files)),
        ),
    ]
