"""Why a package was refused, in words and as the code that the custody log has of the attempt.

A refusal is an error of evidence (exit 3): nothing of what was given was kept.
"""

from typing import Any, ClassVar

from clew.errors import EvidenceError
from clew.words import code as registered
from clew.words import say


class Refused(EvidenceError):
    """A package that is not what it should be, or can't be merged."""

    register: ClassVar[str] = "package_refused"
    """Register of the codes."""

    def __init__(self, code: str, **about: Any) -> None:
        super().__init__(say(self.register, code, **about), do=registered(self.register, code).do)
        self.code = code
