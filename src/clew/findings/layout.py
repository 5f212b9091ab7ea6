"""Where persons and groups stand in every drawing: worked out once, and stored.

Nothing in it is left to chance, and no sum depends on how many threads there are: groups start on a
circle in the order of the matrix, draw each other by the persons they share and push each other
apart; a person stands amid its groups. Nearness is a way of drawing and proves nothing.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from clew.casefile import Context
from clew.findings.seriation import chain
from clew.records import Layout, NetworkLink, NodeKind
from clew.schema import table_part

Points = npt.NDArray[np.float64]
MOST_PERSONS, MOST_GROUPS, DRAWN = 20_000, 1_000, 120
"""Persons and groups that are drawn, the most relevant first, and persons of a drawing: these are
put in order by themselves and kept apart."""
_ROUNDS, _WORK = 300, 30_000_000
"""Rounds of drawing and pushing, and pairs of groups over all of them: many groups get fewer."""
_APART, _TIES = 0.028, 3
_TURN = 2.399963229728653
"""The golden angle: a disc of points that turn by it is filled evenly."""


def layout(context: Context) -> None:
    """Draw the lines of the network, and find the position of each person and group."""
    positions = drawn_network(
        context.rows("layout_persons", most=MOST_PERSONS),
        context.rows("layout_groups", most=MOST_GROUPS),
        context.rows("members_known"),
        context.rows("layout_overlaps"),
    )
    context.publish(context.derived(NetworkLink, "network_links"), table_part(Layout, positions))


class _Network(msgspec.Struct, frozen=True):
    """Persons and groups by number, the most relevant first."""

    groups_of: list[list[int]]
    likeness: Points
    """Of each two groups: persons in both, over the geometric mean of their sizes."""


def drawn_network(
    persons: list[dict[str, Any]],
    groups: list[dict[str, Any]],
    members: list[dict[str, Any]],
    overlaps: list[dict[str, Any]],
) -> list[Layout]:
    """A position for each person and group that is given, in the order of relevance."""
    if not groups:
        return []
    network = _network(persons, groups, members, overlaps)
    columns = chain(network.likeness)
    at_groups = _pulled(network.likeness, columns)
    rows = _rows_of(network.groups_of, columns)
    at_persons = _amid(network.groups_of, at_groups)
    at_groups, at_persons = _kept_apart(at_groups, at_persons)
    return [
        *(
            _laid_out(NodeKind.GROUP, n, groups[n], columns[n], at_groups[n])
            for n in range(len(groups))
        ),
        *(
            _laid_out(NodeKind.PERSON, n, persons[n], rows[n], at_persons[n])
            for n in range(len(persons))
        ),
    ]


def _laid_out(kind: NodeKind, n: int, node: dict[str, Any], line: int, at: Points) -> Layout:
    return Layout(
        kind=kind,
        node_id=node["id"],
        rank=n + 1,
        line=line + 1,
        x=round(float(at[0]), 4),
        y=round(float(at[1]), 4),
    )


def _network(
    persons: list[dict[str, Any]],
    groups: list[dict[str, Any]],
    members: list[dict[str, Any]],
    overlaps: list[dict[str, Any]],
) -> _Network:
    number = {g["id"]: n for n, g in enumerate(groups)}
    of_person = {p["id"]: n for n, p in enumerate(persons)}
    groups_of: list[list[int]] = [[] for _ in persons]
    for row in members:
        if row["person_id"] in of_person and row["chat_id"] in number:
            groups_of[of_person[row["person_id"]]].append(number[row["chat_id"]])
    likeness = np.zeros((len(groups), len(groups)))
    for row in overlaps:
        if row["chat_a"] in number and row["chat_b"] in number:
            a, b = number[row["chat_a"]], number[row["chat_b"]]
            size = max(groups[a]["members"] * groups[b]["members"], 1) ** 0.5
            likeness[a, b] = likeness[b, a] = row["shared_members"] / size
    return _Network([sorted(one) for one in groups_of], likeness)


def _pulled(likeness: Points, lines: list[int]) -> Points:
    """Groups after drawing and pushing (Fruchterman and Reingold 1991), in the unit square.

    Only the strongest ties of each group draw, for a ball of everything shows nothing. Groups that
    share nobody with another stand along the lower edge.
    """
    alone = likeness.sum(axis=1) == 0
    at = np.full((len(lines), 2), 0.98)
    at[alone, 0] = (np.argsort(np.argsort(np.array(lines)[alone])) + 0.5) / max(alone.sum(), 1)
    tied = _strongest(likeness[~alone][:, ~alone])
    if len(tied):
        at[~alone] = _in_square(_settled(tied, np.array(lines)[~alone]))
    return at


def _strongest(likeness: Points) -> Points:
    """Ties that are among the strongest of either end."""
    most = min(_TIES, len(likeness))
    kept = np.zeros_like(likeness)
    for n, row in enumerate(likeness):
        best = np.argsort(-row, kind="stable")[:most]
        kept[n, best] = row[best]
    return np.maximum(kept, kept.T)


def _settled(tied: Points, lines: npt.NDArray[np.int64]) -> Points:
    count = len(lines)
    turn = 2 * np.pi * np.argsort(np.argsort(lines)) / count
    at = np.round(np.stack([np.cos(turn), np.sin(turn)], axis=1), 6)
    near = 1.6 / count**0.5
    rounds = int(max(60, min(_ROUNDS, _WORK / count**2)))
    for step in range(rounds):
        apart = at[:, None, :] - at[None, :, :]
        far = np.maximum(np.sqrt((apart * apart).sum(axis=2)), 1e-3)
        push = near * near / (far * far) - tied * far / near
        move = (apart * push[:, :, None]).sum(axis=1) - 0.3 * at
        length = np.maximum(np.sqrt((move * move).sum(axis=1)), 1e-9)
        most = 0.12 * (1 - step / rounds)
        at = at + move * (np.minimum(length, most) / length)[:, None]
    settled: Points = at
    return settled


def _in_square(at: Points, margin: float = 0.08) -> Points:
    low, high = at.min(axis=0), at.max(axis=0)
    wide = np.where(high > low, high - low, 1.0)
    middle = np.where(high > low, (at - low) / wide, 0.5)
    shown: Points = margin + (1 - 2 * margin) * middle
    return shown


def _rows_of(groups_of: list[list[int]], columns: list[int]) -> list[int]:
    """Rows of the matrix: those of a drawing by what they share, the others by where it lies."""
    drawn = min(DRAWN, len(groups_of))
    matrix = np.zeros((drawn, len(columns)))
    for n in range(drawn):
        matrix[n, groups_of[n]] = 1
    size = np.maximum(matrix.sum(axis=1), 1)
    rows = chain(matrix @ matrix.T / np.sqrt(np.outer(size, size)))
    mean = {
        n: sum(columns[g] for g in groups_of[n]) / len(groups_of[n]) if groups_of[n] else -1.0
        for n in range(drawn, len(groups_of))
    }
    after = sorted(mean, key=lambda n: (mean[n], n))
    return rows + [
        line for _, line in sorted(zip(after, range(drawn, len(groups_of)), strict=True))
    ]


def _amid(groups_of: list[list[int]], at_groups: Points) -> Points:
    """Persons at the middle of their groups; those of the same groups in a disc about it."""
    same: defaultdict[tuple[int, ...], list[int]] = defaultdict(list)
    for n, groups in enumerate(groups_of):
        same[tuple(groups)].append(n)
    at = np.full((len(groups_of), 2), 0.5)
    for together, alike in same.items():
        middle = at_groups[list(together)].mean(axis=0) if together else np.array([0.5, 0.5])
        number = np.arange(len(alike))
        away = 0.004 * np.sqrt(number + (len(together) == 1))
        around = np.stack([np.cos(number * _TURN), np.sin(number * _TURN)], axis=1)
        at[alike] = middle + away[:, None] * around
    kept: Points = np.clip(at, 0.0, 1.0)
    return kept


def _kept_apart(at_groups: Points, at_persons: Points) -> tuple[Points, Points]:
    """Groups and the persons of a drawing pushed off each other, so that each can be read."""
    count = min(len(at_groups), DRAWN)
    drawn = min(DRAWN, len(at_persons))
    at = np.concatenate([at_groups[:count], at_persons[:drawn]])
    for _ in range(120):
        apart = at[:, None, :] - at[None, :, :]
        far = np.maximum(np.sqrt((apart * apart).sum(axis=2)), 1e-6)
        short = np.maximum(_APART - far, 0.0)
        np.fill_diagonal(short, 0.0)
        if not short.any():
            break
        at = np.clip(at + (apart / far[:, :, None] * short[:, :, None]).sum(axis=1) / 2, 0.0, 1.0)
    return np.concatenate([at[:count], at_groups[count:]]), np.concatenate(
        [at[count:], at_persons[drawn:]]
    )
