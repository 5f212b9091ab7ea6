"""``wa.db``: the address book as WhatsApp keeps it, and what groups say of themselves."""

from collections.abc import Iterator

from clew.facts import whatsapp
from clew.facts.readers.whatsapp_android.database import Database, said
from clew.records import AccountName, Chat, Contact, NameKind
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
    seen: set[str] = set()
    for row, *held in base.each("wa_contacts", fields):
        values = dict(zip(fields.split(), map(said, held), strict=True))
        found = base.address(values["jid"])
        where = f"wa_contacts/{row}"
        if found is None:
            base.tally.skipped("wa_contacts", "address_of_list")
            continue
        base.tally.emitted("wa_contacts", Contact)
        if found.account_id not in seen:
            seen.add(found.account_id)
            about, company = values["status"], values["company"]
            yield base.account_row(where, found, about=about, company=company)
        for column, kind in _NAMES:
            yield from base.named(where, found.account_id, values.get(column), kind)
        yield Contact(
            **base.at(where),
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
    stated: dict[str, dict[str, str]] = {}
    for table, column in (
        ("wa_group_descriptions", "description"),
        ("wa_group_admin_settings", "creator_jid"),
    ):
        needs = f"jid {column}"
        for row, jid, value in base.each(table, needs, needs=needs, key="rowid"):
            if isinstance(jid, str) and value:
                base.tally.emitted(table, Chat)
                stated.setdefault(jid, {"where": f"{table}/{row}"})[column] = str(value)
            else:
                base.tally.skipped(table, f"empty:{column}")
    for jid, values in sorted(stated.items()):
        yield Chat(
            **base.at(values["where"]),
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
    for row, jid, name in base.each("wa_vnames", needs, needs=needs):
        account = base.account(jid)
        if not account or not name:
            base.tally.skipped("wa_vnames", "no_account_or_name")
            continue
        base.tally.emitted("wa_vnames", AccountName)
        yield from base.named(f"wa_vnames/{row}", account, name, NameKind.PROFILE)
