"""Every error that a user can meet, by what follows from it.

ClewError
    UsageError       exit 2: the call was wrong; nothing was changed
    EvidenceError    exit 3: evidence or case is damaged; nothing was written over it
    MachineError     exit 4: stopped by the machine (disk, memory, permission); run again to go on

Exit 0 is done, and 1 is done with something that needs a look; neither is an error. What goes
wrong with one item, member, row or line is no error either: it is a row that says so.
"""

from __future__ import annotations

import errno
from enum import IntEnum

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


class Ending(IntEnum):
    """How a command ended: the number is its exit code."""

    DONE = 0
    NEEDS_A_LOOK = 1
    """Done, and something that was found needs a look."""
    CALL_WRONG = 2
    DAMAGED = 3
    """Evidence or case is not as it was."""
    STOPPED = 4
    """The machine stopped the work."""
    INTERRUPTED = 130
    """A person stopped the work."""

    @classmethod
    def look(cls, needed: object) -> Ending:
        """Done, and whether something needs a look."""
        return cls.NEEDS_A_LOOK if needed else cls.DONE

    @classmethod
    def damage(cls, found: object) -> Ending:
        """Done, and whether something is not as it was."""
        return cls.DAMAGED if found else cls.DONE


STOPPED = "clew: stopped; run the same command again to go on"
"""What is said to a person who stops a command."""


class ClewError(Exception):
    """What happened and what it means; ``do`` says what to do about it."""

    exit_code = Ending.NEEDS_A_LOOK

    def __init__(self, what: str, *, do: str) -> None:
        super().__init__(what)
        self.do = do


class UsageError(ClewError):
    """The call was wrong; nothing was changed."""

    exit_code = Ending.CALL_WRONG


class EvidenceError(ClewError):
    """Evidence or case is damaged; nothing was written over it."""

    exit_code = Ending.DAMAGED


class MachineError(ClewError):
    """The machine stopped the work; what was complete is kept, and a second run goes on."""

    exit_code = Ending.STOPPED


def nearest(name: str, known: Iterable[str]) -> str:
    """Which known name a mistyped one may mean, as a question; empty where none is near."""
    from difflib import get_close_matches

    return "".join(f"Did you mean {n}? " for n in get_close_matches(name, list(known), 1))


def machine_error(error: OSError | MemoryError, doing: str) -> MachineError:
    """Say which limit of the machine was met while Clew wrote to its own folders."""
    if isinstance(error, MemoryError):
        return MachineError(f"out of memory while {doing}", do="Use fewer --workers; run again.")
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return MachineError(
                f"the disk is full (while {doing})", do="Free some space, then run again."
            )
        case errno.EROFS | errno.EACCES | errno.EPERM:
            return MachineError(
                f"the case folder can't be written (while {doing}: {error.strerror})",
                do="Give yourself write permission there, or choose another folder; run again.",
            )
    return MachineError(
        f"{error.strerror or error} (while {doing})", do="See to the disk, then run again."
    )


def installing(extra: str) -> str:
    """Command that installs here what an extra of Clew brings: no registry has Clew itself."""
    import shlex
    import sys
    from importlib import metadata

    wanted = (line.partition(";") for line in metadata.requires("clew") or ())
    names = [
        name.strip() for name, _, when in wanted if when.strip()[-len(extra) - 1 : -1] == extra
    ]
    return shlex.join([sys.executable, "-m", "pip", "install", *names])
