"""Fingerprints of JPEGs: the product's path beside threatexchange's and Pillow's, in one run.

usage: python bench/fingerprints.py PHOTOGRAPHS [FILES]

PHOTOGRAPHS is a folder of public photographs, such as Debian's packages of wallpapers unpacked with
``dpkg-deb -x``. From them are made, by cropping and shrinking, JPEGs as a messenger writes them
(1600 x 1200, about 200 KB) and as a phone's camera does (4000 x 3000). Rates are of processor time
on one core. The floor is what the decoder needs to undo the entropy coding, at an eighth of the
size, with nothing else done. threatexchange is installed into a temporary environment of its own.
"""

from __future__ import annotations

import io
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ["OPENBLAS_NUM_THREADS"] = "1"

import numpy as np
import simplejpeg
from PIL import Image, ImageOps

from clew.evidence.digests import Digests, chunks
from clew.facts.fingerprints import decode
from clew.facts.fingerprints import fingerprint_worker as worker
from clew.facts.fingerprints.pdq import distance, pdq

PEER = """
import json, sys, time, pathlib
from threatexchange.signal_type.pdq.pdq_hasher import pdq_from_file
files = [pathlib.Path(line) for line in sys.stdin.read().splitlines()]
pdq_from_file(files[0])
began = time.process_time()
found = [pdq_from_file(file) for file in files]
print(json.dumps([time.process_time() - began, [value for value, _ in found]]))
"""


def made(photographs: Path, target: Path, size: tuple[int, int], count: int) -> list[Path]:
    """JPEGs of one size: random crops of the photographs, as a camera or a messenger saves them."""
    chance = random.Random(5)
    sources = sorted(
        p
        for p in photographs.rglob("*")
        if p.suffix.lower() in {".jpg", ".png"} and p.stat().st_size > 200_000
    )
    files: list[Path] = []
    chance.shuffle(sources)
    least = min(size) // 2
    for source in sources * 20:
        if len(files) == count:
            break
        with Image.open(source) as opened:
            if min(opened.size) < least:
                continue
            image = opened.convert("RGB")
        share = chance.uniform(0.6, 1.0)
        width, height = (int(side * share) for side in image.size)
        left, top = (chance.randrange(whole - part + 1) for whole, part in
                     zip(image.size, (width, height), strict=True))  # fmt: skip
        image = image.crop((left, top, left + width, top + height))
        image = ImageOps.fit(image, size, Image.Resampling.LANCZOS)
        file = target / f"{size[0]}-{len(files):04}.jpg"
        image.save(file, "JPEG", quality=chance.choice((78, 80, 82)))
        files.append(file)
    return files


def digested(handle: int) -> None:
    """Three digests of a file."""
    digests = Digests()
    for chunk in chunks(handle):
        digests.update(chunk)
    assert all((digests.md5, digests.sha1, digests.sha256))


def ours(file: Path) -> str:
    """All that the product does with a file: three digests, then one look."""
    handle = os.open(file, os.O_RDONLY)
    digested(handle)
    (part,) = worker._parts(0, worker.Handed("file", decode.JPEG), handle, "keyframes")  # noqa: SLF001
    os.close(handle)
    return part["rows"]["fingerprints"][0]["value"]


def looked(file: Path) -> str:
    """One look without the digests."""
    handle = os.open(file, os.O_RDONLY)
    (part,) = worker._parts(0, worker.Handed("file", decode.JPEG), handle, "keyframes")  # noqa: SLF001
    os.close(handle)
    return part["rows"]["fingerprints"][0]["value"]


def plain(file: Path) -> str:
    """Three digests, decode and eight orientations, with nothing else."""
    handle = os.open(file, os.O_RDONLY)
    digested(handle)
    os.close(handle)
    return hashed(file)


def hashed(file: Path) -> str:
    """Decode and eight orientations, with no word on metadata and borders."""
    (picture,) = decode.pictures(file.read_bytes(), decode.JPEG)
    return pdq(picture.plane, picture.height, picture.width).value


def whole(file: Path) -> str:
    """The full decode's hash."""
    (picture,) = decode.pictures(file.read_bytes(), decode.JPEG, decode.WHOLE)
    return pdq(picture.plane, picture.height, picture.width).value


def pillow(file: Path) -> str:
    """Pillow's full decode, and our matrices."""
    with Image.open(io.BytesIO(file.read_bytes())) as image:
        return pdq(decode.brightness(image)).value


def decoded(file: Path) -> str:
    """The product's decode alone."""
    (picture,) = decode.pictures(file.read_bytes(), decode.JPEG)
    return picture.path


def floor(file: Path) -> str:
    """Undoing the entropy coding: the smallest decode there is."""
    data = file.read_bytes()
    plane = simplejpeg.decode_jpeg(data, "GRAY", min_height=1, min_width=1)
    return str(plane.shape)


def rate(task: Callable[[Path], str], files: list[Path]) -> tuple[float, list[str]]:
    """Files a second of processor time, the better of two runs, and what came out."""
    best = 0.0
    found: list[str] = []
    task(files[0])
    for _ in range(2):
        began = time.process_time()
        found = [task(file) for file in files]
        best = max(best, len(files) / (time.process_time() - began))
    return best, found


def peer(python: Path, files: list[Path]) -> tuple[float, list[str]]:
    """Rate and hashes of threatexchange."""
    told = subprocess.run(
        [python, "-c", PEER], input="\n".join(map(str, files)), capture_output=True, text=True,
        check=True, env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
    )  # fmt: skip
    seconds, found = json.loads(told.stdout)
    return len(files) / seconds, found


REFERENCE = """
import json, sys, numpy, pdqhash
from PIL import Image
found = []
for line in sys.stdin.read().splitlines():
    pixels = numpy.asarray(Image.open(line).convert("RGB"))
    found.append([numpy.packbits(h).tobytes().hex() for h in pdqhash.compute_dihedral(pixels)[0]])
print(json.dumps(found))
"""


def identical(python: Path, folder: Path) -> None:
    """Our full hash beside the reference's, over the reference's own test pictures."""
    kinds = {".jpg", ".png", ".webp"}
    files = sorted(p for p in (folder / "pdq" / "pdq").rglob("*") if p.suffix in kinds)
    told = subprocess.run(
        [python, "-c", REFERENCE], input="\n".join(map(str, files)), capture_output=True,
        text=True, check=True,
    )  # fmt: skip
    plain, turned = [], []
    for file, theirs in zip(files, json.loads(told.stdout), strict=True):
        with Image.open(file) as image:
            mine = pdq(decode.brightness(image.convert("RGB")))
        plain.append(distance(mine.value, theirs[0]))
        turned += [distance(a, b) for a, b in zip(mine.turned, theirs[1:], strict=True)]
    print(f"{len(files)} reference pictures beside pdqhash: {plain.count(0)} at distance 0, "
          f"max {max(plain)}; other orientations max {max(turned)}")  # fmt: skip


def installed(folder: Path) -> Path:
    """A temporary environment with threatexchange; its interpreter."""
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    python = folder / "bin" / "python"
    packages = ["threatexchange", "pdqhash", "pillow"]
    subprocess.run([python, "-m", "pip", "install", "-q", *packages], check=True,
                   capture_output=True)  # fmt: skip
    return python


def told(name: str, files: list[Path], python: Path | None) -> None:
    """All rates of one kind of file, and how far the quick hash is from the full one."""
    size = sum(file.stat().st_size for file in files) / len(files) / 1000
    print(f"{name}: {len(files)} files of {size:.0f} KB on average; files a core-second")
    mine, quick = rate(ours, files)
    print(f"  three digests, decode, 8 orientations, borders, metadata {mine:8.1f}")
    for label, task, share in (
        ("three digests, decode and 8 orientations only", plain, 1),
        ("all but the digests", looked, 1), ("decode and 8 orientations only", hashed, 1),
        ("our decode alone", decoded, 1), ("floor: entropy decoding alone", floor, 1),
        ("our full decode and 8 orientations", whole, 4),
        ("Pillow's full decode and our matrices", pillow, 8),
    ):  # fmt: skip
        found, _ = rate(task, files[::share])
        print(f"  {label:56} {found:8.1f}  ours / this {mine / found:6.2f}", flush=True)
    if python:
        theirs, reference = peer(python, files[:16])
        print(f"  {'threatexchange':56} {theirs:8.1f}  ours / this {mine / theirs:6.2f}")
        far("threatexchange's hash", files[:16], quick[:16], reference)
    far("the full decode", files, quick, [whole(file) for file in files])


def far(what: str, files: list[Path], quick: list[str], others: list[str]) -> None:
    """How far the quick hashes are from others, of the pictures with enough in them."""
    apart = []
    for file, mine, other in zip(files, quick, others, strict=True):
        (picture,) = decode.pictures(file.read_bytes(), decode.JPEG)
        if pdq(picture.plane, picture.height, picture.width).quality >= 50:
            apart.append(distance(mine, other))
    print(f"  bits from {what}, quality >= 50: p99 {np.percentile(apart, 99):.0f}, "
          f"max {max(apart)} (n = {len(apart)})", flush=True)  # fmt: skip


def main() -> None:
    photographs = Path(sys.argv[1])
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 160
    with tempfile.TemporaryDirectory() as held:
        folder = Path(held)
        try:
            python: Path | None = installed(folder / "peer")
        except subprocess.CalledProcessError:
            python = None
            print("threatexchange can't be installed here: it is left out")
        if python and "CLEW_FIXTURES" in os.environ:
            identical(python, Path(os.environ["CLEW_FIXTURES"]))
        told("messenger, 1600 x 1200", made(photographs, folder, (1600, 1200), count), python)
        told("camera, 4000 x 3000", made(photographs, folder, (4000, 3000), count // 5), python)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory of this process {peak:.0f} MiB")


if __name__ == "__main__":
    main()
