"""The truth of the demo: what a perfect reading of the seized devices would find."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from clew.demo.devices import GONE, Device, kept
from clew.demo.pictures import Picture
from clew.demo.world import Message, World


class FirstShare(msgspec.Struct):
    """Who first shared a file, as far as the seized devices can know, and in truth."""

    account: str
    at: int
    real_account: str


class Truth(msgspec.Struct):
    """What there is to be found."""

    groups: dict[str, list[str]]
    """Members of each group, by number, past ones too."""
    messages: int
    """Messages in databases, each once, without notices of the messenger."""
    first_shares: dict[str, FirstShare]
    """By SHA-256."""
    known_files: list[str]
    known_by_record_only: list[str]
    ignorable_files: list[str]
    links: dict[str, int]
    """Members shared by each pair of groups, named as ``a|b``."""
    invites: dict[str, str]
    """Codes of invitations and the groups they lead to."""
    hidden_ids: dict[str, str]
    """Accounts by hidden id and the numbers behind them."""
    owners: dict[str, str]
    """Holder's account by exhibit."""
    entries: dict[str, int] = {}
    only_in_wal: int = 0
    exported_messages: int = 0
    exported: dict[str, str] = {}
    """Messages of exports, by file and place, that a database holds too, and which these are."""


def gather(
    world: World,
    devices: Sequence[Device],
    pictures: list[Picture],
    *,
    sets: tuple[Sequence[int], Sequence[int]],
) -> Truth:
    """Work the truth out from the world, and from what the devices kept of it."""
    pn = [p.pn for p in world.persons]
    held = {d.exhibit_id: kept(world, d) for d in devices}
    seen: dict[str, Message] = {m.key: m for found in held.values() for m in found}
    groups = {f"whatsapp:{g.jid}": sorted(pn[m] for m in g.members) for g in world.groups}
    known, ignorable = ([pictures[n].sha256 for n in numbers] for numbers in sets)
    shared = {pictures[m.picture].sha256 for m in seen.values() if m.picture is not None}
    return Truth(
        groups=groups,
        messages=len(seen),
        first_shares=_first_shares(world, seen, pictures, pn),
        known_files=sorted(set(known) & shared),
        known_by_record_only=[pictures[GONE].sha256],
        ignorable_files=sorted(set(ignorable) & shared),
        links=_links(groups),
        invites={
            world.groups[m.invites].code: f"whatsapp:{world.groups[m.invites].jid}"
            for m in seen.values()
            if m.invites is not None
        },
        hidden_ids={f"whatsapp:lid:{p.lid}": p.pn for p in world.persons},
        owners={d.exhibit_id: pn[d.holder] for d in devices},
    )


def _first_shares(
    world: World, seen: dict[str, Message], pictures: list[Picture], pn: list[str]
) -> dict[str, FirstShare]:
    found: dict[str, FirstShare] = {}
    real: dict[int, str] = {}
    for message in world.messages:
        if message.picture is None:
            continue
        real.setdefault(message.picture, pn[message.sender])
        digest = pictures[message.picture].sha256
        if message.key in seen and digest not in found:
            found[digest] = FirstShare(pn[message.sender], message.at, real[message.picture])
    return found


def _links(groups: dict[str, list[str]]) -> dict[str, int]:
    names = sorted(groups)
    return {
        f"{a}|{b}": len(both)
        for n, a in enumerate(names)
        for b in names[n + 1 :]
        if (both := set(groups[a]) & set(groups[b]))
    }
