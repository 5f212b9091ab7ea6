"""What people of other agencies decided: shown as theirs, and adopted by a judgement of one's own.

An own judgement that counts outranks whatever came: what says the contrary is never adopted over
it. The judgement that adopts names the one of the sender, and is signed like any other.
"""

import re

from clew.casefile import Case
from clew.errors import UsageError
from clew.judgements import decisions
from clew.judgements.decisions import Category, Ruling
from clew.judgements.rulings import Judged
from clew.records import Decision, FileCategory, PersonJudgement, ReceivedJudgement
from clew.schema import from_builtins

_NAMED = re.compile(r"(.+)~([0-9]{1,18})")
_CATEGORY = re.compile(r"(?P<scheme>\S+) (?P<country>\S+)(?: (?P<version>\S+))?: (?P<code>.+)")


def adopt(case: Case, named: str, by: str, reason: str) -> PersonJudgement | FileCategory:
    """Judge as somebody of another agency did; ``named`` is their judgement as ``origin~number``.

    UsageError where there is none, or an own judgement says the contrary.
    """
    theirs = judgement(case, named)
    why = f"adopts {named}: {reason}"
    if theirs.decided_in == PersonJudgement.table_name and theirs.says in _RULINGS:
        decision = _RULINGS[theirs.says]
        _refuse_contrary(case, theirs, together=decision is Decision.ACCEPT)
        ruling = Ruling(decision=decision, accounts=theirs.accounts)
        return decisions.judge(case, ruling, by, why)
    category = _CATEGORY.fullmatch(theirs.says)
    if theirs.decided_in == FileCategory.table_name and theirs.sha256 and category:
        return decisions.categorise(case, theirs.sha256, Category(**category.groupdict()), by, why)
    raise UsageError(
        f"a judgement of {theirs.decided_in} that says {theirs.says!r} can't be adopted",
        do="Judge for yourself, and name theirs in the reason.",
    )


_RULINGS = {"accept": Decision.ACCEPT, "reject": Decision.REJECT}


def judgement(case: Case, named: str) -> ReceivedJudgement:
    """A judgement of another agency by its name here; UsageError where there is none."""
    found = _NAMED.fullmatch(named)
    rows = found and case.rows(
        "SELECT * FROM received_judgements WHERE origin = $origin AND number = $number",
        origin=found[1], number=int(found[2]),
    )  # fmt: skip
    if not rows:
        raise UsageError(
            f"no judgement {named!r} was received",
            do="See them with: clew received CASE judgements",
        )
    if any({**row, "package_id": None} != {**rows[0], "package_id": None} for row in rows):
        raise UsageError(
            f"two packages say different things as the judgement {named}",
            do="Ask the sender which holds, and have the other package superseded.",
        )
    return from_builtins(ReceivedJudgement, rows[0])


def _refuse_contrary(case: Case, theirs: ReceivedJudgement, *, together: bool) -> None:
    """An own judgement on two accounts stands until it is undone, whatever others say."""
    first, *rest = theirs.accounts
    own = Judged(case.ledger.judgements(PersonJudgement))
    for other in rest:
        ruling = own.on(first, other)
        if ruling and ruling.together is not together:
            raise UsageError(
                f"your own judgement {ruling.number} says the contrary, and outranks theirs",
                do=f"To follow them, undo yours first: clew undo CASE {ruling.number}",
            )
