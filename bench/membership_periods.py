"""Membership over time against the truth of a generated operation.

Figures against our own generator rank methods; they are no error rate of the field.

    clew demo DIR --scale operation --coverage 0.14 --media none
    python bench/membership_periods.py DIR/case DIR/truth
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pyarrow.parquet as pq

from clew.casefile import Case, open_case

START_S, DAY_S = 1_704_067_200, 86_400
CLOSE_DAYS = 1.0


class Interval(msgspec.Struct, frozen=True):
    """A period of membership, in days of the operation."""

    since: float
    until: float
    by_link: bool
    removed: bool


def main() -> None:
    """Print the share of joins and leaves that are right to the day, by what could be known."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("case", type=Path)
    parser.add_argument("truth", type=Path)
    given = parser.parse_args()
    with open_case(given.case) as case:
        for name, (right, of) in sorted(Score(case, given.truth).shares().items()):
            print(f"{name:60} {right:6} of {of:6}  {right / max(of, 1):.4f}")


class Score:
    """The true periods beside the found ones."""

    def __init__(self, case: Case, truth: Path) -> None:
        self._groups = {g["number"]: g for g in rows(truth, "groups")}
        self._accounts = {a["number"]: a["account_id"] for a in rows(truth, "accounts")}
        self._memberships = rows(truth, "memberships")
        self._devices = [d for d in rows(truth, "devices") if not d["text_only"]]
        self._person = {r["account_id"]: r["person_id"] for r in case.rows("FROM person_accounts")}
        self._found: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
        for row in case.rows("FROM membership_periods"):
            self._found[row["chat_id"], row["person_id"]].append(row)
        self._begins = {
            (r["exhibit_id"], r["chat_id"]): day(r["begins"])
            for r in case.rows("SELECT exhibit_id, chat_id, min(sent_at) AS begins FROM messages "
                               "WHERE kind <> 'system' GROUP BY exhibit_id, chat_id")
        }  # fmt: skip

    def shares(self) -> dict[str, tuple[int, int]]:
        """Right and all, of each kind of end."""
        counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        watched = self._watched()
        for (group, person), periods in self._true().items():
            found = self._found.get((self._groups[group]["chat_id"], person), [])
            for name, right in self._judged(group, periods, found, watched[group]):
                counts[name][0] += right
                counts[name][1] += 1
        return {name: (right, of) for name, (right, of) in counts.items()}

    def _judged(
        self,
        group: int,
        periods: list[Interval],
        found: list[dict[str, Any]],
        watched: list[tuple[float, float, float]],
    ) -> Iterator[tuple[str, bool]]:
        closes = self._groups[group]["until"]
        for one in periods:
            near = min(found, key=lambda f: abs((day(f["from_at"]) or 0) - one.since), default=None)
            if where := seen_by(watched, one.since):
                told = near is not None and near["from_bound"] in ("stated", "contradicted")
                right = near is not None and is_close(near["from_at"], one.since)
                yield f"joins {where}", right
                if told:
                    yield f"joins {where}, of those told", right
                if right and told and near and near["joined_how"] in ("added", "joined_by_link"):
                    yield "how it joined, where told", (
                        near["joined_how"] == "joined_by_link") == one.by_link  # fmt: skip
            if one.until < closes - 0.001 and (where := seen_by(watched, one.until)):
                ends = [f for f in found if f["until_bound"] in ("stated", "contradicted")]
                right = any(is_close(f["until_at"], one.until) for f in ends)
                yield f"leaves {where}", right
                for end in (f for f in ends if is_close(f["until_at"], one.until)):
                    if end["ended_how"] in ("left", "removed"):
                        yield "how it ended, where told", (
                            end["ended_how"] == "removed") == one.removed  # fmt: skip

    def _true(self) -> dict[tuple[int, str], list[Interval]]:
        """True periods by group and person as Clew ties accounts, overlapping ones as one."""
        held: dict[tuple[int, str], list[Interval]] = defaultdict(list)
        for m in self._memberships:
            account = self._accounts[m["account"]]
            if account in self._person:
                key = (m["group"], self._person[account])
                held[key].append(Interval(m["since"], m["until"], m["by_link"], m["removed"]))
        return {key: list(joined(found)) for key, found in held.items()}

    def _watched(self) -> dict[int, list[tuple[float, float, float]]]:
        """By group: from and until when a seized phone's holder was in it, and kept from when."""
        found: dict[int, list[tuple[float, float, float]]] = defaultdict(list)
        for device in self._devices:
            own = set(device["accounts"])
            for m in self._memberships:
                if m["account"] in own and m["since"] < device["seized"]:
                    chat = self._groups[m["group"]]["chat_id"]
                    begins = self._begins.get((device["exhibit_id"], chat))
                    if begins is not None:
                        until = min(m["until"], device["seized"])
                        found[m["group"]].append((m["since"], until, begins))
        return found


def seen_by(watched: list[tuple[float, float, float]], at: float) -> str:
    """Whether a seized phone was in the group then, and whether what it kept reaches so far."""
    there = [w for w in watched if w[0] <= at <= w[1]]
    if not there:
        return ""
    kept = any(at >= w[2] for w in there)
    return "while a seized phone was in, its history kept" if kept else (
        "while a seized phone was in, its history not kept")  # fmt: skip


def joined(periods: list[Interval]) -> Iterator[Interval]:
    """Overlapping periods as one."""
    now: Interval | None = None
    for one in sorted(periods, key=lambda s: s.since):
        if now is None or one.since > now.until:
            if now is not None:
                yield now
            now = one
        elif one.until > now.until:
            now = Interval(now.since, one.until, now.by_link, one.removed)
    if now is not None:
        yield now


def is_close(found: Any, true: float) -> bool:
    """Right to the day."""
    at = day(found)
    return at is not None and abs(at - true) <= CLOSE_DAYS


def day(at: Any) -> float | None:
    """A time in days of the operation."""
    return None if at is None else (at.timestamp() - START_S) / DAY_S


def rows(folder: Path, table: str) -> list[dict[str, Any]]:
    """A table of the truth."""
    return pq.read_table(folder / f"{table}.parquet").to_pylist()  # type: ignore[no-any-return]


if __name__ == "__main__":
    main()
