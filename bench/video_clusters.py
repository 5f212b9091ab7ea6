"""Videos that were coded anew: whether each is clustered with what it was made of, and no other.

usage: python bench/video_clusters.py [FILMS]

Each film has scenes of its own, drawn from a seed, over which the camera moves. Each is coded five
times: as a phone does, smaller, at a low rate, by another codec, and with key frames ten seconds
apart. A sixth is its first half only, which is no copy. The truth is which film a file was made of.
A figure on films of our own making ranks ways of clustering; it is no rate of error in the field.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from itertools import combinations
from pathlib import Path

import av
import numpy as np
from PIL import Image

from clew.casefile import Context, Options, create_case
from clew.casefile.step_manifest import WHOLE_CASE, StepManifest
from clew.evidence.describe import described
from clew.evidence.intake import take_in
from clew.facts.fingerprints.step import fingerprint
from clew.findings import match, provenance

ABOUT = dict.fromkeys(
    ("search_id", "label", "holder_ref", "time_zone", "acquired_with", "acquired_at", "authority")
)
RATE, SCENES, LASTS = 12, 6, 24
Coding = tuple[str, tuple[int, int], int, dict[str, str]]
CODINGS: dict[str, Coding] = {
    "phone": ("libx264", (480, 360), 12, {"crf": "23"}),
    "small": ("libx264", (240, 180), 12, {"crf": "26"}),
    "low": ("libx264", (320, 240), 24, {"crf": "38"}),
    "mpeg4": ("mpeg4", (320, 240), 12, {"b": "300k"}),
    "sparse": ("libx264", (480, 360), 120, {"crf": "26"}),
}


def scenes(seed: int) -> list[Image.Image]:
    chance = np.random.default_rng(seed)
    rough = chance.integers(0, 256, (SCENES, 15, 20, 3)).astype(np.uint8)
    return [Image.fromarray(r).resize((560, 420), Image.Resampling.BICUBIC) for r in rough]


def coded(file: Path, seed: int, coding: Coding, lasts: int = LASTS) -> None:
    codec, size, between, options = coding
    drawn = scenes(seed)
    with av.open(str(file), "w") as out:
        stream = out.add_stream(codec, rate=RATE, options=options)
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        stream.codec_context.gop_size = between
        stream.codec_context.thread_count = 1
        for number in range(lasts * RATE):
            scene = drawn[number * SCENES // (LASTS * RATE)]
            moved = number % (LASTS * RATE // SCENES) * 40 // (LASTS * RATE // SCENES)
            image = scene.crop((moved, moved, 480 + moved, 360 + moved)).resize(size)
            out.mux(stream.encode(av.VideoFrame.from_image(image)))
        out.mux(stream.encode())


def written(folder: Path, films: int) -> None:
    for seed in range(films):
        for name, coding in CODINGS.items():
            coded(folder / f"{seed:03} {name}.mp4", seed, coding)
        coded(folder / f"{seed:03} half.mp4", seed, CODINGS["phone"], LASTS // 2)


def told(rows: list[dict[str, str]]) -> str:
    """Recall and precision over pairs of files; of copies only, halves being none."""
    made = {r["path"]: r["path"][:3] for r in rows}
    cluster = {r["path"]: r["cluster_id"] for r in rows}
    copies = [p for p in made if "half" not in p]
    true = [p for p in combinations(sorted(copies), 2) if made[p[0]] == made[p[1]]]
    joined = [p for p in combinations(sorted(made), 2) if cluster[p[0]] == cluster[p[1]]]
    right = [p for p in joined if made[p[0]] == made[p[1]] and not any("half" in f for f in p)]
    found = sum(cluster[a] == cluster[b] for a, b in true)
    without = [p for p in true if "sparse" not in "".join(p)]
    dense = sum(cluster[a] == cluster[b] for a, b in without)
    return (f"recall {found / len(true):.3f} of {len(true)} pairs ({dense / len(without):.3f} but "
            f"for those with sparse key frames), precision {len(right) / max(len(joined), 1):.3f} "
            f"of {len(joined)}")  # fmt: skip


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("films", nargs="?", type=int, default=20)
    films = asked.parse_args().films
    with tempfile.TemporaryDirectory() as held:
        folder = Path(held) / "evidence"
        folder.mkdir()
        written(folder, films)
        case = create_case(Path(held) / "case", "Bench", "none")
        about = {**ABOUT, "exhibit_id": "E-1", "kind": "phone", "country": "ES", "hash_only": False}
        with case, case.writing():
            asked = Options(intake=described(case.config, (folder,), about))
            take_in(Context(case=case, step="intake", scope="E-1", options=asked))
            for frames in ("keyframes", "seconds"):
                asked = Options(frames=frames)
                fingerprint(Context(case=case, step="fingerprint", scope="E-1", options=asked))
                match.match(case, StepManifest("match", WHOLE_CASE, "k", ()))
                began = time.process_time()
                provenance.provenance(case, StepManifest("provenance", WHOLE_CASE, "k", ()))
                spent = time.process_time() - began
                rows = case.rows("SELECT i.path, c.cluster_id FROM file_clusters AS c "
                                 "JOIN items AS i USING (sha256)")  # fmt: skip
                (count,) = case.rows("SELECT count(*) AS n FROM fingerprints")
                print(f"{frames}: {films} films in {len(rows)} files, {count['n']} frames; "
                      f"{told(rows)}; {spent:.1f} s", flush=True)  # fmt: skip
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


if __name__ == "__main__":
    main()
