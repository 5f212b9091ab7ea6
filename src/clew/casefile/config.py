"""What a case folder says of itself: ``case.toml``, and the version of its layout."""

import json
import tomllib
from datetime import datetime
from pathlib import Path

import msgspec

from clew.errors import EvidenceError, UsageError

FORMAT_VERSION = 2
"""Version of the layout of a case folder."""


class Config(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What ``case.toml`` holds."""

    format_version: int
    """Version of the case folder."""
    case_id: str
    """Random identifier."""
    title: str
    """Name of the investigation."""
    authority: str = ""
    """Legal authority for the examination; nothing is taken in without one."""
    created_at: datetime
    """When the case was opened."""


def read_config(folder: Path) -> Config:
    """What the case says of itself.

    Raises UsageError where there is no case or another version made it, and EvidenceError where it
    is damaged.
    """
    file = folder / "case.toml"
    if not file.is_file():
        raise UsageError(
            f"{folder} is no case: there is no case.toml in it",
            do="Make one with: clew new CASE --title TITLE --authority AUTHORITY",
        )
    try:
        found = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise _damaged(file, error) from error
    version = found.get("format_version")
    if isinstance(version, int) and version > FORMAT_VERSION:
        raise UsageError(
            f"{folder} was made by a newer Clew: its format is {version}, this Clew knows "
            f"{FORMAT_VERSION}",
            do="Open it with that newer Clew; nothing was changed.",
        )
    if isinstance(version, int) and version < FORMAT_VERSION:
        raise UsageError(
            f"{folder} was made by an earlier Clew: its format is {version}, this Clew knows "
            f"{FORMAT_VERSION}",
            do="Open it with that Clew, or take the evidence in anew; nothing was changed.",
        )
    try:
        return msgspec.convert(found, Config)
    except msgspec.ValidationError as error:
        raise _damaged(file, error) from error


def _damaged(file: Path, error: Exception) -> EvidenceError:
    return EvidenceError(
        f"the case is damaged: {file.name} can't be read ({error})",
        do="Restore case.toml from your backup; nothing was changed.",
    )


def as_toml(config: Config) -> str:
    """A flat TOML table; a JSON string is a TOML string but for the DEL character."""
    lines = []
    for name, value in msgspec.to_builtins(config).items():
        text = json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
        lines.append(f"{name} = {text}\n")
    return "".join(lines)
