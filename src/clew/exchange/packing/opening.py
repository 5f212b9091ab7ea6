"""Opening a token: which account of the case stands behind it."""

from __future__ import annotations

from typing import Any

from clew.casefile import Case
from clew.errors import UsageError
from clew.exchange.packing import tokens
from clew.exchange.packing.packages import packages
from clew.relations import step_queries


def open_token(case: Case, token: str) -> list[dict[str, Any]]:
    """The account behind a token with what names it; UsageError where this case did not make it."""
    partners = [tuple(sent.packed.partners) for sent in packages(case).values()]
    known = case.rows(step_queries()["identifiers_known"])
    accounts = sorted({str(row["account_id"]) for row in known})
    account = tokens.opened(case.key, token, partners, accounts)
    if account is None:
        raise UsageError(
            f"{token!r} is no token of an account in a package that this case sent",
            do="Copy it whole, as in: token:7f3a…; one of another case only its sender can open.",
        )
    found = case.rows(step_queries()["account_of_token"], account=account)
    return found or [{"account_id": account, "person_id": None, "e164": None}]
