"""What people do in the network, who matters to its shape, and which groups belong together."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from clew.records.chats import Chat
from clew.records.evidence import CountryCode, Exhibit
from clew.records.messages import Message
from clew.records.persons import OfPerson, Person
from clew.records.shares import FileCluster
from clew.schema import Figures, GroupName, Id, Row, Term


class MeasureMethod(StrEnum):
    """How the measures of a graph were found."""

    EXACT = "exact"
    SAMPLED = "sampled"


class PersonMeasure(OfPerson, table="person_measures", key=("person_id",)):
    """How a person stands in the graph of persons and groups: figures, and no role.

    The graph has a node for each person and each group, and an edge where one is or was in the
    other. Central is not important: see ``behaviours`` for what people do.
    """

    degree: int
    """Groups."""
    betweenness: float
    """Part, from 0 to 1, of the shortest ways between two other nodes that lead through the person
    (Freeman; Brandes' algorithm, or KADABRA of Borassi and Natale from a sample)."""
    betweenness_error: float
    """By how much it may be off: 0 where exact; else all nodes keep to it in 9 of 10 cases."""
    harmonic: float
    """Mean of one over the distance to every other node, 0 for those out of reach."""
    harmonic_error: float
    """By how much it may be off: 0 where exact; else so in 9 of 10 cases."""
    pagerank: float
    """PageRank with damping 0.85."""
    core: int
    """Largest k for which the person is in a part where everybody and every group has k ties."""
    method: MeasureMethod
    """Exact, or from a sample."""


class Behaviour(StrEnum):
    """What a person does, as far as the devices show it."""

    ORGANISER = "organiser"
    DISTRIBUTOR = "distributor"
    GROUP_BRIDGE = "group_bridge"
    COUNTRY_BRIDGE = "country_bridge"
    SILENT_MEMBER = "silent_member"


class PersonBehaviour(Row, table="behaviours", key=("behaviour", "person_id")):
    """What a person does in the network, with the figures it rests on: a lead, not a judgement."""

    behaviour: Behaviour
    """What it is."""
    person_id: Id[Person]
    """The person."""
    country: CountryCode | None = None
    """Country of the number."""
    rank: int
    """Rank among all who do it, by score."""
    score: float
    """What they are ordered by, as the page on roles says; it is no probability."""
    groups: int
    """Groups in which it shows."""
    contents: int
    """Contents it rests on; 0 where it rests on none."""
    countries: tuple[Term, ...]
    """For bridges: from which country into which, with the contents, as ``ES>PT 12``."""
    watched: float | None = None
    """For silent members: part, from 0 to 1, of their time in these groups that devices show."""
    figures: tuple[Figures, ...]
    """Each figure with its name, as ``admin_of=7``; those behind the score first."""
    persons: int
    """Persons in groups of whom this was asked."""


class Carried(Row, table="carried", key=("cluster_id", "to_chat")):
    """A content that a person brought into a group after others shared it in another of theirs."""

    cluster_id: Id[FileCluster]
    """The content."""
    person_id: Id[Person]
    """Who brought it."""
    from_chat: Id[Chat]
    """Group of this person in which others had shared it last before."""
    to_chat: Id[Chat]
    """Group that had not shown it before."""
    from_country: CountryCode | None = None
    """Country of at least half of that group's members whose country is known."""
    to_country: CountryCode | None = None
    """The same for the group it was brought into."""
    seen_in: int
    """Groups of this person in which it had been shared."""
    abroad: bool
    """All of these whose country is known are of other countries than the group it came into."""
    seen_event_id: Id[Message]
    """Message by which it stood in the one group."""
    event_id: Id[Message]
    """Message by which it came into the other."""
    seen_at: datetime
    """When the one, in UTC."""
    at: datetime
    """When the other, in UTC."""


class KeySet(StrEnum):
    """Two questions about a set of persons, both of Borgatti (2006)."""

    HOLDS_TOGETHER = "holds_together"
    REACHES = "reaches"


class KeyPlayer(Row, table="key_players", key=("set_kind", "rank")):
    """A person of the set that matters most to the shape of the network: whom to ask about next.

    Borgatti, "Identifying sets of key players in a social network", 2006,
    doi 10.1007/s10588-006-7084-x; persons are one step apart where they are in one group.
    """

    set_kind: KeySet
    """The question."""
    rank: int
    """Rank in the set: the persons before it are taken as given."""
    person_id: Id[Person]
    """The person."""
    exhibits: tuple[Id[Exhibit], ...]
    """Exhibits of which this person is the holder already."""
    gain: float
    """What this person adds to those before."""
    before: float
    """Fragmentation (1 - mean of one over the distance of two persons) or reach (mean of one over
    the distance from the set) with the persons before this rank."""
    after: float
    """The same with this person."""
    others: int
    """Persons outside the set as far as this rank; for the first question, who sent something."""
    parts: int | None = None
    """For the first question: parts that the rest then falls into."""
    largest_part: int | None = None
    """For the first question: persons in the largest of these parts."""
    groups: int | None = None
    """For the second: groups that this person is in."""
    reached: int | None = None
    """For the second: other persons who are in a group with at least one of the set."""
    candidates: int
    """Persons that were tried; the set is the best found among these, not proved the best."""
    starts: int
    """Persons from whom distances were taken; fewer than all means estimated figures."""
    error: float
    """By how much ``after`` may be off then, in 9 of 10 cases; else 0."""


class Community(Row, table="communities", key=("period", "community_id")):
    """Groups that belong together, since more of their members are the same than by chance."""

    period: Term
    """A quarter of a year such as ``2024-Q3``, or ``all``."""
    community_id: Id[Community]
    """The period and a number, the one with the most persons first."""
    groups: tuple[Id[Chat], ...]
    """The groups."""
    titles: tuple[GroupName, ...]
    """Their titles, where known."""
    persons: int
    """Persons who were in at least one of them then."""
    in_several: int
    """Of these, persons in two or more of them."""
    countries: tuple[Term, ...]
    """Countries of the persons' numbers, each with the number of persons, as ``ES 12``."""
    inside: float
    """Part, from 0 to 1, of all that its groups share with any group that they share with each
    other."""
    modularity: float
    """How well the whole period falls into communities: 0 for no better than chance."""


class Change(StrEnum):
    """What becomes of a community from one quarter to the next.

    As in group evolution discovery (Bródka, Saganowski and Kazienko 2013,
    doi 10.1007/s13278-012-0058-8).
    """

    APPEAR = "appear"
    CONTINUE = "continue"
    GROW = "grow"
    SHRINK = "shrink"
    SPLIT = "split"
    MERGE = "merge"
    DISSOLVE = "dissolve"


class CommunityEvent(Row, table="community_events", key=("period", "change", "before", "after")):
    """What became of a community from one quarter to the next."""

    period: Term
    """The later quarter."""
    change: Change
    """What happened."""
    before: Id[Community]
    """Community of the quarter before; empty for one that appears."""
    after: Id[Community]
    """Community of this quarter; empty for one that dissolves."""
    persons_before: int
    """Persons in the one."""
    persons_after: int
    """Persons in the other."""
    persons_kept: int
    """Persons in both."""
    kept_part: float
    """How far the one is in the other, 0 to 1: persons kept over persons, weighted by in how many
    of its groups they are."""
    taken_part: float
    """How far the other is made of the one, likewise."""
    groups_ended: tuple[Id[Chat], ...]
    """Groups of the one that are in no community of this quarter."""
    groups_new: tuple[Id[Chat], ...]
    """Groups of the other that were in no community of the quarter before."""


class PersonRole(OfPerson, table="roles", key=("person_id",)):
    """What a person did over all groups: counts, not a judgement."""

    country: CountryCode | None = None
    """Country of the number."""
    groups: int
    """Groups."""
    admin_of: int
    """Groups in which admin or creator."""
    connected_to: int
    """Other persons in the same groups."""
    messages: int
    """Messages sent, each once."""
    shares: int
    """Files shared, each message once."""
    known_shares: int
    """Of these, files in a known set."""
    first_shares: int
    """Files of which the earliest known share is this person's."""
    exhibits: tuple[Id[Exhibit], ...]
    """Exhibits of which this person is the holder."""
