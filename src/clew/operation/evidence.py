"""From the register to the evidence: which thing was taken in as which exhibit, and read."""

from collections.abc import Collection

import msgspec

from clew.casefile import Case
from clew.errors import UsageError, nearest
from clew.operation.board import Board, board
from clew.operation.keeping import statements
from clew.operation.register import EXHIBIT, Entry, ExhibitState
from clew.operation.statements import Said, particulars
from clew.records import About
from clew.views import view


def board_of(case: Case) -> Board:
    """The board of a case, with what was read of its exhibits."""
    found = board(statements(case))
    if not any(entry.exhibit_ids for entry in found.register):
        return found
    read = {row["exhibit_id"] for row in case.rows(view("exhibits").sql) if row["sources"]}
    entries = tuple(_read(entry, read) for entry in found.register)
    return msgspec.structs.replace(found, register=entries)


def _read(entry: Entry, read: Collection[str]) -> Entry:
    """An entry, with how many of its exhibits had something that was read."""
    many = max(entry.read, len({*entry.exhibit_ids} & {*read}))
    if not many:
        return entry
    state = entry.state
    if state in (ExhibitState.SEIZED, ExhibitState.IN_LAB, ExhibitState.ACQUIRED):
        state = ExhibitState.READ.value
    return msgspec.structs.replace(entry, read=min(many, entry.acquired), state=state)


def entry_of(found: Board, reference: str) -> Entry:
    """An entry of the register; UsageError where there is none, or two things bear its number."""
    meant = [entry for entry in found.register if entry.entry == reference]
    known = [entry.entry for entry in found.register]
    if len(meant) != 1:
        raise UsageError(
            f"the register has {len(meant) or 'no'} things {reference!r}; nothing was taken in",
            do=f"{nearest(reference, known)}See them with: clew board show CASE --by exhibit",
        )
    return meant[0]


def taken_in(entry: Entry, exhibit_id: str) -> Said:
    """What is stated when a thing of the register is taken in as an exhibit."""
    return Said(
        about=About.EXHIBIT, reference=entry.entry, says=ExhibitState.ACQUIRED,
        country=entry.country, particulars=particulars({EXHIBIT: exhibit_id}),
    )  # fmt: skip
