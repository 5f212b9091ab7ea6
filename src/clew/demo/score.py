"""How the findings score against the truth. It ranks our own steps; it is no field error rate."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import combinations
from typing import Any

import msgspec
import pyarrow as pa

from clew.demo.truth import Truth

Tables = Callable[[str], pa.Table]
_People = dict[str, set[str]]


class Score(msgspec.Struct, frozen=True):
    """One figure that can be right or wrong."""

    name: str
    expected: int
    found: int
    detail: str = ""
    certain: bool = True
    """Whoever reads all evidence rightly finds it; else it also depends on what can be inferred."""

    @property
    def passed(self) -> bool:
        """It is right, or nobody could be certain of it."""
        return self.expected == self.found or not self.certain


def score(truth: Truth, tables: Tables) -> list[Score]:
    """Compare the findings of a case with the truth of its operation."""
    people: _People = defaultdict(set)
    for row in _rows(tables, "person_accounts", "account_id", "person_id"):
        people[row["account_id"].partition("#")[0]].add(row["person_id"])  # a new owner has a date
    parts = (_evidence, _messages, _network, _files)
    return [found for part in parts for found in part(truth, tables, people)]


def _evidence(truth: Truth, tables: Tables, _: _People) -> Iterator[Score]:
    exhibits = _rows(tables, "exhibits", "country", "search_id")
    items = _rows(tables, "items", "exhibit_id", "reason")
    codes = {row["code"] for row in _rows(tables, "unread", "code")}
    per_exhibit = {e: sum(i["exhibit_id"] == e for i in items) for e in truth.entries}
    right = sum(per_exhibit[e] == n for e, n in truth.entries.items())
    encrypted = any(i["reason"] == "encrypted" for i in items) + ("encrypted" in codes)
    yield Score("exhibits", truth.exhibits, len(exhibits))
    yield Score("countries of searches", truth.countries, len({e["country"] for e in exhibits}))
    yield Score("searches", truth.searches, len({e["search_id"] for e in exhibits}))
    yield Score("items seen", sum(truth.entries.values()), len(items))
    yield Score("exhibits with every entry accounted for", len(truth.entries), right)
    yield Score("encrypted files reported, not read", truth.encrypted, encrypted)
    broken = int(bool(codes & {"damaged", "read_by_pages", "no_page_read"}))
    yield Score("broken databases reported", truth.broken, broken)


def _messages(truth: Truth, tables: Tables, _: _People) -> Iterator[Score]:
    sources = _rows(
        tables, "sources", "kind", "item_id", "source_id", "rows_emitted", "rows_only_in_wal"
    )
    once = sum(
        m["kind"] != "system" and m["chat_id"].startswith("whatsapp:") and bool(m["message_key"])
        for m in _rows(tables, "merged_messages", "kind", "chat_id", "message_key")
    )
    emitted: dict[str, int] = defaultdict(int)
    for source in sources:
        emitted[source["kind"]] += source["rows_emitted"]
    in_log = sum(s["rows_only_in_wal"] for s in sources)
    yield Score("messages of the databases, each once", truth.messages, once)
    yield Score("messages that stand in a write-ahead log only", truth.only_in_log, in_log)
    yield Score("messages of the text exports", truth.text_lines, emitted["whatsapp.export.text"])
    yield _candidates(truth, tables, {s["item_id"]: s["source_id"] for s in sources})


def _candidates(truth: Truth, tables: Tables, content: dict[str, str]) -> Score:
    """Candidates are right where the best one, without a rival, is the true message."""
    best = {}
    for row in _rows(tables, "merge_candidates", "event_id", "rank", "rivals", "merged_id"):
        item, _, where = row["event_id"].partition("#")
        if row["rank"] == 1 and not row["rivals"]:
            best[f"{content[item]}#{where}"] = row["merged_id"]
    right = sum(truth.exported.get(where) == message for where, message in best.items())
    return Score(
        "messages of exports set beside their true message",
        len(truth.exported),
        right,
        f"{len(best) - right} set beside a wrong one",
        certain=False,
    )


def _network(truth: Truth, tables: Tables, people: _People) -> Iterator[Score]:
    members: dict[str, set[str]] = defaultdict(set)
    for row in _rows(tables, "group_members", "chat_id", "person_id"):
        if row["chat_id"] in truth.memberships:
            members[row["chat_id"]].add(row["person_id"])
    real = {g: [people.get(a, {a}) for a in found] for g, found in truth.memberships.items()}
    right = sum(bool(who & members[g]) for g, found in real.items() for who in found)
    beyond = sum(len(members[g].difference(*found)) for g, found in real.items())
    links = {
        (x["chat_a"], x["chat_b"]): x["shared_members"]
        for x in _rows(tables, "group_links", "chat_a", "chat_b", "shared_members")
    }
    pairs = {
        (a, b): len(both)
        for a, b in combinations(sorted(members), 2)
        if (both := members[a] & members[b])
    }
    invites = {r["code"]: r["chat_id"] for r in _rows(tables, "invite_targets", "code", "chat_id")}
    holders = {
        e: p["person_id"]
        for p in _rows(tables, "persons", "person_id", "is_owner_of")
        for e in p["is_owner_of"]
    }
    lids = sum(bool(people[lid] & people[pn]) for lid, pn in truth.hidden_ids.items())
    owned = sum(
        any(holders.get(e) in people[a] for a in accounts) for e, accounts in truth.owners.items()
    )
    led = sum(invites.get(code) == chat for code, chat in truth.invites.items())
    yield Score("groups of the databases", len(truth.memberships), len(members))
    yield Score("memberships", sum(map(len, real.values())), right, f"{beyond} beyond them")
    yield Score("hidden ids tied to their number", len(truth.hidden_ids), lids)
    tied = "devices tied to their holder's account"
    yield Score(tied, len(truth.owners), owned, certain=False)
    same = sum(links.get(pair) == n for pair, n in pairs.items())
    yield Score("pairs of groups with the right number of shared members", len(pairs), same)
    yield Score("invitations led to their group", len(truth.invites), led)


def _files(truth: Truth, tables: Tables, people: _People) -> Iterator[Score]:
    first = {
        r["sha256"]: r["person_id"] for r in _rows(tables, "first_shares", "sha256", "person_id")
    }
    right = sum(first.get(digest) in people[f.account] for digest, f in truth.first_shares.items())
    really = sum(f.account == f.real_account for f in truth.first_shares.values())
    exact: dict[str, set[str]] = defaultdict(set)
    present = set()
    for match in _rows(tables, "matches", "tier", "kind", "sha256", "file_present"):
        if match["tier"] == "exact":
            exact[match["kind"]].add(match["sha256"])
            present |= {match["sha256"]} if match["file_present"] else set()
    gone = truth.known_by_record_only
    yield Score(
        "first known sharers of files",
        len(truth.first_shares),
        right,
        f"{really} of them are the real first sharer; the rest no seized device can know",
        certain=False,
    )
    yield Score("known files found", len(truth.known), len(exact["known"] & truth.known))
    found = (exact["known"] & gone) - present
    yield Score("known files found by a record only", len(gone), len(found))
    ignored = exact["ignorable"] & truth.ignorable
    yield Score("ignorable files found", len(truth.ignorable), len(ignored))


def _rows(tables: Tables, name: str, *columns: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tables(name).select(columns).to_pylist()
    return found
