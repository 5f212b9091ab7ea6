"""What was seized, and every thing seen in it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from clew.schema import Figures, FreeText, Home, Id, Kind, Matches, Path, ReasonCode, Row, Term

Md5 = Annotated[str, Kind.HASH, Matches(r"[0-9a-f]{32}")]
Sha1 = Annotated[str, Kind.HASH, Matches(r"[0-9a-f]{40}")]
Sha256 = Annotated[str, Kind.HASH, Matches(r"[0-9a-f]{64}")]
Hex = Annotated[str, Kind.RAW, Matches(r"([0-9a-f]{2})*")]
CountryCode = Annotated[str, Kind.COUNTRY, Matches(r"[A-Z]{2}")]


class ExhibitKind(StrEnum):
    """What a seized thing is."""

    PHONE = "phone"
    LAPTOP = "laptop"
    TABLET = "tablet"
    CAMERA = "camera"
    DISK = "disk"
    USB = "usb"
    MEMORY_CARD = "memory_card"
    OPTICAL_DISC = "optical_disc"
    CLOUD_EXPORT = "cloud_export"
    REPORT = "report"


class ItemKind(StrEnum):
    """What an entry of a folder or archive is."""

    FILE = "file"
    DIRECTORY = "directory"
    SYMLINK = "symlink"
    FIFO = "fifo"
    SOCKET = "socket"
    CHAR_DEVICE = "char_device"
    BLOCK_DEVICE = "block_device"
    UNKNOWN = "unknown"


class Outcome(StrEnum):
    """What became of an item: every item seen has exactly one."""

    PROCESSED = "processed"
    SKIPPED = "skipped"
    FAILED = "failed"


class Exhibit(Row, table="exhibits", home=Home.EVIDENCE, key=("exhibit_id",)):
    """A seized device or a received export, as the seizing authority named it."""

    exhibit_id: Id[Exhibit]
    """Number that the seizing authority gave it."""
    label: FreeText | None = None
    """Description in words."""
    kind: ExhibitKind
    """What it is."""
    country: CountryCode
    """Country that seized it, ISO 3166-1 alpha-2."""
    search_id: Term | None = None
    """Search in which it was seized."""
    holder_ref: FreeText | None = None
    """Reference of the person who holds it; never a name."""
    authority: Term
    """Legal authority under which it is examined."""
    acquired_with: Term | None = None
    """Tool and version that acquired it."""
    acquired_at: datetime | None = None
    """When it was acquired."""
    time_zone: Term | None = None
    """IANA time zone of the device as stated by the seizing unit; local times stay local."""
    hash_only: bool
    """No content was kept: hashes, sizes and names only."""
    content_sha256: Sha256
    """SHA-256 over path, kind, size, hash and outcome of every item: the exhibit's identity."""


class Item(Row, table="items", home=Home.EVIDENCE, key=("item_id",)):
    """One thing seen: a file, folder, link or device, or a member of an archive."""

    item_id: Id[Item]
    """Derived from exhibit, path and rank in the archive: the same in every run."""
    exhibit_id: Id[Exhibit]
    """Exhibit it lies on."""
    parent_item_id: Id[Item] | None = None
    """Folder or archive that holds it; empty at the top."""
    path: Path
    """Path on the exhibit; members of archives follow their archive after a slash."""
    path_raw: Hex | None = None
    """Bytes of the path in hexadecimal where they are not UTF-8."""
    device_path: Path | None = None
    """Path on the phone itself, below the root that a flag tells; of a backup, where files have
    other names, the domain and the path in it; empty where no phone was recognised."""
    ordinal: int | None = None
    """Rank among the members of its archive; empty for entries of the file system."""
    in_archive: bool
    """It is a member of an archive, not an entry of the file system."""
    kind: ItemKind
    """What it is."""
    size: int | None = None
    """Bytes of content."""
    mtime: datetime | None = None
    """Last change, from the file system, or the archive's own record read as UTC."""
    md5: Md5 | None = None
    """MD5 of the content."""
    sha1: Sha1 | None = None
    """SHA-1 of the content."""
    sha256: Sha256 | None = None
    """SHA-256 of the content; its name in the store."""
    media_type: FreeText | None = None
    """Type by the first bytes, never by the name; empty where unknown."""
    link_target: Path | None = None
    """Where a symbolic link points; it is never followed."""
    outcome: Outcome
    """Processed, skipped or failed."""
    reason: ReasonCode | None = None
    """Why it was skipped or failed, such as ``encrypted`` or ``crash:SIGSEGV``; docs/codes.md
    explains every code."""
    figures: tuple[Figures, ...] = ()
    """What belongs to the reason, each as ``name=value``, quoted as it was met."""


class Flag(Row, table="flags", home=Home.EVIDENCE):
    """Something odd about an item that did not stop it from being processed."""

    exhibit_id: Id[Exhibit]
    """Exhibit it lies on."""
    item_id: Id[Item]
    """Item it is about."""
    code: ReasonCode
    """What is odd, such as ``zip:overlap``; docs/codes.md explains every code."""
    figures: tuple[Figures, ...] = ()
    """What belongs to the code, each as ``name=value``, quoted as it was met."""
