"""``python -m builders.killed``: opens or seals a package in processes that die on the way.

The processes are forked from one that has imported everything and has no thread. They die at an
opening of a file, at a chunk of the cipher, or as it reads or writes, each a little later than the
one before. Printed are, of each, how it ended and what lay in the folder then.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path

from builders.packages import PARTS, PLAIN, Agencies

from clew.exchange.sealing import AgeKey, Member, Receiving, agefile, opened, seal
from clew.exchange.sealing.volumes import Joined, Volumes

FULL = [*PARTS, Member.of("plain", PLAIN * 80_000)]


class Dying:
    """Counts moments, and ends the process at one of them."""

    def __init__(self) -> None:
        self.met, self.last = 0, sys.maxsize
        sys.addaudithook(lambda event, _: self.moment() if event == "open" else None)
        for owner, name in ((agefile, "_nonce"), (Volumes, "write"), (Joined, "read")):
            setattr(owner, name, self._counting(getattr(owner, name)))

    def moment(self) -> None:
        self.met += 1
        if self.met > self.last:
            os.kill(os.getpid(), signal.SIGKILL)

    def _counting(self, whole):
        def counted(*given, **named):
            self.moment()
            return whole(*given, **named)

        return counted


def opening(folder: Path, agencies: Agencies) -> None:
    receiving: Receiving = agencies.receiving(folder, keys=(AgeKey(agencies.identities["PT"]),))
    with opened(folder.parent / "made.clewpkg", receiving) as found:
        for name in found.names:
            found.read(name)


def sealing(folder: Path, agencies: Agencies) -> None:
    seal(folder / "made.clewpkg", FULL, agencies.sealing())


def main(what: str, beside: Path, kills: int) -> None:
    agencies, does = Agencies(), {"opening": opening, "sealing": sealing}[what]
    agencies.package(beside, FULL)
    dying = Dying()
    (beside / "whole").mkdir()
    does(beside / "whole", agencies)
    every = dying.met
    for number in range(kills):
        folder = beside / str(number)
        folder.mkdir()
        child = os.fork()
        if not child:
            dying.met, dying.last = 0, number * every // kills
            does(folder, agencies)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        left = sorted(str(file.relative_to(folder)) for file in folder.rglob("*"))
        clear = [str(f) for f in folder.rglob("*") if f.is_file() and PLAIN in f.read_bytes()]
        print(json.dumps({"ended": status, "left": left, "clear": clear}))  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
