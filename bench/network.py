"""How well the findings on a network fit the truth of generated operations.

usage: python bench/network.py make OUT --seeds 7001 7002
       python bench/network.py score DIR... --coverage 0.1 0.2 0.4 --simulated 8001 --lir PYTHON
       python bench/network.py calibrate DIR... --coverage 0.1 0.2 0.4

``make`` generates operations and reads their databases; ``score`` concludes from as much of them as
each coverage has, and prints a line a figure and seizure, then one table; ``calibrate`` fits the
odds of links and counts how often links of such odds were wrong, on other seeds than are scored.
``--simulated`` adds who was first on seizures of further seeds of which no database is read
(``seizures.py``), and ``--lir`` NFI's library for likelihood ratios, in an interpreter that has it.
Figures against our own generator rank methods; they are no field error rates.
"""

from __future__ import annotations

import argparse
import itertools
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from statistics import mean
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow.parquet as pq

import clew
from clew.casefile import Case, open_case

sys.path.insert(0, str(Path(__file__).parent))
import calibration
import linking
import making
import seizures
from blind_linkage import blind_links
from introducing import figures as introducing

_START = 1_704_067_200
_DAY = 86_400
_SCORED = (
    "exports", "resolve", "clocks", "merge", "candidates", "match", "provenance", "network",
    "lineage",
)  # fmt: skip
"""Steps whose findings are scored; introductions are drawn here, over clusters by the truth."""
_ASKED = {
    "persons, with linkage: B-cubed F1": ".87 at 10 %, .94 at 40 %",
    "persons, with linkage: B-cubed precision": "≥ .95",
    "links, stated error off by": "≤ .05",
    "introductions without a seized phone: calibration error": "≤ .03",
    "first introducer: right where answered": "≥ .90",
    "first introducer, of one sharer too: right where answered": "≥ .90",
    "simulated: right where answered": "≥ .90",
    "simulated: introductions, calibration error": "≤ .03",
    "succession: F1": "≥ .95",
    "exports joined to groups: precision": "≥ .995",
    "exports joined to groups: recall, where a database holds the same days": "≥ .95",
    "labels tied to persons: precision": "≥ .995",
    "labels tied to persons: recall, of those with evidence": "≥ .95",
}
"""What each figure should reach."""


class Figure(NamedTuple):
    """One figure of one operation."""

    name: str
    value: float
    better: str = "more"


class Operation:
    """A generated operation: the case, and the truth beside it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.case: Case = clew.open(folder / "case")
        self.persons = {p["number"]: p for p in self.truth("persons")}
        self.accounts = self.truth("accounts")
        self.owners: dict[str, set[int]] = defaultdict(set)
        for account in self.accounts:
            self.owners[account["account_id"]].add(account["person"])

    def truth(self, name: str) -> list[dict[str, Any]]:
        """A table of the truth."""
        rows: list[dict[str, Any]] = pq.read_table(
            self.folder / "truth" / f"{name}.parquet"
        ).to_pylist()
        return rows

    def same(self, a: str, b: str) -> bool:
        """The two accounts are one person's."""
        return bool(self.owners[a] & self.owners[b])

    def of_interest(self, account: str) -> bool:
        """It is a person of interest's."""
        return any(self.persons[p]["of_interest"] for p in self.owners[account])

    def figures(self) -> Iterator[Figure]:
        """Every figure."""
        for scored in (merged, clocks, zones, exports, persons, stated_errors, lineage,
                       introductions):  # fmt: skip
            yield from scored(self)


def merged(operation: Operation) -> Iterator[Figure]:
    """Messages of the databases, each once, where all of them were read that the truth counts."""
    if making.is_part(operation.folder):
        return
    (found,) = operation.case.rows(
        "SELECT count(*) AS n FROM merged_messages WHERE kind <> 'system' "
        "AND starts_with(chat_id, 'whatsapp:') AND message_key IS NOT NULL"
    )
    truth = sum(m["held"] for m in operation.truth("messages"))
    yield Figure("messages merged: found over true", found["n"] / truth)


def clocks(operation: Operation) -> Iterator[Figure]:
    """Largest error of each device's clock, over twenty dates."""
    truth = {d["exhibit_id"]: d for d in operation.truth("devices")}
    errors = []
    for row in operation.case.rows("FROM clock_offsets"):
        device = truth[row["exhibit_id"]]
        first = row["from_at"].timestamp()
        at = np.linspace(first, row["until_at"].timestamp(), 20)
        true = device["ahead"] + device["drift"] * ((at - _START) / _DAY) / 30
        told = row["ahead_s"] + row["drift_s"] * (at - first) / (30 * _DAY)
        errors.append(float(np.abs(true - told).max()))
    if errors:
        yield Figure("clock error, median, s", float(np.median(errors)), "less")
        yield Figure("clock error, p90, s", float(np.quantile(errors, 0.9)), "less")


def zones(operation: Operation) -> Iterator[Figure]:
    """Time zones of exports."""
    places = {x["exhibit_id"]: x["time_zone"] for x in operation.case.rows("FROM exhibits")}
    right = []
    for row in operation.case.rows("FROM export_zones WHERE messages >= 20"):
        zone = ZoneInfo(places[row["exhibit_id"]])
        times = (row["since"], row["since"] + (row["until"] - row["since"]) / 2, row["until"])
        offsets = [t.astimezone(zone).utcoffset().total_seconds() / 60 for t in times]
        right.append(row["offset_minutes"] in offsets)
    if right:
        yield Figure("export zones right", mean(right))


_TIMES = (
    "SELECT chat_id, min(coalesce(sent_at, CAST(sent_local AS TIMESTAMP))) AS since, "
    "max(coalesce(sent_at, CAST(sent_local AS TIMESTAMP))) AS until "
    "FROM messages WHERE (message_key IS NULL) = $exported GROUP BY chat_id"
)


def _of_one_time(operation: Operation, groups: dict[str, str]) -> int:
    """Exports of groups of which a database holds some of the same days."""
    spans = [
        {r["chat_id"]: (r["since"], r["until"]) for r in operation.case.rows(_TIMES, exported=e)}
        for e in (True, False)
    ]
    pairs = [(spans[0].get(a), spans[1].get(b)) for a, b in groups.items()]
    return sum(a[0] <= b[1] and b[0] <= a[1] for a, b in pairs if a and b)


def exports(operation: Operation) -> Iterator[Figure]:
    """Text exports joined to their groups, and their labels tied to persons."""
    held = "SELECT DISTINCT chat_id FROM messages WHERE message_key IS NOT NULL"
    known = {r["chat_id"] for r in operation.case.rows(held)}
    here = {r["chat_id"] for r in operation.case.rows("SELECT chat_id FROM chats")}
    groups = {
        r["export_chat"]: r["chat_id"]
        for r in operation.truth("exports")
        if r["export_chat"] in here
    }
    joined = operation.case.rows("FROM export_chats WHERE tied")
    right = sum(groups[r["export_chat"]] == r["chat_id"] for r in joined)
    if groups:
        yield Figure("exports joined to groups: precision", right / max(len(joined), 1))
        held_too = sum(chat in known for chat in groups.values())
        yield Figure("exports joined to groups: recall", right / max(held_too, 1))
        name = "exports joined to groups: recall, where a database holds the same days"
        yield Figure(name, right / max(_of_one_time(operation, groups), 1))
    labels = {r["account_id"]: set(r["persons"]) for r in operation.truth("labels")}
    tied = {
        r["account_id"]: labels.get(r["tied_to"])
        or operation.owners[r["tied_to"].partition("#")[0]]
        for r in operation.case.rows("FROM person_accounts WHERE tied_to IS NOT NULL")
        if r["account_id"] in labels
    }
    speaks = (
        "SELECT label_account_id AS a FROM export_votes WHERE counts UNION "
        "SELECT account_id FROM person_accounts WHERE rule = 'shown_number'"
    )
    votes = {r["a"] for r in operation.case.rows(speaks)} & labels.keys()
    sure = sum(len(labels[a]) == 1 and labels[a] <= persons for a, persons in tied.items())
    if tied:
        yield Figure("labels tied to persons: precision", sure / len(tied))
        yield Figure("labels tied to persons: recall, of those with evidence", sure / len(votes))


def persons(operation: Operation) -> Iterator[Figure]:
    """Accounts of persons of interest: proved links alone, then with inference, and rules only."""
    known = [
        row["account_id"]
        for row in operation.case.rows("FROM person_accounts")
        if row["account_id"] in operation.owners
    ]
    rows = operation.case.rows("FROM person_accounts WHERE tied_to IS NOT NULL")
    proved = [(r["account_id"], r["tied_to"]) for r in rows if r["rule"] != "linkage"]
    taken = [(r["account_id"], r["tied_to"]) for r in rows if r["rule"] == "linkage"]
    yield from _scored(operation, known, proved, "proved")
    yield from _scored(operation, known, proved + taken, "with linkage")
    for name, pairs in linking.within_reach(operation, known):
        yield from _scored(operation, known, proved + pairs, f"ceiling, {name}")
    entries = (
        "SELECT account_id, exhibit_id || source_id || entry AS k FROM contacts "
        "WHERE entry IS NOT NULL AND account_id IS NOT NULL"
    )
    same_entry = _pairs(operation.case, entries)
    yield from _scored(operation, known, proved + same_entry, "proved and address-book rule")
    blind = blind_links(operation.case)
    yield from _scored(operation, known, proved + blind, "proved and blind EM")


def _pairs(case: Case, query: str) -> list[tuple[str, str]]:
    held: dict[str, set[str]] = defaultdict(set)
    for row in case.rows(query):
        held[row["k"]].add(row["account_id"])
    return [pair for group in held.values() for pair in itertools.combinations(sorted(group), 2)]


def _scored(
    operation: Operation, known: list[str], links: list[tuple[str, str]], name: str
) -> Iterator[Figure]:
    """Pairs and B-cubed over the accounts of persons of interest."""
    person = _joined(known, links)
    held: dict[str, list[str]] = defaultdict(list)
    for account in known:
        held[person[account]].append(account)
    own: dict[int, set[str]] = defaultdict(set)
    for account in known:
        for one in operation.owners[account]:
            own[one].add(account)
    right = wrong = 0
    for group in held.values():
        for a, b in itertools.combinations(group, 2):
            if operation.of_interest(a) or operation.of_interest(b):
                right, wrong = right + operation.same(a, b), wrong + (not operation.same(a, b))
    pairs = {
        pair
        for one, accounts in own.items()
        if operation.persons[one]["of_interest"]
        for pair in itertools.combinations(sorted(accounts), 2)
    }
    precision, recall = [], []
    for account in filter(operation.of_interest, known):
        mine = own[next(p for p in operation.owners[account]
                        if operation.persons[p]["of_interest"])]  # fmt: skip
        group = set(held[person[account]])
        precision.append(len(mine & group) / len(group))
        recall.append(len(mine & group) / len(mine))
    p, r = mean(precision), mean(recall)
    yield Figure(f"persons, {name}: pair precision", right / max(right + wrong, 1))
    yield Figure(f"persons, {name}: pair recall", right / max(len(pairs), 1))
    yield Figure(f"persons, {name}: B-cubed precision", p)
    yield Figure(f"persons, {name}: B-cubed F1", 2 * p * r / (p + r))


def _joined(known: Iterable[str], links: Iterable[tuple[str, str]]) -> dict[str, str]:
    above = {account: account for account in known}

    def top(account: str) -> str:
        while above.setdefault(account, account) != account:
            account = above[account]
        return account

    for a, b in links:
        above[top(a)] = top(b)
    return {account: top(account) for account in above}


def _links(operation: Operation) -> list[tuple[float, bool]]:
    """Odds of each link that devices do not prove, and whether it is right."""
    rows = operation.case.rows(
        "SELECT l.account_a AS a, l.account_b AS b, l.odds FROM person_links AS l "
        "WHERE NOT EXISTS (SELECT 1 FROM person_accounts AS t WHERE t.rule <> 'linkage' AND "
        "((t.account_id = l.account_a AND t.tied_to = l.account_b) OR "
        "(t.account_id = l.account_b AND t.tied_to = l.account_a)))"
    )
    proved = _joined([], [
        (r["account_id"], r["tied_to"]) for r in operation.case.rows(
            "FROM person_accounts WHERE tied_to IS NOT NULL AND rule <> 'linkage'")
    ])  # fmt: skip
    return [
        (r["odds"], operation.same(r["a"], r["b"]))
        for r in rows
        if proved.get(r["a"], r["a"]) != proved.get(r["b"], r["b"])
    ]


def stated_errors(operation: Operation) -> Iterator[Figure]:
    """How far the stated errors are from the true ones, weighted by the links of each.

    ``by chance alone``: as far as they would be if every stated error were exactly right.
    """
    from clew.findings.linkage.errors import TAKEN, error_of

    links = [(error_of(odds), not right) for odds, right in _links(operation)]
    if not links:
        return
    stated, wrong = np.array(links, dtype=np.float64).T
    yield Figure("links, stated error off by", _off(stated, wrong), "less")
    drawn = np.random.default_rng(1).random((200, len(stated))) < stated
    yield Figure("links, stated error off by, by chance alone",
                 mean(_off(stated, one) for one in drawn), "less")  # fmt: skip
    for name, value, better in calibration.scored(1 - stated, wrong == 0):
        yield Figure(f"links: {name}", value, better)
    taken = stated <= TAKEN
    if taken.any():
        yield Figure("links taken: stated less true error",
                     float(stated[taken].mean() - wrong[taken].mean()), "near 0")  # fmt: skip


def _off(stated: Any, wrong: Any) -> float:
    bands = (stated == value for value in np.unique(stated))
    return sum(abs(stated[b].mean() - wrong[b].mean()) * b.mean() for b in bands)


def lineage(operation: Operation) -> Iterator[Figure]:
    """Successions and parallel groups among the groups that were seen."""
    groups = operation.truth("groups")
    ids = {g["number"]: g["chat_id"] for g in groups}
    seen = {r["chat_id"] for r in operation.case.rows("FROM groups")}
    rows = operation.case.rows("FROM group_lineage WHERE best")
    for kind, key in (("succession", "after"), ("parallel", "beside")):
        true = {tuple(sorted((ids[g[key]], g["chat_id"]))) for g in groups
                if g[key] is not None and {g["chat_id"], ids[g[key]]} <= seen}  # fmt: skip
        told = {tuple(sorted((r["earlier"], r["later"]))) for r in rows if r["kind"] == kind}
        if true:
            both = len(true & told)
            yield Figure(f"{kind}: F1", 2 * both / max(len(true) + len(told), 1))


def introductions(operation: Operation) -> Iterator[Figure]:
    """Who brought contents in; near duplicates are known by the truth, 19 in 20 of them."""
    for name, value, better in introducing(operation):
        yield Figure(name, value, better)


def conclude(folder: Path) -> None:
    """Draw the conclusions that are scored here."""
    from clew import pipeline

    with open_case(folder / "case") as case, case.writing():
        pipeline.perform(case, *pipeline.decisions.KINDS, *_SCORED)


def make(out: Path, seeds: list[int], coverage: float) -> None:
    for seed in seeds:
        making.made(out / f"{seed}-{coverage}", seed, coverage)


def _parts(folders: list[Path], coverages: list[float]) -> Iterator[tuple[float, Path]]:
    """Each operation as it would have been seized at each coverage."""
    for folder, coverage in itertools.product(folders, coverages):
        own = float(folder.name.rpartition("-")[2])
        if coverage <= own:
            yield coverage, folder if coverage == own else making.seized(folder, coverage)


def score(folders: list[Path], coverages: list[float], simulated: list[int]) -> None:
    found: dict[tuple[str, str], dict[float, list[float]]] = defaultdict(lambda: defaultdict(list))
    for coverage, folder in _parts(folders, coverages):
        conclude(folder)
        for figure in Operation(folder).figures():
            found[figure.name, figure.better][coverage].append(figure.value)
            print(f"{folder.name:28} {figure.name:60} {figure.value:.3f}", flush=True)
    for seizure in itertools.chain.from_iterable(
        seizures.seizures(s, coverages) for s in simulated
    ):
        for name, value, better in seizures.figures(seizure):
            found[f"simulated: {name}", better][seizure.coverage].append(value)
            print(f"{seizure.name:28} simulated: {name:49} {value:.3f}", flush=True)
    print("\n| figure | asked |" + "".join(f" {c:.0%}: mean | worst |" for c in coverages))
    print("|---|---|" + "---|---|" * len(coverages))
    for (name, better), values in found.items():
        cells = (_cell(values[c], better) for c in coverages)
        print(f"| {name} | {_ASKED.get(name, '')} |{''.join(cells)}")


def _cell(values: list[float], better: str) -> str:
    if not values:
        return " | |"
    worst = {"more": min(values), "less": max(values)}.get(better, max(values, key=abs))
    return f" {mean(values):.3f} | {worst:.3f} |"


def calibrate(folders: list[Path], coverages: list[float]) -> None:
    parts = [folder for _, folder in _parts(folders, coverages)]
    linking.write({f.name: list(linking.links(Operation(f))) for f in parts})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    making_them = commands.add_parser("make")
    making_them.add_argument("out", type=Path)
    making_them.add_argument("--seeds", type=int, nargs="+", default=[7001, 7002, 7003])
    making_them.add_argument("--coverage", type=float, default=0.4)
    for name in ("score", "calibrate"):
        command = commands.add_parser(name)
        command.add_argument("folders", type=Path, nargs="*")
        command.add_argument("--coverage", type=float, nargs="+", default=[0.1, 0.2, 0.4])
        command.add_argument("--simulated", type=int, nargs="*", default=[])
        command.add_argument("--lir", default="")
    told = parser.parse_args()
    if told.command == "make":
        make(told.out, told.seeds, told.coverage)
    elif told.command == "score":
        calibration.LIR = told.lir
        score(told.folders, told.coverage, told.simulated)
    else:
        calibrate(told.folders, told.coverage)


if __name__ == "__main__":
    main()
