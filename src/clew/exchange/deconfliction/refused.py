"""Why a file of deconfliction was refused: each reason with what happened and what to do.

A refusal is an error of evidence (exit 3). Nothing of the file was kept, and the custody log has
the attempt with the file's digest.
"""

import contextlib
from collections.abc import Iterator
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import msgspec

from clew.casefile import Case
from clew.casefile.files import sha256_of
from clew.errors import EvidenceError

ACTION = "deconfliction refused"
"""Action of the custody log's entry of an attempt."""


class Refused(EvidenceError):
    """A file that is not what it should be; ``code`` is what the custody log says of it."""

    def __init__(self, code: str, **about: Any) -> None:
        reason = reasons()[code]
        super().__init__(
            reason["what"].format(**about), do=f"Nothing of the file was kept. {reason['do']}"
        )
        self.code = code


@cache
def reasons() -> dict[str, dict[str, str]]:
    """Every code with which a file can be refused."""
    file = resources.files("clew.exchange.deconfliction").joinpath("refusals.toml")
    return msgspec.toml.decode(file.read_bytes(), type=dict[str, dict[str, str]])


@contextlib.contextmanager
def attempt(case: Case, step: str, file: Path) -> Iterator[None]:
    """Let the custody log know of a file that is refused within; it names nobody."""
    try:
        yield
    except Refused as refused:
        digest = sha256_of(file) if file.is_file() else None
        case.custody.append(ACTION, step=step, code=refused.code, file_sha256=digest)
        raise
