"""How often pictures of different things come near each other: the table behind "by chance".

usage: python bench/chance.py FOLDER... [--most N] [--same NAME=NAME]... > chance.toml

Each FOLDER holds pictures that everybody may look at, the more and the more various the better. Of
each file its whole, its quarters and its ninths are pictures of different things. Files that show
one thing in several sizes or shades count as one source, by their names (as bench/robustness.py
tells them); pairs of one source are left out. Wholes and parts of different sources within 31 bits
are named on standard error: look at them, and if two sources are one, say so with --same and run
again. Pairs are counted by the nearest of eight orientations. Memory holds the fingerprints (256
bytes a picture) and one file's pixels.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from pathlib import Path

os.environ["OPENBLAS_NUM_THREADS"] = "1"

import numpy as np
from PIL import Image
from robustness import KINDS, RADIUS, fitted, subject

from clew.facts.fingerprints import decode
from clew.facts.fingerprints.pdq import pdq

LEAST = 128
"""Pixels of the shorter side, under which a part is left out."""
FARTHEST = 80
NAMED = 40
ENOUGH = 50


class Seen:
    """Fingerprints of all pictures, with what decides who is compared with whom."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.sources: list[str] = []
        self.flagged: list[bool] = []
        self.turned: list[bytes] = []

    def add(self, source: str, part: str, image: Image.Image) -> None:
        """Look at one picture, and let its pixels go."""
        hashed = pdq(decode.brightness(image))
        self.names.append(f"{source} {part}")
        self.sources.append(source)
        self.flagged.append(hashed.quality < ENOUGH or hashed.simple_graphic)
        self.turned.append(bytes.fromhex("".join((hashed.value, *hashed.turned))))


def parts(image: Image.Image) -> Iterator[tuple[str, Image.Image]]:
    """The whole, the quarters and the ninths."""
    width, height = image.size
    for cut in (1, 2, 3):
        for row in range(cut):
            for column in range(cut):
                box = (width * column // cut, height * row // cut,
                       width * (column + 1) // cut, height * (row + 1) // cut)  # fmt: skip
                part = image.crop(box)
                if min(part.size) >= LEAST:
                    yield f"{cut}x{cut} {row},{column}", part


def looked(folders: list[Path], most: int, same: dict[str, str]) -> tuple[Seen, int]:
    """Every part of the largest file of every source; and how many files that were."""
    largest: dict[str, Path] = {}
    for file in sorted(p for f in folders for p in f.rglob("*") if p.suffix.lower() in KINDS):
        name = same.get(subject(file), subject(file))
        if name not in largest or file.stat().st_size > largest[name].stat().st_size:
            largest[name] = file
    seen = Seen()
    files = 0
    for name, file in sorted(largest.items())[:most]:
        try:
            with Image.open(file) as opened:
                opened.draft("RGB", (2400, 2400))
                image = fitted(opened.convert("RGB"), 2400)
        except (OSError, ValueError) as error:
            print(f"left out: {file}: {error}", file=sys.stderr)
            continue
        files += 1
        for part, cut in parts(image):
            seen.add(name, part, fitted(cut, 1200))
    return seen, files


def counted(seen: Seen) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of different sources, ordinary and flagged, by the bits that part them."""
    turned = np.frombuffer(b"".join(seen.turned), np.uint64).reshape(-1, 8, 4)
    plain = np.ascontiguousarray(turned[:, 0])
    _, sources = np.unique(seen.sources, return_inverse=True)
    flagged = np.array(seen.flagged)
    totals = np.zeros((2, 257), np.int64)
    for n in range(len(turned) - 1):
        others = n + 1 + np.nonzero(sources[n + 1 :] != sources[n])[0]
        apart = np.bitwise_count(turned[n][:, None] ^ plain[others]).sum(2, dtype=np.int64).min(0)
        either = flagged[others] | flagged[n]
        for kind in (0, 1):
            totals[kind] += np.bincount(apart[either == bool(kind)], minlength=257)
        for other in np.nonzero((apart <= RADIUS) | ((apart <= NAMED) & ~either))[0]:
            told = "flagged" if either[other] else "not flagged"
            print(f"{apart[other]} bits, {told}: {seen.names[n]} | {seen.names[others[other]]}",
                  file=sys.stderr)  # fmt: skip
    return totals[0], totals[1]


def written(kind: str, about: str, pictures: int, totals: np.ndarray) -> str:
    """One part of the table."""
    near = np.cumsum(totals)[: FARTHEST + 1]
    kept = [b for b in range(FARTHEST + 1) if b == FARTHEST or near[b] != near[b + 1]]
    within = ", ".join(f"[{bits}, {near[bits]}]" for bits in kept)
    return (f'[{kind}]\nmeasured_on = "{about}"\npictures = {pictures}\n'
            f"pairs = {totals.sum()}\nwithin = [{within}]\n")  # fmt: skip


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("folders", nargs="+", type=Path)
    asked.add_argument("--most", type=int, default=10_000, help="files")
    asked.add_argument("--same", action="append", default=[], metavar="NAME=NAME")
    asked.add_argument("--about", default="", help="what the pictures are")
    asked.add_argument("--version", default="1")
    given = asked.parse_args()
    same = dict(reversed(pair.split("=", 1)) for pair in given.same)
    seen, files = looked(given.folders, given.most, same)
    ordinary, flagged = counted(seen)
    about = f"{given.about or 'pictures'}: {files} files, each whole, in quarters and in ninths"
    print(f'version = "{given.version}"\n')
    print(written("ordinary", about, len(seen.flagged) - sum(seen.flagged), ordinary))
    print(written("flagged", about, len(seen.flagged), flagged), end="")


if __name__ == "__main__":
    main()
