"""Files that messages carry, with what the report says of each file."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from typing import Any

from clew.facts.readers.ufed.files import AnyShare
from clew.facts.readers.ufed.model import fields, is_live, locator, said
from clew.facts.readers.ufed.report import Report
from clew.records import RecordState, RecoveredFrom, RecoveredShare, Share, ShareState
from clew.schema import Row

_DURATION = re.compile(r"Duration: (\d+):(\d{2}):(\d{2})")
_DELETED: dict[str, Any] = {
    "record_state": RecordState.RECOVERED,
    "found_in": RecoveredFrom.TOOL_REPORT,
    "complete": True,
}


def shares(
    report: Report, model: ET.Element, carried: dict[str, Any], place: int, *, live: bool
) -> Iterator[Row]:
    """The share of an attachment, once the entry of its file is known."""
    told = fields(model)
    title = said(told.get("Title"))
    exported = said(told.get("attachment_extracted_path"))
    row = {
        **report.fact,
        **carried,
        "locator": locator(model),
        "ordinal": place,
        "media_type": said(told.get("ContentType")),
        "size": _stated_size(told.get("Data")),
        "name": said(told.get("Filename")),
        "path_exported": exported.replace("\\", "/") if exported else None,
        "state": ShareState.ABSENT,
        "caption": title if title and not _DURATION.search(title) else None,
        "duration_ms": _duration(title),
    }
    share: AnyShare
    share = Share(**row) if live and is_live(model) else RecoveredShare(**row, **_DELETED)
    report.tally.emitted("Attachment", type(share))
    known = report.files.with_file(share, model.get("file_id"))
    if known is not None:
        yield known


def waiting(report: Report) -> Iterator[Row]:
    """Shares whose file's entry came after them, or never."""
    for share, came in report.files.waited():
        if not came:
            yield from report.unread(share.locator, "no_file_entry")
        yield share


def _stated_size(field: ET.Element | None) -> int | None:
    for source in () if field is None else field:
        length = source.get("length") or ""
        if length.isdecimal():
            return int(length)
    return None


def _duration(title: str | None) -> int | None:
    found = _DURATION.search(title or "")
    if found is None:
        return None
    hours, minutes, seconds = map(int, found.groups())
    return ((hours * 60 + minutes) * 60 + seconds) * 1000
