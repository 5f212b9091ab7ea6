"""Builders that tests of several modules share, on persons."""

from __future__ import annotations

ACCOUNTS = [f"whatsapp:pn:{n}" for n in range(8)]
