"""Which statements stand: all that no later statement of the same site withdraws."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

import msgspec

from clew.operation.statements import WITHDRAWN
from clew.records import About, Statement


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """Statements about one thing, by when it happened."""

    about: About
    reference: str
    first: tuple[Statement, ...]
    """First-hand, and standing."""
    heard: tuple[Statement, ...]
    """From hearsay, and standing."""
    withdrawals: tuple[Statement, ...]
    """Withdrawals of what the site itself had seen or done."""

    @property
    def counted(self) -> tuple[Statement, ...]:
        """What counts: first-hand, and what was heard only where there is nothing first-hand."""
        return self.first or (() if self.withdrawals else self.heard)


class Standing:
    """Statements of a set, in the order of site and number, and which of them stand."""

    def __init__(self, every: Sequence[Statement]) -> None:
        self._every = every
        self.odd: list[tuple[Statement, str]] = []
        """Withdrawals that name nothing that the site may withdraw, each with what it names."""
        self.withdrawn: set[str] = set()
        """Ids of the statements that do not stand."""
        self._of_withdrawn: dict[str, list[Statement]] = defaultdict(list)
        self._withdraw()

    def groups(self) -> Iterator[Group]:
        """What stands, by what it is about."""
        found: dict[tuple[About, str], list[Statement]] = defaultdict(list)
        for one in self._every:
            found[one.about, one.reference].append(one)
        for about, reference in sorted(found):
            every = sorted(found[about, reference], key=_moment)
            standing = [
                one for one in every
                if one.statement_id not in self.withdrawn and one.says != WITHDRAWN
            ]  # fmt: skip
            withdrawals = (
                one for one in every
                if one.says == WITHDRAWN and one.statement_id not in self.withdrawn
                and any(o.heard_from is None for o in self._of_withdrawn[one.statement_id])
            )  # fmt: skip
            yield Group(
                about=about,
                reference=reference,
                first=tuple(one for one in standing if one.heard_from is None),
                heard=tuple(one for one in standing if one.heard_from is not None),
                withdrawals=tuple(withdrawals),
            )

    def _withdraw(self) -> None:
        """Later statements first, so that a withdrawal that is withdrawn hides nothing."""
        withdrawing = [one for one in self._every if one.withdraws]
        named = {(one.site, name) for one in withdrawing for name in one.withdraws}
        known: dict[tuple[str, str], list[Statement]] = defaultdict(list)
        for one in self._every:
            for name in (str(one.seq), one.statement_id):
                if (one.site, name) in named:
                    known[one.site, name].append(one)
        for one in sorted(withdrawing, key=lambda s: (s.seq, s.statement_id), reverse=True):
            if one.statement_id in self.withdrawn:
                continue
            for name in one.withdraws:
                meant = [other for other in known[one.site, name] if other.seq < one.seq]
                self.withdrawn |= {other.statement_id for other in meant}
                self._of_withdrawn[one.statement_id] += meant
                if not meant:
                    self.odd.append((one, name))


def moment(statement: Statement) -> str:
    """When it happened, as text that sorts; of one that does not say, when it was written."""
    return statement.happened_at or f"{statement.judged_at:%Y-%m-%dT%H:%M:%SZ}"


def _moment(statement: Statement) -> tuple[str, str, int, str]:
    return moment(statement), statement.site, statement.seq, statement.statement_id
