"""Each kind of picture is decoded as documented."""

import contextlib
import io
from functools import cache

import numpy as np
import pytest
from heic import heic
from PIL import Image

from clew.facts.fingerprints import decode, kinds
from clew.facts.fingerprints.decode import Undecodable, pictures
from clew.facts.fingerprints.pdq import distance, pdq


@cache
def drawn(height=900, width=1400):
    y, x = np.mgrid[0:height, 0:width].astype(np.float64)
    tone = 128 + 60 * np.sin(x / 37 + y / 91) + 40 * np.cos(x * y / 90000) + 25 * np.sin(y / 23)
    colours = [tone, 255 - tone / 2, tone / 3 + 40 * np.sin(x / 50)]
    return Image.fromarray(np.clip(np.stack(colours, 2), 0, 255).astype(np.uint8))


def saved(image, kind, **options):
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def hashed(data, media_type, least=decode.QUICK):
    (picture,) = pictures(data, media_type, least)
    return pdq(picture.plane, picture.height, picture.width)


PLAIN = pdq(decode.brightness(drawn()))


TIFF = decode.TIFF


@pytest.mark.parametrize(
    ("kind", "media_type", "options"),
    [
        ("PNG", "image/png", {}),
        ("BMP", "image/bmp", {}),
        ("TIFF", "image/tiff", {"compression": "tiff_lzw"}),
        ("WEBP", "image/webp", {"lossless": True}),
    ],
)
def test_a_lossless_picture_has_the_hash_of_its_pixels(kind, media_type, options) -> None:
    assert hashed(saved(drawn(), kind, **options), media_type) == PLAIN


@pytest.mark.parametrize(("kind", "media_type"), [("AVIF", "image/avif"), ("WEBP", "image/webp")])
def test_a_lossy_picture_is_near(kind, media_type) -> None:
    data = saved(drawn(), kind, quality=80)
    assert distance(hashed(data, media_type).value, PLAIN.value) <= 31


@pytest.mark.parametrize("quarters", range(4))
def test_a_heic_is_decoded_and_turned_as_its_container_says(quarters) -> None:
    rough = np.random.default_rng(6).integers(0, 256, (12, 16, 3)).astype(np.uint8)
    image = Image.fromarray(rough).resize((320, 240), Image.Resampling.BICUBIC)
    (picture,) = pictures(heic(image, quarters), decode.HEIC)
    assert picture.path.startswith("pi-heif ")
    shape = (240, 320) if quarters % 2 == 0 else (320, 240)
    assert picture.plane.shape == shape == (picture.height, picture.width)
    expected = pdq(decode.brightness(image.rotate(90 * quarters, expand=True)))
    assert distance(pdq(picture.plane).value, expected.value) <= 4
    as_it_lay = pdq(decode.brightness(image))
    assert (quarters == 0) == (distance(pdq(picture.plane).value, as_it_lay.value) <= 4)


def test_a_torn_heic_is_told() -> None:
    whole = heic(drawn(240, 320))
    for length in (40, 200, len(whole) // 2):
        with pytest.raises(Undecodable):
            list(pictures(whole[:length], decode.HEIC))


@pytest.mark.parametrize("quality", [60, 75, 90])
@pytest.mark.parametrize("size", [(300, 280), (640, 480), (1601, 1203)])
@pytest.mark.parametrize("sampling", [0, 2])
def test_a_shrunk_decode_is_within_four_bits_of_the_full_one(quality, size, sampling) -> None:
    data = saved(drawn(*size), "JPEG", quality=quality, subsampling=sampling)
    quick, whole = hashed(data, decode.JPEG), hashed(data, decode.JPEG, decode.WHOLE)
    assert distance(quick.value, whole.value) <= 4
    assert abs(quick.quality - whole.quality) <= 1


def test_the_decode_path_says_how_far_it_was_shrunk() -> None:
    (large,) = pictures(saved(drawn(2400, 2500), "JPEG"), decode.JPEG)
    (small,) = pictures(saved(drawn(200, 200), "JPEG"), decode.JPEG)
    assert large.path.endswith("1/8 matched")
    assert small.path.endswith("1/1")
    assert (large.height, large.width) == (2400, 2500)


def test_what_is_transparent_lies_on_white() -> None:
    image = drawn(300, 400).convert("RGBA")
    alpha = Image.new("L", image.size, 255)
    alpha.paste(0, (0, 0, 200, 300))
    image.putalpha(alpha)
    white = Image.new("RGB", image.size, "white")
    white.paste(drawn(300, 400).crop((200, 0, 400, 300)), (200, 0))
    expected = pdq(decode.brightness(white))
    for kind, media_type in (("PNG", "image/png"), ("TIFF", "image/tiff")):
        assert hashed(saved(image, kind), media_type) == expected


@pytest.mark.parametrize("kind", ["PNG", "GIF"])
def test_a_tone_of_grey_that_is_transparent_is_white(kind) -> None:
    grey = np.asarray(drawn(300, 400).convert("L")).copy()
    grey[grey == 7] = 8
    grey[:, :200] = 7
    white = np.where(grey == 7, 255, grey).astype(np.uint8)
    data = saved(Image.fromarray(grey), kind, transparency=7)
    assert hashed(data, f"image/{kind.lower()}").value == pdq(white).value


def test_a_transparent_tone_of_sixteen_bits_is_white() -> None:
    grey = np.asarray(drawn(300, 400).convert("L")).astype(np.uint16) << 8
    grey[:, :200] = 999
    image = Image.fromarray(grey)
    image.info["transparency"] = 999
    white = np.where(grey == 999, 255, grey >> 8).astype(np.uint8)
    assert pdq(decode.brightness(image)) == pdq(white)


def test_more_pages_than_the_first_are_told() -> None:
    found = pictures(saved(drawn(), "TIFF", save_all=True, append_images=[drawn(300, 400)]), TIFF)
    first = next(found)
    assert (pdq(first.plane), first.frame) == (PLAIN, None)
    with pytest.raises(Undecodable) as told:
        next(found)
    assert told.value.code == "limit:pages"


@pytest.mark.parametrize("size", [False, True])
def test_a_large_tiff_is_one_too(size) -> None:
    assert hashed(saved(drawn(), "TIFF", big_tiff=size), TIFF) == PLAIN


@pytest.mark.parametrize(("kind", "options"), [
    ("WEBP", {"lossless": True}), ("AVIF", {"quality": 90}), ("PNG", {}), ("GIF", {}),
])  # fmt: skip
def test_the_middle_frame_has_the_time_at_which_it_is_shown(kind, options) -> None:
    shades = [drawn(200, 300).rotate(40 * n) for n in range(5)]
    lasts = [100, 300, 500, 700, 900]
    data = saved(
        shades[0], kind, save_all=True, append_images=shades[1:], duration=lasts, **options
    )
    found = list(pictures(data, f"image/{kind.lower()}"))
    assert [(p.frame, p.at_ms) for p in found] == [(0, 0), (2, 400)]


@pytest.mark.parametrize("kind", ["PNG", "GIF", "TIFF"])
@pytest.mark.parametrize("eighths", [3, 4, 5, 6, 7])
def test_what_is_torn_behind_its_first_frame_gives_that_frame(kind, eighths) -> None:
    shades = [drawn(200, 300).rotate(40 * n) for n in range(4)]
    data = saved(shades[0], kind, save_all=True, append_images=shades[1:])
    found = pictures(data[: len(data) * eighths // 8], f"image/{kind.lower()}")
    assert next(found).plane.shape == (200, 300)
    with contextlib.suppress(Undecodable):
        assert len(list(found)) <= 1


def test_a_palette_is_looked_up() -> None:
    image = drawn(300, 400).quantize(200)
    assert hashed(saved(image, "PNG"), "image/png") == pdq(decode.brightness(image.convert("RGB")))


def test_sixteen_bits_become_eight_by_their_upper_ones() -> None:
    grey = np.asarray(drawn(300, 400).convert("L"))
    wide = Image.fromarray((grey.astype(np.uint16) << 8) + 77)
    for kind, media_type in (("PNG", "image/png"), ("TIFF", "image/tiff")):
        assert hashed(saved(wide, kind), media_type) == pdq(grey)


def test_a_moving_gif_gives_its_first_and_its_middle_frame_with_their_times() -> None:
    shades = [drawn(200 + n, 300).resize((300, 200)).rotate(40 * n) for n in range(5)]
    data = saved(shades[0], "GIF", save_all=True, append_images=shades[1:], duration=120)
    found = list(pictures(data, "image/gif"))
    assert [(p.frame, p.at_ms) for p in found] == [(0, 0), (2, 240)]
    assert distance(*(pdq(p.plane).value for p in found)) > 31


def test_the_orientation_of_exif_is_not_applied() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = saved(drawn(), "JPEG", quality=90, exif=exif.tobytes())
    assert hashed(turned, decode.JPEG) == hashed(saved(drawn(), "JPEG", quality=90), decode.JPEG)


def test_a_cmyk_jpeg_is_decoded() -> None:
    data = saved(drawn().convert("CMYK"), "JPEG", quality=95)
    assert distance(hashed(data, decode.JPEG).value, PLAIN.value) <= 8


def test_a_picture_cut_short_is_hashed_as_far_as_it_goes_and_told() -> None:
    data = saved(drawn(), "JPEG", quality=90)
    found = pictures(data[: len(data) * 3 // 4], decode.JPEG)
    assert next(found).path.endswith("partial")
    with pytest.raises(Undecodable) as told:
        next(found)
    assert told.value.code == "partial"


def test_a_picture_beyond_the_limit_of_pixels_is_told(monkeypatch) -> None:
    monkeypatch.setattr(decode, "MOST_PIXELS", 200_000)
    with pytest.raises(Undecodable) as told:
        list(pictures(saved(drawn(), "PNG"), "image/png"))
    assert told.value.code == "limit:pixels"
    assert hashed(saved(drawn(), "JPEG", quality=95), decode.JPEG).quality  # decoded shrunk


def test_a_program_that_draws_is_never_run_whatever_it_is_called() -> None:
    page = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\nshowpage\n"
    for media_type in kinds.PICTURES:
        with pytest.raises(Undecodable):
            list(pictures(page, media_type))


@pytest.mark.parametrize("length", [2, 20, 300, 620])
def test_a_jpeg_cut_short_anywhere_is_told_in_words(length) -> None:
    with pytest.raises(Undecodable) as told:
        list(pictures(saved(drawn(64, 64), "JPEG")[:length], decode.JPEG))
    assert told.value.code.partition(":")[0] in {"damaged", "partial"}
    assert "KeyError" not in str(told.value)
