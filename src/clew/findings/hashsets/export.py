"""Our own case as a set: what its analysts categorised, as VICS 2.0 or CSV.

Only hashes and categories go out, and of the files only those with a category that counts; names,
paths, people and reasons stay. Nothing of any set in the case is copied: every hash is that of a
file of the case itself. VICS has no place for the frames of a video; CSV holds them.
"""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec

from clew.casefile import Case
from clew.casefile.files import replacing
from clew.errors import UsageError
from clew.findings.categories import in_full

FORMATS = ("vics", "csv")
_MODEL = "2.0"
"""Version of VICS's model that is written."""
_CATEGORISED = """
WITH files AS (
  SELECT sha256, min(md5) AS md5, min(sha1) AS sha1, min(size) AS size,
         min(media_type) AS media_type
  FROM items WHERE sha256 IS NOT NULL GROUP BY sha256
)
SELECT c.sha256, f.md5, f.sha1, f.size, f.media_type, c.scheme, c.country, c.scheme_version, c.code
FROM categories_that_count AS c LEFT JOIN files AS f ON f.sha256 = c.sha256
ORDER BY c.sha256, upper(c.scheme), upper(c.country)
"""
_FINGERPRINTS = """
SELECT DISTINCT source_id, algorithm, value, quality, at_ms FROM fingerprints
WHERE algorithm IN ('pdq', 'vpdq') AND source_id IN
  (SELECT sha256 FROM file_categories WHERE counts AND code IS NOT NULL)
ORDER BY source_id, algorithm, at_ms NULLS FIRST, value, quality
"""
_COLUMNS = ("md5", "sha1", "sha256", "pdq", "pdq_quality", "at_ms", "medium", "scheme", "country",
            "scheme_version", "code", "category")  # fmt: skip
Fingerprints = dict[str, list[dict[str, Any]]]


def export(case: Case, out: Path, form: str, country: str | None = None) -> int:
    """Write what analysts categorised; how many files that are."""
    _refuse_place(case, out)
    files = categorised(case, country)
    if not files:
        raise UsageError(
            "no file of the case has a category" + (f" of {country}" if country else ""),
            do="Analysts give them with: clew categorise CASE FILE_ID …; nothing was written.",
        )
    fingerprints: Fingerprints = {}
    for row in case.rows(_FINGERPRINTS):
        fingerprints.setdefault(row["source_id"], []).append(row)
    text = _vics(files, fingerprints) if form == "vics" else _csv(files, fingerprints)
    contents = len({file["sha256"] for file in files})
    with replacing(out.absolute()) as hidden:
        hidden.write_bytes(text)
        case.custody.append("hash set disclosed", format=form, files=contents, country=country,
                            recipient_file=out.name, legal_basis=case.config.authority)  # fmt: skip
    return contents


def categorised(case: Case, country: str | None = None) -> list[dict[str, Any]]:
    """Each file with each category that counts, of one country or of all."""
    wanted = country and country.upper()
    return [f for f in case.rows(_CATEGORISED) if wanted in (None, f["country"].upper())]


def videos(case: Case, country: str | None = None) -> int:
    """How many categorised videos have frames: a VICS file knows them by their bytes alone."""
    having = {row["source_id"] for row in case.rows(_FINGERPRINTS) if row["algorithm"] == "vpdq"}
    return len(having & {file["sha256"] for file in categorised(case, country)})


def _refuse_place(case: Case, out: Path) -> None:
    if out.is_dir():
        raise UsageError(f"{out} is a folder", do="Name a file; nothing was written.")
    if out.resolve().is_relative_to(case.folder.resolve()):
        raise UsageError(
            f"{out} lies in the case", do="Name a file elsewhere; nothing was written."
        )


def _vics(files: list[dict[str, Any]], fingerprints: Fingerprints) -> bytes:
    country = _one_model(files)
    context = (
        f"http://github.com/VICSDATAMODEL/ProjectVic/DataModels/{_MODEL}.xml/"
        f"{quote(country, safe='')}/$metadata#Media"
    )
    media = [_medium(n, f, fingerprints.get(f["sha256"], [])) for n, f in enumerate(files, 1)]
    return (
        msgspec.json.format(
            msgspec.json.encode({"@odata.context": context, "value": media}), indent=1
        )
        + b"\n"
    )


def _one_model(files: list[dict[str, Any]]) -> str:
    """The country that all categories belong to; a VICS file names one, of VICS 2.0."""
    models = {(f["scheme"].upper(), f["country"].upper()): f for f in files}
    if len(models) > 1:
        raise UsageError(
            f"the categories belong to {len(models)} schemes, and a VICS file names one: "
            + "; ".join(f"{f['scheme']} {f['country']}" for _, f in sorted(models.items())),
            do="Export one with --country, or all of them with --format csv; nothing was written.",
        )
    ((scheme, _),) = models
    if scheme != "VICS":
        raise UsageError(
            f"the categories are of {scheme}, and a VICS file holds those of VICS",
            do="Export them with --format csv, which names the scheme; nothing was written.",
        )
    versions = {f["scheme_version"] for f in files} - {None, _MODEL}
    if versions:
        raise UsageError(
            f"there are categories of VICS {', '.join(sorted(versions))}, and the file is of "
            f"VICS {_MODEL}",
            do="Export them with --format csv, which names the version; nothing was written.",
        )
    return str(files[0]["country"])


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
        "Category": int(code) if code.isdecimal() and str(int(code)) == code else code,
        "MD5": file["md5"] and file["md5"].upper(),
        "SHA1": file["sha1"] and file["sha1"].upper(),
        "MediaSize": file["size"],
        "MimeType": file["media_type"],
        "AlternativeHashes": other,
    }
    return {name: value for name, value in told.items() if value is not None}


def _csv(files: list[dict[str, Any]], fingerprints: Fingerprints) -> bytes:
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
        "scheme_version": file["scheme_version"], "code": file["code"],
        "category": in_full(file["scheme"], file["country"], file["scheme_version"], file["code"]),
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
