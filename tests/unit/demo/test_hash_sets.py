"""The known set holds contents that the world outside knows, and none that is new."""

from __future__ import annotations

import csv
import hashlib

from clew.demo import Parameters, generate, small
from clew.demo.hash_sets import write_sets
from clew.demo.truth import Record
from clew.demo.world import imagine


def test_the_known_set_has_known_contents_alone(tmp_path) -> None:
    world = imagine(Parameters(shares=2000))
    (known,) = write_sets(tmp_path, world, Record(world))
    rows = list(csv.DictReader(known.file.read_text().splitlines()))
    contents = {c.number for c in world.cascades.contents if c.known}
    allowed = {world.files.of(s.variant).sha256
               for s in world.cascades.shares if s.content in contents}  # fmt: skip
    assert len(rows) == len(contents)
    assert {row["sha256"] for row in rows} <= allowed


def test_where_files_are_drawn_every_digest_is_told(tmp_path) -> None:
    operation = generate(tmp_path / "d", small())
    known, ignorable = operation.hash_sets
    copies = {hashlib.sha256(f.read_bytes()).hexdigest(): f.read_bytes()
              for f in (tmp_path / "d").rglob("IMG-*.jpg")}  # fmt: skip
    found = [
        r for r in csv.DictReader(known.file.read_text().splitlines()) if r["sha256"] in copies
    ]
    assert found
    for row in found:
        assert row["md5"] == hashlib.md5(copies[row["sha256"]]).hexdigest()
        assert row["sha1"] == hashlib.sha1(copies[row["sha256"]]).hexdigest()
    line = ignorable.file.read_text().splitlines()[-1]
    assert line in {hashlib.sha1(data).hexdigest() for data in copies.values()}
