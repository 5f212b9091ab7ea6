"""Why a file of deconfliction was refused, and what the custody log has of the attempt."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from clew.casefile import Case
from clew.casefile.files import sha256_of
from clew.exchange import refused

ACTION = "deconfliction refused"
"""Action of the custody log's entry of an attempt."""


class Refused(refused.Refused):
    """A file that is not what it should be."""

    register = "deconfliction_refused"


@contextlib.contextmanager
def attempt(case: Case, step: str, file: Path) -> Iterator[None]:
    """Let the custody log know of a file that is refused within; it names nobody."""
    try:
        yield
    except Refused as error:
        digest = sha256_of(file) if file.is_file() else None
        case.custody.append(ACTION, step=step, code=error.code, file_sha256=digest)
        raise
