"""Signal's Android database being read: who the recipients are, and which threads are with whom."""

import re
from collections.abc import Iterator
from functools import partial

from clew import records
from clew.facts import signal
from clew.facts.codes import Codes
from clew.facts.database import Database, SourceRow
from clew.facts.messages import ChatOf, Conversations
from clew.facts.source_columns import Address, said
from clew.records import ChatType, NameKind
from clew.schema import Id, Row

NAME = "signal"
CODES = Codes(__package__)
_OUTGOING = CODES.set_of("outgoing")
_BASE_MASK = 0x1F
_ROW = re.compile(r"[0-9]{1,18}")
"""A number of a row, where a database keeps it as text."""
_WORDS = (
    "aci uuid service_id pni e164 phone username email group_id system_joined_name "
    "system_display_name profile_joined_name signal_profile_name nickname_joined_name about "
    "system_contact_uri"
)
_NAMES = {
    "system_joined_name": NameKind.ADDRESS_BOOK,
    "system_display_name": NameKind.ADDRESS_BOOK,
    "nickname_joined_name": NameKind.ADDRESS_BOOK,
    "profile_joined_name": NameKind.PROFILE,
    "signal_profile_name": NameKind.PROFILE,
    "username": NameKind.PROFILE,
}


class SignalDatabase(Database):
    """A database of Signal on Android, already decrypted."""

    platform = signal.PLATFORM


class Recipients:
    """Recipients by row, and by address as versions before 2020 kept it."""

    def __init__(self, base: SignalDatabase) -> None:
        self.base = base
        self.group: dict[object, Id[records.Chat]] = {}
        self._person: dict[object, Address | None] = {None: None}
        self._keys = _group_keys(base)

    def read(self) -> Iterator[Row]:
        """Accounts with their names; the groups among the recipients are kept in mind."""
        for row in self.base.each("recipient", _WORDS):
            if group := row.text("group_id"):
                self.group[row.key] = self.chat_of_group(group)
                row.skipped("group")
            else:
                yield from self._read_person(row)

    def who(self, recipient: object) -> Id[records.Account] | None:
        """Account of a recipient, by row or address."""
        person = self._known(recipient)
        return person.account_id if person else None

    def met(self, recipient: object, locator: str) -> Iterator[Row]:
        """The account of an address that no recipient stands for."""
        yield from self.base.met(locator, self._known(recipient))

    def chat_of_group(self, group_id: object) -> Id[records.Chat]:
        """Conversation of a group, by its key where that is known."""
        return self._keys.get(group_id) or Id(f"signal:group:{said(group_id)}")

    def _known(self, recipient: object) -> Address | None:
        if recipient not in self._person:
            shown = said(recipient) or ""
            if _ROW.fullmatch(shown) and int(shown) in self._person:
                found = self._person[int(shown)]
            else:
                is_number = shown.startswith("+")
                found = signal.person(e164=shown) if is_number else signal.person(aci=shown)
            self._person[recipient] = found
        return self._person[recipient]

    def _read_person(self, row: SourceRow) -> Iterator[Row]:
        known = {name: row.text(name) or None for name in _WORDS.split()}
        found = self._person[row.key] = signal.person(
            known["aci"] or known["uuid"] or _aci(known["service_id"]),
            known["e164"] or known["phone"],
            known["pni"],
            known["username"],
        )
        if found is None:
            row.skipped("no_account")
            return
        row.became(records.Account)
        if found.account_id in self.base.accounts_met:
            return
        yield from self.base.met(row.locator, found, about=known["about"])
        for column, kind in _NAMES.items():
            yield from self.base.named(row.locator, found.account_id, known[column], kind)
        in_book = known["system_joined_name"] or known["system_display_name"]
        if in_book:
            yield records.Contact(
                **row.at,
                account_id=found.account_id,
                entry=known["system_contact_uri"],
                display_name=in_book,
                phones=(found.e164,) if found.e164 else (),
                emails=(known["email"],) if known["email"] else (),
            )


class Threads(Conversations):
    """Conversations by thread."""

    def __init__(self, recipients: Recipients) -> None:
        self._recipients = recipients
        self._item_id = recipients.base.found.item_id
        super().__init__(partial(signal.unknown_chat, self._item_id))

    def read(self) -> Iterator[Row]:
        """Conversations of ``thread``; of groups, what ``groups`` says comes apart."""
        names = ("recipient_id", "thread_recipient_id", "recipient_ids")
        for row in self._recipients.base.each("thread", f"{' '.join(names)} archived"):
            recipient = next((row[n] for n in names if row[n] is not None), None)
            chat = self[row.key] = self._chat(recipient)
            columns = row.became(records.Chat)
            yield from self._recipients.met(recipient, row.locator)
            if chat.kind != ChatType.GROUP:
                yield records.Chat(
                    **columns,
                    chat_id=chat.chat_id,
                    platform=signal.PLATFORM,
                    chat_type=chat.kind,
                    archived=row["archived"] == 1,
                )

    def _chat(self, recipient: object) -> ChatOf:
        known = self._recipients
        group = known.group.get(recipient)
        if group is None and "_group__!" in str(recipient):
            group = known.chat_of_group(recipient)
        if group:
            return ChatOf(group, ChatType.GROUP)
        if account := known.who(recipient):
            return signal.chat_with(account)
        return ChatOf(
            Id(f"signal:dm:recipient:{self._item_id}:{said(recipient)}"), ChatType.UNKNOWN
        )


def base_of(code: object) -> int:
    """The part of a message's type that says what it is; -1 where it is no code."""
    return code & _BASE_MASK if isinstance(code, int) else -1


def is_outgoing(code: object) -> bool:
    """Whether the holder of the device sent it."""
    return base_of(code) in _OUTGOING


def find_owner(base: SignalDatabase) -> None:
    """The holder's account: the sender of what was sent from here, since senders are kept."""
    if not base.has("message", "_id", "type", "from_recipient_id") or not base.has(
        "recipient", "_id"
    ):
        return
    sent = ", ".join(map(str, sorted(_OUTGOING)))
    words = base.columns("recipient", "aci uuid service_id e164 phone", "r")
    select = (
        f"SELECT {words} FROM recipient AS r WHERE r._id = (SELECT from_recipient_id FROM message "
        f"WHERE (type & {_BASE_MASK}) IN ({sent}) GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1)"
    )
    for aci, old, service, e164, phone in base.fetch("recipient", select):
        found = signal.person(aci or old or _aci(service), e164 or phone)
        base.owner = found.account_id if found else base.owner


def _group_keys(base: SignalDatabase) -> dict[object, Id[records.Chat]]:
    """Groups by their id, where their master key is kept."""
    needs = "group_id master_key"
    keys = {
        row["group_id"]: signal.master_key(row["master_key"])
        for row in base.each("groups", needs, needs=needs)
    }
    return {group: signal.group_of(key) for group, key in keys.items() if key}


def _aci(service: object) -> object:
    """An account's identifier from a column that may hold either kind of identifier."""
    return None if isinstance(service, str) and service.startswith("PNI:") else service
