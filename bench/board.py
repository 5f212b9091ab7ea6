"""What merging costs: statements of many sites, in several orders, and the state that follows.

python bench/board.py [STATEMENTS] [SITES]
"""

import random
import sys
import tempfile
import time
from pathlib import Path

from clew.casefile import create_case
from clew.operation import keeping, site_files
from clew.operation.statements import Said, listed
from clew.records import About

SAYS = {
    About.PERSON: ("identified", "located", "arrested", "released"),
    About.EXHIBIT: ("seized", "in_lab", "acquired"),
    About.SEARCH: ("planned", "entered", "left"),
}


def made(site: int, many: int) -> bytes:
    chance = random.Random(site)
    said = []
    for seq in range(many):
        about = chance.choice(list(SAYS))
        said.append(
            Said(
                about=about, reference=f"ES-{about[0]}-{chance.randrange(many * 5)}/1",
                says=chance.choice(SAYS[about]), happened_at=f"2017-03-28T{seq % 24:02}:00:00Z",
                particulars=("kind=phone", f"seal=S{seq}") if about == About.EXHIBIT else (),
                heard_from="another by telephone" if chance.random() < 0.2 else None,
                withdraws=(str(seq),) if seq and chance.random() < 0.02 else (),
            )
        )  # fmt: skip
    return b"".join(map(site_files.line_of, listed(said, f"SITE{site}", "officer")))


def main(total: int = 100_000, sites: int = 50) -> None:
    contents = [(f"SITE{n}.jsonl", made(n, total // sites)) for n in range(sites)]
    digests = set()
    for order in range(3):
        random.Random(order).shuffle(contents)
        with (
            tempfile.TemporaryDirectory() as folder,
            create_case(Path(folder) / "case", "Bench", "none") as case,
        ):
            begun, used = time.perf_counter(), time.process_time()
            files = [site_files.parsed(content, name) for name, content in contents]
            read = time.perf_counter()
            keeping.merge(case, files, "bench", "bench")
            kept = time.perf_counter()
            digests.add(keeping.board_of(case).digest)
            done = time.perf_counter()
            print(
                f"{total} statements of {sites} sites: read {read - begun:.2f} s, kept "
                f"{kept - read:.2f} s, state {done - kept:.2f} s; in all {done - begun:.2f} s, "
                f"{time.process_time() - used:.2f} s of processor time"
            )
    print("states:", len(digests))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
