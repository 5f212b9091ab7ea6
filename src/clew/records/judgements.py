"""What people decide: append-only, each with a name and a reason, never overwritten."""

from __future__ import annotations

from datetime import datetime

from clew.records.evidence import Sha256
from clew.schema import Row


class FileCategory(Row, table="file_categories", key=("number",)):
    """A category that an analyst gave to a content; the latest of a content counts."""

    number: int
    """Order in the ledger."""
    sha256: Sha256
    """The content that was looked at."""
    scheme: str | None = None
    """Scheme of the category; empty where an earlier judgement is taken back."""
    country: str | None = None
    """Country model of the scheme."""
    scheme_version: str | None = None
    """Version of the scheme."""
    code: str | None = None
    """Code of the category as the scheme writes it; empty where one is taken back."""
    judged_by: str
    """Who decided."""
    reason: str
    """Why."""
    judged_at: datetime
    """When, in UTC."""
