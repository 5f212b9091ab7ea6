"""How the findings score against the truth. It ranks our own steps; it is no field error rate."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from itertools import combinations
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
    certain: bool = True
    """Whoever reads all evidence rightly finds it; else it also depends on what can be inferred."""

    @property
    def passed(self) -> bool:
        """It is right, or nobody could be certain of it."""
        return self.expected == self.found or not self.certain


def score(truth: Truth, tables: Tables) -> list[Score]:
    """Compare the findings of a case with the truth of its operation."""
    found = _Findings(tables)
    parts = (_evidence, _messages, _exports, _network, _files)
    return [one for part in parts for one in part(truth, found)]


class _Findings:
    """Tables of a case, by row or as pairs of two columns."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self.people: dict[str, set[str]] = defaultdict(set)
        for account, person in self.pairs("person_accounts", "account_id", "person_id"):
            self.people[account.partition("#")[0]].add(person)  # a new owner has a date

    def rows(self, name: str, *columns: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._tables(name).select(columns).to_pylist()
        return found

    def pairs(self, name: str, *columns: str) -> list[tuple[Any, ...]]:
        return [tuple(row.values()) for row in self.rows(name, *columns)]


def _evidence(truth: Truth, found: _Findings) -> Iterator[Score]:
    exhibits = found.rows("exhibits", "country", "search_id")
    items = found.rows("items", "exhibit_id", "reason")
    codes = {code for (code,) in found.pairs("unread", "code")}
    per_exhibit = Counter(item["exhibit_id"] for item in items)
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


def _messages(truth: Truth, found: _Findings) -> Iterator[Score]:
    sources = found.rows(
        "sources", "kind", "item_id", "source_id", "rows_emitted", "rows_only_in_wal"
    )
    once = sum(
        kind != "system" and chat.startswith("whatsapp:") and bool(key)
        for kind, chat, key in found.pairs("merged_messages", "kind", "chat_id", "message_key")
    )
    texts = sum(s["rows_emitted"] for s in sources if s["kind"] == "whatsapp.export.text")
    in_log = sum(s["rows_only_in_wal"] for s in sources)
    yield Score("messages of the databases, each once", truth.messages, once)
    yield Score("messages that stand in a write-ahead log only", truth.only_in_log, in_log)
    yield Score("messages of the text exports", truth.text_lines, texts)
    content = {s["item_id"]: s["source_id"] for s in sources}
    best = {}  # right where the best candidate, without a rival, is the true message
    for row in found.rows("merge_candidates", "event_id", "rank", "rivals", "merged_id"):
        item, _, where = row["event_id"].partition("#")
        if row["rank"] == 1 and not row["rivals"]:
            best[f"{content[item]}#{where}"] = row["merged_id"]
    right = sum(truth.exported.get(where) == message for where, message in best.items())
    beside = f"{len(best) - right} set beside a wrong one"
    name = "messages of exports set beside their true message"
    yield Score(name, len(truth.exported), right, beside, certain=False)


def _exports(truth: Truth, found: _Findings) -> Iterator[Score]:
    tied = {e: chat for e, chat, tied in
            found.pairs("export_chats", "export_chat", "chat_id", "tied") if tied}  # fmt: skip
    shown = {e: chat for e, chat in truth.exports.items() if chat in truth.memberships}
    right = sum(tied.get(e) == chat for e, chat in shown.items())
    beside = f"{len(tied) - right} joined to another"
    joined = "exports of a database's group joined to it"
    yield Score(joined, len(shown), right, beside, certain=False)
    real = {*truth.memberships, *truth.exports.values()}
    groups = [g for (g,) in found.pairs("groups", "chat_id") if g.startswith("whatsapp:")]
    yield Score("groups of databases and exports, each once", len(real), len(groups), certain=False)
    people = {
        label: {p for one in persons for a in truth.accounts[one] for p in found.people.get(a, ())}
        for label, persons in truth.labels.items()
    }
    known = [label for label, persons in people.items() if persons]
    right = sum(bool(found.people[a] & people[a]) for a in known if len(truth.labels[a]) == 1)
    owners: dict[str, set[int]] = defaultdict(set)
    for one, accounts in truth.accounts.items():
        for person in {p for a in accounts for p in found.people.get(a, ())}:
            owners[person].add(one)
    wrong = sum(
        any(owners[p] and not set(truth.labels[a]) <= owners[p] for p in found.people[a])
        for a in known
    )
    tied_right = "labels of exports tied to their person"
    yield Score(tied_right, len(known), right, f"{wrong} tied to another", certain=False)
    members = {p for chat, p in found.pairs("group_members", "chat_id", "person_id")
               if chat in truth.memberships}  # fmt: skip
    yield Score("persons in these groups, each once", truth.persons, len(members), certain=False)


def _network(truth: Truth, found: _Findings) -> Iterator[Score]:
    members: dict[str, set[str]] = defaultdict(set)
    for chat, person in found.pairs("group_members", "chat_id", "person_id"):
        if chat in truth.memberships:
            members[chat].add(person)
    people = found.people
    real = {g: [people.get(a, {a}) for a in accounts] for g, accounts in truth.memberships.items()}
    right = sum(bool(who & members[g]) for g, persons in real.items() for who in persons)
    beyond = sum(len(members[g].difference(*persons)) for g, persons in real.items())
    links = {(a, b): n for a, b, n in
             found.pairs("group_links", "chat_a", "chat_b", "shared_members")}  # fmt: skip
    pairs = {
        (a, b): len(both)
        for a, b in combinations(sorted(members), 2)
        if (both := members[a] & members[b])
    }
    invites = dict(found.pairs("invite_targets", "code", "chat_id"))
    holders = {e: person for person, exhibits in found.pairs("persons", "person_id", "is_owner_of")
               for e in exhibits}  # fmt: skip
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


def _files(truth: Truth, found: _Findings) -> Iterator[Score]:
    first, truly = dict(found.pairs("first_shares", "sha256", "person_id")), truth.first_shares
    right = sum(first.get(digest) in found.people[f.account] for digest, f in truly.items())
    really = sum(f.account == f.real_account for f in truly.values())
    exact: dict[str, set[str]] = defaultdict(set)
    present = set()
    for match in found.rows("matches", "tier", "kind", "sha256", "file_present"):
        if match["tier"] == "exact":
            exact[match["kind"]].add(match["sha256"])
            present |= {match["sha256"]} if match["file_present"] else set()
    detail = f"{really} of them are the real first sharer; the rest no seized device can know"
    yield Score("first known sharers of files", len(truly), right, detail, certain=False)
    yield Score("known files found", len(truth.known), len(exact["known"] & truth.known))
    gone = truth.known_by_record_only
    by_record = len((exact["known"] & gone) - present)
    yield Score("known files found by a record only", len(gone), by_record)
    ignored = exact["ignorable"] & truth.ignorable
    yield Score("ignorable files found", len(truth.ignorable), len(ignored))
