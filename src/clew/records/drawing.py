"""How the network is drawn: where each person and group stands, and the lines between them."""

from datetime import datetime
from enum import StrEnum

from clew.records.accounts import Account
from clew.records.chats import Chat, MemberState, Role
from clew.records.evidence import Exhibit
from clew.records.persons import LinkRule, Person
from clew.schema import Id, ReasonCode, Row, Term, Url


class NodeKind(StrEnum):
    """What a node of the network is."""

    PERSON = "person"
    GROUP = "group"


class LinkKind(StrEnum):
    """What a line between two nodes says."""

    MEMBER = "member"
    INVITED = "invited"
    SUCCESSION = "succession"
    PARALLEL = "parallel"
    TIED = "tied"


class NetworkLink(Row, table="network_links", key=("kind", "from_id", "to_id")):
    """A line of the network, with what it rests on: proved by devices, or inferred."""

    kind: LinkKind
    """What it says."""
    from_id: Id[Person] | Id[Account] | Id[Chat]
    """Person, account, or earlier group."""
    to_id: Id[Person] | Id[Chat]
    """Group, person, or later group."""
    proved: bool
    """The devices themselves show it: solid in a drawing. Else it is inferred, and dashed: from a
    label or a bare name of an export, from accounts that only linkage ties, or from dates and
    overlap."""
    weight: int
    """Messages there for a member, postings of an invitation, members in both groups; else 1."""
    since: datetime | None = None
    """Earliest time known: joined, or first message or posting."""
    until: datetime | None = None
    """Left, removed, or last posting; empty where it is not known to have ended."""
    exhibits: tuple[Id[Exhibit], ...] = ()
    """Exhibits that show it."""
    role: Role | None = None
    """For a member: the highest standing seen."""
    state: MemberState | None = None
    """For a member: current, or how it ended."""
    basis: tuple[Term, ...] = ()
    """For a member: what the membership rests on, as in ``group_members``."""
    shown_by: tuple[ReasonCode, ...] = ()
    """For a member: kinds of account that show it, as the register ``shown_by`` has them."""
    codes: tuple[Url, ...] = ()
    """For an invitation: codes of the links that were posted."""
    rule: LinkRule | None = None
    """For an account of a person: what ties it, as in ``person_accounts``."""


class Layout(Row, table="layout", key=("kind", "node_id")):
    """Where a person or a group stands in drawings: worked out once, so that all look alike."""

    kind: NodeKind
    """Person or group."""
    node_id: Id[Person] | Id[Chat]
    """The person or the group."""
    rank: int
    """Rank by relevance, from 1: holders of exhibits first, then by groups; groups by members."""
    line: int
    """Row of a person, or column of a group, in the matrix, from 1."""
    x: float
    """From the left, 0 to 1."""
    y: float
    """From the top, 0 to 1."""
