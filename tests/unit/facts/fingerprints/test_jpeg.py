"""Laws of ``clew.facts.fingerprints.jpeg``."""

import io

from builders.stated import saved
from PIL import Image

from clew.facts.fingerprints import jpeg
from clew.facts.fingerprints.stated import Stated


def test_the_fingerprint_is_that_of_the_tables_as_pillow_reads_them() -> None:
    with Image.open(io.BytesIO(saved(80))) as image:
        tables = image.quantization
    stated = Stated()
    jpeg.state(saved(80), stated)
    in_file = dict(
        pair for marker, _, content in jpeg.segments(saved(80)) if marker == 0xDB
        for pair in jpeg._tables(content)
    )  # fmt: skip
    assert {k: sorted(v[1::2]) for k, v in in_file.items()} == {
        k: sorted(v) for k, v in tables.items()
    }
    assert stated.columns["quantisation_fingerprint"] == jpeg.fingerprint(in_file)
