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
    files, parameters = world.files, world.parameters
    known = {c.number for c in world.cascades.contents if c.known}
    first: dict[int, int] = {}
    for share in world.cascades.shares:
        first.setdefault(share.content, share.variant)
    entries = [files.of(variant) for content, variant in first.items() if content in known]
    others = (files.of(variant) for content, variant in first.items() if content not in known)
    ignorable = [f for f in others if f.sha256 in record.copies][: parameters.ignorable]
    record.truth.known = {f.sha256 for f in entries}
    record.truth.ignorable = {f.sha256 for f in ignorable}
    hashes = ("md5", "sha1", "sha256") if parameters.media == Media.FULL else ("sha256",)
    rows = sorted(",".join([*(_digest(f, h) for h in hashes), "demo category 1"]) for f in entries)
    sets = [_written(folder / "known-set.csv", "known", [",".join([*hashes, "category"]), *rows])]
    if ignorable:
        lines = ["# pictures that come with the phone", *(_digest(f, "sha1") for f in ignorable)]
        sets.append(_written(folder / "ignorable.txt", "ignorable", lines))
    return tuple(sets)


def _written(file: Path, kind: str, lines: list[str]) -> HashSetArguments:
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return HashSetArguments(file, f"demo-{kind}", "1", kind)


def _digest(file: File, name: str) -> str:
    if name == "sha256":
        return file.sha256
    assert file.data is not None
    return hashlib.new(name, file.data, usedforsecurity=False).hexdigest()
