"""An image that costs workers goes on behind the file that cost one."""

from __future__ import annotations

from clew.casefile.store import Store
from clew.evidence.bounds import Bounds
from clew.evidence.items import item_id
from clew.evidence.members import Members, Taken
from clew.evidence.signatures import DISK
from clew.records import Item, ItemKind, Outcome
from clew.sandbox import WorkerLost
from clew.schema import Id


class Fragile:
    """Stands for the workers: ten files, of which the fourth ends whoever reads it."""

    def __init__(self, *, at_once: bool = False) -> None:
        self.starts: list[int] = []
        self._at_once = at_once

    def mine(self, *, patient: bool) -> Fragile:
        assert patient
        return self

    def run(self, task, argument, files):
        self.starts.append(argument["start"])
        if self._at_once:
            raise WorkerLost("crash:SIGSEGV")
        for ordinal in range(argument["start"], 10):
            yield {"member": {"ordinal": ordinal, "name": b"f".hex(), "kind": "file",
                              "mtime": None, "size_stated": 1, "flags": []}}  # fmt: skip
            yield b"x"
            if ordinal == 3:
                raise WorkerLost("crash:SIGSEGV")
            yield {"end": None}


def taken(case, guards) -> Taken:
    found = Taken()
    image = Item(
        item_id=item_id("E", None, b"d"), exhibit_id=Id("E"), path="d", in_archive=False,
        kind=ItemKind.FILE, size=10, media_type=DISK, outcome=Outcome.PROCESSED,
    )  # fmt: skip
    Members(guards, Store(case.folder / "s"), found, Bounds()).expand(image, b"d")
    return found


def test_only_the_file_that_cost_a_worker_fails(case) -> None:
    guards = Fragile()
    image, *members = taken(case, guards).items
    assert guards.starts == [0, 4]
    assert image.outcome == Outcome.PROCESSED
    assert [m.ordinal for m in members] == list(range(10))
    assert [m.reason for m in members if m.outcome == Outcome.FAILED] == ["crash:SIGSEGV"]
    assert members[3].sha256 is None


def test_a_worker_lost_between_files_ends_the_image_and_is_told(case) -> None:
    guards = Fragile(at_once=True)
    (image,) = taken(case, guards).items
    assert (image.outcome, image.reason) == (Outcome.FAILED, "crash:SIGSEGV")
    assert guards.starts == [0]
