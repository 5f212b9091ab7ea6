"""Part of bench/network.py: introductions, first introducers, and who brings in what is new."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

import numpy as np
from calibration import scored

from clew.findings import introductions as found
from clew.pipeline import context_of

_RECALL = 0.95
"""Part of the altered copies of a content that near-duplicate search finds."""
Told = tuple[str, float, str]


def figures(operation: Any) -> Iterator[Told]:
    """Figures by the product's model, over clusters as near-duplicate search would make them."""
    case, messages = operation.case, operation.truth("messages")
    content = {m["sha256"]: m["content"] for m in messages if m["sha256"]}
    contents = {c["number"]: c for c in operation.truth("contents")}
    cluster = _clusters(messages)
    shares = case.rows("SELECT * FROM spread_shares")
    for share in shares:
        share["cluster_id"] = cluster.get(share["sha256"], share["sha256"])
        share["known"] = contents[content[share["sha256"]]]["known"]
    shares.sort(key=lambda s: (s["cluster_id"], s["at_us"], s["merged_id"]))
    case.read_live()
    firsts, model = found.learned(context_of(case, "introductions"), shares)
    if model is None:
        return
    chances = model.chances(firsts)
    true_of = _true_persons(operation)
    yield from _introductions(firsts, chances, _truly_introduced(messages), content, true_of)
    introducers = {sha256: contents[number]["introduced_by"] for sha256, number in content.items()}
    yield from _first_introducers(model, firsts, chances, introducers, true_of)
    several = {name for name, n in Counter(f.cluster for f in firsts).items() if n > 1}
    yield from _exact([s for s in shares if s["cluster_id"] in several], introducers, true_of)
    yield from _new_material(operation, firsts, chances, true_of)


def _clusters(messages: list[dict[str, Any]]) -> dict[str, str]:
    chance, found_by = random.Random(5), {}
    for message in messages:
        sha256 = message["sha256"]
        if sha256 and sha256 not in found_by:
            missed = message["generation"] > 0 and chance.random() > _RECALL
            found_by[sha256] = f"v{sha256[:20]}" if missed else f"c{message['content']}"
    return found_by


def _true_persons(operation: Any) -> dict[str, int]:
    """Of every person found, the true person of most of its accounts."""
    held: dict[str, Counter[int]] = defaultdict(Counter)
    for row in operation.case.rows("FROM person_accounts"):
        held[row["person_id"]].update(operation.owners.get(row["account_id"], ()))
    return {person: count.most_common(1)[0][0] for person, count in held.items() if count}


def _truly_introduced(messages: list[dict[str, Any]]) -> set[tuple[int, int]]:
    first: dict[int, dict[str, Any]] = {}
    for message in messages:
        variant = message["variant"]
        if variant is not None and (variant not in first or message["at"] < first[variant]["at"]):
            first[variant] = message
    return {
        (m["content"], m["person"])
        for m in first.values()
        if m["generation"] == 0 and m["hops"] == 0 and not m["forwarded"]
    }


def _introductions(
    firsts: list[Any], chances: Any, true: set[tuple[int, int]], content: dict[str, int],
    true_of: dict[str, int],
) -> Iterator[Told]:  # fmt: skip
    right = np.array([(content.get(f.share["sha256"]), true_of.get(f.person)) in true
                      for f in firsts])  # fmt: skip
    others = np.array([not f.holder for f in firsts])
    told, right = chances[others], right[others]
    name = "introductions without a seized phone"
    yield f"{name}: accuracy", float(((told > 0.5) == right).mean()), "more"
    for figure in scored(told, right):
        yield f"{name}: {figure[0]}", *figure[1:]


def _first_introducers(
    model: Any, firsts: list[Any], chances: Any, introducers: dict[str, int],
    true_of: dict[str, int],
) -> Iterator[Told]:  # fmt: skip
    """The earliest sharer of each content, where the product answers, and all."""
    origins = list(found.origins(model, firsts, chances))
    shares = {f.share["event_id"]: f.share["sha256"] for f in firsts}
    right = np.array([introducers[shares[o.event_id]] == true_of.get(o.person_id) for o in origins])
    several = np.array([o.sharers > 1 for o in origins])
    answered = np.array([o.answered for o in origins])
    stated = np.array([o.chance for o in origins])
    for name, of in (("", several), (", of one sharer too", several | True)):
        yield f"first introducer{name}: answered", float(answered[of].mean()), "more"
        sure = of & answered
        if sure.any():
            yield f"first introducer{name}: right where answered", float(right[sure].mean()), "more"
        yield f"first introducer{name}: earliest, right", float(right[of].mean()), "more"
        for figure in scored(stated[of], right[of]):
            yield f"first introducer{name}: {figure[0]}", *figure[1:]


def _exact(
    shares: list[dict[str, Any]], introducers: dict[str, int], true_of: dict[str, int]
) -> Iterator[Told]:
    """What a spreadsheet answers: for each hash, whoever has the lowest time."""
    first: dict[str, dict[str, Any]] = {}
    for share in sorted(shares, key=lambda s: s["at_us"]):
        first.setdefault(share["sha256"], share)
    right = [introducers[s] == true_of.get(share["person_id"]) for s, share in first.items()]
    yield "first introducer: minimum time on exact hashes, right", float(np.mean(right)), "more"


def _new_material(
    operation: Any, firsts: list[Any], chances: Any, true_of: dict[str, int]
) -> Iterator[Told]:
    true = {p["number"] for p in operation.persons.values() if p["part"] == "introducer"}
    ranked = [row.person_id for row in found._new_material(firsts, chances)]  # noqa: SLF001
    counted = Counter(
        f.person for f, _ in zip(firsts, chances, strict=True) if f.rank == 0
    ).most_common(15)
    for name, order in (("", ranked), (", counting earliest shares", [p for p, _ in counted])):
        for n in (10, 15):
            hits = sum(true_of.get(person) in true for person in order[:n])
            yield f"who brings in new material{name}: P@{n}", hits / n, "more"
