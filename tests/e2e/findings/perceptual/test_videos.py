"""A film that was coded anew, or turned, is found with what it was made of, through real files."""

from __future__ import annotations

import av
import numpy as np
import pytest
from PIL import Image
from steps import fingerprint, take_in

from clew.evidence.describe import described
from clew.findings.hashsets import Source, add
from clew.pipeline import perform
from clew.records import SetKind
from clew.validation.faults import ABOUT

CODINGS = {
    "phone": ("libx264", (320, 240), 8, {"crf": "23"}),
    "small": ("libx264", (160, 120), 8, {"crf": "30"}),
    "mpeg4": ("mpeg4", (240, 180), 16, {"b": "200k"}),
}
LARGE = ("libx264", (640, 480), 8, {"crf": "18"})
"""A coding with more detail than others, so that the others are compared with it."""
RATE, SCENES, LASTS = 8, 5, 10


def coded(file, seed, name, lasts=LASTS, turn=None) -> None:
    codec, size, between, options = CODINGS.get(name, LARGE)
    rough = np.random.default_rng(seed).integers(0, 256, (SCENES, 12, 16, 3)).astype(np.uint8)
    drawn = [Image.fromarray(r).resize(size, Image.Resampling.BICUBIC) for r in rough]
    drawn = [image.transpose(turn) for image in drawn] if turn is not None else drawn
    size = drawn[0].size
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
        take_in(case, described(case.config, (folder,), ABOUT))
        fingerprint(case, "V-01")
        perform(case, "match", "provenance")
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


TURNS = {
    "r090": Image.Transpose.ROTATE_90, "r180": Image.Transpose.ROTATE_180,
    "r270": Image.Transpose.ROTATE_270, "flpx": Image.Transpose.FLIP_TOP_BOTTOM,
    "flpy": Image.Transpose.FLIP_LEFT_RIGHT, "flpp": Image.Transpose.TRANSPOSE,
    "flpm": Image.Transpose.TRANSVERSE,
}  # fmt: skip
BACK = {"r090": "r270", "r270": "r090"}
"""What takes a turn back: a copy is told by how it is turned to look like the other."""


@pytest.mark.parametrize("frames", ["keyframes", "seconds", "all"])
def test_a_film_turned_in_any_way_is_found_and_told_with_its_turn(case, tmp_path, frames) -> None:
    folder = tmp_path / "evidence"
    folder.mkdir()
    coded(folder / "as_is.mp4", 1, "large")
    coded(folder / "other.mp4", 2, "phone")
    for name, turn in TURNS.items():
        coded(folder / f"{name}.mp4", 1, "phone", turn=turn)
    with case.writing():
        take_in(case, described(case.config, (folder,), ABOUT))
        fingerprint(case, "V-01", frames=frames)
        known = case.rows("SELECT value, quality, at_ms FROM fingerprints AS f JOIN items AS i "
                          "ON i.sha256 = f.source_id WHERE i.path = 'as_is.mp4'")  # fmt: skip
        lines = [f"{k['value']},{k['quality']},7,{k['at_ms']}\n" for k in known]
        (tmp_path / "set.csv").write_text("pdq,pdq_quality,medium,at_ms\n" + "".join(lines))
        add(case, tmp_path / "set.csv", Source(name="s", version="1", kind=SetKind.KNOWN))
        perform(case, "match", "provenance")
    hits = case.rows("SELECT i.path, m.* FROM matches AS m JOIN items AS i USING (item_id)")
    expected = {"as_is.mp4": "as_is"} | {f"{n}.mp4": BACK.get(n, n) for n in TURNS}
    assert {h["path"]: h["orientation"] for h in hits} == expected
    for hit in hits:
        assert (hit["tier"], hit["algorithm"]) == ("near", "vpdq")
        assert hit["frames_matched"] == len(hit["at_ms"]) >= SCENES
        assert hit["frames_matched"] <= hit["frames_total"]
        assert SCENES <= hit["known_frames_matched"] <= hit["known_frames_total"]
    clustered = case.rows("SELECT i.path, c.* FROM file_clusters c JOIN items AS i USING (sha256)"
                          " WHERE c.contents > 1")  # fmt: skip
    assert {c["path"]: c["orientation"] for c in clustered} == expected
    assert len({c["cluster_id"] for c in clustered}) == 1
    assert {c["settled_by"] for c in clustered} == {"near_duplicate"}
