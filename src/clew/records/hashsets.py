"""The hash sets that the examining authority supplied, and what they match."""

from __future__ import annotations

from enum import StrEnum

from clew.records.evidence import Exhibit, Item, Md5, Sha1, Sha256
from clew.records.messages import Message
from clew.schema import FreeText, Hash, Home, Id, Path, Raw, Row, Staff, Term


class SetKind(StrEnum):
    """What a hash set is for; an ignorable set never hides a match with a known one."""

    KNOWN = "known"
    IGNORABLE = "ignorable"
    OWN = "own"


class Tier(StrEnum):
    """How far a match carries; the three are never counted together."""

    EXACT = "exact"
    NEAR = "near"
    REVIEW = "review"


class MatchedIn(StrEnum):
    """What a match was found through."""

    ITEM = "item"
    SHARE = "share"
    RECOVERED_SHARE = "recovered_share"


class HashSet(Row, table="hash_sets", home=Home.HASHSETS, key=("set", "version")):
    """A list of known hashes that the examining authority supplied."""

    set: Term
    """Name."""
    version: Term
    """Version."""
    kind: SetKind
    """What it is for."""
    source_name: Path
    """File it came from."""
    source_sha256: Sha256
    """SHA-256 of that file."""
    entries: int
    """Hashes taken in."""
    rejected: int
    """Lines or records that could not be taken in, kept beside the set with their locations."""
    format: Term = ""
    """Format it was read as, such as ``vics``."""
    number: int = 0
    """Order in which sets were added to the case: deletions work backwards along it."""
    added_by: Staff = ""
    """Who added it: the name of the account on the machine."""
    received_from: FreeText | None = None
    """Who supplied it, as stated when it was added."""
    records: int = 0
    """Entries, each with one or more hashes."""
    deletions: int = 0
    """Records that it withdraws from earlier versions of the same set."""
    fingerprints: int = 0
    """Different PDQ fingerprints in it."""
    restricted: bool = False
    """Its entries are matched only: never shown, queried or exported."""
    note: FreeText | None = None
    """What its reader says of the file as a whole, such as that a further page belongs to it."""
    only_categories: tuple[Term, ...] = ()
    """Categories whose entries were asked for when it was added; empty: all entries."""
    left_out: int = 0
    """Records of other categories, or of none, that were therefore not taken in."""
    categories: Term = "{}"
    """Records of each category, written in full, as JSON: of those taken in."""


class KnownHash(Row, table="known_hashes", home=Home.HASHSETS):
    """One entry of a hash set; restricted sets keep theirs where no query reaches."""

    set: Term
    """Set it belongs to."""
    version: Term
    """Version of that set."""
    record: Term
    """Line or record in the set's file."""
    md5: Md5 | None = None
    """MD5."""
    sha1: Sha1 | None = None
    """SHA-1."""
    sha256: Sha256 | None = None
    """SHA-256."""
    category: Term | None = None
    """Category in full: scheme, country, version and code, never a bare number."""
    scheme: Term | None = None
    """Scheme that the category belongs to, such as ``VICS``."""
    country: Term | None = None
    """Country model of the scheme as the file names it, such as ``US`` or ``Default``."""
    scheme_version: Term | None = None
    """Version of the scheme."""
    code: Term | None = None
    """The category's code as the file writes it."""
    pdq: Sha256 | None = None
    """PDQ fingerprint, 256 bits."""
    pdq_quality: int | None = None
    """Its quality, where the set states it."""
    photodna: Hash | None = None
    """PhotoDNA in hexadecimal: carried and compared, never computed."""
    medium: Term | None = None
    """The publisher's number for the medium; not unique in practice."""
    at_ms: int | None = None
    """For a frame of a video: milliseconds from its start."""
    deleted: bool = False
    """The publisher withdraws this medium: a tombstone, which matches nothing."""
    disputed: int | None = None
    """How many members of the exchange dispute the entry, where the format tells."""
    details: Raw | None = None
    """Everything else the record says, as JSON."""


class Match(Row, table="matches", key=("match_id",)):
    """A file or the record of a share that a hash set knows."""

    match_id: Id[Match]
    """Derived from set, hash and rank."""
    sha256: Sha256 | None = None
    """SHA-256 of the file."""
    set: Term
    """Set that knows it."""
    version: Term
    """Version of that set."""
    kind: SetKind
    """What that set is for."""
    record: Term
    """Entry of the set."""
    algorithm: Term
    """What matched: md5, sha1, sha256, photodna, pdq, pdq_trimmed, vpdq or embedding."""
    distance: int
    """Bits that differ; 0 for an exact match; of an embedding, thousandths of cosine distance."""
    quality: int | None = None
    """Quality of the file's own fingerprint; empty for an exact match."""
    category: Term | None = None
    """Category in full, as the set gives it."""
    matched_in: MatchedIn
    """A file, or a share's record."""
    file_present: bool
    """The file itself lies on the exhibit."""
    exhibit_id: Id[Exhibit]
    """Exhibit."""
    item_id: Id[Item] | None = None
    """The file, where it is there."""
    event_id: Id[Message] | None = None
    """The message, where the match is a share's record."""
    tier: Tier = Tier.EXACT
    """How far it carries."""
    algorithm_version: Term | None = None
    """Implementation that compared, such as ``clew 0.1.0``; of an embedding, its model too."""
    decode_path: Term | None = None
    """How the file was decoded for its fingerprint."""
    query_hash: Hash | None = None
    """The file's own hash that matched; of an embedding, the SHA-256 of its vector."""
    known_hash: Hash | None = None
    """The set's hash; withheld for a restricted set unless it is the same. Of an embedding, the
    SHA-256 of the content of this case that the entry has by its bytes."""
    known_quality: int | None = None
    """Quality of the set's fingerprint, where the set states it."""
    orientation: Term | None = None
    """How the file is turned to match: ``as_is``, r090, r180, r270, flpx, flpy, flpp, flpm."""
    low_quality: bool = False
    """Either quality is under 50: there is little in the picture to tell it from others."""
    simple_graphic: bool = False
    """A simple or dark graphic, of one tone or two: such come near each other by chance."""
    expected_by_chance: float | None = None
    """Entries of this set that come this near one file by chance, as measured on pictures of
    different things; where no pair came so near, the bound. Empty beyond what was measured."""
    expected_at_most: float | None = None
    """What that number stays under, with a confidence of 95 %."""
    chance_table: Term | None = None
    """Version of the measurement."""
    frames_matched: int | None = None
    """Of a video: its frames that match the medium."""
    frames_total: int | None = None
    """Of a video: its different frames with enough in them."""
    known_frames_matched: int | None = None
    """Of the known video: its frames that are matched."""
    known_frames_total: int | None = None
    """Of the known video: its frames in the set."""
    at_ms: tuple[Term, ...] = ()
    """Of a video or a picture that moves: when the matching frames are shown, in milliseconds."""
    disputed: int | None = None
    """How many members of the exchange dispute the entry, where the set tells."""
    further: int | None = None
    """Entries that are left out: beyond the 20 nearest to a picture or video with little in it, or
    by an embedding, and repeats of one file in an ignorable set."""
