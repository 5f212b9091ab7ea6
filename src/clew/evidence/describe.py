"""The description of an exhibit, checked before anything is read."""

import re
import zoneinfo
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from clew.casefile.config import Config
from clew.errors import UsageError
from clew.evidence.bounds import Bounds
from clew.evidence.entries import Intake
from clew.records import Exhibit, ExhibitKind
from clew.schema import Id

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_NOT_PHONED = frozenset({"AQ", "BV", "GS", "HM", "PN", "TF", "UM"})
"""Codes of ISO 3166-1 without telephone numbers of their own."""


def described(
    config: Config, paths: tuple[Path, ...], about: dict[str, Any], bounds: Bounds | None = None
) -> Intake:
    """What is to be taken in; UsageError names the field that is wrong.

    ``about`` has the fields of the exhibit; all but its id, kind and country may be left out.
    """
    authority = (about.get("authority") or config.authority).strip()
    if not authority:
        raise UsageError(
            "nothing can be taken in: the case names no legal authority (field `authority`)",
            do="Fill `authority` in case.toml, or give --authority; nothing was changed.",
        )
    for path in paths:
        if not path.exists() and not path.is_symlink():
            raise UsageError(
                f"there is no {path}",
                do="Check the path, and that the medium is mounted read-only.",
            )
    acquired: datetime | None = about.get("acquired_at")
    exhibit = Exhibit(
        exhibit_id=_exhibit_id(about["exhibit_id"]), label=about.get("label"),
        kind=ExhibitKind(about["kind"]), country=country_code(about["country"]),
        search_id=about.get("search_id"), holder_ref=about.get("holder_ref"), authority=authority,
        acquired_with=about.get("acquired_with"),
        acquired_at=acquired and acquired.replace(tzinfo=UTC),
        time_zone=_time_zone(about.get("time_zone")), hash_only=about.get("hash_only", False),
        content_sha256="",
    )  # fmt: skip
    return Intake(exhibit, paths, bounds or Bounds())


def _exhibit_id(text: str) -> Id[Exhibit]:
    if not _ID.fullmatch(text):
        raise UsageError(
            f"{text!r} can't be an exhibit id",
            do="Use letters, digits, dots, dashes and underscores, such as ES-01.",
        )
    return Id(text)


def country_code(text: str) -> str:
    """A code of ISO 3166-1 in capitals; UsageError for anything else."""
    from phonenumbers import SUPPORTED_REGIONS

    code = text.upper()
    if code not in SUPPORTED_REGIONS and code not in _NOT_PHONED:
        hint = " (the United Kingdom is GB)" if code == "UK" else ""
        raise UsageError(
            f"{text!r} is no country code{hint}",
            do="Give two letters of ISO 3166-1, such as ES, PT or DE.",
        )
    return code


def _time_zone(text: str | None) -> str | None:
    known = zoneinfo.available_timezones()
    if text and known and text not in known:
        raise UsageError(
            f"{text!r} is no time zone", do="Give an IANA name, such as Europe/Madrid."
        )
    return text
