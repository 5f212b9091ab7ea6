"""Why a package was refused: each reason with what happened, what it means and what to do.

A refusal is an error of evidence (exit 3): nothing of the package was kept.
"""

import tomllib
from importlib import resources
from typing import Any

from clew.errors import EvidenceError

_REASONS: dict[str, dict[str, str]] = tomllib.loads(
    resources.files(__package__).joinpath("refusals.toml").read_text("utf-8")
)
_ALWAYS = "Nothing of the package was kept."


class Refused(EvidenceError):
    """A package that is not what it should be; ``code`` is what the custody log says of it."""

    def __init__(self, code: str, **about: Any) -> None:
        reason = _REASONS[code]
        super().__init__(reason["what"].format(**about), do=f"{_ALWAYS} {reason['do']}")
        self.code = code


def reasons() -> tuple[str, ...]:
    """Every code with which a package can be refused."""
    return tuple(_REASONS)
