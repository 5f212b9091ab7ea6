"""Signal's own plaintext export, ``main.jsonl``: one frame of a backup a line (see ``export``)."""

import binascii
from collections.abc import Callable, Iterator
from typing import Any

from clew import records
from clew.facts.messages import ChatOf, Page, media_of, message_batch, share_batch
from clew.facts.readers.signal import ids
from clew.facts.readers.signal.export import PAGE, Export
from clew.facts.readers.signal.parts import kind_of, media_type_of, parts_of
from clew.facts.signal import group_of
from clew.schema import Batch, Id, Row, batch


class Frames:
    """Reads the frames of one export in order; what they name stands before them."""

    def __init__(self, export: Export) -> None:
        self._export = export
        self._who: dict[str, Id[records.Account] | None] = {}
        self._chat_with: dict[str, ChatOf] = {}
        self._chats: dict[str, ChatOf] = {}
        self._page: list[tuple[int, dict[str, Any]]] = []

    def read(self) -> Iterator[Row | Batch]:
        """Every frame; kinds of frame that are not read are counted."""
        readers: dict[str, Callable[[str, dict[str, Any]], Iterator[Row]]] = {
            "account": self._account,
            "recipient": self._recipient,
            "chat": self._chat,
        }
        for number, frame in self._export.objects():
            kind = next((k for k, v in frame.items() if isinstance(v, dict)), None)
            if kind == "chatItem":
                yield from self._item(number, frame["chatItem"])
            elif kind in readers:
                yield from readers[kind](f"line/{number}", frame[kind])
            if kind != "chatItem":
                self._export.tally.skipped(f"line ({kind or 'header'})", "frame")
        yield from self._flush()

    def _account(self, where: str, account: dict[str, Any]) -> Iterator[Row]:
        name = " ".join(str(account[k]) for k in ("givenName", "familyName") if account.get(k))
        yield from self._export.named(where, self._export.owner, name, records.NameKind.PROFILE)

    def _recipient(self, where: str, recipient: dict[str, Any]) -> Iterator[Row]:
        key = str(recipient.get("id"))
        if "self" in recipient:
            self._who[key] = self._export.owner
            self._chat_with[key] = _two(self._export.owner)
            yield from self._owner(where)
        elif isinstance(recipient.get("contact"), dict):
            yield from self._contact(key, where, recipient["contact"])
        elif isinstance(recipient.get("group"), dict):
            yield from self._group(key, where, recipient["group"])
        else:
            kind = next((k for k, v in recipient.items() if isinstance(v, dict)), "unknown")
            name: Id[records.Chat] = Id(f"signal:{kind}:{self._export.found.item_id}:{key}")
            broadcast = kind == "distributionList"
            known = records.ChatType.BROADCAST if broadcast else records.ChatType.UNKNOWN
            self._chat_with[key] = ChatOf(name, known, ("", ""))

    def _owner(self, where: str) -> Iterator[Row]:
        yield self._export.owner_row(where)

    def _contact(self, key: str, where: str, contact: dict[str, Any]) -> Iterator[Row]:
        found = ids.person(*(contact.get(k) for k in ("aci", "e164", "pni", "username")))
        if found is None:
            self._export.report(where, "no_account")
            return
        self._who[key] = found.account_id
        self._chat_with[key] = _two(found.account_id)
        yield self._export.account_row(where, found)
        for prefix, kind in (
            ("system", records.NameKind.ADDRESS_BOOK),
            ("profile", records.NameKind.PROFILE),
        ):
            words = (contact.get(f"{prefix}GivenName"), contact.get(f"{prefix}FamilyName"))
            name = " ".join(str(w) for w in words if w)
            yield from self._export.named(where, found.account_id, name, kind)

    def _group(self, key: str, where: str, group: dict[str, Any]) -> Iterator[Row]:
        master, snapshot = ids.master_key(group.get("masterKey")), _of(group, "snapshot")
        chat = (
            group_of(master)
            if master
            else Id[records.Chat](f"signal:group:{self._export.found.item_id}:{key}")
        )
        self._chat_with[key] = ChatOf(chat, records.ChatType.GROUP, ("", ""))
        title = _of(snapshot, "title").get("title")
        described = _of(snapshot, "description").get("descriptionText")
        members = parts_of(snapshot, "members")
        yield records.Chat(
            **self._export.at(where),
            chat_id=chat,
            platform=ids.PLATFORM,
            chat_type=records.ChatType.GROUP,
            subject=str(title) if title else None,
            description=str(described) if described else None,
            members_stated=len(members) or None,
        )
        states = (
            ("members", records.MemberState.CURRENT),
            ("membersPendingProfileKey", records.MemberState.PENDING),
            ("membersPendingAdminApproval", records.MemberState.PENDING),
            ("membersBanned", records.MemberState.REMOVED),
        )
        for name, state in states:
            for member in parts_of(snapshot, name):
                yield from self._member(chat, where, member, state)

    def _member(
        self, chat: Id[records.Chat], where: str, member: dict[str, Any], state: records.MemberState
    ) -> Iterator[Row]:
        inner = _of(member, "member") or member
        found = ids.person(inner.get("userId"))
        if found is None:
            self._export.report(where, "member")
            return
        role = inner.get("role")
        yield records.Membership(
            **self._export.at(where),
            chat_id=chat,
            account_id=found.account_id,
            role=records.Role.ADMIN if role == "ADMINISTRATOR" else records.Role.MEMBER,
            role_raw=str(role) if role else None,
            state=state,
            basis=records.MembershipBasis.ROSTER,
        )

    def _chat(self, where: str, chat: dict[str, Any]) -> Iterator[Row]:
        found = self._chat_with.get(str(chat.get("recipientId")))
        if found is None:
            self._export.report(where, "no_recipient")
            return
        self._chats[str(chat.get("id"))] = found
        if found.kind != records.ChatType.GROUP:
            yield records.Chat(
                **self._export.at(where),
                chat_id=found.chat_id,
                platform=ids.PLATFORM,
                chat_type=found.kind,
                archived=bool(chat.get("archived")),
            )

    def _item(self, number: int, item: dict[str, Any]) -> Iterator[Row | Batch]:
        """A message; the texts that it had before it was edited are messages as well."""
        self._page.append((number, item))
        self._export.tally.emitted("line", records.Message)
        if len(self._page) >= PAGE:
            yield from self._flush()

    def _flush(self) -> Iterator[Row | Batch]:
        if not self._page:
            return
        rows: list[str] = []
        items: list[dict[str, Any]] = []
        for number, item in self._page:
            rows.append(str(number))
            items.append(item)
            for place, earlier in enumerate(parts_of(item, "revisions")):
                rows.append(f"{number}/revision/{place}")
                items.append({**earlier, "chatId": item.get("chatId")})
        self._page = []
        page = self._as_page(rows, items)
        yield message_batch(self._export, page)
        yield from self._shares(page, items)
        yield from self._hanging(page, items)

    def _as_page(self, rows: list[str], items: list[dict[str, Any]]) -> Page:
        senders = [self._who.get(str(item.get("authorId"))) for item in items]
        sent = [_number(item.get("dateSent")) for item in items]
        quotes = [_of(_of(item, "standardMessage"), "quote") for item in items]
        keys = [ids.message_key(s, at) for s, at in zip(senders, sent, strict=True)]
        kinds = [kind_of(item) for item in items]
        for at in sent:
            self._export.seen(self._export.time("line.dateSent", at, 0) if at else None)
        empty: list[None] = [None] * len(items)
        return Page(
            table="line",
            row=rows,
            chat=[self._chat_of(item) for item in items],
            from_me=[int("outgoing" in item) for item in items],
            key=keys,
            sender=senders,
            kind=[kind for kind, _, _ in kinds],
            type_raw=[raw for _, raw, _ in kinds],
            text=[said for _, _, said in kinds],
            sent=sent,
            received=[_number(_of(item, "incoming").get("dateReceived")) for item in items],
            server=[_number(_of(item, "incoming").get("dateServerSent")) for item in items],
            edited=[at if item.get("revisions") else None
                    for item, at in zip(items, sent, strict=True)],
            deleted=empty,
            deleted_by=[s if k[0] == "deleted" else None
                        for s, k in zip(senders, kinds, strict=True)],
            forwarded=list(empty),
            forward_count=empty,
            reply_key=[
                ids.message_key(
                    self._who.get(str(quote.get("authorId"))),
                    _number(quote.get("targetSentTimestamp")),
                )
                for quote in quotes
            ],
            reply_text=[_of(quote, "text").get("body") for quote in quotes],
            mentions=[self._mentioned(item) for item in items],
            starred=empty,
            status=empty,
        )  # fmt: skip

    def _chat_of(self, item: dict[str, Any]) -> ChatOf:
        key = str(item.get("chatId"))
        if key not in self._chats:
            name: Id[records.Chat] = Id(f"signal:unknown-chat:{self._export.found.item_id}:{key}")
            self._chats[key] = ChatOf(name, records.ChatType.UNKNOWN, ("", ""))
        return self._chats[key]

    def _mentioned(self, item: dict[str, Any]) -> list[str] | None:
        ranges = parts_of(_of(_of(item, "standardMessage"), "text"), "bodyRanges")
        found = [ids.person(r.get("mentionAci")) for r in ranges]
        return [p.account_id for p in found if p] or None

    def _shares(self, page: Page, items: list[dict[str, Any]]) -> Iterator[Batch]:
        kept: list[int] = []
        ordinals: list[int] = []
        pointers: list[dict[str, Any]] = []
        for place, item in enumerate(items):
            for ordinal, pointer in enumerate(_pointers(item)):
                kept.append(place)
                ordinals.append(ordinal)
                pointers.append(pointer)
        if not kept:
            return
        self._export.tally.emitted("attachment", records.Share, len(kept))
        shared = share_batch(self._export, page.some(kept), _shared(pointers), "attachment")
        named = {n: shared.data.column(n) for n in shared.data.schema.names}
        yield batch(records.Share, len(kept), **{**named, "ordinal": ordinals})

    def _hanging(self, page: Page, items: list[dict[str, Any]]) -> Iterator[Row]:
        """Reactions, and what is known of the message reaching its recipients."""
        for place, item in enumerate(items):
            where = f"line/{page.row[place]}"
            event: Id[records.Message] = Id(self._export.found.event(where))
            fact = {**self._export.at(where), "event_id": event}
            for held in item.values():
                for reaction in parts_of(held, "reactions") if isinstance(held, dict) else ():
                    yield records.Reaction(
                        **fact,
                        account_id=self._who.get(str(reaction.get("authorId"))),
                        reaction=str(reaction["emoji"]) if reaction.get("emoji") else None,
                        at=self._export.time(
                            "line.sentTimestamp", _number(reaction.get("sentTimestamp")), where
                        ),
                    )
            for status in parts_of(_of(item, "outgoing"), "sendStatus"):
                yield from self._receipt(fact, status)

    def _receipt(self, fact: dict[str, Any], status: dict[str, Any]) -> Iterator[Row]:
        account = self._who.get(str(status.get("recipientId")))
        what = next((k for k in ("delivered", "read", "viewed") if k in status), None)
        if account is None or what is None:
            return
        at = self._export.time("line.sendStatus", _number(status.get("timestamp")), fact["locator"])
        yield records.Receipt(
            **fact,
            account_id=account,
            delivered_at=at if what == "delivered" else None,
            read_at=at if what == "read" else None,
            played_at=at if what == "viewed" else None,
        )


def _pointers(item: dict[str, Any]) -> list[dict[str, Any]]:
    """Files of a message: not the small pictures of quotes and of links."""
    standard = _of(item, "standardMessage")
    held = [*parts_of(standard, "attachments"), _of(_of(item, "viewOnceMessage"), "attachment")]
    pointers = [_of(attachment, "pointer") for attachment in held]
    pointers.append(_of(_of(_of(item, "stickerMessage"), "sticker"), "data"))
    return [pointer for pointer in pointers if pointer]


def _shared(pointers: list[dict[str, Any]]) -> dict[str, Any]:
    """The columns of files by the names that a share is made of."""
    located = [_of(pointer, "locatorInfo") for pointer in pointers]
    empty = [None] * len(pointers)

    def column(name: str) -> list[Any]:
        return [pointer.get(name) for pointer in pointers]

    return media_of(
        (
            [_hash(place.get("plaintextHash")) for place in located],
            [_hash(place.get("encryptedDigest")) for place in located],
            empty, [media_type_of(p) for p in pointers],
            [_number(place.get("size")) for place in located], empty, column("fileName"), empty,
            column("caption"), column("width"), column("height"), empty,
        )
    )  # fmt: skip


def _hash(value: object) -> object:
    """A digest as base64; in hexadecimal it is made bytes."""
    try:
        # hexadecimal digits of SHA-256
        return binascii.unhexlify(value) if isinstance(value, str) and len(value) == 64 else value
    except binascii.Error:
        return None


def _two(account: Id[records.Account]) -> ChatOf:
    name: Id[records.Chat] = Id(account.replace("signal:", "signal:dm:", 1))
    return ChatOf(name, records.ChatType.ONE_TO_ONE, ("", ""))


def _of(held: dict[str, Any], name: str) -> dict[str, Any]:
    value = held.get(name)
    return value if isinstance(value, dict) else {}


def _number(value: object) -> int | None:
    """A number of 64 bits, which JSON of Protocol Buffers writes as text."""
    if isinstance(value, str):
        # digits of 64 bits
        return int(value) if value.isascii() and value.isdigit() and len(value) < 20 else None
    return value if isinstance(value, int) and not isinstance(value, bool) else None
