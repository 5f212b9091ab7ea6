"""What pictures and videos say of themselves, and what they look like.

Places have a table of their own, so that they can be withheld wherever the case is shown. Vectors
of a model serve to put pictures before a person for review: nothing is settled by them, and no word
or class is read out of them.
"""

from datetime import datetime
from enum import StrEnum

from clew.records.evidence import Exhibit, Sha256
from clew.records.facts import Fact
from clew.schema import Degrees, FreeText, Hash, Home, Id, LocalTime, Path, Place, Raw, Row, Term


class OffsetBasis(StrEnum):
    """How the offset of a camera's local time from UTC is known."""

    STATED = "stated"
    """The file states it, as EXIF's OffsetTimeOriginal or a container's time with its offset."""
    SATELLITE = "satellite"
    """From the satellites' UTC time beside the local one."""
    CONTAINER_UTC = "container_utc"
    """The container's format defines the time as UTC; some devices write local time there."""
    UNKNOWN = "unknown"
    """The time is local, and nothing says where."""


class MediaFile(Fact, table="media_files", key=("exhibit_id", "source_id")):
    """A picture or video that was looked at, with what it says of itself; one row a content.

    Whoever can write a file can write these: they say what the file states, not what happened.
    """

    media_type: FreeText
    """Type by its first bytes."""
    width: int | None = None
    """Width in pixels, as stored."""
    height: int | None = None
    """Height in pixels."""
    orientation: int | None = None
    """EXIF orientation 1-8; it is recorded and not applied."""
    make: FreeText | None = None
    """Maker of the camera or phone."""
    model: FreeText | None = None
    """Model of the camera or phone."""
    serial: FreeText | None = None
    """Serial number of the camera's body."""
    software: FreeText | None = None
    """Program or firmware that wrote it."""
    taken_local: LocalTime | None = None
    """Time of taking as it stands in the file."""
    taken_at: datetime | None = None
    """The same in UTC, where the offset is known."""
    offset_basis: OffsetBasis | None = None
    """How the offset is known; empty where there is no time."""
    quantisation_fingerprint: Sha256 | None = None
    """SHA-256 over a JPEG's quantisation tables: the same for files that one encoder wrote."""
    duration_ms: int | None = None
    """Length of a video in milliseconds."""
    codec: Term | None = None
    """Coding of a video's pictures, such as ``h264``."""
    frame_rate: float | None = None
    """Frames in a second, on average."""


class MediaDetail(Fact, table="media_details"):
    """One thing that a picture or video says of itself; never a place."""

    property: Term
    """Name, such as ``exif.DateTimeOriginal`` or ``container.creation_time``."""
    value: FreeText
    """As text."""
    value_raw: Raw
    """As it stands in the file; bytes in hexadecimal after ``x:``."""
    basis: Term
    """Where in the format it stands: ``exif``, ``jpeg``, ``png``, ``container`` or ``stream``."""


class MediaPlace(Fact, table="media_places"):
    """Where a picture or video says it was taken: withheld wherever it is not asked for."""

    latitude: Degrees | None = None
    """Degrees north, negative in the south (WGS 84 unless the file says otherwise)."""
    longitude: Degrees | None = None
    """Degrees east, negative in the west."""
    altitude_m: Degrees | None = None
    """Metres above sea level."""
    fixed_at: datetime | None = None
    """UTC time of the satellite fix."""
    value_raw: Place
    """As it stands in the file; where places are withheld, ``withheld``."""
    basis: Term
    """Where in the format it stands: ``exif``, ``png``, ``container`` or ``stream``."""


class Fingerprint(Fact, table="fingerprints"):
    """What a picture, or a frame of a video, looks like: a hash that survives copying and resizing.

    Each exhibit has its own rows for each distinct file on it, and two exhibits with the same file
    have the same rows, though it was decoded once: take ``DISTINCT`` over exhibits, or join by
    ``source_id``. Of several items with one content the rows stand once.
    """

    algorithm: Term
    """``pdq``, ``pdq_trimmed`` (borders cut off first), or ``vpdq`` (a frame of a video)."""
    value: Sha256
    """The 256 bits, in hexadecimal as the reference implementation writes them."""
    turned: tuple[Sha256, ...] = ()
    """The seven other orientations: r090, r180, r270, flpx, flpy, flpp, flpm. Of videos that were
    looked at frame by frame only the first of each second has them."""
    quality: int
    """0-100; below 50 there is too little in the picture for the hash to tell it from others."""
    width: int
    """Width in pixels, as it is stored: no orientation is applied."""
    height: int
    """Height in pixels."""
    frame: int | None = None
    """Number of the frame, from 0; empty for a picture that does not move, as a video's cover."""
    at_ms: int | None = None
    """When the frame is shown, in milliseconds from the start; empty for a cover."""
    decode_path: Term
    """How it was decoded, such as ``simplejpeg 1.9.0 1/4 matched``."""
    simple_graphic: bool
    """A simple or dark graphic: one tone covers at least half of it, or it is a silhouette of two.
    Such pictures come near each other by chance."""


class EmbeddingModel(Row, table="embedding_models", home=Home.FACTS, key=("exhibit_id",)):
    """The model that the pictures of an exhibit were last shown to, and how."""

    exhibit_id: Id[Exhibit]
    """Exhibit."""
    algorithm: Term
    """``onnx:`` and the SHA-256 of the model's file."""
    version: Term
    """Implementation, version of the library that ran it, and digest of the contract."""
    file_name: Path
    """Name of the model's file."""
    size: int
    """Its bytes."""
    dimensions: int
    """Numbers in a vector."""
    contract: Term
    """What stood in the TOML file beside the model, as JSON."""
    contract_sha256: Sha256
    """SHA-256 over that JSON."""
    review_distance: float
    """Cosine distance up to which two pictures are put before somebody."""


class Embedding(Fact, table="embeddings", key=("exhibit_id", "source_id")):
    """What the model makes of one picture: a vector of length 1, and nothing else."""

    algorithm: Term
    """``onnx:`` and the SHA-256 of the model's file."""
    version: Term
    """Implementation, version of the library that ran it, and digest of the contract."""
    dimensions: int
    """Numbers in the vector."""
    vector: Hash
    """32-bit floats, little end first, in hexadecimal."""
    decode_path: Term
    """How the picture was decoded."""
