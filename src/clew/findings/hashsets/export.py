"""Our own case as a set: what its analysts categorised, as VICS 2.0 or CSV.

Only hashes and categories go out, and of the files only those with a category that counts; names,
paths, people and reasons stay. Nothing of any set in the case is copied: every hash is that of a
file of the case itself.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from clew.casefile import Case
from clew.casefile.files import replacing
from clew.errors import UsageError

FORMATS = ("vics", "csv")
_CATEGORISED = """
WITH latest AS (
  SELECT *, row_number() OVER (PARTITION BY sha256 ORDER BY number DESC) AS place
  FROM file_categories
),
files AS (
  SELECT sha256, min(md5) AS md5, min(sha1) AS sha1, min(size) AS size,
         min(media_type) AS media_type
  FROM items WHERE sha256 IS NOT NULL GROUP BY sha256
)
SELECT l.sha256, f.md5, f.sha1, f.size, f.media_type, l.scheme, l.country, l.scheme_version, l.code
FROM latest AS l LEFT JOIN files AS f ON f.sha256 = l.sha256
WHERE l.place = 1 AND l.code IS NOT NULL ORDER BY l.sha256
"""
_FINGERPRINTS = """
SELECT DISTINCT source_id, algorithm, value, quality, at_ms FROM fingerprints
WHERE algorithm IN ('pdq', 'vpdq') AND source_id IN
  (SELECT sha256 FROM file_categories WHERE code IS NOT NULL)
ORDER BY source_id, algorithm, at_ms NULLS FIRST, value
"""
_COLUMNS = ("md5", "sha1", "sha256", "pdq", "pdq_quality", "at_ms", "medium", "scheme", "country",
            "scheme_version", "category")  # fmt: skip


def export(case: Case, out: Path, form: str, country: str | None = None) -> int:
    """Write what analysts categorised; how many files that are."""
    files = [f for f in case.rows(_CATEGORISED) if country in (None, f["country"])]
    if not files:
        raise UsageError(
            "no file of the case has a category" + (f" of {country}" if country else ""),
            do="Analysts give them with: clew categorise CASE FILE_ID …; nothing was written.",
        )
    fingerprints: dict[str, list[dict[str, Any]]] = {}
    for row in case.rows(_FINGERPRINTS):
        fingerprints.setdefault(row["source_id"], []).append(row)
    text = _vics(files, fingerprints) if form == "vics" else _csv(files, fingerprints)
    case.custody.append("hash set disclosed", format=form, files=len(files), country=country,
                        recipient_file=out.name, legal_basis=case.config.authority)  # fmt: skip
    with replacing(out.absolute()) as hidden:
        hidden.write_bytes(text)
    return len(files)


def _vics(files: list[dict[str, Any]], fingerprints: dict[str, list[dict[str, Any]]]) -> bytes:
    schemes = sorted({(f["scheme"], f["country"], f["scheme_version"]) for f in files}, key=repr)
    if len(schemes) > 1:
        raise UsageError(
            f"the categories belong to {len(schemes)} schemes, and a VICS file names one: "
            + "; ".join(" ".join(filter(None, s)) for s in schemes),
            do="Export one with --country, or all of them with --format csv; nothing was written.",
        )
    ((scheme, country, _),) = schemes
    if scheme.upper() != "VICS":
        raise UsageError(
            f"the categories are of {scheme}, and a VICS file holds those of VICS",
            do="Export them with --format csv, which names the scheme; nothing was written.",
        )
    context = (
        f"http://github.com/VICSDATAMODEL/ProjectVic/DataModels/2.0.xml/{country}/$metadata#Media"
    )
    media = [_medium(n, f, fingerprints.get(f["sha256"], [])) for n, f in enumerate(files, 1)]
    return (
        msgspec.json.format(
            msgspec.json.encode({"@odata.context": context, "value": media}), indent=1
        )
        + b"\n"
    )


def _medium(
    number: int, file: dict[str, Any], fingerprints: list[dict[str, Any]]
) -> dict[str, Any]:
    other = [{"HashName": "SHA256", "HashValue": file["sha256"].upper()}]
    for row in fingerprints:
        if row["algorithm"] == "pdq":
            other.append({"HashName": "PDQ", "HashValue": row["value"]})
            other.append({"HashName": "PDQQuality", "HashValue": str(row["quality"])})
    code = file["code"]
    told = {
        "MediaID": number,
        "Category": int(code) if code.isdigit() else code,
        "MD5": file["md5"] and file["md5"].upper(),
        "SHA1": file["sha1"] and file["sha1"].upper(),
        "MediaSize": file["size"],
        "MimeType": file["media_type"],
        "AlternativeHashes": other,
    }
    return {name: value for name, value in told.items() if value is not None}


def _csv(files: list[dict[str, Any]], fingerprints: dict[str, list[dict[str, Any]]]) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, _COLUMNS, lineterminator="\n")
    writer.writeheader()
    for number, file in enumerate(files, start=1):
        writer.writerows(_lines(number, file, fingerprints.get(file["sha256"], [])))
    return out.getvalue().encode()


def _lines(
    number: int, file: dict[str, Any], fingerprints: list[dict[str, Any]]
) -> Iterator[dict[str, Any]]:
    """The file with the fingerprint of a picture, and below it the frames of a video."""
    category = {
        "medium": number, "scheme": file["scheme"], "country": file["country"],
        "scheme_version": file["scheme_version"], "category": file["code"],
    }  # fmt: skip
    pictures = [row for row in fingerprints if row["algorithm"] == "pdq"]
    first = pictures[0] if pictures else {}
    yield {
        "md5": file["md5"], "sha1": file["sha1"], "sha256": file["sha256"],
        "pdq": first.get("value"), "pdq_quality": first.get("quality"), **category,
    }  # fmt: skip
    for row in (*pictures[1:], *(r for r in fingerprints if r["algorithm"] == "vpdq")):
        yield {
            "pdq": row["value"],
            "pdq_quality": row["quality"],
            "at_ms": row["at_ms"],
            **category,
        }
