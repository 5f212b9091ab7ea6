"""A witness: a second key, and a file elsewhere that keeps every checkpoint signed with it.

A log alone proves nothing against whoever may rewrite it whole. A witness signs a checkpoint only
where the log goes on from the one that it signed before, and lies on a disk or share that whoever
works on the case can't rewrite. The log says where it is, so that nobody has to think of it.

References:
    - C2SP, tlog-witness.md (github.com/C2SP/C2SP)

"""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import msgspec

from clew.casefile.custody.checkpoint import Note, check, parse, parse_verifier, read
from clew.casefile.custody.log import CustodyLog
from clew.errors import EvidenceError, UsageError

NAMED = "witness named"
"""Action by which the log says who witnesses it; the latest counts."""


class Witness(msgspec.Struct, frozen=True):
    """Who witnesses a log."""

    file: str
    """Where the checkpoints that it signed are kept, the newest first."""
    key_file: str | None
    """Where its key lies; empty of one on a token."""
    verifier: str
    """Its public key, as ``name+id+key``."""
    module: str | None = None
    """Module of the PKCS#11 token that has its key."""
    label: str | None = None
    """Label of the key on the token."""

    @property
    def name(self) -> str:
        """Name under which it signs."""
        return parse_verifier(self.verifier)[0]

    @property
    def can_be_reached(self) -> bool:
        """Whether its file can be written, and its key or the token's module is there."""
        key = Path(self.key_file or self.module or "")
        return key.is_file() and Path(self.file).parent.is_dir()

    def newest(self) -> Note | None:
        """What it signed last, with its signature checked; None where it has signed nothing yet."""
        file = Path(self.file)
        if not file.is_file():
            return None
        note = parse(read(file))
        check(note, self.verifier)
        return note

    def may_sign(self, log: CustodyLog) -> None:
        """Raise EvidenceError where the log does not go on from what the witness signed last."""
        if newest := self.newest():
            if newest.problems:
                raise EvidenceError(
                    f"the file of the witness was changed: {'; '.join(newest.problems)}",
                    do=f"Restore {self.file} from your backup; nothing was signed.",
                )
            log.belongs(newest.checkpoint)


def witness_of(log: CustodyLog) -> Witness | None:
    """Who witnesses a log, if anybody does."""
    entries = [e.content for e in log.entries() if f'"{NAMED}"' in e.body]
    latest = next((one for one in reversed(entries) if one.get("action") == NAMED), None)
    return msgspec.convert(latest, Witness) if latest and latest.get("file") else None


def seen(log: CustodyLog) -> Iterator[Note]:
    """The newest checkpoint of the witness, where it can be reached."""
    try:
        witness = witness_of(log)
        newest = witness.newest() if witness else None
    except (OSError, UsageError, EvidenceError, sqlite3.Error):
        return  # a damaged log is reported by itself
    if newest:
        yield newest
