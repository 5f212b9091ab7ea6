"""The first-share page: who is first known to have brought a content in, how sure, and its path.

The default view is of what is answered: the chance that the earliest known share brought the
content in is 0.9 or more. What is not answered is counted and stands apart.
"""

from collections import defaultdict
from html import escape
from typing import Any

import msgspec

from clew.reading import Reading
from clew.report.shown import Shown, moment
from clew.report.svg import Axis, cut, picture

EACH, CARDS, LEADS, LANES, STEPS = 15, 12, 15, 8, 12
"""Contents of each kind, contents with a drawing, leads, groups of a drawing, steps of a path."""
_LEFT, _RIGHT, _TOP, _LANE = 190, 700, 26, 20
_MOST_TOLD = 0.99


class Step(msgspec.Struct, frozen=True):
    """A conversation that a content reached."""

    chat_id: str
    subject: str | None
    person_id: str
    at: Any
    event_id: str
    shares: int
    persons: int
    carried: bool
    """This person had shared it in another conversation before."""


class Spread(msgspec.Struct, frozen=True):
    """What the page shows."""

    contents: list[dict[str, Any]]
    counts: dict[str, int]
    paths: dict[str, list[Step]]
    shares: dict[str, list[dict[str, Any]]]
    model: list[dict[str, Any]]
    leads: list[dict[str, Any]]
    subjects: dict[str, str]

    @property
    def answered(self) -> list[dict[str, Any]]:
        """Contents of which the devices tell who brought them in."""
        return [c for c in self.contents if c["answered"]]

    @property
    def open(self) -> list[dict[str, Any]]:
        """Contents of which they do not."""
        return [c for c in self.contents if not c["answered"]]


def spread(reading: Reading) -> Spread:
    """Contents that matter, each with its earliest known appearance and its path."""
    contents = reading.printed("report/contents", each=EACH)
    shares = _shares(reading, [c["cluster_id"] for c in contents])
    groups = reading.printed("groups")
    subjects = {row["chat_id"]: row["subject"] for row in groups if row["subject"] is not None}
    return Spread(
        contents=contents,
        counts=reading.printed("report/content-counts")[0],
        paths={cluster: _path(rows, subjects) for cluster, rows in shares.items()},
        shares=shares,
        model=reading.printed("introduction-model"),
        leads=reading.printed("new-material", limit=LEADS),
        subjects=subjects,
    )


def _shares(reading: Reading, clusters: list[str]) -> dict[str, list[dict[str, Any]]]:
    """Shares of each content in the order of time, as the finding itself counts them."""
    found: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    if clusters:
        for row in reading.printed("report/content-shares", clusters=clusters):
            found[row["cluster_id"]].append(row)
    return dict(found)


def _path(shares: list[dict[str, Any]], subjects: dict[str, str]) -> list[Step]:
    """Conversations in the order in which the content reached them."""
    in_chat: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    where: defaultdict[str, set[str]] = defaultdict(set)
    steps = []
    carried: dict[str, bool] = {}
    for share in shares:
        chat, person = share["chat_id"], share["person_id"]
        if chat not in in_chat:
            carried[chat] = bool(where[person] - {chat})
        where[person].add(chat)
        in_chat[chat].append(share)
    for chat, there in in_chat.items():
        first = there[0]
        steps.append(
            Step(
                chat_id=chat,
                subject=subjects.get(chat),
                person_id=first["person_id"],
                at=first["moment"],
                event_id=first["event_id"],
                shares=len(there),
                persons=len({s["person_id"] for s in there}),
                carried=carried[chat],
            )
        )
    return steps


def why(content: dict[str, Any], words: Shown) -> str:
    """Why a content is on the page."""
    reasons = ("for_known", "for_new", "for_spread")
    return ", ".join(words.phrase(name) for name in reasons if content[name])


def chance(value: float | None) -> str:
    """A chance in two digits; what is nearly certain by a model is never shown as certain."""
    if value is None:
        return ""
    return f"\u2265\u202f{_MOST_TOLD}" if value >= _MOST_TOLD else f"{value:.2f}"


def draw(content: dict[str, Any], found: Spread, words: Shown) -> str:
    """One content over time and conversations, as SVG."""
    shares = found.shares.get(content["cluster_id"], [])
    lanes = found.paths.get(content["cluster_id"], [])[:LANES]
    if not lanes:
        return ""
    lane_of = {step.chat_id: n for n, step in enumerate(lanes)}
    shown = [s for s in shares if s["chat_id"] in lane_of]
    axis = Axis(shown[0]["moment"], shown[-1]["moment"], _LEFT, _RIGHT)
    bottom = _TOP + _LANE * len(lanes)
    name = f"spread-{content['cluster_id'][:12]}"
    title = words.phrase("spread", shares=len(shown), conversations=len(lanes))
    parts = [*axis.drawn(_TOP, bottom)]
    parts += [_lane(step, n, words) for n, step in enumerate(lanes)]
    for n in range(1, len(lanes)):
        left, right = axis.at(lanes[n - 1].at), axis.at(lanes[n].at)
        ends = f"M{left} {_middle(n - 1)}L{right} {_middle(n)}"
        basis = "proved" if lanes[n].carried else "inferred"
        parts.append(f'<path class="line follows {basis}" d="{ends}"/>')
    parts += [_dot(s, lane_of[s["chat_id"]], axis, content, words) for s in shown]
    return picture("spread", (name, title), (_RIGHT + 30, bottom + 8), parts)


def _middle(lane: int) -> float:
    return _TOP + _LANE * lane + _LANE / 2


def _lane(step: Step, n: int, words: Shown) -> str:
    y = _middle(n)
    name = cut(words.text(step.subject or step.chat_id), 26)
    return (
        f'<text class="label" x="{_LEFT - 10}" y="{y + 4}" text-anchor="end">{name}</text>'
        f'<path class="rule" d="M{_LEFT} {y}H{_RIGHT}"/>'
    )


def _dot(
    share: dict[str, Any], lane: int, axis: Axis, content: dict[str, Any], words: Shown
) -> str:
    first = share["event_id"] == content["event_id"]
    kind = ("origin" if content["answered"] else "origin unsure") if first else "share"
    told = f"{moment(share['moment'])}, {words.person(share['person_id'])}"
    told += f", {words.phrase('forwarded')}" if share["forwarded"] else ""
    return (
        f'<circle class="dot {kind}" cx="{axis.at(share["moment"])}" cy="{_middle(lane)}" '
        f'r="{5.5 if first else 3}"><title>{escape(told)}</title></circle>'
    )
