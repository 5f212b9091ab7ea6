"""Builders that tests of several modules share, on invitations."""

from __future__ import annotations

WA = "AbCdEfGhIjKlMnOpQrStUv"
