"""A library that decodes evidence says the same of a file at every level of the sandbox."""

from __future__ import annotations

import io
import os
from collections import Counter

import pytest

from clew.sandbox import Guard, Limits, WorkerLost
from clew.sandbox.libraries import LIBRARIES, installed
from clew.sandbox.lockdown import Level

TASK = "clew.sandbox.libraries:decode"
MEDIA = ("pillow", "simplejpeg", "pyav")
EVERY = 1 if os.environ.get("CLEW_WHOLE") else 16
"""A gate looks at a sample; the whole corpus takes a minute."""


@pytest.fixture(scope="module")
def guards():
    """A worker at each level that this machine has."""
    made = {level: Guard(Limits(strong=level is Level.STRONG)) for level in Level}
    if made[Level.STRONG].standing.level is not Level.STRONG:
        pytest.skip(f"this machine has no strong sandbox: {made[Level.STRONG].standing.why}")
    yield made
    for guard in made.values():
        guard.close()


def verdicts(guard, file, libraries):
    try:
        (told,) = guard.run(TASK, {"libraries": libraries}, {"file": file})
    except WorkerLost as lost:
        return {"lost": lost.reason}
    return told


def same(guards, file, libraries):
    """The verdict on a file, which has to be one."""
    basic, strong = (verdicts(guard, file, libraries) for guard in guards.values())
    assert strong == basic, file.name
    return strong


@pytest.mark.volume
def test_every_image_and_video_has_the_same_verdict_and_pixels(fixtures, guards) -> None:
    libraries = [name for name in MEDIA if name in installed()]
    if not libraries:
        pytest.skip("none of the libraries of clew[media] is installed")
    folders = (fixtures / "hostile" / kind for kind in ("image", "video"))
    files = [f for folder in folders for f in sorted(folder.rglob("*")) if f.is_file()]
    decoded: Counter[str] = Counter()
    for file in [*files[::EVERY], *(f for f in files if f.parts[-3] == "video")]:
        for name, verdict in same(guards, file, libraries).items():
            decoded[name] += verdict.startswith("ok ")
    assert all(decoded[name] for name in libraries), decoded


def test_pixels_that_no_decoder_wrote_are_the_same_each_time(fixtures, guards) -> None:
    """FFmpeg gives out memory as it came for the lines that a damaged TIFF lacks."""
    pytest.importorskip("av")
    torn = sorted((fixtures / "hostile" / "image").glob("*/*tiff_corpus*-5"))
    for file in torn[:12]:
        seen = set()
        for guard in (*guards.values(), *guards.values()):
            seen.add(verdicts(guard, file, ["pyav"])["pyav"])
        assert len(seen) == 1, file.name


@pytest.mark.parametrize("name", LIBRARIES)
def test_every_library_works_in_a_worker(name, guards, tmp_path) -> None:
    if name not in installed():
        pytest.skip(f"{name} is not installed")
    file = tmp_path / "made"
    file.write_bytes(MADE[name]())
    assert same(guards, file, [name])[name].startswith("ok ")


def jpeg() -> bytes:
    from PIL import Image

    written = io.BytesIO()
    Image.linear_gradient("L").convert("RGB").save(written, "JPEG")
    return written.getvalue()


def video() -> bytes:
    import av
    import numpy as np

    written = io.BytesIO()
    with av.open(written, "w", format="mp4") as container:
        stream = container.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for shade in range(0, 250, 25):
            frame = av.VideoFrame.from_ndarray(np.full((48, 64, 3), shade, np.uint8), "rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return written.getvalue()


def pdf() -> bytes:
    import pypdf

    written = io.BytesIO()
    made = pypdf.PdfWriter()
    made.add_blank_page(200, 200)
    made.write(written)
    return written.getvalue()


def document() -> bytes:
    import docx

    written = io.BytesIO()
    made = docx.Document()
    made.add_paragraph("a paragraph")
    made.save(written)
    return written.getvalue()


def workbook() -> bytes:
    import openpyxl

    written = io.BytesIO()
    made = openpyxl.Workbook()
    made.active.append(["a", 1])
    made.save(written)
    return written.getvalue()


MADE = {
    "pillow": jpeg, "simplejpeg": jpeg, "pyav": video, "numpy": lambda: bytes(range(256)) * 64,
    "pypdf": pdf, "docx": document, "openpyxl": workbook,
}  # fmt: skip
