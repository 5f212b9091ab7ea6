"""``wa.db``: the address book as WhatsApp keeps it, and what groups say of themselves."""

from __future__ import annotations

from collections.abc import Iterator

from clew.facts import whatsapp
from clew.facts.readers.whatsapp_android.database import Database, said
from clew.records.facts import Account, AccountName, Chat, Contact, NameKind
from clew.schema import Row

_NAMES = (
    ("display_name", NameKind.ADDRESS_BOOK),
    ("nickname", NameKind.ADDRESS_BOOK),
    ("wa_name", NameKind.PUSH),
    ("verified_name", NameKind.PROFILE),
)


def read_contacts(base: Database) -> Iterator[Row]:
    """Accounts, names and contacts of ``wa_contacts``."""
    fields = (
        "jid number status display_name given_name family_name wa_name nickname company "
        "raw_contact_id"
    )
    select = f"SELECT _id, {base.columns('wa_contacts', fields)} FROM wa_contacts"
    seen: set[str] = set()
    for row in base.rows("wa_contacts", select, "_id"):
        texts = [said(value) for value in row[1:]]
        values = dict(zip(fields.split(), texts, strict=True))
        found = base.address(values["jid"])
        where = f"wa_contacts/{row[0]}"
        if found is None:
            base.tally.skipped("wa_contacts", "address_of_list")
            continue
        base.tally.emitted("wa_contacts", Contact)
        if found.account_id not in seen:
            seen.add(found.account_id)
            yield _account(base, where, found, values)
        for column, kind in _NAMES:
            if name := values.get(column):
                yield AccountName(
                    **base.fact, locator=where, account_id=found.account_id, name=name,
                    name_kind=kind,
                )  # fmt: skip
        yield Contact(
            **base.fact,
            locator=where,
            account_id=found.account_id,
            entry=_entry(values["raw_contact_id"]),
            display_name=values["display_name"],
            given_name=values["given_name"],
            family_name=values["family_name"],
            nickname=values["nickname"],
            company=values["company"],
            phones=(values["number"],) if values["number"] else (),
        )
    yield from _verified(base)


def read_groups(base: Database) -> Iterator[Row]:
    """Descriptions and creators of groups."""
    told: dict[str, dict[str, str]] = {}
    for table, column in (
        ("wa_group_descriptions", "description"),
        ("wa_group_admin_settings", "creator_jid"),
    ):
        if base.has(table, "jid", column):
            for row, jid, value in base.rows(
                table,
                f"SELECT rowid, jid, {column} FROM {table}",
                "rowid",
            ):
                if isinstance(jid, str) and value:
                    base.tally.emitted(table, Chat)
                    told.setdefault(jid, {"where": f"{table}/{row}"})[column] = str(value)
                else:
                    base.tally.skipped(table, f"empty:{column}")
    for jid, values in sorted(told.items()):
        yield Chat(
            **base.fact,
            locator=values["where"],
            chat_id=whatsapp.chat_id(jid),
            platform="whatsapp",
            chat_type=whatsapp.chat_type(jid),
            description=values.get("description"),
            creator=base.account(values.get("creator_jid")),
        )


def _entry(stored: str | None) -> str | None:
    """The phone's own id of the entry, which counts from 1; -1 is a contact of WhatsApp alone."""
    return stored if stored and stored.isdigit() and stored != "0" else None


def _account(
    base: Database, where: str, found: whatsapp.Address, values: dict[str, str | None]
) -> Account:
    return Account(
        **base.fact,
        locator=where,
        account_id=found.account_id,
        platform="whatsapp",
        id_type=found.id_type,
        identifier=found.identifier,
        e164=found.e164,
        about=values["status"],
        company=values["company"],
    )


def _verified(base: Database) -> Iterator[Row]:
    """Names of businesses that WhatsApp verified."""
    if not base.has("wa_vnames", "_id", "jid", "verified_name"):
        return
    select = "SELECT _id, jid, verified_name FROM wa_vnames"
    for row, jid, name in base.rows("wa_vnames", select, "_id"):
        account = base.account(jid)
        if not account or not name:
            base.tally.skipped("wa_vnames", "no_account_or_name")
            continue
        base.tally.emitted("wa_vnames", AccountName)
        yield AccountName(
            **base.fact, locator=f"wa_vnames/{row}", account_id=account, name=said(name) or "",
            name_kind=NameKind.PROFILE,
        )  # fmt: skip
