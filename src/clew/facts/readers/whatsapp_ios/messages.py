"""Messages of ``ZWAMESSAGE``, and what hangs on each: files, reactions, cards, invitations."""

from collections.abc import Iterator

import msgspec

from clew import records
from clew.facts import cards, text, whatsapp
from clew.facts.database import Values, said
from clew.facts.messages import ChatOf, Page, media_of, message_batch, sha256_hex, share_batch
from clew.facts.readers.whatsapp_ios import content
from clew.facts.readers.whatsapp_ios.blobs import Blobs, Receipts
from clew.facts.readers.whatsapp_ios.chats import Chats, Notice, event_rows, is_notice
from clew.facts.readers.whatsapp_ios.database import CARRIES_FILE, Database, name_of
from clew.schema import Batch, Id, Row

MESSAGES, FILES, DETAILS = "ZWAMESSAGE", "ZWAMEDIAITEM", "ZWAMESSAGEINFO"
NOTICE, DELETED, INVITATION, CARD = 10, 14, 27, 4
_FORWARDED = 1 << 7
"""Bit of ZFLAGS that marks a forwarded message, as IPED reads it."""
_CARD_SEPARATOR = "_$!<VCard-Separator>!$_"
_FIELDS = (
    "ZCHATSESSION ZISFROMME ZSTANZAID ZGROUPMEMBER ZFROMJID ZMESSAGETYPE ZGROUPEVENTTYPE ZTEXT "
    "ZFLAGS ZSTARRED ZMESSAGESTATUS ZMESSAGEDATE ZSENTDATE ZPARENTMESSAGE"
)
_MEDIA = (
    "Z_PK ZVCARDNAME ZVCARDSTRING ZFILESIZE ZMEDIALOCALPATH ZTITLE ZMOVIEDURATION ZMEDIAURL "
    "ZMETADATA ZLATITUDE ZLONGITUDE"
)


class Rows(msgspec.Struct):
    """Some thousand rows as columns, with what their blobs say."""

    page: Page
    event: Values
    media: dict[str, Values]
    receipts: list[Receipts | None]
    carries: list[int]
    """Places of the messages that carry a file."""


class Messages:
    """Reads the messages of one database."""

    def __init__(self, base: Database, chats: Chats) -> None:
        self._base = base
        self._chats = chats
        self._blobs = Blobs(base)
        self._previews = content.Previews(base)
        self._senders: dict[tuple[object, ...], Id[records.Account] | None] = {}
        self._parents = base.has(MESSAGES, "ZPARENTMESSAGE", "ZSTANZAID")
        self._detailed = base.has(MESSAGES, "ZMESSAGEINFO") and base.has(DETAILS, "Z_PK")
        self._tie, self._tied = _tie(base)

    def read(self) -> Iterator[Row | Batch]:
        """Every message, with all that hangs on it."""
        base = self._base
        for columns in base.pages(MESSAGES, self._select(), "m.Z_PK"):
            rows = self._rows(columns)
            base.tally.emitted(MESSAGES, records.Message, len(rows.page.row))
            yield message_batch(base, rows.page)
            yield from self._files(rows)
            yield from self._reactions(rows)
            yield from self._cards(rows)
            yield from self._invitations(rows)
            yield from self._previews.invitations(rows.page)
            yield from content.places(base, rows.page, rows.media)
            yield from self._polls(rows)
            yield from self._deleters(rows)
            yield from self._events(rows)
        yield from self._other_files()
        self._blobs.report_unexplained()
        self._account_for_details()

    def _select(self) -> str:
        """The one SELECT over messages, with the file and the receipts that each names."""
        joined = self._base.join(FILES, "f", self._tie) if self._tie else ""
        fields = self._fields(media=bool(self._tie))
        return f"SELECT m.Z_PK, {fields} FROM {MESSAGES} AS m {joined} {self._joins()}"

    def _fields(self, *, media: bool) -> str:
        base = self._base
        return ", ".join(
            (
                base.columns(MESSAGES, _FIELDS, "m"),
                "p.ZSTANZAID" if self._parents else "NULL",
                base.column(DETAILS, "ZRECEIPTINFO", "i") if self._detailed else "NULL",
                base.columns(FILES, _MEDIA, "f") if media else _NO_MEDIA,
            )
        )

    def _joins(self) -> str:
        parents = f"LEFT JOIN {MESSAGES} AS p ON p.Z_PK = m.ZPARENTMESSAGE"
        details = self._base.join(DETAILS, "i", "i.Z_PK = m.ZMESSAGEINFO")
        return f"{parents if self._parents else ''} {details if self._detailed else ''}"

    def _rows(self, columns: list[Values], table: str = MESSAGES) -> Rows:
        (
            row, session, mine, key, member, from_jid, kind, event, body, flags, starred, status,
            sent, made, _, parent, receipt, *held,
        ) = columns  # fmt: skip
        media = dict(zip(_MEDIA.split(), held, strict=True))
        chats = [self._chats.of[s] for s in session]
        places = [f"{table}/{r}" for r in row]
        known = [
            self._blobs.metadata(m, p) for m, p in zip(media["ZMETADATA"], places, strict=True)
        ]
        receipts = [self._blobs.receipts(r, p) for r, p in zip(receipt, places, strict=True)]
        carries = [
            n
            for n, (k, file, h) in enumerate(
                zip(kind, media["Z_PK"], media["ZVCARDNAME"], strict=True)
            )
            if file is not None and _is_file(k, h)
        ]
        senders = [
            self._sender(*asked)
            for asked in zip(kind, session, mine, member, from_jid, strict=True)
        ]
        forwards = [m.forwards for m in known]
        deleters = [_address(held) for held in media["ZVCARDSTRING"]]
        page = Page(
            table=table,
            row=row,
            chat=chats,
            from_me=mine,
            key=whatsapp.message_keys(key, chats),
            sender=senders,
            kind=[_kind(k, e) for k, e in zip(kind, event, strict=True)],
            type_raw=kind,
            text=_texts(body, media["ZTITLE"], receipts, set(carries)),
            sent=self._base.moments([d or m for d, m in zip(sent, made, strict=True)]),
            received=[None] * len(row),
            server=[None] * len(row),
            edited=[None] * len(row),
            deleted=[None] * len(row),
            deleted_by=[
                (self._base.account(d) or s) if k == DELETED else None
                for s, k, d in zip(senders, kind, deleters, strict=True)
            ],
            forwarded=[_forwarded(flag, n) for flag, n in zip(flags, forwards, strict=True)],
            forward_count=forwards,
            reply_key=[
                whatsapp.message_key(m.quoted or p, c.prefixes)
                for m, p, c in zip(known, parent, chats, strict=True)
            ],
            reply_text=[m.quoted_text for m in known],
            mentions=[None] * len(row),
            starred=starred,
            status=status,
        )
        return Rows(page, event, media, receipts, carries)

    def _sender(self, *asked: object) -> Id[records.Account] | None:
        """Who sent it: the holder, the member on record, or the other side of the chat."""
        if asked not in self._senders:
            kind, session, mine, member, from_jid = asked
            chat = self._chats.of[session]
            self._senders[asked] = (
                self._base.owner
                if mine == 1 and not is_notice(kind)
                else self._incoming(chat, kind, member, from_jid)
            )
        return self._senders[asked]

    def _incoming(
        self, chat: ChatOf, kind: object, member: object, from_jid: object
    ) -> Id[records.Account] | None:
        account = self._chats.member.get(member)
        if account or is_notice(kind):
            return account
        return self._base.account(from_jid) or self._chats.other_side(chat)

    def _events(self, rows: Rows) -> Iterator[Row]:
        page = rows.page
        for place, kind in enumerate(page.type_raw):
            if is_notice(kind):
                notice = Notice(
                    row=page.row[place],
                    chat=page.chat[place],
                    kind=kind,
                    code=rows.event[place],
                    text=page.text[place],
                    at=page.sent[place],
                    member=page.sender[place],
                )
                yield from event_rows(self._base, notice)

    def _files(self, rows: Rows) -> Iterator[Row | Batch]:
        base = self._base
        held = sum(place is not None for place in rows.media["Z_PK"])
        base.tally.skipped(FILES, "no_file", held - len(rows.carries))
        if rows.carries:
            base.tally.emitted(FILES, records.Share, len(rows.carries))
            taken: dict[str, Values] = {
                name: [column[p] for p in rows.carries] for name, column in rows.media.items()
            }
            yield share_batch(base, rows.page.some(rows.carries), _as_shared(taken), FILES)

    def _other_files(self) -> Iterator[Row | Batch]:
        """Files that no message names as its own: a further one, or one whose message is gone."""
        base = self._base
        if not base.has(FILES, "Z_PK"):
            return
        message = f"LEFT JOIN {MESSAGES} AS m ON m.Z_PK = f.ZMESSAGE"
        if not base.has(FILES, "ZMESSAGE"):
            message = f"LEFT JOIN {MESSAGES} AS m ON 0"
        fields = self._fields(media=True)
        select = (
            f"SELECT f.Z_PK, {fields} FROM {FILES} AS f {message} {self._joins()} "
            f"WHERE f.Z_PK NOT IN ({self._tied})"
        )
        for columns in base.pages(FILES, select, "f.Z_PK", size=2_000):
            yield from self._files(self._rows(columns, FILES))

    def _reactions(self, rows: Rows) -> Iterator[Row]:
        for place, known in enumerate(rows.receipts):
            for reacted in known.reactions if known else ():
                locator = f"{MESSAGES}/{rows.page.row[place]}"
                who = self._base.account(reacted.jid) if reacted.jid else self._base.owner
                who = who if reacted.givers is None else None
                yield from self._chats.people.met(reacted.jid, locator)
                yield records.Reaction(
                    **self._base.at(locator),
                    event_id=self._base.found.event(locator),
                    account_id=who,
                    reaction=reacted.sign,
                    givers=reacted.givers,
                    at=self._base.time("ZWAMESSAGEINFO.ZRECEIPTINFO", reacted.at, locator),
                )

    def _deleters(self, rows: Rows) -> Iterator[Row]:
        """Who deleted a message for everyone, where that stands in place of a file's type."""
        for place, kind in enumerate(rows.page.type_raw):
            if kind == DELETED:
                jid = _address(rows.media["ZVCARDSTRING"][place])
                yield from self._chats.people.met(jid, f"{MESSAGES}/{rows.page.row[place]}")

    def _polls(self, rows: Rows) -> Iterator[Row]:
        for place, known in enumerate(rows.receipts):
            if known and known.poll:
                where = f"{MESSAGES}/{rows.page.row[place]}"
                for vote in known.poll.votes:
                    yield from self._chats.people.met(vote.jid, where)
                yield from content.options(self._base, where, known.poll)

    def _cards(self, rows: Rows) -> Iterator[Row]:
        for place, kind in enumerate(rows.page.type_raw):
            held = rows.media["ZVCARDSTRING"][place]
            if kind != CARD or not isinstance(held, str):
                continue
            locator = f"{MESSAGES}/{rows.page.row[place]}"
            for number, card in enumerate(held.split(_CARD_SEPARATOR)):
                if card.strip():
                    self._base.tally.emitted(f"{FILES} (cards)", records.Contact)
                    event = self._base.found.event(locator)
                    yield cards.contact(self._base, locator, event, card, number)

    def _invitations(self, rows: Rows) -> Iterator[Row]:
        """Invitations sent as such: their link, wherever in the record of the message it stands."""
        for place, kind in enumerate(rows.page.type_raw):
            if kind == INVITATION:
                yield from self._invitation(rows, place)

    def _invitation(self, rows: Rows, place: int) -> Iterator[Row]:
        page, base = rows.page, self._base
        locator = f"{MESSAGES}/{page.row[place]}"
        held = [rows.media[n][place] for n in ("ZTITLE", "ZVCARDSTRING", "ZMEDIAURL", "ZMETADATA")]
        words = " ".join(said(value) or "" for value in held)
        found = text.invite_links(words)
        if not found and not text.invite_links(said(page.text[place]) or ""):
            base.report(locator, "invite_code")
        for link in found:
            yield records.Invite(
                **base.at(locator),
                code=link.code,
                platform=link.platform,
                url=link.url,
                event_id=base.found.event(locator),
                seen_chat_id=page.chat[place].chat_id,
                seen_account_id=page.sender[place],
                seen_at=base.time("ZWAMESSAGE.ZMESSAGEDATE", page.sent[place], page.row[place]),
                found_in=records.InviteSource.INVITE_MESSAGE,
            )

    def _account_for_details(self) -> None:
        """Receipts and reactions were read with the message that names them."""
        base = self._base
        if not base.count(DETAILS):
            return
        named = "0"
        if base.has(MESSAGES, "ZMESSAGEINFO") and base.has(DETAILS, "Z_PK"):
            named = f"Z_PK IN (SELECT ZMESSAGEINFO FROM {MESSAGES})"
        read = base.count(DETAILS, named)
        base.tally.emitted(DETAILS, records.Message, read)
        base.tally.skipped(DETAILS, "no_message_names_it", base.count(DETAILS) - read)


_NO_MEDIA = ", ".join(["NULL"] * len(_MEDIA.split()))


def _tie(base: Database) -> tuple[str, str]:
    """What ties a file to its message in this database, and the files that are so tied.

    A message names its file, and the file its message. Which of the two is kept differs.
    """
    if not base.has(FILES, "Z_PK"):
        return "", "0"
    if base.has(MESSAGES, "ZMEDIAITEM") and base.count(MESSAGES, "ZMEDIAITEM IS NOT NULL"):
        return (
            "f.Z_PK = m.ZMEDIAITEM",
            f"SELECT ZMEDIAITEM FROM {MESSAGES} WHERE ZMEDIAITEM > 0",
        )
    if base.has(FILES, "ZMESSAGE"):
        there = f"SELECT Z_PK FROM {MESSAGES}"
        first = f"SELECT min(Z_PK) FROM {FILES} WHERE ZMESSAGE IN ({there}) GROUP BY ZMESSAGE"
        return "f.ZMESSAGE = m.Z_PK", first
    return "", "0"


def _kind(code: object, event: object) -> str:
    """Kind of a message; a notice of a call is a call."""
    if code == NOTICE and name_of("notice", event) == records.MessageKind.CALL.value:
        return records.MessageKind.CALL.value
    return name_of("message", code) or records.MessageKind.UNKNOWN.value


def _is_file(kind: object, held_name: object) -> bool:
    """Whether a record of media is of a file: by the kind of message, or since it has a hash."""
    return kind in CARRIES_FILE or sha256_hex(held_name) is not None


def _address(held: object) -> str | None:
    """The address in a column that holds an address, a type or a card."""
    return held if isinstance(held, str) and "@" in held and " " not in held else None


def _forwarded(flags: object, count: int | None) -> bool:
    return bool(count) or (isinstance(flags, int) and bool(flags & _FORWARDED))


def _texts(
    body: Values, titles: Values, receipts: list[Receipts | None], carries: set[int]
) -> list[object]:
    """Text, or what stands for it: the caption of a file, the question of a poll."""
    return [
        said_here
        if said_here is not None
        else (
            titles[n] if n in carries else (known.poll.question if known and known.poll else None)
        )
        for n, (said_here, known) in enumerate(zip(body, receipts, strict=True))
    ]


def _as_shared(media: dict[str, Values]) -> dict[str, Values]:
    """The columns of a file by the names that a share is made of."""
    empty: Values = [None] * len(media["Z_PK"])
    return media_of(
        (
            media["ZVCARDNAME"], empty, empty, media["ZVCARDSTRING"], media["ZFILESIZE"], empty,
            empty, media["ZMEDIALOCALPATH"], media["ZTITLE"], empty, empty,
            media["ZMOVIEDURATION"],
        )
    )  # fmt: skip
