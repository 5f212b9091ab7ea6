"""The custody log: who did what to the case, each entry bound to all before it."""

from clew.casefile.custody.log import CustodyLog, Entry

__all__ = ["CustodyLog", "Entry"]
