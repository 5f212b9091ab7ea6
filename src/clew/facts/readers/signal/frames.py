"""Signal's own plaintext export, ``main.jsonl``: one frame of a backup a line (see ``export``)."""

import binascii
from collections.abc import Iterator
from functools import partial
from typing import Any

from clew import records
from clew.facts import signal
from clew.facts.json_values import a_dict, a_number, a_text, dicts
from clew.facts.messages import ChatOf, Conversations, Files, Page, message_batch, share_batch
from clew.facts.reader_api import Found
from clew.facts.readers.signal.attached import receipt
from clew.facts.readers.signal.export import Export
from clew.facts.readers.signal.groups import member
from clew.facts.readers.signal.parts import kind_of
from clew.records import ChatType, MemberState, NameKind, Role
from clew.schema import Batch, Id, Row

_PAGE = 5_000
_ROSTERS = {
    "members": MemberState.CURRENT,
    "membersPendingProfileKey": MemberState.PENDING,
    "membersPendingAdminApproval": MemberState.PENDING,
    "membersBanned": MemberState.REMOVED,
}
_RECEIPTS = {"delivered": "delivered", "read": "read", "viewed": "played"}


class Frames(Export):
    """Reads the frames of one export in order; what they name stands before them."""

    def __init__(self, found: Found) -> None:
        super().__init__(found)
        self._who: dict[str, Id[records.Account] | None] = {}
        self._chat_with: dict[str, ChatOf] = {}
        self._chats = Conversations(partial(signal.unknown_chat, found.item_id))
        self._rows: list[str] = []
        self._items: list[dict[str, Any]] = []

    def read(self) -> Iterator[Row | Batch]:
        """Every frame; kinds of frame that are not read are counted."""
        readers = {"account": self._account, "recipient": self._recipient, "chat": self._chat}
        for number, frame in self.objects():
            kind = next((k for k, v in frame.items() if isinstance(v, dict)), None)
            if kind == "chatItem":
                self._item(number, frame[kind])
                if len(self._items) >= _PAGE:
                    yield from self._flush()
                continue
            if kind in readers:
                yield from readers[kind](f"line/{number}", frame[kind])
            self.tally.skipped(f"line ({kind or 'header'})", "frame")
        yield from self._flush()

    def _account(self, where: str, account: dict[str, Any]) -> Iterator[Row]:
        name = _joined(account, "givenName", "familyName")
        yield from self.named(where, self.owner, name, NameKind.PROFILE)

    def _recipient(self, where: str, recipient: dict[str, Any]) -> Iterator[Row]:
        key = str(recipient.get("id"))
        if "self" in recipient:
            self._who[key] = self.owner
            self._chat_with[key] = signal.chat_with(self.owner)
            yield self.owner_row(where)
        elif isinstance(recipient.get("contact"), dict):
            yield from self._contact(key, where, recipient["contact"])
        elif isinstance(recipient.get("group"), dict):
            yield from self._group(key, where, recipient["group"])
        else:
            kind = next((k for k, v in recipient.items() if isinstance(v, dict)), "unknown")
            name: Id[records.Chat] = Id(f"signal:{kind}:{self.found.item_id}:{key}")
            is_list = kind == "distributionList"
            self._chat_with[key] = ChatOf(name, ChatType.BROADCAST if is_list else ChatType.UNKNOWN)

    def _contact(self, key: str, where: str, contact: dict[str, Any]) -> Iterator[Row]:
        found = signal.person(*(contact.get(k) for k in ("aci", "e164", "pni", "username")))
        if found is None:
            self.report(where, "no_account")
            return
        self._who[key] = found.account_id
        self._chat_with[key] = signal.chat_with(found.account_id)
        yield self.account_row(where, found)
        for prefix, kind in (("system", NameKind.ADDRESS_BOOK), ("profile", NameKind.PROFILE)):
            name = _joined(contact, f"{prefix}GivenName", f"{prefix}FamilyName")
            yield from self.named(where, found.account_id, name, kind)

    def _group(self, key: str, where: str, group: dict[str, Any]) -> Iterator[Row]:
        master, snapshot = signal.master_key(group.get("masterKey")), a_dict(group.get("snapshot"))
        unnamed: Id[records.Chat] = Id(f"signal:group:{self.found.item_id}:{key}")
        chat = signal.group_of(master) if master else unnamed
        self._chat_with[key] = ChatOf(chat, ChatType.GROUP)
        title = _within(snapshot, "title").get("title")
        described = _within(snapshot, "description").get("descriptionText")
        yield records.Chat(
            **self.at(where),
            chat_id=chat,
            platform=signal.PLATFORM,
            chat_type=ChatType.GROUP,
            subject=str(title) if title else None,
            description=str(described) if described else None,
            members_stated=len(dicts(snapshot.get("members"))) or None,
        )
        for name, state in _ROSTERS.items():
            for stated in dicts(snapshot.get(name)):
                inner = _within(stated, "member") or stated
                found, role = signal.person(inner.get("userId")), inner.get("role")
                if found is None:
                    self.report(where, "member")
                    continue
                yield member(
                    self,
                    where,
                    chat,
                    found.account_id,
                    role=Role.ADMIN if role == "ADMINISTRATOR" else Role.MEMBER,
                    role_raw=str(role) if role else None,
                    state=state,
                )

    def _chat(self, where: str, chat: dict[str, Any]) -> Iterator[Row]:
        found = self._chat_with.get(str(chat.get("recipientId")))
        if found is None:
            self.report(where, "no_recipient")
            return
        self._chats[str(chat.get("id"))] = found
        if found.kind != ChatType.GROUP:
            yield records.Chat(
                **self.at(where),
                chat_id=found.chat_id,
                platform=signal.PLATFORM,
                chat_type=found.kind,
                archived=bool(chat.get("archived")),
            )

    def _item(self, number: int, item: dict[str, Any]) -> None:
        """A message; the texts that it had before it was edited are messages as well."""
        self.tally.emitted("line", records.Message)
        self._rows.append(str(number))
        self._items.append(item)
        for rank, earlier in enumerate(dicts(item.get("revisions"))):
            self._rows.append(f"{number}/revision/{rank}")
            self._items.append({**earlier, "chatId": item.get("chatId")})

    def _flush(self) -> Iterator[Row | Batch]:
        if not self._items:
            return
        rows, items, self._rows, self._items = self._rows, self._items, [], []
        page = self._page(rows, items)
        yield message_batch(self, page)
        yield from self._shares(page, items)
        yield from self._hanging(page, items)

    def _page(self, rows: list[str], items: list[dict[str, Any]]) -> Page:
        senders = [self._author(item) for item in items]
        sent = [_number(item.get("dateSent")) for item in items]
        quotes = [_within(item, "standardMessage", "quote") for item in items]
        incoming = [_within(item, "incoming") for item in items]
        kinds = [kind_of(item) for item in items]
        for at in sent:
            self.seen_at(self.time("line.dateSent", at, 0) if at else None)
        return Page(
            table="line",
            row=rows,
            chat=[self._chats[str(item.get("chatId"))] for item in items],
            from_me=[int("outgoing" in item) for item in items],
            key=list(map(signal.message_key, senders, sent)),
            sender=senders,
            kind=[kind for kind, _, _ in kinds],
            type_raw=[raw for _, raw, _ in kinds],
            text=[words for _, _, words in kinds],
            sent=sent,
            received=[_number(way.get("dateReceived")) for way in incoming],
            server=[_number(way.get("dateServerSent")) for way in incoming],
            edited=[
                at if item.get("revisions") else None for item, at in zip(items, sent, strict=True)
            ],
            deleted_by=[
                sender if kind == records.MessageKind.DELETED.value else None
                for sender, (kind, _, _) in zip(senders, kinds, strict=True)
            ],
            reply_key=[
                signal.message_key(self._author(q), _number(q.get("targetSentTimestamp")))
                for q in quotes
            ],
            reply_text=[_within(quote, "text").get("body") for quote in quotes],
            mentions=[_mentioned(item) for item in items],
        )

    def _author(self, part: dict[str, Any]) -> Id[records.Account] | None:
        return self._who.get(str(part.get("authorId")))

    def _shares(self, page: Page, items: list[dict[str, Any]]) -> Iterator[Batch]:
        listed = [
            (position, ordinal, pointer)
            for position, item in enumerate(items)
            for ordinal, pointer in enumerate(_pointers(item))
        ]
        if listed:
            positions, ordinals, pointers = map(list, zip(*listed, strict=True))
            self.tally.emitted("attachment", records.Share, len(listed))
            files = _files(pointers, ordinals)
            yield share_batch(self, page.some(positions), files, "attachment")

    def _hanging(self, page: Page, items: list[dict[str, Any]]) -> Iterator[Row]:
        """Reactions, and what is known of the message reaching its recipients."""
        for row, item in zip(page.row, items, strict=True):
            where = f"line/{row}"
            fact = {**self.at(where), "event_id": self.found.event(where)}
            for part in item.values():
                for reaction in dicts(part.get("reactions")) if isinstance(part, dict) else ():
                    at = _number(reaction.get("sentTimestamp"))
                    yield records.Reaction(
                        **fact,
                        account_id=self._author(reaction),
                        reaction=str(reaction["emoji"]) if reaction.get("emoji") else None,
                        at=self.time("line.sentTimestamp", at, where),
                    )
            for status in dicts(_within(item, "outgoing").get("sendStatus")):
                account = self._who.get(str(status.get("recipientId")))
                what = next((step for name, step in _RECEIPTS.items() if name in status), None)
                if account and what:
                    at = _number(status.get("timestamp"))
                    when = self.time("line.sendStatus", at, where)
                    yield receipt(what, when, **fact, account_id=account)


def _mentioned(item: dict[str, Any]) -> list[str] | None:
    ranges = dicts(_within(item, "standardMessage", "text").get("bodyRanges"))
    found = [signal.person(part.get("mentionAci")) for part in ranges]
    return [person.account_id for person in found if person] or None


def _pointers(item: dict[str, Any]) -> list[dict[str, Any]]:
    """Files of a message: not the small pictures of quotes and of links."""
    standard = dicts(_within(item, "standardMessage").get("attachments"))
    attached = [*standard, _within(item, "viewOnceMessage", "attachment")]
    pointers = [_within(attachment, "pointer") for attachment in attached]
    pointers.append(_within(item, "stickerMessage", "sticker", "data"))
    return [pointer for pointer in pointers if pointer]


def _files(pointers: list[dict[str, Any]], ordinals: list[int]) -> Files:
    located = [_within(pointer, "locatorInfo") for pointer in pointers]
    return Files(
        sha256=[_hash(location.get("plaintextHash")) for location in located],
        enc_sha256=[_hash(location.get("encryptedDigest")) for location in located],
        media_type=[a_text(pointer.get("contentType")) for pointer in pointers],
        size=[_number(location.get("size")) for location in located],
        name=[pointer.get("fileName") for pointer in pointers],
        caption=[pointer.get("caption") for pointer in pointers],
        width=[pointer.get("width") for pointer in pointers],
        height=[pointer.get("height") for pointer in pointers],
        ordinal=ordinals,
    )


def _hash(value: object) -> object:
    """A digest as base64; in hexadecimal it is made bytes."""
    try:
        # hexadecimal digits of SHA-256
        return binascii.unhexlify(value) if isinstance(value, str) and len(value) == 64 else value
    except binascii.Error:
        return None


def _joined(names: dict[str, Any], *parts: str) -> str:
    return " ".join(str(names[part]) for part in parts if names.get(part))


def _within(part: dict[str, Any], *path: str) -> dict[str, Any]:
    """The object at a path of names; an empty one where there is none."""
    for name in path:
        part = a_dict(part.get(name))
    return part


def _number(value: object) -> int | None:
    """A number of 64 bits, which JSON of Protocol Buffers writes as text; never a fraction."""
    return None if isinstance(value, float) else a_number(value)
