"""Why a package was refused, in words and as the code that the custody log has of the attempt.

A refusal is an error of evidence (exit 3): nothing of the package was kept.
"""

from typing import Any

from clew.errors import EvidenceError
from clew.words import code as registered
from clew.words import say

REGISTER = "package_refused"
"""Register of the codes."""


class Refused(EvidenceError):
    """A package that is not what it should be."""

    def __init__(self, code: str, **about: Any) -> None:
        super().__init__(say(REGISTER, code, **about), do=registered(REGISTER, code).do)
        self.code = code
