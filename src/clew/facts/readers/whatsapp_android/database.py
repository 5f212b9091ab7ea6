"""One of WhatsApp's Android databases being read, and the codes of its columns."""

import tomllib
from importlib import resources

from clew.facts.database import PAGE, Values, said, schema, whole
from clew.facts.whatsapp import WhatsAppDatabase

__all__ = ["CARRIES_FILE", "CODES", "NAME", "PAGE", "Database", "Values", "name_of", "said",
           "schema", "whole"]  # fmt: skip

NAME = "whatsapp-android"

_codes = tomllib.loads(
    resources.files(__package__).joinpath("codes.toml").read_text(encoding="utf-8")
)
CODES: dict[str, dict[int, str]] = {
    table: {int(code): name for code, name in names.items()}
    for table, names in _codes.items()
    if table != "carries_file"
}
CARRIES_FILE = frozenset(_codes["carries_file"]["codes"])


class Database(WhatsAppDatabase):
    """A database of WhatsApp on Android, open for reading."""

    reader = NAME


def name_of(table: str, code: object) -> str | None:
    """Name of a code; None where it is not known."""
    return CODES[table].get(code) if isinstance(code, int) else None
