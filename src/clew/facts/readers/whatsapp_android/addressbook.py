"""``wa.db``: the address book as WhatsApp keeps it, and what groups say of themselves."""

from collections.abc import Iterator
from typing import Any

from clew.facts import whatsapp
from clew.facts.readers.whatsapp_android.database import Database
from clew.records import AccountName, Chat, Contact, NameKind
from clew.schema import Row

_NAMES = {
    "display_name": NameKind.ADDRESS_BOOK,
    "nickname": NameKind.ADDRESS_BOOK,
    "wa_name": NameKind.PUSH,
}
_WORDS = ("display_name", "given_name", "family_name", "nickname", "company")


def read_contacts(base: Database) -> Iterator[Row]:
    """Accounts, names and contacts of ``wa_contacts``."""
    fields = f"jid number status wa_name raw_contact_id {' '.join(_WORDS)}"
    for row in base.each("wa_contacts", fields):
        found = base.address(row.text("jid"))
        if found is None:
            row.skipped("address_of_list")
            continue
        words: dict[str, Any] = {name: row.text(name) for name in _WORDS}
        yield from base.met(row.locator, found, about=row.text("status"), company=words["company"])
        for column, kind in _NAMES.items():
            yield from base.named(row.locator, found.account_id, row[column], kind)
        number = row.text("number")
        yield Contact(
            **row.became(Contact),
            **words,
            account_id=found.account_id,
            entry=_entry(row.text("raw_contact_id")),
            phones=(number,) if number else (),
        )
    yield from _verified(base)


def read_groups(base: Database) -> Iterator[Row]:
    """Descriptions and creators of groups."""
    stated: dict[str, dict[str, str]] = {}
    for table, column in (
        ("wa_group_descriptions", "description"),
        ("wa_group_admin_settings", "creator_jid"),
    ):
        needs = f"jid {column}"
        for row in base.each(table, needs, needs=needs, key="rowid"):
            if isinstance(row["jid"], str) and row[column]:
                row.became(Chat)
                stated.setdefault(row["jid"], {"locator": row.locator})[column] = str(row[column])
            else:
                row.skipped(f"empty:{column}")
    for jid, values in sorted(stated.items()):
        yield Chat(
            **base.at(values["locator"]),
            chat_id=whatsapp.chat_id(jid),
            platform="whatsapp",
            chat_type=whatsapp.chat_type(jid),
            description=values.get("description"),
            creator=base.account(values.get("creator_jid")),
        )


def _entry(stored: str | None) -> str | None:
    """The phone's own id of the entry, which counts from 1; -1 is a contact of WhatsApp alone."""
    return stored if stored and stored.isdigit() and stored != "0" else None


def _verified(base: Database) -> Iterator[Row]:
    """Names of businesses that WhatsApp verified."""
    needs = "jid verified_name"
    for row in base.each("wa_vnames", needs, needs=needs):
        account = base.account(row["jid"])
        if not account or not row["verified_name"]:
            row.skipped("no_account_or_name")
            continue
        row.became(AccountName)
        yield from base.named(row.locator, account, row["verified_name"], NameKind.PROFILE)
