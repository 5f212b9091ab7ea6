"""What is shown, for what purpose, and how: one value, made once for each reading."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from clew.errors import UsageError
from clew.views.narrowing import Narrowing

if TYPE_CHECKING:
    from clew.casefile import Case

PURPOSE = "examination of the case"
"""Purpose of a reading in which nobody is unmasked, unless another is given."""


class Disclosure(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One reading of a case: who reads is the custody log's to say.

    Whoever unmasks people has to say for what purpose; places are shown to them too.
    """

    what: str
    """What is read, such as ``show groups``; it names no person."""
    about: tuple[str, ...] = ()
    """Identifiers and texts that were asked for: they are sealed, and the log has a digest."""
    purpose: str = PURPOSE
    """Why; whom it names is masked in the log."""
    legal_basis: str = ""
    masked: bool = True
    """People are shown by pseudonyms, and names withheld."""
    places: bool = False
    """Where pictures were taken and what places were sent is shown."""
    scope: Narrowing = Narrowing()
    """What alone may be read, such as a country, an exhibit or a person; everything by default."""
    names_nobody: bool = False
    """No row is of a person: it may be read where nothing can be logged, and that is reported."""

    def __post_init__(self) -> None:
        if not self.masked and self.purpose in ("", PURPOSE):
            raise UsageError(
                "unmasking needs a purpose and a reason",
                do='Say it, as in: --unmask --reason "request 12/26 of the Madrid prosecutor"',
            )


def disclosure_of(
    what: str, *about: str | None, unmask: bool = False, reason: str | None = None,
    scope: Narrowing = Narrowing(),  # noqa: B008 - a frozen value
) -> Disclosure:  # fmt: skip
    """What a person asks for with ``--unmask`` and ``--reason``."""
    return Disclosure(
        what=what,
        about=tuple(one for one in about if one),
        scope=scope,
        purpose=(reason or "").strip() or PURPOSE,
        masked=not unmask,
        places=unmask,
    )


def purpose_logged(case: Case, purpose: str) -> str:
    """A purpose as it stands in the log, which names nobody whom the case knows."""
    return purpose if purpose == PURPOSE else case.masking().text(purpose)
