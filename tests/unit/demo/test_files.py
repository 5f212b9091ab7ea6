"""Files are the same at every call; drawn ones of one content look alike and differ in bytes."""

from __future__ import annotations

import hashlib
import io

from clew.demo.files import Files
from clew.demo.parameters import Media

ORIGIN = {0: (0, 0), 1: (0, 1), 2: (1, 0), 3: (900, 0)}


def test_a_file_is_made_once_and_the_same_again() -> None:
    one, other = (Files(1, Media.FULL, ORIGIN) for _ in range(2))
    assert one.of(0) is one.of(0)
    assert one.of(0) == other.of(0)
    assert len({Files(seed, Media.FULL, ORIGIN).of(0).sha256 for seed in (1, 2)}) == 2


def test_a_drawn_file_has_the_hash_and_size_of_its_bytes() -> None:
    from PIL import Image

    file = Files(1, Media.FULL, ORIGIN).of(0)
    assert hashlib.sha256(file.data).hexdigest() == file.sha256
    assert file.size == len(file.data)
    assert Image.open(io.BytesIO(file.data)).size == (file.width, file.height)


def test_variants_of_a_content_are_near_and_other_contents_are_not() -> None:
    import numpy as np
    from PIL import Image

    files = Files(1, Media.FULL, ORIGIN)
    first, again, other = (
        np.asarray(Image.open(io.BytesIO(files.of(v).data)), float) for v in (0, 1, 2)
    )
    assert files.of(0).sha256 != files.of(1).sha256
    assert abs(first - again).mean() < 5 < abs(first - other).mean()


def test_what_is_not_drawn_is_a_hash_alone() -> None:
    assert Files(1, Media.NONE, ORIGIN).of(0).data is None
    sample = Files(1, Media.SAMPLE, ORIGIN)
    assert sample.of(0).data is not None
    assert sample.of(3).data is None
