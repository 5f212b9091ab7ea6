"""Files that another agency or tool states by their hashes, without their content."""

from __future__ import annotations

from clew.records.evidence import Md5, Sha1, Sha256
from clew.records.facts import Fact
from clew.schema import FreeText, Path, Raw, Term


class StatedFile(Fact, table="stated_files"):
    """A file by its hashes, as a set, a case of VICS or a bundle of another agency states it."""

    md5: Md5 | None = None
    """MD5."""
    sha1: Sha1 | None = None
    """SHA-1."""
    sha256: Sha256 | None = None
    """SHA-256."""
    size: int | None = None
    """Bytes."""
    media_type: FreeText | None = None
    """Type as it is stated."""
    path_stated: Path | None = None
    """Name or path as it is stated."""
    category: Term | None = None
    """Category in full: scheme, country, version and code, never a bare number."""
    details: Raw | None = None
    """Everything else that is said of it, as JSON."""
