"""Behaviour of the findings beside the parts that the generated operation gave its people.

usage: python bench/roles.py CASE TRUTH

TRUTH is the folder ``truth`` of ``clew demo --scale operation``. Figures are among the persons of
interest that are seen in a group at all. Bridging is no part that somebody is given: what was done
is counted from every message there was, seized or not, by the same definition. All figures rank
methods against our own generator; they are no field error rates.
"""

from __future__ import annotations

import math
import sys
from collections import Counter, defaultdict
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq

from clew.casefile import open_case

PARTS = {
    "organiser": ("organiser", 14),
    "distributor": ("distributor", 20),
    "country_bridge": ("bridge", 10),
}
CENTRALITIES = ("degree", "betweenness", "harmonic", "pagerank", "core")


def main(case_folder: str, truth_folder: str) -> None:
    truth = {p.stem: pq.read_table(p).to_pylist() for p in Path(truth_folder).glob("*.parquet")}
    people = {p["number"]: p for p in truth["persons"]}
    owner = {a["account_id"]: a["person"] for a in truth["accounts"]}
    with open_case(case_folder) as case:
        of_person: dict[str, Counter[int]] = defaultdict(Counter)
        for row in case.rows("SELECT person_id, account_id FROM person_accounts"):
            if row["account_id"] in owner:
                of_person[row["person_id"]][owner[row["account_id"]]] += 1
        who = {p: c.most_common(1)[0][0] for p, c in of_person.items()}
        seen = {who[r["person_id"]]
                for r in case.rows("SELECT DISTINCT person_id FROM group_members")
                if r["person_id"] in who}  # fmt: skip
        pool = {n for n in seen if people[n]["of_interest"]}
        scores: dict[str, dict[int, float]] = defaultdict(lambda: defaultdict(float))
        for row in case.rows("SELECT behaviour, person_id, score FROM behaviours"):
            if row["person_id"] in who:
                scores[row["behaviour"]][who[row["person_id"]]] += row["score"]
        for row in case.rows("FROM person_measures"):
            for name in CENTRALITIES if row["person_id"] in who else ():
                now = scores[name][who[row["person_id"]]]
                scores[name][who[row["person_id"]]] = max(now, row[name])
        silent = {who[r["person_id"]] for r in case.rows(
            "SELECT person_id FROM behaviours WHERE behaviour = 'silent_member'")
            if r["person_id"] in who}  # fmt: skip
    print(f"persons of interest seen in a group: {len(pool)} of "
          f"{sum(p['of_interest'] for p in people.values())}")  # fmt: skip
    whole = everything(truth)
    for behaviour, (part, most) in PARTS.items():
        right = {n for n in pool if people[n]["part"] == part}
        found = precision(scores[behaviour], pool, right, most)
        best = max((precision(scores[c], pool, right, most), c) for c in CENTRALITIES)
        ceiling = precision(whole[behaviour], pool, right, most)
        print(f"{part:12} P@{most} {found:.2f}; best centrality {best[0]:.2f} ({best[1]}); "
              f"base rate {len(right) / len(pool):.2f}; by all that was done, seized or not, "
              f"{ceiling:.2f}")  # fmt: skip
    _silent(people, pool, silent)
    _done(whole, scores)


def precision(scores: dict[int, float], pool: set[int], right: set[int], most: int) -> float:
    """Right ones among the first; persons without a score never count."""
    ranked = sorted((n for n in pool if scores.get(n, 0) > 0), key=lambda n: (-scores[n], n))
    return sum(n in right for n in ranked[:most]) / most


def _silent(people: dict[int, dict], pool: set[int], told: set[int]) -> None:
    given = {n for n in pool if people[n]["part"] == "silent"}
    quiet = {n for n in pool if people[n]["eagerness"] == 0}
    hit = told & pool
    print(f"{'silent':12} told {len(hit)}: P {len(hit & given) / max(len(hit), 1):.2f} "
          f"R {len(hit & given) / max(len(given), 1):.2f} against the part given "
          f"(base rate {len(given) / len(pool):.2f}); {len(hit & quiet) / max(len(hit), 1):.2f} "
          f"never share a file (base rate {len(quiet) / len(pool):.2f})")  # fmt: skip


def _done(whole: dict[str, Counter[int]], scores: dict[str, dict[int, float]]) -> None:
    """The first by what was done, seized or not, beside the first that was found."""
    for name, counted in whole.items():
        for most in (10, 20):
            top = _first(counted, most)
            print(f"{name:14} first {most} by all that was done: found "
                  f"{len(top & _first(scores[name], most)) / most:.2f}, by betweenness "
                  f"{len(top & _first(scores['betweenness'], most)) / most:.2f} (base rate "
                  f"{most / max(len(counted), 1):.4f})")  # fmt: skip


def _first(scores: dict[int, float], most: int) -> set[int]:
    return set(sorted(scores, key=lambda n: (-scores[n], n))[:most])


def everything(truth: dict[str, list[dict]]) -> dict[str, Counter[int]]:
    """What was done, seized or not: groups led, shares passed on, contents carried."""
    led: dict[int, set[int]] = defaultdict(set)
    for m in truth["memberships"]:
        if m["admin"]:
            led[m["person"]].add(m["group"])
    again, reached = Counter[int](), defaultdict(set)
    for m in truth["messages"]:
        if m["content"] is not None and m["group"] is not None:
            again[m["person"]] += m["generation"] > 0
            reached[m["person"]].add(m["group"])
    between, abroad = carriers(truth)
    return {
        "organiser": Counter({n: len(groups) for n, groups in led.items()}),
        "distributor": Counter({n: a * math.log1p(len(reached[n])) for n, a in again.items()}),
        "group_bridge": between,
        "country_bridge": abroad,
    }


def carriers(truth: dict[str, list[dict]]) -> tuple[Counter[int], Counter[int]]:
    """Contents brought from group to group and from country to country, by person."""
    start = datetime(2024, 1, 1, tzinfo=UTC).timestamp()
    stays: dict[tuple[int, int], list[tuple[float, float]]] = defaultdict(list)
    for m in truth["memberships"]:
        stays[m["person"], m["group"]].append((m["since"], m["until"]))
    home = homes(truth, stays)
    by_content: dict[int, list[dict]] = defaultdict(list)
    for m in truth["messages"]:
        if m["content"] is not None and m["group"] is not None:
            m["day"] = (m["at"] - start) / 86_400
            by_content[m["content"]].append(m)
    between, abroad = Counter[int](), Counter[int]()
    for shares in by_content.values():
        shares.sort(key=lambda m: (m["at"], m["number"]))
        shown: set[int] = set()
        for at, share in enumerate(shares):
            if share["group"] not in shown:
                shown.add(share["group"])
                stood = {s["group"] for s in shares[:at] if _saw(share["person"], s, stays)}
                countries, into = {home[g] for g in stood} - {None}, home[share["group"]]
                between[share["person"]] += bool(stood)
                abroad[share["person"]] += bool(into and countries and into not in countries)
    return +between, +abroad


def homes(
    truth: dict[str, list[dict]], stays: dict[tuple[int, int], list[tuple[float, float]]]
) -> dict[int, str | None]:
    """Country of at least half of the members of each group."""
    people = {p["number"]: p["country"] for p in truth["persons"]}
    members: dict[int, Counter[str]] = defaultdict(Counter)
    for person, group in stays:
        members[group][people[person]] += 1
    home: dict[int, str | None] = {}
    for group, counted in members.items():
        country, most = min(counted.items(), key=lambda c: (-c[1], c[0]))
        home[group] = country if 2 * most >= sum(counted.values()) else None
    return home


def _saw(person: int, share: dict, stays: dict[tuple[int, int], list[tuple[float, float]]]) -> bool:
    spans = stays.get((person, share["group"]), ())
    return share["person"] != person and any(a <= share["day"] <= b for a, b in spans)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2])
