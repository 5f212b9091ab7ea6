"""What accounts have that can be compared: one record an account, for the linkage to work on."""

import cmath
import itertools
import math
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
import pyarrow as pa

from clew.casefile import Context
from clew.findings.linkage.names import handle, spelling
from clew.findings.numbers import country_of

_DAY = 86_400_000_000
RARE, COMMON = 12, 80
"""Accounts that share a word up to which it is rare, and from which on it is common."""
_FEW = 3
"""Accounts that share a handle or full name up to which hardly anybody has it."""
_SWAP = 4 * _DAY
"""How near in time one account's going and another's coming are for a swap."""
_CLOSING = _DAY
"""Whoever is gone so near the end of a group went because the group did."""
_FEWEST_MESSAGES = 10
"""Messages from which on they say at which hours somebody writes."""


class Traits(msgspec.Struct, kw_only=True):
    """What can be compared of one account. Lists are sorted; an empty list means: not known."""

    unique_id: str
    names: list[str]
    """As found."""
    country: str | None
    handles: list[str]
    full_names: list[str]
    words: list[str]
    rare_handles: list[str] = []
    rare_full_names: list[str] = []
    rare: list[str] = []
    middling: list[str] = []
    common: list[str] = []
    books: list[str]
    entries: list[str]
    pictures: list[str]
    groups: list[str]
    stays: list[dict[str, Any]]
    swapped: list[str] = []
    """Pairs of accounts of which one left a group within days of the other's coming."""
    swapped_twice: list[str] = []
    moves: int = 0
    """Comings and goings that are known."""
    since: float | None = None
    """Day of the first sign of the account in a group: that it came, or wrote."""
    until: float | None = None
    """Day of the last one."""
    hour: float | None = None
    """Hour of the day (UTC) around which it writes; empty where it wrote little."""
    files: int = 0
    """Files that it sent."""
    at_once: list[str] = []
    """Two accounts and a file that both sent to different groups within minutes."""


def traits(context: Context) -> list[Traits]:
    """The records of all accounts that stand for an identifier."""
    found = [_traits(row) for row in context.rows("linkage_traits")]
    _part_by_rarity(found)
    _mark_swaps(found)
    _mark_spans(found)
    _mark_hours(found, context.rows("hours_written"))
    _mark_files_at_once(found, context.rows("files_at_once"))
    return found


def table(found: list[Traits]) -> pa.Table:
    """The records as the linkage takes them."""
    texts = pa.list_(pa.string())
    stay = pa.struct([("chat", pa.string()), ("since", pa.float64()), ("until", pa.float64())])
    schema = pa.schema(
        [("unique_id", pa.string()), ("country", pa.string())]
        + [(name, texts) for name in _LISTS]
        + [(name, pa.float64()) for name in ("since", "until", "hour")]
        + [("stays", pa.list_(stay)), ("moves", pa.int64()), ("files", pa.int64())]
    )
    rows = [{name: getattr(one, name) for name in schema.names} for one in found]
    for row in rows:
        row["stays"] = [s for stay in row["stays"] if (s := _span(stay))]
    return pa.Table.from_pylist(rows, schema)


_LISTS = (
    "handles", "rare_handles", "full_names", "rare_full_names", "words", "rare", "middling",
    "common", "books", "entries", "pictures", "groups", "swapped", "swapped_twice", "at_once",
)  # fmt: skip


def _traits(row: dict[str, Any]) -> Traits:
    spelled = [spelling(name) for name in row["names"] or ()]
    handles = {h for name in row["usernames"] or () if (h := handle(name))}
    stays = row["stays"] or []
    return Traits(
        unique_id=row["account_id"],
        names=[*(row["names"] or ()), *(row["usernames"] or ())],
        country=country_of(row["e164"]),
        handles=sorted(handles | {s.handle for s in spelled if s.handle}),
        full_names=sorted({s.full for s in spelled if s.full}),
        words=sorted({word for s in spelled for word in s.forms}),
        books=row["books"] or [],
        entries=row["entries"] or [],
        pictures=row["pictures"] or [],
        groups=[stay["chat"] for stay in stays],
        stays=stays,
    )


def _part_by_rarity(found: list[Traits]) -> None:
    """Part the words of names into rare, middling and common ones."""
    counts = Counter(word for one in found for word in one.words)
    handles = Counter(name for one in found for name in one.handles)
    full_names = Counter(name for one in found for name in one.full_names)
    for one in found:
        one.rare_handles = [h for h in one.handles if handles[h] <= _FEW]
        one.rare_full_names = [n for n in one.full_names if full_names[n] <= _FEW]
        one.rare = [w for w in one.words if counts[w] <= RARE]
        one.middling = [w for w in one.words if RARE < counts[w] <= COMMON]
        one.common = [w for w in one.words if counts[w] > COMMON]


def _mark_swaps(found: list[Traits]) -> None:
    """Mark the pairs of accounts of which one left groups about when the other joined them."""
    comings: dict[str, list[tuple[int, str]]] = defaultdict(list)
    goings: dict[str, list[tuple[int, str]]] = defaultdict(list)
    by_id = {one.unique_id: one for one in found}
    for one in found:
        for stay in one.stays:
            if stay["joined"] is not None:
                comings[stay["chat"]].append((stay["joined"], one.unique_id))
                one.moves += 1
            if _went(stay):
                goings[stay["chat"]].append((stay["ended"], one.unique_id))
                one.moves += 1
    times = Counter(pair for chat in goings for pair in _swaps(goings[chat], comings[chat]))
    for (gone, come), groups in sorted(times.items()):
        key = f"{gone}>{come}"
        for account in (gone, come):
            by_id[account].swapped.append(key)
            if groups > 1:
                by_id[account].swapped_twice.append(key)


def _went(stay: dict[str, Any]) -> bool:
    """The account is known to have left, and not because the group ended."""
    closed = stay["closed"] is not None and stay["closed"] - _CLOSING
    return stay["ended"] is not None and not (closed and stay["ended"] >= closed)


def _mark_spans(found: list[Traits]) -> None:
    """Say from when to when each account gave a sign of life in some group."""
    for one in found:
        stays = one.stays
        first = [t for s in stays for t in (s["joined"], s["seen"]) if t is not None]
        last = [s["last"] for s in stays if s["last"] is not None]
        last += [s["ended"] for s in stays if _went(s)]
        if first and last:
            one.since, one.until = min(first) / _DAY, max(last) / _DAY


def _mark_hours(found: list[Traits], written: Iterable[dict[str, Any]]) -> None:
    """Say around which hour each account writes: the mean direction on the clock."""
    messages: Counter[str] = Counter()
    directions: defaultdict[str, complex] = defaultdict(complex)
    by_id = {one.unique_id: one for one in found}
    for row in written:
        account = row["account_id"]
        messages[account] += row["messages"]
        directions[account] += cmath.rect(row["messages"], math.tau * (row["hour"] + 0.5) / 24)
        if account in by_id:
            by_id[account].files += row["files"]
    for one in found:
        if messages[one.unique_id] >= _FEWEST_MESSAGES:
            turn = cmath.phase(directions[one.unique_id]) / math.tau
            one.hour = round(24 * turn, 6) % 24


def _mark_files_at_once(found: list[Traits], sent: Iterable[dict[str, Any]]) -> None:
    """Mark the pairs of accounts that sent a file to different groups within minutes."""
    by_id = {one.unique_id: one for one in found}
    for row in sent:
        if row["a"] in by_id and row["b"] in by_id:
            key = f"{row['a']}>{row['b']}>{row['sha256']}"
            by_id[row["a"]].at_once.append(key)
            by_id[row["b"]].at_once.append(key)


def _swaps(
    goings: Iterable[tuple[int, str]], comings: list[tuple[int, str]]
) -> Iterator[tuple[str, str]]:
    comings = sorted(comings)
    for ended, gone in goings:
        first = bisect_left(comings, (ended - _SWAP, ""))
        for joined, come in itertools.islice(comings, first, None):
            if joined > ended + _SWAP:
                break
            if come != gone:
                yield gone, come


def _span(stay: dict[str, Any]) -> dict[str, Any] | None:
    """From when to when an account is known to have been in a group, in days; None if unknown."""
    since = [t for t in (stay["joined"], stay["seen"]) if t is not None]
    until = [t for t in (stay["ended"], stay["last"]) if t is not None]
    if not since or not until:
        return None
    return {"chat": stay["chat"], "since": min(since) / _DAY, "until": max(until) / _DAY}
