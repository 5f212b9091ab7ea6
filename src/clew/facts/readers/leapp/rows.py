"""Rows of an artifact become messages, calls, contacts and accounts, as the tool states them.

Times are UTC, as the tools write them. Who somebody is stands as an id, a number or a name only; a
name means nothing outside its file. WhatsApp's addresses are read as in its own databases, so that
one account is one account, whichever tool read it.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from clew import records
from clew.facts import whatsapp
from clew.facts.messages import ChatOf, Page, message_batch
from clew.facts.readers.leapp.mapping import RECEIVED, SENT, Plan
from clew.facts.source_columns import Address, Readout, said
from clew.schema import Batch, Id, Row

Rows = Sequence[Sequence[Any]]
_KEY = 16
"""From this length on an id of WhatsApp is one of a message, and no row number."""
_SECONDS_BELOW = 100_000_000_000
_CLOCK = 3
_OF_A_CALL = ["time", "duration", "direction", "party_id", "party", "result", "video", "key"]


class Leapp(Readout):
    """Output of ALEAPP or iLEAPP being read."""

    reader = "leapp"
    platform = "leapp"

    def __init__(self, found: Any) -> None:
        super().__init__(found)
        self.media: dict[str, tuple[str | None, str | None]] = {}
        """Path and type of the files that a database of the tools refers to."""
        self.first: datetime | None = None
        self.last: datetime | None = None
        self._met: set[str] = set()
        self._chats: dict[tuple[str, str], ChatOf] = {}

    def read(
        self, plan: Plan, place: str, at: Sequence[object], rows: Rows
    ) -> Iterator[Row | Batch]:
        """Rows of an artifact, standing at ``place``/``at``."""
        reading = {
            "messages": self._messages, "calls": self._calls,
            "contacts": self._people, "accounts": self._people,
        }[plan.kind]  # fmt: skip
        yield from reading(plan, place, at, rows)

    def _messages(
        self, plan: Plan, place: str, at: Sequence[object], rows: Rows
    ) -> Iterator[Row | Batch]:
        self.tally.emitted(place, records.Message, len(rows))
        mine = [_direction(d) for d in plan.of(rows, "direction")]
        names = zip(plan.of(rows, "sender_id"), plan.of(rows, "sender"), strict=True)
        whom = [self._who(plan.platform, *n) for n in names]
        for number, person in zip(at, whom, strict=True):
            yield from self._account(plan.platform, person, f"{place}/{number}")
        owner = self._owner(plan.platform)
        if True in mine:
            yield from self._holder(plan.platform, f"{place}/{at[mine.index(True)]}")
        senders = [owner if m else (w.account_id if w else None)
                   for m, w in zip(mine, whom, strict=True)]  # fmt: skip
        chats = [self._chat(plan.platform, *c) for c in
                 zip(plan.of(rows, "chat_id"), plan.of(rows, "chat"), strict=True)]  # fmt: skip
        for number, chat, title in zip(at, chats, plan.of(rows, "chat"), strict=True):
            yield from self._conversation(plan.platform, chat, title, f"{place}/{number}")
        files = plan.of(rows, "attachment")
        sent = [milliseconds(t) for t in plan.of(rows, "time")]
        empty: list[None] = [None] * len(rows)
        page = Page(
            table=place,
            row=[str(n) for n in at],
            chat=chats,
            from_me=[None if m is None else int(m) for m in mine],
            key=[_key(plan.platform, k, c) for k, c in
                 zip(plan.of(rows, "key"), chats, strict=True)],
            sender=senders,
            kind=[(records.MessageKind.MEDIA if file else records.MessageKind.TEXT).value
                  for file in files],
            type_raw=empty,
            text=plan.of(rows, "text"),
            sent=sent,
            received=[milliseconds(t) for t in plan.of(rows, "received")],
            server=empty,
            edited=[milliseconds(t) for t in plan.of(rows, "edited")],
            deleted=empty,
            deleted_by=list(empty),
            forwarded=[None if n is None else True for n in plan.of(rows, "forwards")],
            forward_count=plan.of(rows, "forwards"),
            reply_key=list(empty),
            reply_text=empty,
            mentions=list(empty),
            starred=plan.of(rows, "starred"),
            status=empty,
            precision=records.TimePrecision.SECOND,
        )  # fmt: skip
        self._span(page)
        yield message_batch(self, page)
        yield from self._shares(plan, page, files, rows)

    def _shares(self, plan: Plan, page: Page, files: list[Any], rows: Rows) -> Iterator[Row]:
        types, captions = plan.of(rows, "media_type"), plan.of(rows, "caption")
        for place, file in enumerate(files):
            if not file:
                continue
            path, media_type = self.media.get(str(file), (said(file), None))
            where = f"{page.table}/{page.row[place]}"
            yield records.Share(
                **self.at(where),
                event_id=Id(self.found.event(where)),
                message_key=page.key[place],
                chat_id=page.chat[place].chat_id,
                sender_account_id=page.sender[place],
                sent_at=self.time(f"{page.table}.time", page.sent[place], page.row[place]),
                media_type=media_type or said(types[place]),
                name=(path or "").replace("\\", "/").rpartition("/")[2] or None,
                path_stated=path,
                state=records.ShareState.ABSENT,
                caption=said(captions[place]),
            )

    def _calls(self, plan: Plan, place: str, at: Sequence[object], rows: Rows) -> Iterator[Row]:
        self.tally.emitted(place, records.Call, len(rows))
        held = {role: plan.of(rows, role) for role in _OF_A_CALL}
        for n, number in enumerate(at):
            where = f"{place}/{number}"
            person = self._who(plan.platform, held["party_id"][n], held["party"][n])
            yield from self._account(plan.platform, person, where)
            mine = _direction(held["direction"][n])
            owner = self._owner(plan.platform)
            if mine:
                yield from self._holder(plan.platform, where)
            other = person.account_id if person else None
            raw = said(held["result"][n])
            call: Id[records.Call] = Id(self.found.event(where))
            yield records.Call(
                **self.at(where),
                call_id=call,
                call_key=said(held["key"][n]),
                caller=owner if mine else (other if mine is False else None),
                from_owner=mine,
                started_at=self.time(f"{place}.time", milliseconds(held["time"][n]), number),
                duration_s=seconds(held["duration"][n]),
                video=_direction(held["video"][n]),
                result=_result(raw),
                result_raw=raw,
            )
            if other:
                yield records.CallParty(
                    **self.at(where), call_id=call, account_id=other,
                    result=_result(raw), result_raw=raw,
                )  # fmt: skip

    def _people(self, plan: Plan, place: str, at: Sequence[object], rows: Rows) -> Iterator[Row]:
        became = records.Contact if plan.kind == "contacts" else records.Account
        self.tally.emitted(place, became, len(rows))
        held = {role: plan.of(rows, role) for role in ("id", "name", "username", "phone", "about")}
        for n, number in enumerate(at):
            where = f"{place}/{number}"
            name, phone = said(held["name"][n]), said(held["phone"][n])
            person = self._who(plan.platform, held["id"][n] or phone, name)
            yield from self._account(plan.platform, person, where, said(held["about"][n]))
            if person:
                for shown, kind in (
                    (
                        name,
                        records.NameKind.ADDRESS_BOOK
                        if became is records.Contact
                        else records.NameKind.PROFILE,
                    ),
                    (said(held["username"][n]), records.NameKind.PROFILE),
                ):
                    if shown and shown != person.identifier:
                        yield records.AccountName(
                            **self.at(where), account_id=person.account_id, name=shown,
                            name_kind=kind,
                        )  # fmt: skip
            if became is records.Contact:
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
        return Address(account, records.IdType.LABEL, label, None)

    def _account(
        self, platform: str, who: Address | None, where: str, about: str | None = None
    ) -> Iterator[Row]:
        if who is None or who.account_id in self._met:
            return
        self._met.add(who.account_id)
        yield self.account_row(where, who, platform=platform, about=about)

    def _owner(self, platform: str) -> Id[records.Account]:
        """Account of the holder of the device, which the tools do not name."""
        return Id(f"{platform}:owner:{self.found.item_id}")

    def _holder(self, platform: str, where: str) -> Iterator[Row]:
        account = self._owner(platform)
        if account not in self._met:
            self._met.add(account)
            yield records.Account(
                **self.at(where), account_id=account, platform=platform,
                id_type=records.IdType.OWNER, identifier=self.found.item_id, is_owner=True,
            )  # fmt: skip

    def _chat(self, platform: str, identifier: object, title: object) -> ChatOf:
        """Conversation by its id, or else by the title that this file shows."""
        shown = (said(identifier) or said(title) or "").strip()
        key = (platform, shown)
        if key not in self._chats:
            self._chats[key] = self._as_chat(platform, shown)
        return self._chats[key]

    def _as_chat(self, platform: str, shown: str) -> ChatOf:
        if platform == "whatsapp" and "@" in shown and "," not in shown:
            return whatsapp.chat_of(shown)
        name = shown or "unknown"
        chat: Id[records.Chat] = Id(f"{platform}:leapp:{self.found.source_id}:{name}")
        return ChatOf(chat, records.ChatType.UNKNOWN, ("", ""))

    def _conversation(
        self, platform: str, chat: ChatOf, title: object, where: str
    ) -> Iterator[Row]:
        if chat.chat_id in self._met:
            return
        self._met.add(chat.chat_id)
        yield records.Chat(
            **self.at(where),
            chat_id=chat.chat_id,
            platform=platform,
            chat_type=chat.kind,
            subject=said(title) if chat.kind != records.ChatType.ONE_TO_ONE else None,
        )

    def _span(self, page: Page) -> None:
        times = [t for t in page.sent if isinstance(t, int) and t > 0]
        for edge in (min(times), max(times)) if times else ():
            at = self.time(f"{page.table}.time", edge, page.row[0])
            if at is not None:
                self.first = min(self.first or at, at)
                self.last = max(self.last or at, at)


def milliseconds(stated: object) -> object:
    """A time as the tools state it: seconds since 1970, or ISO 8601 in UTC; else as it is."""
    if isinstance(stated, str):
        text = stated.strip()
        if not text:
            return None
        if text.lstrip("-").isdigit() and len(text) < 19:  # digits of 64 bits
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
    if not all(part.replace(".", "", 1).isdigit() for part in parts) or len(parts) > _CLOCK:
        return None
    total: float = sum(float(part) * 60.0**n for n, part in enumerate(reversed(parts)))
    return round(total)


def _known(platform: str, shown: str) -> Address | None:
    """An account by an id that means the same outside this file."""
    digits = shown.removeprefix("+").replace(" ", "").replace("-", "")
    if platform == "whatsapp":
        jid = shown if "@" in shown else (f"{digits}@s.whatsapp.net" if digits.isdigit() else "")
        found = whatsapp.address(jid)
        return found if found and found.id_type != records.IdType.SERVICE else None
    if platform == "sms" and (number := whatsapp.e164(digits)):
        return Address(Id(f"sms:pn:{digits}"), records.IdType.PHONE, digits, number)
    if platform in ("signal", "viber") and shown.startswith("+") and whatsapp.e164(digits):
        name: Id[records.Account] = Id(f"{platform}:pn:{digits}")
        return Address(name, records.IdType.PHONE, digits, f"+{digits}")
    if digits.isdigit() and platform not in ("sms", "signal", "viber"):
        return Address(Id(f"{platform}:user:{digits}"), records.IdType.USER_ID, digits, None)
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


class NotCovered(msgspec.Struct):
    """Artifacts that the mapping does not know, with their rows."""

    rows: dict[str, int] = {}

    def report(self, leapp: Leapp) -> None:
        """Count them, and say which they are."""
        for name, count in self.rows.items():
            leapp.tally.not_read(name, "not_covered", count)
        if self.rows:
            listed = [f"{name} {rows}" for name, rows in sorted(self.rows.items())[:20]]
            leapp.report("artifacts", "not_covered", n=len(self.rows), rows=listed)
