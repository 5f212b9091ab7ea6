"""A profile picture is a whole JPEG that says nothing of anybody."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from clew.demo.portraits import portrait


@pytest.mark.parametrize("name", ["", "stock 7", "person 1 0", "ñ"])
def test_a_picture_is_a_jpeg_that_can_be_decoded(name) -> None:
    image = Image.open(io.BytesIO(portrait(name)))
    image.load()
    assert (image.format, image.size, image.mode) == ("JPEG", (96, 96), "L")


def test_one_name_gives_one_picture_and_two_give_two() -> None:
    assert portrait("a") == portrait("a") != portrait("b")
