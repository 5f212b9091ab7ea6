"""A film that was coded anew is clustered with what it was made of, through real files."""

from __future__ import annotations

import av
import numpy as np
from PIL import Image

from clew.casefile.done import WHOLE_CASE, Done
from clew.casefile.engine import Progress
from clew.evidence.describe import described
from clew.evidence.intake import take_in
from clew.facts.fingerprints.step import fingerprint
from clew.findings import match, provenance
from clew.validation.faults import ABOUT

CODINGS = {
    "phone": ("libx264", (320, 240), 8, {"crf": "23"}),
    "small": ("libx264", (160, 120), 8, {"crf": "30"}),
    "mpeg4": ("mpeg4", (240, 180), 16, {"b": "200k"}),
}
RATE, SCENES, LASTS = 8, 5, 10


def coded(file, seed, name, lasts=LASTS) -> None:
    codec, size, between, options = CODINGS[name]
    rough = np.random.default_rng(seed).integers(0, 256, (SCENES, 12, 16, 3)).astype(np.uint8)
    drawn = [Image.fromarray(r).resize(size, Image.Resampling.BICUBIC) for r in rough]
    with av.open(str(file), "w") as out:
        stream = out.add_stream(codec, rate=RATE, options=options)
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        stream.codec_context.gop_size = between
        for number in range(lasts * RATE):
            frame = av.VideoFrame.from_image(drawn[number * SCENES // (LASTS * RATE)])
            out.mux(stream.encode(frame))
        out.mux(stream.encode())


def test_copies_in_other_codings_are_one_cluster_and_a_half_is_none(case, tmp_path) -> None:
    folder = tmp_path / "evidence"
    folder.mkdir()
    for seed in (1, 2):
        for name in CODINGS:
            coded(folder / f"{seed} {name}.mp4", seed, name)
    coded(folder / "1 half.mp4", 1, "phone", LASTS // 2)
    with case.writing():
        take_in(case, described(case.config, (folder,), ABOUT), Progress(), 2)
        fingerprint(case, "V-01", Progress(), 2)
        for name, step in (("match", match.match), ("provenance", provenance.provenance)):
            step(case, Done(name, WHOLE_CASE, "k", ()))
    rows = case.rows("SELECT i.path, c.cluster_id, c.frames_matched, c.frames_total, c.contents "
                     "FROM file_clusters AS c JOIN items AS i USING (sha256)")  # fmt: skip
    clusters: dict[str, set[str]] = {}
    for row in rows:
        clusters.setdefault(row["cluster_id"], set()).add(row["path"])
    assert sorted(map(sorted, clusters.values())) == [
        ["1 half.mp4"],
        ["1 mpeg4.mp4", "1 phone.mp4", "1 small.mp4"],
        ["2 mpeg4.mp4", "2 phone.mp4", "2 small.mp4"],
    ]
    assert all(4 <= r["frames_matched"] <= r["frames_total"] for r in rows if r["contents"] > 1)
