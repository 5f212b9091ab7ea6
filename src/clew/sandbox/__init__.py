"""Worker processes in which evidence is opened and decoded, and what to do when one dies."""

from clew.sandbox.guard import Guard, GuardPool, WorkerLost
from clew.sandbox.limits import Limits
from clew.sandbox.lockdown import Level, Standing

__all__ = ["Guard", "GuardPool", "Level", "Limits", "Standing", "WorkerLost"]
