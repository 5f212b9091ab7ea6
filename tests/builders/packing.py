"""Packages made of a copy of the operation, for tests of several modules."""

from __future__ import annotations

import gzip
import re
from datetime import date

import msgspec
import pyarrow.parquet as pq

from clew.exchange.packing.naming import Receiver
from clew.exchange.packing.request import Request

SENDER = Receiver("Z1", "Sending unit")
ASKED = Request(sender=SENDER, receivers=(Receiver("PT", "Unit", "PT"),), legal_basis="order 1/26",
                keep_until=date(2028, 1, 1))  # fmt: skip


def to(country: str, **more) -> Request:
    receivers = (Receiver(country, country, country),)
    return msgspec.structs.replace(ASKED, **{"receivers": receivers, **more})


def held(folder) -> str:
    """Every value of every table, and every other member, as one text."""
    found: list[str] = []
    for file in sorted(p for p in folder.rglob("*") if p.is_file()):
        if file.suffix != ".parquet":
            data = file.read_bytes()
            found.append((gzip.decompress(data) if file.suffix == ".gz" else data).decode())
            continue
        table = pq.read_table(file)
        for name in (n for n in table.column_names if n != "time_zone"):  # of cities
            column = table[name]
            values = column.unique() if str(column.type) == "string" else column
            found += map(str, values.to_pylist())
    return "\0".join(found).casefold()


def others(case, named: set[str]) -> set[str]:
    """Identifiers, numbers and names of everybody whose account is not named."""
    rows = case.rows("""
      SELECT account_id, identifier AS name FROM accounts WHERE id_type NOT IN ('service', 'owner')
      UNION SELECT account_id, ltrim(e164, '+') FROM accounts WHERE e164 IS NOT NULL
      UNION SELECT account_id, account_id FROM person_accounts
      UNION SELECT account_id, name FROM account_names
      UNION SELECT sender_account_id, sender_account_id FROM messages
      UNION SELECT coalesce(account_id, ''), unnest([display_name, nickname]) FROM contacts""")
    rows = [r for r in rows if r["account_id"] is not None and r["name"]]
    own = "\0".join(r["name"] for r in rows if r["account_id"] in named).casefold()
    found = {r["name"].casefold() for r in rows if r["account_id"] not in named}
    return {name for name in found if len(name) >= 4 and name not in own}


def found_in(text: str, wanted: set[str]) -> set[str]:
    """What stands there: a number anywhere, a name as whole words."""
    found = {one for one in wanted if one in text}
    return {
        one for one in found
        if any(c.isdigit() for c in one) or re.search(rf"\b{re.escape(one)}\b", text)
    }  # fmt: skip


def accounts(made) -> set[str]:
    return {account.account_id for account in made.content.referral.facts.accounts}
