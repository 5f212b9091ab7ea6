"""CAID: the JSON of VICS under model 1.2, whose categories belong to CAID's scheme.

NIST publishes sets in it, and the United Kingdom's database writes it; which country gives a
category its meaning is not in the file, and is stated when the set is added.
"""

from collections.abc import Iterator

from clew.findings.hashsets import vics
from clew.findings.hashsets.entries import Entry, Format, Reading


def _told_by(head: bytes) -> bool:
    if not vics.FORMAT.told_by(head):
        return False
    return vics.model(head).version == "1.2" or b"caid" in head[:2000].lower()


def _read(reading: Reading) -> Iterator[Entry]:
    yield from vics.read_as(reading, "CAID")


FORMAT = Format("caid", _told_by, _read)
