"""Cases of countries as packages: made-up rows of phones that all call themselves E-01.

Every country keeps its own exhibit E-01, item and row numbers, so that identifiers collide unless
they stand under their origin. Messages of the shared groups have the messenger's own ids; every
export names an ``Ana``, and every phone an account ``garden``: another person in each country.
"""

from __future__ import annotations

import hashlib
import random
from datetime import UTC, datetime, timedelta

from clew.records import (
    Account,
    AccountAlias,
    AccountName,
    Chat,
    ChatType,
    Direction,
    Exhibit,
    ExhibitKind,
    Flag,
    IdType,
    Membership,
    MembershipBasis,
    MemberState,
    Message,
    NameKind,
    Package,
    PackageState,
    Relation,
    Role,
    Share,
    ShareState,
)
from clew.schema import to_arrow

SEALED = datetime(2026, 11, 1, tzinfo=UTC)
ITEM = "0123456789abcdef0123"
"""Item of the one database: the same in every country, since names and paths are the same."""
GROUPS = tuple(f"whatsapp:12036300000000000{n}@g.us" for n in range(3))
PICTURE = "ab" * 32


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def number(n: int) -> str:
    return f"whatsapp:pn:34600000{n:03}"


def rows_of(country: str, seed: int, device: str | None = None) -> list:
    """Rows that one phone of a country has; ``device`` stands for its content."""
    told = random.Random(f"{seed} {device or country}")
    source = sha(f"database of {device or country}")
    at = {"exhibit_id": "E-01", "source_id": source}
    groups = told.sample(GROUPS, 2)
    mine = told.sample(range(8), 4)
    rows: list = [
        Exhibit(exhibit_id="E-01", kind=ExhibitKind.PHONE, country=country[:2], authority="A",
                hash_only=True, content_sha256=sha(f"content of {device or country}")),
        Flag(exhibit_id="E-01", item_id=ITEM, code=f"zip:{country.lower()}"),
        Account(**at, locator="export/1", account_id="whatsapp:label:0a:Ana", platform="whatsapp",
                id_type=IdType.LABEL, identifier="Ana"),
        AccountName(**at, locator="export/1", account_id="whatsapp:label:0a:Ana", name="Ana",
                    name_kind=NameKind.EXPORT_LABEL),
        Account(**at, locator="row/9", account_id="telegram:username:garden", platform="telegram",
                id_type=IdType.USERNAME, identifier="garden"),
        Account(**at, locator="row/0", account_id=number(mine[0]), platform="whatsapp",
                id_type=IdType.PHONE, identifier=number(mine[0])[12:],
                e164="+" + number(mine[0])[12:], is_owner=True),
        AccountAlias(**at, locator="row/1", a=f"whatsapp:lid:99{mine[1]}", b=number(mine[1]),
                     relation=Relation.LID_OF),
    ]  # fmt: skip
    for group in groups:
        rows.append(Chat(**at, locator=f"chat/{group}", chat_id=group, platform="whatsapp",
                         chat_type=ChatType.GROUP, subject="Garden"))  # fmt: skip
        rows += [
            Membership(**at, locator=f"m/{group}/{n}", chat_id=group, account_id=number(n),
                       role=Role.MEMBER, state=MemberState.CURRENT, basis=MembershipBasis.ROSTER)
            for n in mine
        ]  # fmt: skip
    for row in range(6):
        n = told.randrange(12)  # of the twelve messages of all groups: several countries have each
        group = GROUPS[n % 3]
        key = f"{group}/3EB0{sha(str(n))[:18].upper()}"
        event = {"event_id": f"{ITEM}#message/{row}", "chat_id": group, "message_key": key}
        sent = {"sender_account_id": number(n % 8), "sent_at": SEALED - timedelta(days=n + 1)}
        rows.append(Message(**at, **event, **sent, locator=f"message/{row}", kind="text",
                            text=f"number {n}", tz_basis="utc"))  # fmt: skip
        if n % 4 == 0:
            rows.append(Share(**at, **event, **sent, locator=f"message/{row}", sha256=PICTURE,
                              state=ShareState.ABSENT))  # fmt: skip
    return _distinct(rows)


def _distinct(rows: list) -> list:
    """Each message of a phone once."""
    met, found = set(), []
    for row in rows:
        one = (type(row), getattr(row, "message_key", None) or id(row))
        if one not in met:
            met.add(one)
            found.append(row)
    return found


def tables_of(rows: list) -> dict:
    kinds = sorted({type(row) for row in rows}, key=lambda kind: kind.table_name)
    return {kind: to_arrow(kind, [row for row in rows if type(row) is kind]) for kind in kinds}


def package(country: str, number: int = 1, **about: object) -> Package:
    """What is known of a package of a country."""
    name = f"{country.lower()}-{number:06}"
    told = {
        "package_id": name, "direction": Direction.RECEIVED, "origin": f"{country}-0a0b0c0d",
        "partner_id": country, "sealed_at": SEALED + timedelta(hours=number),
        "tagmanifest_sha256": sha(name), "signer": sha(country), "handling": ("H0",), "rows": 0,
        "state": PackageState.SEALED, **about,
    }  # fmt: skip
    return Package(**told)
