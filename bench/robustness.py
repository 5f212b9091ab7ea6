"""What of a picture its fingerprint survives: recall for each edit, and false matches.

usage: python bench/robustness.py FOLDER... [--most N]

Each FOLDER holds public photographs: Debian's packages of wallpapers unpacked with ``dpkg-deb -x``,
the data of scikit-image and scikit-learn. Large ones are cut into a whole and four quarters, which
are different pictures. Of a wallpaper in many sizes and shades the largest file is taken; pairs
that are near all the same are named, to be looked at. Recall is the share of edited pictures whose
hash lies within 31 bits of the original's, as it is, over the eight orientations, and with the
trimmed variants. The first column is of all pictures, the others of those with enough in them: of
256 frequencies the middle one lies 16 or more from the median, on a scale on which a picture of
pure noise has some hundreds. Below that, in fine textures and soft gradients, the bits are decided
by next to nothing. All pairs of distinct pictures, each in eight orientations, are compared for
false matches, and it is told which of them are flagged as simple or dark graphics.
"""

from __future__ import annotations

import argparse
import io
import os
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path

os.environ["OPENBLAS_NUM_THREADS"] = "1"

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageOps

from clew.facts.fingerprints import decode
from clew.facts.fingerprints.fingerprint_worker import of_picture
from clew.facts.fingerprints.pdq import _DCT, luma64

RADIUS, REVIEW = 31, 48
ENOUGH = 16
KINDS = frozenset({".jpg", ".png", ".webp"})
Made = Image.Image


def jpeg(image: Made, quality: int = 75) -> bytes:
    out = io.BytesIO()
    image.convert("RGB").save(out, "JPEG", quality=quality)
    return out.getvalue()


def fitted(image: Made, side: int) -> Made:
    small = image.copy()
    small.thumbnail((side, side), Image.Resampling.LANCZOS)
    return small


def cropped(image: Made, share: float) -> Made:
    width, height = image.size
    x, y = int(width * share / 2), int(height * share / 2)
    return image.crop((x, y, width - x, height - y))


def noisy(image: Made) -> Made:
    pixels = np.asarray(image).astype(np.int16)
    noise = np.random.default_rng(1).normal(0, 8, pixels.shape)
    return Image.fromarray(np.clip(pixels + noise, 0, 255).astype(np.uint8))


def watermarked(image: Made, lines: int, size: int) -> Made:
    marked = image.copy()
    pen = ImageDraw.Draw(marked, "RGBA")
    width, height = image.size
    for line in range(lines):
        pen.text((width // 8, height * (2 * line + 1) // (2 * lines)), "SAMPLE  SAMPLE  SAMPLE",
                 fill=(255, 255, 255, 150), font_size=max(width // size, 10))  # fmt: skip
    return marked


def banded(image: Made, share: float) -> Made:
    marked = image.copy()
    width, height = image.size
    ImageDraw.Draw(marked).rectangle((0, int(height * (1 - share)), width, height), fill="black")
    return marked


def framed(image: Made, share: float, colour: str) -> Made:
    return ImageOps.expand(image, int(max(image.size) * share), colour)


def letterboxed(image: Made) -> Made:
    side = max(image.size)
    return ImageOps.pad(image, (side, side), color="black")


def screenshot(image: Made) -> Made:
    page = Image.new("RGB", (1080, 2160), (18, 18, 18))
    inner = ImageOps.contain(image, (1080, 1500))
    page.paste(inner, (0, 330))
    return page


def meme(image: Made) -> Made:
    width, height = image.size
    page = Image.new("RGB", (width, height + height // 4), "white")
    page.paste(image, (0, height // 4))
    return page


EDITS: dict[str, Callable[[Made], bytes]] = {
    "re-shared 1600 q75": lambda i: jpeg(fitted(i, 1600)),
    "re-shared twice 1280 q70": lambda i: jpeg(
        fitted(Image.open(io.BytesIO(jpeg(fitted(i, 1600), 75))), 1280), 70
    ),
    "thumbnail 320": lambda i: jpeg(fitted(i, 320)),
    "thumbnail 160": lambda i: jpeg(fitted(i, 160)),
    "quality 20": lambda i: jpeg(i, 20),
    "crop 2 %": lambda i: jpeg(cropped(i, 0.02)),
    "crop 5 %": lambda i: jpeg(cropped(i, 0.05)),
    "crop 10 %": lambda i: jpeg(cropped(i, 0.1)),
    "brightness": lambda i: jpeg(ImageEnhance.Brightness(i).enhance(1.25)),
    "contrast": lambda i: jpeg(ImageEnhance.Contrast(i).enhance(1.3)),
    "grey": lambda i: jpeg(i.convert("L")),
    "blur": lambda i: jpeg(i.filter(ImageFilter.GaussianBlur(2))),
    "noise": lambda i: jpeg(noisy(i)),
    "watermark, 1 small line": lambda i: jpeg(watermarked(i, 1, 24)),
    "watermark, 3 large lines": lambda i: jpeg(watermarked(i, 3, 14)),
    "caption band 10 %": lambda i: jpeg(banded(i, 0.1)),
    "caption band 15 %": lambda i: jpeg(banded(i, 0.15)),
    "border 3 % white": lambda i: jpeg(framed(i, 0.03, "white")),
    "border 8 % black": lambda i: jpeg(framed(i, 0.08, "black")),
    "letterbox to a square": lambda i: jpeg(letterboxed(i)),
    "phone screenshot": lambda i: jpeg(screenshot(i)),
    "meme caption above": lambda i: jpeg(meme(i)),
    "mirrored": lambda i: jpeg(ImageOps.mirror(i)),
    "turned 90": lambda i: jpeg(i.transpose(Image.Transpose.ROTATE_90)),
    "turned 180 and mirrored": lambda i: jpeg(ImageOps.flip(i)),
    "turned 3 degrees": lambda i: jpeg(i.rotate(3, expand=True)),
}


class Prints:
    """Hashes of one picture, as bits: as it is, the other orientations, the trimmed ones."""

    name = ""

    def __init__(self, data: bytes) -> None:
        (picture,) = decode.pictures(data, decode.JPEG)
        plain, *trims = of_picture(picture, data, decode.JPEG)
        self.quality = plain.quality
        self.simple = plain.simple_graphic
        small = luma64(picture.plane, picture.height, picture.width)
        frequencies = np.abs(_DCT @ small @ _DCT.T - np.median(_DCT @ small @ _DCT.T))
        self.enough = float(np.median(frequencies)) >= ENOUGH
        self.plain = bits([plain.value])
        self.all = bits([plain.value, *plain.turned])
        self.trims = bits([t.value for t in trims])


def bits(values: list[str]) -> np.ndarray:
    return np.frombuffer(bytes.fromhex("".join(values)), np.uint64).reshape(-1, 4)


def nearest(left: np.ndarray, right: np.ndarray) -> int:
    if not len(left) or not len(right):
        return 256
    return int(np.bitwise_count(left[:, None] ^ right[None]).sum(-1).min())


def subject(file: Path) -> str:
    """What a file shows, by its name: packages hold one wallpaper in many sizes and shades."""
    whole = str(file)
    if "/contents/" in whole:
        return whole.partition("/contents/")[0].rpartition("/")[2]
    return re.sub(r"_\d+x\d+$|-[ld]$", "", file.stem)


def pictures(folders: list[Path], most: int) -> Iterator[tuple[str, Made]]:
    """Whole photographs, and the quarters of the large ones."""
    largest: dict[str, Path] = {}
    for file in sorted(p for f in folders for p in f.rglob("*") if p.suffix.lower() in KINDS):
        known = largest.get(subject(file))
        if known is None or file.stat().st_size > known.stat().st_size:
            largest[subject(file)] = file
    files = sorted(largest.values())
    random.Random(3).shuffle(files)
    given = 0
    for file in files:
        with Image.open(file) as opened:
            if min(opened.size) < 300:
                continue
            image = fitted(opened.convert("RGB"), 2400)
        width, height = image.size
        parts = [image]
        if min(width, height) >= 1000:
            half = ((0, 0), (width // 2, 0), (0, height // 2), (width // 2, height // 2))
            parts += [image.crop((x, y, x + width // 2, y + height // 2)) for x, y in half]
        for number, part in enumerate(parts):
            yield f"{subject(file)}#{number}", fitted(part, 1200)
            given += 1
            if given == most:
                return


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("folders", nargs="+", type=Path)
    asked.add_argument("--most", type=int, default=400)
    given = asked.parse_args()
    hits: dict[str, list[tuple[bool, ...]]] = {edit: [] for edit in EDITS}
    held: list[Prints] = []
    trimmed = seen = 0
    for name, image in pictures(given.folders, given.most):
        seen += 1
        original = Prints(jpeg(image, 92))
        if original.quality < 50:
            continue
        original.name = name
        held.append(original)
        trimmed += len(original.trims) > 0
        known = np.concatenate([original.plain, original.trims])
        for edited, edit in EDITS.items():
            found = Prints(edit(image))
            plain = nearest(found.plain, original.plain)
            turned = nearest(found.all, original.plain)
            cut = nearest(np.concatenate([found.plain, found.trims]), known)
            hits[edited].append(
                (plain <= RADIUS, turned <= RADIUS, cut <= RADIUS, min(turned, cut) <= REVIEW)
            )
    simple = sorted(p.name for p in held if p.simple)
    enough = np.array([p.enough for p in held])
    print(f"{seen} pictures, {len(held)} of quality >= 50, {enough.sum()} of them with enough in "
          f"them, {trimmed} with a trimmed variant of the unedited picture")  # fmt: skip
    print(f"{len(simple)} simple or dark graphics: {' '.join(simple)}")
    columns = ("all", "as is", "8 ways", "trimmed", "<= 48")
    print(f"{'recall':28} " + " ".join(f"{column:>7}" for column in columns))
    for name, found in hits.items():
        table = np.array(found)
        shares = [table[:, 0].mean(), *table[enough].mean(axis=0)]
        print(f"{name:28} " + " ".join(f"{share:7.3f}" for share in shares))
    pairs(held)


def pairs(held: list[Prints]) -> None:
    """Distances of all pairs of different pictures, over eight orientations."""
    plain = np.concatenate([p.plain for p in held])
    bounds = (RADIUS, 40, REVIEW, 64)
    counts = dict.fromkeys(bounds, 0)
    compared = unflagged = 0
    for number, picture in enumerate(held):
        near = np.bitwise_count(picture.all[:, None] ^ plain[None, number + 1 :]).sum(-1)
        if near.size:
            least = near.min(axis=0)
            compared += len(least)
            others = np.array([p.simple for p in held[number + 1 :]])
            unflagged += int(((least <= RADIUS) & ~(others & picture.simple)).sum())
            for other in np.nonzero(least <= RADIUS)[0]:
                print(f"near: {picture.name} and {held[number + 1 + int(other)].name}: "
                      f"{least[other]} bits; simple graphics: "
                      f"{picture.simple}, {held[number + 1 + int(other)].simple}")  # fmt: skip
            for bound in bounds:
                counts[bound] += int((least <= bound).sum())
    told = ", ".join(f"<= {bound}: {count}" for bound, count in counts.items())
    print(f"{compared} pairs of distinct pictures in 8 orientations: {told}; "
          f"<= {RADIUS} with one that is not flagged: {unflagged}")  # fmt: skip


if __name__ == "__main__":
    main()
