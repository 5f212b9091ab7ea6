"""Why a package that was opened is refused all the same: by what it holds, or by what came before.

Each reason has a code, which is all that the custody log says of an attempt.
"""

import tomllib
from importlib import resources

from clew.errors import EvidenceError

_REASONS: dict[str, dict[str, str]] = tomllib.loads(
    resources.files(__package__).joinpath("refusals.toml").read_text("utf-8")
)
_KEPT = "Nothing of the package was kept."


class Refusal(EvidenceError):
    """A package that can't be merged; ``code`` is what the custody log says of it."""

    def __init__(self, code: str, what: str, do: str) -> None:
        super().__init__(what, do=do)
        self.code = code


def refused(code: str, **about: object) -> Refusal:
    """The error of a refusal, in words."""
    reason = _REASONS[code]
    return Refusal(code, reason["what"].format_map(about), f"{_KEPT} {reason['do']}")


def codes() -> tuple[str, ...]:
    """Every code with which a package can be refused after it was opened."""
    return tuple(_REASONS)
