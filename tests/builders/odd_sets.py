"""Builders that tests of several modules share, on odd sets."""

from __future__ import annotations

import json

from clew.casefile import Case
from clew.findings.hashsets import Source, add
from clew.records import SetKind

CONTEXT = "http://github.com/VICSDATAMODEL/ProjectVic/DataModels/2.0.xml/US/$metadata#Media"


MD5 = [f"{n:032x}" for n in range(60)]


SHA1 = [f"{n:040x}" for n in range(60)]


SHA256 = [f"{n:064x}" for n in range(60)]


def taken_in(case: Case, tmp_path, text: str | bytes, version: str = "1", **more):
    file = tmp_path / f"given-{version}"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return add(case, file, Source(name="s", version=version, kind=SetKind.KNOWN, **more))


def entries(case: Case, *columns: str) -> list[tuple]:
    return [
        tuple(row[c] for c in columns)
        for row in case.rows("FROM known_hashes ORDER BY length(record), record")
    ]


def vics(*media: dict) -> str:
    return json.dumps({"@odata.context": CONTEXT, "value": list(media)})


def page(*media: str, following: str = "") -> str:
    paging = f"<paging><next>{following}</next></paging>" if following else ""
    return (f'<?xml version="1.0" encoding="UTF-8"?>\n<queryResult xmlns="https://hashsharing">'
            f"<images>{''.join(media)}</images>{paging}</queryResult>\n")  # fmt: skip


def image(number: int, fingerprints: str = "", day: int = 1) -> str:
    return (f'<image><member id="42">M</member><timestamp>2024-01-{day:02}T00:00:00Z</timestamp>'
            f"<id>{number}</id><fingerprints>{fingerprints or f'<md5>{MD5[number]}</md5>'}"
            "</fingerprints></image>")  # fmt: skip


def tombstone(number: int, day: int) -> str:
    return (f'<deletedImage><member id="42">M</member><id>{number}</id>'
            f"<timestamp>2024-01-{day:02}T00:00:00Z</timestamp></deletedImage>")  # fmt: skip
