"""The hash sets of an operation: known and ignorable contents."""

import hashlib
from pathlib import Path

import msgspec

from clew.demo.files import File
from clew.demo.parameters import Media
from clew.demo.truth import Record
from clew.demo.world import World


class HashSetArguments(msgspec.Struct, frozen=True):
    """What ``clew hashset add`` takes for a set."""

    file: Path
    name: str
    version: str
    kind: str


def write_sets(folder: Path, world: World, record: Record) -> tuple[HashSetArguments, ...]:
    """Write the set of known contents, and one of contents to ignore where these are wanted."""
    files, parameters = world.network.files, world.network.parameters
    known = {c.number for c in world.cascades.contents if c.known}
    first: dict[int, int] = {}
    for share in world.cascades.shares:
        first.setdefault(share.content, share.variant)
    entries = [files.of(variant) for content, variant in first.items() if content in known]
    others = (files.of(variant) for content, variant in first.items() if content not in known)
    ignorable = [f for f in others if f.sha256 in record.copies][: parameters.ignorable]
    record.sets([f.sha256 for f in entries], [f.sha256 for f in ignorable])
    sets = [_known(folder / "known-set.csv", entries, every=parameters.media == Media.FULL)]
    if ignorable:
        sets.append(_ignorable(folder / "ignorable.txt", ignorable))
    return tuple(sets)


def _known(file: Path, entries: list[File], *, every: bool) -> HashSetArguments:
    """A set in CSV, with every digest where the files were drawn."""
    names = ("md5", "sha1", "sha256") if every else ("sha256",)
    lines = [",".join([*(_digest(f, name) for name in names), "demo category 1"]) for f in entries]
    text = "\n".join([",".join([*names, "category"]), *sorted(lines)]) + "\n"
    file.write_text(text, encoding="utf-8")
    return HashSetArguments(file, "demo-known", "1", "known")


def _ignorable(file: Path, entries: list[File]) -> HashSetArguments:
    lines = ["# pictures that come with the phone", *(_digest(f, "sha1") for f in entries)]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return HashSetArguments(file, "demo-ignorable", "1", "ignorable")


def _digest(file: File, name: str) -> str:
    if name == "sha256":
        return file.sha256
    assert file.data is not None
    return hashlib.new(name, file.data, usedforsecurity=False).hexdigest()
