"""A place for each person and group: always the same, and blocks stay together."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from itertools import combinations, pairwise

import numpy as np
import pytest

from clew.findings.layout import _APART, DRAWN, drawn_network
from clew.findings.seriation import chain

GROUPS, PERSONS, BLOCKS = 12, 300, 3


def network() -> tuple[list, list, list, list]:
    """Three circles of four groups; persons of a circle are in two of its groups."""
    groups = [{"id": f"g{n:02d}", "members": 0} for n in range(GROUPS)]
    members = []
    for n in range(PERSONS):
        circle, turn = n % BLOCKS, n // BLOCKS
        for step in (0, 1):
            group = circle + BLOCKS * ((turn + step) % (GROUPS // BLOCKS))
            members.append({"person_id": f"p{n:03d}", "chat_id": f"g{group:02d}"})
    held = {g["id"]: {m["person_id"] for m in members if m["chat_id"] == g["id"]} for g in groups}
    for group in groups:
        group["members"] = len(held[group["id"]])
    overlaps = [
        {"chat_a": a, "chat_b": b, "shared_members": len(held[a] & held[b])}
        for a, b in combinations(sorted(held), 2)
        if held[a] & held[b]
    ]
    persons = [
        {"id": f"p{n:03d}", "groups": 2, "admin_of": 0, "exhibits": []} for n in range(PERSONS)
    ]
    groups.append({"id": "alone", "members": 9})
    return persons, groups, members, overlaps


def digest() -> str:
    return hashlib.sha256(repr(drawn_network(*network())).encode()).hexdigest()


def test_places_are_the_same_whatever_the_run_and_its_threads() -> None:
    code = f"import sys, runpy; sys.argv = ['x'];print(runpy.run_path({__file__!r})['digest']())"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "4", "PYTHONHASHSEED": "4"},
    )  # fmt: skip
    assert done.stdout.strip() == digest()


def test_everybody_has_one_place_in_the_square_and_one_line() -> None:
    placed = drawn_network(*network())
    for kind, many in (("person", PERSONS), ("group", GROUPS + 1)):
        of_kind = [p for p in placed if p.kind == kind]
        assert sorted(p.line for p in of_kind) == list(range(1, many + 1))
        assert [p.rank for p in of_kind] == list(range(1, many + 1))
        assert all(0 <= p.x <= 1 and 0 <= p.y <= 1 for p in of_kind)


def test_groups_and_persons_of_a_circle_stand_side_by_side() -> None:
    placed = drawn_network(*network())
    columns = sorted((p.line, p.node_id) for p in placed if p.kind == "group")
    circles = [int(name[1:]) % BLOCKS for _, name in columns if name != "alone"]
    assert sum(a != b for a, b in pairwise(circles)) == BLOCKS - 1
    rows = sorted((p.line, p.node_id) for p in placed if p.kind == "person" and p.rank <= DRAWN)
    circles = [int(name[1:]) % BLOCKS for _, name in rows]
    assert sum(a != b for a, b in pairwise(circles)) == BLOCKS - 1


def test_what_is_drawn_does_not_lie_on_top_of_each_other() -> None:
    placed = drawn_network(*network())
    at = np.array([(p.x, p.y) for p in placed if p.rank <= DRAWN])
    apart = np.sqrt(((at[:, None] - at[None]) ** 2).sum(axis=2))
    np.fill_diagonal(apart, 1)
    assert (apart < _APART / 2).sum() / 2 <= len(at) * 0.02


def test_a_network_of_nothing_and_of_one() -> None:
    assert drawn_network([], [], [], []) == []
    (alone,) = drawn_network([], [{"id": "g", "members": 0}], [], [])
    assert (alone.line, alone.rank) == (1, 1)


@pytest.mark.parametrize("count", [0, 1, 2, 3, 40])
def test_a_chain_holds_each_thing_once(count) -> None:
    likeness = np.random.default_rng(count).random((count, count))
    assert sorted(chain((likeness + likeness.T) / 2)) == list(range(count))


def test_a_line_that_was_shuffled_is_found_again() -> None:
    order = np.random.default_rng(5).permutation(60)
    likeness = np.maximum(0.0, 1 - np.abs(order[:, None] - order[None, :]) / 5)
    places = np.array(chain(likeness))
    found = places[np.argsort(order)]
    steps = np.abs(np.diff(found))
    assert (steps == 1).mean() >= 0.95
