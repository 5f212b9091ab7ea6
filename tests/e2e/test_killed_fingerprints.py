"""Killed at any effect on the case, the fingerprinting steps end with identical tables."""

from __future__ import annotations

import os
import random
import shutil
import signal
from pathlib import Path

import av
import numpy as np
import pytest
import tiny_onnx
from forked import fingerprint_and_die, forked
from PIL import Image
from steps import fingerprint, take_in

from clew.casefile import create_case, open_case
from clew.evidence.describe import described
from clew.facts.fingerprints.model import Model, model
from clew.sandbox import Guard
from clew.validation import faults

KILLS = int(os.environ.get("CLEW_KILLS", "5"))


@pytest.fixture(scope="module")
def taken(tmp_path_factory) -> Path:
    """An exhibit of pictures and a film, taken in and not looked at."""
    folder = tmp_path_factory.mktemp("killed")
    evidence = folder / "evidence"
    evidence.mkdir()
    for seed in range(14):
        rough = np.random.default_rng(seed).integers(0, 256, (12, 16, 3)).astype(np.uint8)
        image = Image.fromarray(rough).resize((160, 120))
        image.save(evidence / f"{seed:02}.{'png' if seed % 2 else 'jpg'}")
    (evidence / "torn.png").write_bytes((evidence / "01.png").read_bytes()[:200])
    with av.open(str(evidence / "film.mp4"), "w") as out:
        stream = out.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = 160, 120, "yuv420p"
        for _ in range(20):
            out.mux(stream.encode(av.VideoFrame.from_image(image)))
        out.mux(stream.encode())
    with create_case(folder / "case", "T", "A") as case, case.writing():
        take_in(case, described(case.config, (evidence,), faults.ABOUT))
    return folder / "case"


@pytest.fixture(scope="module")
def shown(tmp_path_factory) -> Model:
    """A model that pictures are shown to."""
    guard = Guard()
    yield model(tiny_onnx.written(tmp_path_factory.mktemp("model")), guard)
    guard.close()


def run(case: Path, step: str, moment: int, shown: Model) -> tuple[int, int]:
    """How a run with a kill at that effect ended, and how many effects it had if it was none."""
    counted = case.with_name("effects")
    counted.unlink(missing_ok=True)
    process = forked(fingerprint_and_die, case, step, moment, shown)
    process.join()
    assert process.exitcode in (0, -signal.SIGKILL)
    return process.exitcode, int(counted.read_text()) if process.exitcode == 0 else 0


@pytest.mark.slow
@pytest.mark.parametrize("name", ["fingerprint", "embed"])
def test_killed_at_any_effect_the_tables_are_the_same(taken, shown, tmp_path, name) -> None:
    start = tmp_path / "start"
    shutil.copytree(taken, start)
    if name == "embed":
        with open_case(start) as case, case.writing():
            fingerprint(case, "V-01")
    whole = tmp_path / "whole"
    shutil.copytree(start, whole)
    code, effects = run(whole, name, 0, shown)
    assert (code, effects > 60) == (0, True)
    expected = faults.digests(whole)
    table = {"fingerprint": "fingerprints", "embed": "embeddings"}[name]
    assert any(table in file for file in expected)
    chance = random.Random(11)
    killed, case = 0, tmp_path / "killed"
    shutil.copytree(start, case)
    while killed < KILLS:
        code, _ = run(case, name, chance.randint(1, effects), shown)
        killed += code != 0
        if code == 0:
            assert faults.digests(case) == expected
            assert faults.unsound(case) == []
            shutil.rmtree(case)
            shutil.copytree(start, case)
    assert run(case, name, 0, shown)[0] == 0
    assert faults.digests(case) == expected
    assert faults.unsound(case) == []


@pytest.mark.slow
def test_what_was_looked_at_before_the_kill_is_not_looked_at_again(taken, shown, tmp_path) -> None:
    case = tmp_path / "case"
    shutil.copytree(taken, case)
    _, effects = run(case, "fingerprint", 0, shown)
    shutil.rmtree(case)
    shutil.copytree(taken, case)
    assert run(case, "fingerprint", effects * 2 // 3, shown)[0] == -signal.SIGKILL
    kept = {p: p.stat().st_mtime_ns for p in (case / "work" / "fingerprint").rglob("[!.]*.parquet")
            if ".tmp-" not in str(p)}  # fmt: skip
    assert len(kept) >= 3
    code, again = run(case, "fingerprint", 0, shown)
    assert code == 0
    assert again < effects * 2 // 3
