"""Worker processes in which evidence is opened and decoded, and what to do when one dies."""

from clew.sandbox.guard import Guard, GuardPool, WorkerLost
from clew.sandbox.limits import Limits

__all__ = ["Guard", "GuardPool", "Limits", "WorkerLost"]
