"""Signal's Android database being read: who the recipients are, and which threads are with whom."""

import tomllib
from collections.abc import Iterator
from importlib import resources
from typing import Any

from clew import records
from clew.facts.database import Database, said
from clew.facts.messages import ChatOf
from clew.facts.readers.signal import ids
from clew.facts.signal import group_of
from clew.schema import Id, Row

NAME = "signal"
_codes: dict[str, dict[str, Any]] = tomllib.loads(
    resources.files(__package__).joinpath("codes.toml").read_text(encoding="utf-8")
)
BASE: dict[int, str] = {int(code): kind for code, kind in _codes["base"].items()}
OUTGOING = frozenset(_codes["outgoing"]["codes"])
EVENTS = {int(bit, 0): action for bit, action in _codes["event"].items()}
CHANGES = {int(field): action for field, action in _codes["change"].items()}
CALLS = {int(code): result for code, result in _codes["call"].items()}
RECEIPTS = {int(code): what for code, what in _codes["receipt"].items()}
MEDIA: dict[str, str] = _codes["media"]
"""Kinds by the first part of a content type."""
BASE_MASK = 0x1F

_WORDS = (
    "aci uuid service_id pni e164 phone username email group_id system_joined_name "
    "system_display_name profile_joined_name signal_profile_name nickname_joined_name about "
    "system_contact_uri"
)
_NAMES = {
    "system_joined_name": records.NameKind.ADDRESS_BOOK,
    "system_display_name": records.NameKind.ADDRESS_BOOK,
    "nickname_joined_name": records.NameKind.ADDRESS_BOOK,
    "profile_joined_name": records.NameKind.PROFILE,
    "signal_profile_name": records.NameKind.PROFILE,
    "username": records.NameKind.PROFILE,
}


class SignalDatabase(Database):
    """A database of Signal on Android, already decrypted."""

    platform = ids.PLATFORM


class Recipients:
    """Recipients by row, and by address as versions before 2020 kept it."""

    def __init__(self, base: SignalDatabase) -> None:
        self.base = base
        self.account: dict[object, Id[records.Account] | None] = {None: None}
        self.group: dict[object, Id[records.Chat]] = {}
        self.keys: dict[object, Id[records.Chat]] = _group_keys(base)
        self._met: set[str] = set()

    def read(self) -> Iterator[Row]:
        """Accounts with their names; the groups among the recipients are kept in mind."""
        base = self.base
        for row, *values in base.each("recipient", _WORDS):
            known = dict(zip(_WORDS.split(), (said(v) or None for v in values), strict=True))
            if known["group_id"]:
                self.group[row] = self.chat_of_group(known["group_id"])
                base.tally.skipped("recipient", "group")
                continue
            yield from self._person(row, known)

    def who(self, recipient: object) -> Id[records.Account] | None:
        """Account of a recipient, by row or address."""
        if recipient not in self.account:
            shown = said(recipient) or ""
            found = None
            if shown.isdigit() and int(shown) in self.account:
                self.account[recipient] = self.account[int(shown)]
                return self.account[recipient]
            found = ids.person(e164=shown) if shown.startswith("+") else ids.person(aci=shown)
            self.account[recipient] = found.account_id if found else None
        return self.account[recipient]

    def met(self, recipient: object, locator: str) -> Iterator[Row]:
        """The account of an address that no recipient stands for."""
        account = self.who(recipient)
        if account and account not in self._met:
            self._met.add(account)
            _, kind, identifier = account.split(":", 2)
            phone = kind == "pn"
            yield records.Account(
                **self.base.at(locator),
                account_id=account,
                platform=ids.PLATFORM,
                id_type=records.IdType.PHONE if phone else records.IdType.ACI,
                identifier=identifier,
                e164=f"+{identifier}" if phone else None,
            )

    def chat_of_group(self, group_id: object) -> Id[records.Chat]:
        """Conversation of a group, by its key where that is known."""
        return self.keys.get(group_id) or Id(f"signal:group:{said(group_id)}")

    def _person(self, row: object, known: dict[str, str | None]) -> Iterator[Row]:
        base, where = self.base, f"recipient/{row}"
        found = ids.person(
            known["aci"] or known["uuid"] or _aci(known["service_id"]),
            known["e164"] or known["phone"],
            known["pni"],
            known["username"],
        )
        if found is None:
            base.tally.skipped("recipient", "no_account")
            self.account[row] = None
            return
        base.tally.emitted("recipient", records.Account)
        self.account[row] = found.account_id
        if found.account_id in self._met:
            return
        self._met.add(found.account_id)
        yield base.account_row(where, found, about=known["about"])
        for column, kind in _NAMES.items():
            yield from base.named(where, found.account_id, known[column], kind)
        in_book = known["system_joined_name"] or known["system_display_name"]
        if in_book:
            yield records.Contact(
                **base.at(where),
                account_id=found.account_id,
                entry=known["system_contact_uri"],
                display_name=in_book,
                phones=(found.e164,) if found.e164 else (),
                emails=(known["email"],) if known["email"] else (),
            )


class Threads(dict[object, ChatOf]):
    """Conversations by thread; a message whose thread is gone is kept under a name."""

    def __init__(self, recipients: Recipients) -> None:
        super().__init__()
        self._recipients = recipients

    def __missing__(self, row: object) -> ChatOf:
        item = self._recipients.base.found.item_id
        self[row] = ChatOf(
            Id(f"signal:unknown-chat:{item}:{row}"), records.ChatType.UNKNOWN, ("", "")
        )
        return self[row]

    def read(self) -> Iterator[Row]:
        """Conversations of ``thread``; of groups, what ``groups`` says comes apart."""
        base = self._recipients.base
        fields = "recipient_id recipient_ids thread_recipient_id archived"
        for row, new, old, between, archived in base.each("thread", fields):
            recipient = next((r for r in (new, between, old) if r is not None), None)
            chat = self[row] = self._chat(recipient)
            base.tally.emitted("thread", records.Chat)
            yield from self._recipients.met(recipient, f"thread/{row}")
            if chat.kind != records.ChatType.GROUP:
                yield records.Chat(
                    **base.at(f"thread/{row}"),
                    chat_id=chat.chat_id,
                    platform=ids.PLATFORM,
                    chat_type=chat.kind,
                    archived=archived == 1,
                )

    def _chat(self, recipient: object) -> ChatOf:
        known = self._recipients
        group = known.group.get(recipient)
        if group is None and "_group__!" in str(recipient):
            group = known.chat_of_group(recipient)
        if group:
            return ChatOf(group, records.ChatType.GROUP, ("", ""))
        account = known.who(recipient)
        kind = records.ChatType.ONE_TO_ONE if account else records.ChatType.UNKNOWN
        item = known.base.found.item_id
        name = account or f"signal:recipient:{item}:{said(recipient)}"
        return ChatOf(Id(name.replace("signal:", "signal:dm:", 1)), kind, ("", ""))


def find_owner(base: SignalDatabase) -> None:
    """The holder's account: the sender of what was sent from here, since senders are kept."""
    if not base.has("message", "_id", "type", "from_recipient_id"):
        return
    sent = ", ".join(map(str, sorted(OUTGOING)))
    select = (
        "SELECT from_recipient_id, count(*) FROM message WHERE "
        f"(type & {BASE_MASK}) IN ({sent}) GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 1"
    )
    words = base.columns("recipient", "aci uuid service_id e164 phone")
    for row, _ in base.fetch("message", select):
        key = row if isinstance(row, int) else -1
        for aci, old, service, e164, phone in base.fetch(
            "recipient", f"SELECT {words} FROM recipient WHERE _id = {key}"
        ):
            found = ids.person(aci or old or _aci(service), e164 or phone)
            if found:
                base.owner = found.account_id


def _group_keys(base: SignalDatabase) -> dict[object, Id[records.Chat]]:
    """Groups by their id, where their master key is kept."""
    if not base.has("groups", "group_id", "master_key"):
        return {}
    rows = base.fetch("groups", "SELECT group_id, master_key FROM groups")
    return {g: group_of(key) for g, value in rows if (key := ids.master_key(value))}


def _aci(service: object) -> object:
    """An account's identifier from a column that may hold either kind of identifier."""
    return None if isinstance(service, str) and service.startswith("PNI:") else service
