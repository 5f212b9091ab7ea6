"""Numbers that one person gave up and another has since: which dates part the two."""

from clew.casefile import Context
from clew.records import RecycledNumber
from clew.schema import Id

_DAY_US = 86_400_000_000
SILENCE_DAYS = 45
"""Silence after which a number may have a new owner: operators in the United States let a number
rest for 45 days at least (47 CFR 52.15(f)(1)(ii)), and after as long WhatsApp forgets an account
that appears on another phone."""


def recycled_numbers(context: Context) -> list[RecycledNumber]:
    """Every number that the messenger announced as given up and that was seen again much later."""
    rows = context.rows("recycled_numbers", silence_us=SILENCE_DAYS * _DAY_US)
    return [
        RecycledNumber(
            account_id=Id(row["account_id"]),
            next_account_id=Id(row["next_account_id"]),
            given_up_at=row["given_up_at"],
            silent_days=round((row["again_from"] - row["last_before"]).total_seconds() / 86400, 1),
            again_from=row["again_from"],
            later_account_id=Id(f"{row['account_id']}#{row['again_from']:%Y-%m-%d}"),
            exhibit_id=Id(row["said_in"]["exhibit_id"]),
            locator=row["said_in"]["locator"],
            again_exhibit_id=Id(row["seen_in"]["exhibit_id"]),
            again_locator=row["seen_in"]["locator"],
        )
        for row in rows
    ]
