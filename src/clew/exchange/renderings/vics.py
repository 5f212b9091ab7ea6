"""VICS 2.0 of a case: the files by hash. It knows neither persons nor messages, only their number.

References:
    - read out of readers and writers, since the model is given to members only: GLEAPP
      (``projectvic.py``: a file without ``RelativeFilePath`` is passed over, the model's name
      stands in the first 8,192 characters), IPED (``HashDBTool.java``), Clees4All (``VICS.cpp``)

"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote

import msgspec

from clew.exchange import referral as r
from clew.exchange.renderings import common

NAME = "vics/case.json"
_MODEL = "http://github.com/VICSDATAMODEL/ProjectVic/DataModels/2.0.xml"
_CATEGORY = re.compile(r"VICS (?P<country>\S+) 2\.0: (?P<code>\d{1,4})").fullmatch
_SUFFIXES = {"image/jpeg": ".jpg", "image/png": ".png", "image/gif": ".gif", "image/webp": ".webp",
             "image/heic": ".heic", "video/mp4": ".mp4", "video/quicktime": ".mov",
             "video/3gpp": ".3gp", "video/webm": ".webm", "audio/ogg": ".ogg"}  # fmt: skip
_encode = msgspec.json.encode


def render(referral: r.Referral) -> Iterator[tuple[str, Iterable[bytes]]]:
    """The one member."""
    yield NAME, _text(referral)


def _text(referral: r.Referral) -> Iterator[bytes]:
    judged: dict[str, list[str]] = {}
    for judgement in referral.assessments.judgements:
        for about in judgement.about:
            judged.setdefault(about, []).append(judgement.says)
    given = {f.sha256: _categories(f, judged.get(f.sha256, [])) for f in referral.facts.files}
    country = _country(referral, given.values())
    context = f"{_MODEL}/{quote(country, safe='')}/$metadata#Cases"
    begin = b'{"@odata.context":' + _encode(context) + b',"value":['
    begin += _encode(_case(referral))[:-1] + b',"Media":['
    media = (
        _medium(referral, number, file, given[file.sha256].get(country))
        for number, file in enumerate(referral.facts.files, 1)
    )
    return common.listed(begin, media, b"]}]}\n")


def _case(referral: r.Referral) -> dict[str, Any]:
    from clew import __version__

    said = [("Total", f"{n} {what}") for what, n in common.totals(referral).items()]
    said += [("Statement", line) for line in common.header(referral)]
    return {
        "CaseID": common.ids(referral)("vics case", referral.package_id),
        "CaseNumber": referral.case_reference,
        "ContactOrganization": referral.sender.name,
        "SourceApplicationName": "Clew",
        "SourceApplicationVersion": __version__,
        "TotalMediaFiles": len(referral.facts.files),
        "CaseMetadata": [{"PropertyName": name, "PropertyValue": value} for name, value in said],
    }


def _medium(referral: r.Referral, number: int, file: r.File, code: int | None) -> dict[str, Any]:
    """A file; of one whose MD5 nobody knows only the other hashes stand, as readers take it."""
    stem = file.md5 or file.sha256
    suffix = _SUFFIXES.get(file.media_type or "", "")
    comments = [common.marking_short(referral.marking), *common.known_words(file)]
    comments += [common.first_words(file.first)] if file.first else []
    values = {
        "MediaID": number,
        "Category": code,
        "MD5": file.md5 and file.md5.upper(),
        "SHA1": file.sha1 and file.sha1.upper(),
        "MediaSize": file.size,
        "MimeType": file.media_type,
        "RelativeFilePath": f"VIC_Files\\{stem.upper()}{suffix}",
        "Comments": "; ".join(comments),
        "AlternativeHashes": [{"HashName": "SHA256", "HashValue": file.sha256.upper()}],
    }
    return {
        name: value for name, value in values.items() if value is not None or name == "Category"
    }


def _categories(file: r.File, judged: list[str]) -> dict[str, int]:
    """Category of VICS 2.0 by country: what the sender judged, else what a set says."""
    said = [one.category for one in file.known if one.category and one.tier == "exact"]
    found = (_CATEGORY(text) for text in [*said, *judged])
    return {one["country"]: int(one["code"]) for one in found if one}


def _country(referral: r.Referral, given: Iterable[dict[str, int]]) -> str:
    """The one country whose categories the file has: the most frequent, or else the sender's."""
    counted = Counter(country for codes in given for country in codes)
    best = max(counted.items(), key=lambda one: (one[1], one[0]), default=None)
    return best[0] if best else referral.sender.country or "Default"
