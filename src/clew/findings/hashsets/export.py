"""Our own case as a set: what its analysts categorised, as VICS 2.0 or CSV.

Only hashes and categories go out, and of the files only those with a category that counts; names,
paths, people and reasons stay. Nothing of any set in the case is copied: every hash is that of a
file of the case itself. VICS has no field for the frames of a video; CSV has them.
"""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec

from clew.casefile import Case
from clew.errors import UsageError
from clew.findings.categories import in_full
from clew.judgements import decisions
from clew.records import FileCategory
from clew.relations import step_queries

FORMATS = ("vics", "csv")
_MODEL = "2.0"
"""Version of VICS's model that is written."""
_COLUMNS = ("md5", "sha1", "sha256", "pdq", "pdq_quality", "at_ms", "medium", "scheme", "country",
            "scheme_version", "code", "category")  # fmt: skip


def export(case: Case, out: Path, form: str, country: str | None = None) -> int:
    """Write what analysts categorised; how many files that are.

    UsageError where a judgement is not in the tables yet, so that the set would lack it.
    """
    if FileCategory in decisions.behind(case):
        raise UsageError(
            "files were categorised since the last run, so that the set would not have it",
            do="Take it into the findings first: clew run CASE; nothing was written.",
        )
    files = categorised(case, country)
    if not files:
        raise UsageError(
            "no file of the case has a category" + (f" of {country}" if country else ""),
            do="Analysts give them with: clew categorise CASE FILE_ID …; nothing was written.",
        )
    text = _vics(files) if form == "vics" else _csv(files)
    contents = len({file["sha256"] for file in files})
    case.custody.append("hash set disclosed", format=form, files=contents, country=country,
                        recipient_file=out.name, legal_basis=case.config.authority)  # fmt: skip
    out.write_bytes(text)
    return contents


def categorised(case: Case, country: str | None = None) -> list[dict[str, Any]]:
    """Each file with each category that counts, of one country or of all."""
    return case.rows(step_queries()["categorised_files"], country=country)


def videos(case: Case, country: str | None = None) -> int:
    """How many categorised videos have frames: a VICS file knows them by their bytes alone."""
    return len({file["sha256"] for file in categorised(case, country) if file["frames"]})


def _vics(files: list[dict[str, Any]]) -> bytes:
    country = quote(_one_model(files), safe="")
    model = f"http://github.com/VICSDATAMODEL/ProjectVic/DataModels/{_MODEL}.xml"
    media = [_medium(number, file) for number, file in enumerate(files, 1)]
    root = {"@odata.context": f"{model}/{country}/$metadata#Media", "value": media}
    return msgspec.json.format(msgspec.json.encode(root), indent=1) + b"\n"


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


def _medium(number: int, file: dict[str, Any]) -> dict[str, Any]:
    other = [{"HashName": "SHA256", "HashValue": file["sha256"].upper()}]
    for look in file["pictures"] or ():
        other.append({"HashName": "PDQ", "HashValue": look["value"]})
        other.append({"HashName": "PDQQuality", "HashValue": str(look["quality"])})
    code = file["code"]
    values = {
        "MediaID": number,
        "Category": int(code) if code.isdecimal() and str(int(code)) == code else code,
        "MD5": file["md5"] and file["md5"].upper(),
        "SHA1": file["sha1"] and file["sha1"].upper(),
        "MediaSize": file["size"],
        "MimeType": file["media_type"],
        "AlternativeHashes": other,
    }
    return {name: value for name, value in values.items() if value is not None}


def _csv(files: list[dict[str, Any]]) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, _COLUMNS, lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    for number, file in enumerate(files, start=1):
        writer.writerows(_lines(file | {"medium": number}))
    return out.getvalue().encode()


def _lines(file: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The file with the fingerprint of a picture, and below it the frames of a video."""
    file["category"] = in_full(
        file["scheme"], file["country"], file["scheme_version"], file["code"]
    )
    first, *others = file["pictures"] or [{"value": None, "quality": None}]
    yield file | {"pdq": first["value"], "pdq_quality": first["quality"]}
    bare = file | dict.fromkeys(("md5", "sha1", "sha256"))
    for look in (*others, *(file["frames"] or ())):
        at_ms = look["at_ms"] if look["at_ms"] >= 0 else None
        yield bare | {"pdq": look["value"], "pdq_quality": look["quality"], "at_ms": at_ms}
