"""What people decide of who is named to whom: append-only, signed, each with its reason."""

from datetime import datetime
from enum import StrEnum

from clew.records.evidence import Sha256
from clew.records.judgements import Judgement
from clew.records.persons import Person
from clew.records.routes import RouteRule
from clew.schema import FreeText, Id, Term


class PersonCategory(StrEnum):
    """What a person is in the proceedings: Directive (EU) 2016/680, Article 6.

    A suspect is only that: whoever is not ``convicted`` is presumed innocent.
    """

    SUSPECT = "suspect"
    CONVICTED = "convicted"
    VICTIM = "victim"
    POSSIBLE_VICTIM = "possible_victim"
    WITNESS = "witness"
    INFORMATION_PROVIDER = "information_provider"
    CONTACT_OR_ASSOCIATE = "contact_or_associate"
    UNCLASSIFIED = "unclassified"


VICTIMS = frozenset((PersonCategory.VICTIM, PersonCategory.POSSIBLE_VICTIM))
"""Who is in no ordinary package and on no ordinary list."""


class CategoryOfPerson(Judgement, table="person_categories", key=("number",)):
    """What an investigator judges a person to be; of several on one person the latest counts."""

    person_id: Id[Person]
    """The person."""
    category: PersonCategory
    """What the person is taken to be."""


class RouteThreshold(Judgement, table="route_thresholds", key=("number",)):
    """From how many shared known files on an operation proposes a person; the latest counts."""

    known_shares: int
    """Files of a known set."""


class RouteChoice(StrEnum):
    """What is decided of a person towards a country or partner."""

    SEND = "send"
    """Named in packages."""
    COUNT_ONLY = "count_only"
    """Counted by country, and not named."""
    HOLD = "hold"
    """Kept back for now."""
    WITHDRAW = "withdraw"
    """An earlier decision counts no more."""
    SECOND = "second"
    """A second officer agrees with an earlier decision."""


class RouteDecision(Judgement, table="route_decisions", key=("number",)):
    """A signed decision on one person towards one country or partner; the latest counts."""

    person_id: Id[Person]
    """The person."""
    goes_to: Term
    """Country, ISO 3166-1 alpha-2, or the id of a partner that is no country's."""
    decision: RouteChoice
    """What is decided."""
    rule: RouteRule
    """Strongest rule that proposed the person when it was decided."""
    needs_second: bool = False
    """A second officer has to agree before the person is named."""
    seconds: int | None = None
    """Number of the decision that a second officer agrees with."""
    handling: tuple[Term, ...] = ()
    """Handling codes of Europol, H0 to H3."""
    tlp: Term | None = None
    """Label of the Traffic Light Protocol 2.0."""
    restrictions: FreeText | None = None
    """What H3 restricts."""
    grading_scheme: Term | None = None
    """Scheme of the grading; a grading is never converted into another's."""
    source_grade: Term | None = None
    """Grade of the source."""
    information_grade: Term | None = None
    """Grade of the information."""


class PackageStep(StrEnum):
    """What was done with a package that this case sends."""

    PACKED = "packed"
    APPROVED = "approved"
    SEALED = "sealed"
    DISCARDED = "discarded"
    RECALLED = "recalled"
    """It was taken back from its receivers after it was sealed."""


class PackageEntry(Judgement, table="package_entries", key=("number",)):
    """One signed step of a package on its way out of the case; the latest is its state."""

    package: Term
    """UUID of the package."""
    step: PackageStep
    """What was done."""
    partners: tuple[Term, ...]
    """Ids of the partners who may open it."""
    sender: Term
    """Id under which partners register the sender."""
    replaces: Term | None = None
    """Package that it replaces."""
    content_sha256: Sha256
    """SHA-256 over the names, sizes and digests of all its members."""
    legal_basis: FreeText
    """Legal basis of the transfer."""
    purpose: FreeText
    """What it is sent for."""
    handling: tuple[Term, ...]
    """Handling codes of the whole: all of its parts'."""
    tlp: Term
    """Label of the whole: the strictest of its parts'."""
    decisions: tuple[Term, ...]
    """Numbers of the decisions that name persons; the entry itself names none."""
    named: int
    """Persons who are named."""
    counted: int
    """Persons who are counted by country and not named."""
    tokens: int
    """Persons' accounts that stand as tokens."""
    texts: int
    """Free texts that it carries."""
    rows: int
    """Rows of all its tables."""
    desk: bool = False
    """It is for a desk that identifies victims, and has nobody else in it."""
    keep_until: datetime | None = None
    """Day until which the receiver may keep it."""
    envelope_sha256: Sha256 | None = None
    """SHA-256 of the envelope, once it is sealed."""
    tagmanifest_sha256: Sha256 | None = None
    """SHA-256 of the tag manifest of its bag, once it is sealed."""
