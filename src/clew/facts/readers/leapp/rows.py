"""Rows of an artifact become messages, calls, contacts and accounts, as the tool states them.

Times are UTC, as the tools write them. Who somebody is stands as an id, a number or a name only; a
name means nothing outside its file. WhatsApp's addresses are read as in its own databases, so that
one account is one account, whichever tool read it.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from clew import records
from clew.facts import whatsapp
from clew.facts.messages import ChatOf, Files, Page, message_batch, share_batch
from clew.facts.readers.leapp.mapping import RECEIVED, SENT, Plan
from clew.facts.source_columns import Address, Readout, said
from clew.records import IdType, MessageKind, NameKind
from clew.schema import Batch, Id, Row

Rows = Sequence[Sequence[Any]]
_KEY = 16
"""From this length on an id of WhatsApp is one of a message, and no row number."""
_SECONDS_BELOW = 100_000_000_000
_CLOCK = 3
_WHOLE = re.compile(r"-?[0-9]{1,18}")
"""A whole number of at most 64 bits."""
_BECAME: dict[str, type[Row]] = {
    "calls": records.Call,
    "contacts": records.Contact,
    "accounts": records.Account,
}


class Leapp(Readout):
    """Output of ALEAPP or iLEAPP being read."""

    reader = "leapp"
    platform = "leapp"

    def __init__(self, found: Any) -> None:
        super().__init__(found)
        self.media: dict[str, tuple[str | None, str | None]] = {}
        """Path and type of the files that a database of the tools refers to."""
        self.missing: dict[str, int] = {}
        """Artifacts that the mapping does not know, with their rows."""
        self._conversations: dict[tuple[str, str], ChatOf] = {}
        self._met_chats: set[str] = set()

    def read(
        self, plan: Plan, table: str, at: Sequence[object], rows: Rows
    ) -> Iterator[Row | Batch]:
        """Rows of an artifact, standing at ``table``/``at``."""
        columns = {role: plan.of(rows, role) for role in plan.roles}
        if plan.kind == "messages":
            yield from self._messages(plan.platform, table, [str(n) for n in at], columns)
            return
        reading = self._call if plan.kind == "calls" else self._person
        self.tally.emitted(table, _BECAME[plan.kind], len(rows))
        for position, number in enumerate(at):
            known = {role: column[position] for role, column in columns.items()}
            yield from reading(plan, f"{table}/{number}", known)

    def report_missing(self) -> None:
        """Count the artifacts that the mapping does not know, and say which they are."""
        for name, count in self.missing.items():
            self.tally.not_read(name, "not_covered", count)
        if self.missing:
            listed = [f"{name} {rows}" for name, rows in sorted(self.missing.items())[:20]]
            self.report("artifacts", "not_covered", n=len(self.missing), rows=listed)

    def _messages(
        self, platform: str, table: str, at: list[str], columns: dict[str, list[Any]]
    ) -> Iterator[Row | Batch]:
        self.tally.emitted(table, records.Message, len(at))
        locators = [f"{table}/{number}" for number in at]
        mine = list(map(_direction, columns["direction"]))
        names = zip(columns["sender_id"], columns["sender"], strict=True)
        whom = [self._who(platform, *name) for name in names]
        for where, person in zip(locators, whom, strict=True):
            yield from self.met(where, person, platform=platform)
        owner = self._owner(platform)
        if True in mine:
            yield from self.met(locators[mine.index(True)], owner, platform=platform)
        chats = [
            self._chat(platform, *chat)
            for chat in zip(columns["chat_id"], columns["chat"], strict=True)
        ]
        for where, chat, title in zip(locators, chats, columns["chat"], strict=True):
            yield from self._conversation(platform, chat, title, where)
        senders = [owner if own else person for own, person in zip(mine, whom, strict=True)]
        page = Page(
            table=table,
            row=at,
            chat=chats,
            from_me=[None if own is None else int(own) for own in mine],
            key=[
                _key(platform, key, chat) for key, chat in zip(columns["key"], chats, strict=True)
            ],
            sender=[person.account_id if person else None for person in senders],
            kind=[
                (MessageKind.MEDIA if file else MessageKind.TEXT).value
                for file in columns["attachment"]
            ],
            text=columns["text"],
            sent=list(map(milliseconds, columns["time"])),
            received=list(map(milliseconds, columns["received"])),
            edited=list(map(milliseconds, columns["edited"])),
            forwarded=[None if n is None else True for n in columns["forwards"]],
            forward_count=columns["forwards"],
            starred=columns["starred"],
            precision=records.TimePrecision.SECOND,
        )
        times = [time for time in page.sent if isinstance(time, int) and time > 0]
        for edge in (min(times), max(times)) if times else ():
            self.seen_at(self.time(f"{table}.time", edge, at[0]))
        yield message_batch(self, page)
        yield from self._shares(page, columns)

    def _shares(self, page: Page, columns: dict[str, list[Any]]) -> Iterator[Batch]:
        kept = [n for n, file in enumerate(columns["attachment"]) if file]
        if not kept:
            return
        stated = [
            self.media.get(str(file), (said(file), None))
            for file in columns["attachment"] if file
        ]  # fmt: skip
        types = zip(stated, kept, strict=True)
        files = Files(
            media_type=[media_type or columns["media_type"][n] for (_, media_type), n in types],
            name=[(path or "").replace("\\", "/").rpartition("/")[2] or None for path, _ in stated],
            path=[path for path, _ in stated],
            caption=[columns["caption"][n] for n in kept],
        )
        yield share_batch(self, page.some(kept), files, page.table)

    def _call(self, plan: Plan, where: str, known: dict[str, Any]) -> Iterator[Row]:
        person = self._who(plan.platform, known["party_id"], known["party"])
        mine, owner = _direction(known["direction"]), self._owner(plan.platform)
        yield from self.met(where, person, platform=plan.platform)
        if mine:
            yield from self.met(where, owner, platform=plan.platform)
        caller = owner if mine else person
        table, _, number = where.rpartition("/")
        raw, call = said(known["result"]), Id[records.Call](self.found.event(where))
        yield records.Call(
            **self.at(where),
            call_id=call,
            call_key=said(known["key"]),
            caller=caller.account_id if caller and mine is not None else None,
            from_owner=mine,
            started_at=self.time(f"{table}.time", milliseconds(known["time"]), number),
            duration_s=seconds(known["duration"]),
            video=_direction(known["video"]),
            result=_result(raw),
            result_raw=raw,
        )
        if person:
            yield records.CallParty(
                **self.at(where),
                call_id=call,
                account_id=person.account_id,
                result=_result(raw),
                result_raw=raw,
            )

    def _person(self, plan: Plan, where: str, known: dict[str, Any]) -> Iterator[Row]:
        name, phone, username = (said(known[role]) for role in ("name", "phone", "username"))
        person = self._who(plan.platform, known["id"] or phone, name)
        is_contact, about = plan.kind == "contacts", said(known["about"])
        yield from self.met(where, person, platform=plan.platform, about=about)
        of_name = NameKind.ADDRESS_BOOK if is_contact else NameKind.PROFILE
        for shown, kind in ((name, of_name), (username, NameKind.PROFILE)):
            if person and shown != person.identifier:
                yield from self.named(where, person.account_id, shown, kind)
        if is_contact:
            yield records.Contact(
                **self.at(where),
                account_id=person.account_id if person else None,
                display_name=name,
                phones=(phone,) if phone else (),
            )

    def _who(self, platform: str, identifier: object, name: object) -> Address | None:
        """The account behind an id, a number, or a name as this file shows it."""
        shown = (said(identifier) or "").strip()
        if shown and (found := _known(platform, shown)):
            return found
        label = shown or (said(name) or "").strip()
        if not label or label == "Local User":
            return None
        account: Id[records.Account] = Id(f"{platform}:label:{self.found.source_id}:{label}")
        return Address(account, IdType.LABEL, label, None)

    def _owner(self, platform: str) -> Address:
        """Account of the holder of the device, which the tools do not name."""
        item = self.found.item_id
        return Address(Id(f"{platform}:owner:{item}"), IdType.OWNER, item, None)

    def _chat(self, platform: str, identifier: object, title: object) -> ChatOf:
        """Conversation by its id, or else by the title that this file shows."""
        shown = (said(identifier) or said(title) or "").strip()
        if (platform, shown) not in self._conversations:
            name = f"{platform}:leapp:{self.found.source_id}:{shown or 'unknown'}"
            is_jid = platform == "whatsapp" and "@" in shown and "," not in shown
            self._conversations[platform, shown] = (
                whatsapp.chat_of(shown) if is_jid else ChatOf(Id(name), records.ChatType.UNKNOWN)
            )
        return self._conversations[platform, shown]

    def _conversation(
        self, platform: str, chat: ChatOf, title: object, where: str
    ) -> Iterator[Row]:
        if chat.chat_id not in self._met_chats:
            self._met_chats.add(chat.chat_id)
            yield records.Chat(
                **self.at(where),
                chat_id=chat.chat_id,
                platform=platform,
                chat_type=chat.kind,
                subject=said(title) if chat.kind != records.ChatType.ONE_TO_ONE else None,
            )


def milliseconds(stated: object) -> object:
    """A time as the tools state it: seconds since 1970, or ISO 8601 in UTC; else as it is."""
    if isinstance(stated, str):
        text = stated.strip()
        if not text:
            return None
        if _WHOLE.fullmatch(text):
            return milliseconds(int(text))
        try:
            found = datetime.fromisoformat(text)
        except ValueError:
            return stated
        found = found if found.tzinfo else found.replace(tzinfo=UTC)
        return round(found.timestamp() * 1000)
    if isinstance(stated, int | float) and abs(stated) < _SECONDS_BELOW:
        return round(stated * 1000)
    return stated


def seconds(stated: object) -> int | None:
    """A length of time: seconds, or hours, minutes and seconds."""
    if isinstance(stated, int | float):
        return round(stated) if abs(stated) < _SECONDS_BELOW else None
    parts = (said(stated) or "").split(":")
    if not all(part.replace(".", "", 1).isdecimal() for part in parts) or len(parts) > _CLOCK:
        return None
    total: float = sum(float(part) * 60.0**n for n, part in enumerate(reversed(parts)))
    return round(total)


def _known(platform: str, shown: str) -> Address | None:
    """An account by an id that means the same outside this file."""
    digits = shown.removeprefix("+").replace(" ", "").replace("-", "")
    number = whatsapp.e164(digits)
    if platform == "whatsapp":
        jid = shown if "@" in shown else (f"{digits}@s.whatsapp.net" if digits.isdigit() else "")
        found = whatsapp.address(jid)
        return found if found and found.id_type != IdType.SERVICE else None
    if platform in ("sms", "signal", "viber"):
        if number and (platform == "sms" or shown.startswith("+")):
            return Address(Id(f"{platform}:pn:{digits}"), IdType.PHONE, digits, number)
        return None
    if digits.isdigit():
        return Address(Id(f"{platform}:user:{digits}"), IdType.USER_ID, digits, None)
    return None


def _direction(value: object) -> bool | None:
    """Whether the holder of the device did it; None where the tool does not say."""
    word = (said(value) or "").strip().casefold()
    return True if word in SENT else (False if word in RECEIVED else None)


def _key(platform: str, key: object, chat: ChatOf) -> str | None:
    shown = said(key)
    if platform != "whatsapp" or not shown or len(shown) < _KEY or not chat.prefixes[0]:
        return None
    return whatsapp.message_key(shown, chat.prefixes)


def _result(raw: str | None) -> str:
    word = (raw or "").casefold()
    for result in ("missed", "rejected", "answered", "joined"):
        if result in word:
            return result
    return "answered" if word in ("ended", "accepted", "completed", "connected") else "unknown"
