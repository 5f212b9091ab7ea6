"""Frames of Meta's sample videos beside its own vPDQ hashes, and how fast each pass is.

usage: CLEW_FIXTURES=... python bench/videos.py

Rates are of processor time on one core: seconds of film for each second of work.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

os.environ["OPENBLAS_NUM_THREADS"] = "1"

import numpy as np

from clew.facts.fingerprints import video
from clew.facts.fingerprints.pdq import Pdq, distance, pdq
from clew.facts.fingerprints.stated import Stated


def hashed(file: Path, which: video.Frames) -> tuple[list[tuple[int, Pdq]], float, float]:
    """Hashes by number of frame, seconds of film, seconds of work."""
    stated = Stated()
    began = time.process_time()
    with file.open("rb") as handle:
        found = [
            (frame.frame or 0, pdq(frame.plane, turned=False))
            for frame in video.frames(handle, "video/mp4", which, stated)
        ]
    return found, stated.columns["duration_ms"] / 1000, time.process_time() - began


def main() -> None:
    folder = Path(os.environ["CLEW_FIXTURES"]) / "pdq"
    films = sorted((folder / "video").glob("*.mp4"))
    apart: list[int] = []
    frames = 0
    for file in films:
        lines = (folder / "vpdq-hashes" / f"{file.stem}.txt").read_text().split()
        expected = [line.split(",") for line in lines]
        found, _, _ = hashed(file, video.Frames.ALL)
        if len(found) != len(expected):
            print(f"{file.name}: {len(found)} frames, {len(expected)} expected")
        frames += len(expected)
        apart += [
            distance(line[2], mine.value)
            for line, (_, mine) in zip(expected, found, strict=False)
            if int(line[1]) >= 50
        ]
    print(f"{len(films)} videos, {frames} frames, {len(apart)} of quality >= 50: "
          f"p99 {np.percentile(apart, 99):.0f} bits, max {max(apart)}")  # fmt: skip
    for which in video.Frames:
        spans = [hashed(file, which)[1:] for file in films]
        film, work = (sum(part) for part in zip(*spans, strict=True))
        print(f"{which:10} {film / work:8.1f} x the film's own time")


if __name__ == "__main__":
    main()
