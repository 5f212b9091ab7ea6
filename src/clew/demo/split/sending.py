"""From a country's case to a sealed package: decided, packed, approved by a second officer, closed.

Every step is the one that the commands take.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pyarrow as pa

from clew.casefile import Case
from clew.casefile.outputs import output
from clew.casefile.step_manifest import WHOLE_CASE
from clew.demo.split.agencies import Agency
from clew.exchange.markings import Grading, Handling, Marking, Scheme, Tlp
from clew.exchange.packing import draft, packages
from clew.exchange.packing.closing import Closing, close, take_back
from clew.exchange.packing.compose import Known
from clew.exchange.packing.naming import Receiver
from clew.exchange.packing.request import Request
from clew.exchange.routing import decisions
from clew.exchange.routing.decisions import Choice
from clew.exchange.sealing import folder_name
from clew.records import RouteChoice

BASIS = "demonstration order 1/26"
_MARKED = Marking(handling=(Handling.H0,), tlp=Tlp.AMBER)
_GRADED = Grading(scheme=Scheme.EUROPOL, source="B", information="2")
_KEEP = timedelta(days=365)


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    """A package that was sealed, and what it has and has not."""

    package: str
    sender: str
    receiver: str
    folder: Path
    size: int
    """Bytes of its members."""
    named: int
    counted: int
    tokens: int
    texts: int
    texts_withheld: int
    total: dict[str, int]
    """Rows of each table in the sender's case."""
    rows: dict[str, int]
    """Rows of each table that go."""
    withheld: dict[str, dict[str, int]]
    """Rows of each table that stay, by why."""
    supersedes: str | None = None
    things: dict[str, frozenset[object]] = {}
    """What a merged case must have of it, by what it is."""

    @property
    def stay(self) -> dict[str, int]:
        """Rows that stay, by why, the most first."""
        found: Counter[str] = Counter()
        for reasons in self.withheld.values():
            found.update(reasons)
        return dict(found.most_common())


def proposed(case: Case, country: str | None = None) -> list[str]:
    """Persons whom the rules propose, to one country or to any."""
    rows = case.rows("SELECT person_id, country FROM routes WHERE state = 'proposed' ORDER BY 1")
    return [str(r["person_id"]) for r in rows if country in (None, r["country"])]


def name(case: Case, own: Agency, persons: list[str], to: Agency) -> None:
    """Name persons to another agency, with a second officer where the rules did not propose it."""
    signed = own.at_work(case)
    choice = Choice(decision=RouteChoice.SEND, goes_to=to.country or to.id, marking=_MARKED,
                    grading=_GRADED)  # fmt: skip
    made = [decisions.decide(case, person, choice, signed) for person in persons]
    if waiting := [one.number for one in made if one.needs_second]:
        decisions.second_all(case, waiting, own.at_work(case, 1))


def withdraw(case: Case, own: Agency, person: str, to: Agency) -> None:
    """Take back that a person is named to another agency."""
    choice = Choice(decision=RouteChoice.WITHDRAW, goes_to=to.country or to.id)
    decisions.decide(case, person, choice, own.at_work(case))


def send(case: Case, own: Agency, to: Agency, carrier: Path, supersedes: str | None = None) -> Sent:
    """Pack what is named to an agency, let the second officer approve it, and seal it."""
    request = Request(
        sender=Receiver(own.id, own.id, own.country),
        receivers=(Receiver(to.id, to.id, to.country),), legal_basis=BASIS,
        keep_until=(datetime.now(UTC) + _KEEP).date(), supersedes=supersedes,
    )  # fmt: skip
    with case.over(WHOLE_CASE):  # nothing received goes on
        signed, into = own.at_work(case), draft.scratch(case)
        try:
            made = draft.make(case, request, Known.of(case), into)
            draft.keep(case, request, made, into, signed.by)
        finally:
            draft.remove(into)
    packages.approve(case, made.package, own.at_work(case, 1))
    how = Closing(signed=own.at_work(case), signer=own.signer)
    out = carrier / folder_name(made.package)
    with output(out, case.folder, folder=True) as hidden:
        close(case, packages.to_seal(case, made.package), how, hidden)
    draft.discard(case, made.package)
    tables = made.coverage.tables
    return Sent(
        package=made.package, sender=own.id, receiver=to.id, folder=out, size=made.size,
        named=len(made.naming.named), counted=made.coverage.counted, tokens=made.coverage.tokens,
        texts=made.coverage.texts, texts_withheld=made.coverage.texts_withheld,
        supersedes=supersedes,
        total={n: t.total for n, t in tables.items()}, rows={n: t.sent for n, t in tables.items()},
        withheld={n: dict(t.withheld) for n, t in tables.items()},
        things=_things({n: rows for n, (_, rows) in made.content.tables.items()}),
    )  # fmt: skip


def recall(case: Case, own: Agency, sent: Sent, carrier: Path) -> Path:
    """Take a package back from its receiver; the folder of what says so."""
    out = carrier / f"recall-of-{folder_name(sent.package)}"
    how = Closing(signed=own.at_work(case), signer=own.signer)
    with output(out, case.folder, folder=True) as hidden:
        take_back(case, packages.to_recall(case, sent.package), how, hidden)
    return out


THINGS = {
    "exhibits": ("exhibits", ("exhibit_id",)),
    "messages": ("messages", ("message_key",)),
    "conversations": ("chats", ("chat_id",)),
    "files": ("shares", ("sha256",)),
    "accounts": ("accounts", ("account_id",)),
}
"""What several rows can have in common, and a merged case has once: the table and its columns."""


def _things(tables: dict[str, pa.Table]) -> dict[str, frozenset[object]]:
    found: dict[str, frozenset[object]] = {}
    for thing, (table, columns) in THINGS.items():
        rows = tables[table].select(list(columns)).drop_null()
        found[thing] = frozenset(tuple(row.values()) for row in rows.to_pylist())
    return found
