"""Laws of ``clew.facts.fingerprints.kinds``."""

import av
import pi_heif
from PIL import Image

from clew.facts.fingerprints import kinds


def test_every_kind_that_is_looked_at_has_a_decoder() -> None:
    pi_heif.register_heif_opener()
    Image.init()
    assert {name for names in kinds.PICTURES.values() for name in names} <= set(Image.OPEN)
    assert all(av.ContainerFormat(name, "r").is_input for name in kinds.VIDEOS.values())
