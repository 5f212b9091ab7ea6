"""What is found missing, beside the truth of a generated operation: it ranks rules, no more.

    python bench/gaps.py CASE TRUTH

``CASE`` is a case that ran over an operation, ``TRUTH`` its truth. A history counts as
truncated where the phone lacks three messages or more of its holder's group from before its first.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

import clew
from clew.demo.messages import DAY, START

FEWEST = 3
History = tuple[str, str]
"""Exhibit and group."""


def main(case: Path, truth: Path) -> None:
    """Print the score as JSON."""
    with clew.open(case) as opened:
        rows = opened.rows(
            "SELECT exhibit_id, chat_id, message_key FROM messages "
            "WHERE kind <> 'system' AND message_key IS NOT NULL"
        )
        gaps = opened.rows("FROM timeline_gaps")
    kept: dict[History, set[str]] = defaultdict(set)
    for row in rows:
        kept[row["exhibit_id"], row["chat_id"]].add(row["message_key"].rpartition("/")[2])
    print(json.dumps(scored(histories(truth, kept), gaps), indent=1))


def histories(truth: Path, kept: dict[History, set[str]]) -> dict[History, dict[str, int]]:
    """Of each phone's record of a group: messages missing before it and inside it, by the truth."""
    chats = {g["number"]: g["chat_id"] for g in table(truth, "groups")}
    since: dict[tuple[int, int], float] = {}
    for m in table(truth, "memberships"):
        key = m["group"], m["account"]
        since[key] = min(since.get(key, m["since"]), m["since"])
    sent: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for message in sorted(table(truth, "messages"), key=lambda m: m["at"]):
        sent[message["group"]].append(message)
    found = {}
    for device in table(truth, "devices"):
        for group, chat in chats.items():
            begins = [since[group, a] for a in device["accounts"] if (group, a) in since]
            held = kept.get((device["exhibit_id"], chat))
            if begins and held:
                seen = [m for m in sent[group] if m["at"] >= START + min(begins) * DAY]
                found[device["exhibit_id"], chat] = missing(seen, held)
    return found


def missing(seen: list[dict[str, Any]], held: set[str]) -> dict[str, int]:
    """Messages missing before the first that is held, and between it and the last."""
    places = [n for n, message in enumerate(seen) if message["key"] in held] or [0]
    before = seen[: places[0]]
    inside = [m for m in seen[places[0] : places[-1]] if m["key"] not in held]
    return {
        "before": len(before),
        "before_witnessed": sum(m["held"] for m in before),
        "inside": len(inside),
        "inside_witnessed": sum(m["held"] for m in inside),
    }


def scored(true: dict[History, dict[str, int]], gaps: list[dict[str, Any]]) -> dict[str, int]:
    """Counts of what was told beside what is true."""
    told = {(g["exhibit_id"], g["chat_id"]) for g in gaps if g["kind"] == "history_start"}
    cut = {history for history, lacks in true.items() if lacks["before"] >= FEWEST}
    witnessed = {history for history in cut if true[history]["before_witnessed"]}
    ranges = ("missing_range", "missing_messages")
    return {
        "histories": len(true),
        "truncated": len(cut),
        "truncated_told": len(cut & told),
        "told_wrongly": len(told - cut),
        "truncated_with_a_witness": len(witnessed),
        "of_these_told": len(witnessed & told),
        "lost_inside": sum(lacks["inside"] for lacks in true.values()),
        "lost_inside_with_a_witness": sum(lacks["inside_witnessed"] for lacks in true.values()),
        "lost_inside_told": sum(g["others_hold"] for g in gaps if g["kind"] in ranges),
    }


def table(truth: Path, name: str) -> list[dict[str, Any]]:
    """Rows of a table of the truth."""
    return pq.read_table(truth / f"{name}.parquet").to_pylist()  # type: ignore[no-any-return]


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
