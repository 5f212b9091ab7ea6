"""Messages of ``ZWAMESSAGE``, and what hangs on each: files, reactions, cards, invitations."""

from collections.abc import Iterator

import msgspec

from clew import records
from clew.facts import cards, geolocation, text, whatsapp
from clew.facts.database import PAGE, Join, Selection
from clew.facts.messages import Files, Page, message_batch, sha256_hex, share_batch
from clew.facts.readers.whatsapp_ios import content
from clew.facts.readers.whatsapp_ios.blobs import Blobs, Receipts
from clew.facts.readers.whatsapp_ios.chats import Chats
from clew.facts.readers.whatsapp_ios.database import CARRIES_FILE, Database, name_of
from clew.facts.source_columns import Values, once_each, said
from clew.facts.whatsapp import Notice
from clew.records import ChatType, GroupAction, MessageKind
from clew.schema import Batch, Id, Row

MESSAGES, FILES, DETAILS = "ZWAMESSAGE", "ZWAMEDIAITEM", "ZWAMESSAGEINFO"
_CARD, _SYSTEM, _NOTICE, _DELETED, _INVITATION = 4, 6, 10, 14, 27
_NOTICES = (_SYSTEM, _NOTICE)
_DONE_TO_THEM = {
    GroupAction.ADDED, GroupAction.REMOVED, GroupAction.PROMOTED, GroupAction.DEMOTED,
}  # fmt: skip
_OF_A_GROUP = (ChatType.GROUP, ChatType.COMMUNITY, ChatType.UNKNOWN)
_FORWARDED = 1 << 7
"""Bit of ZFLAGS that marks a forwarded message, as IPED reads it."""
_CARD_SEPARATOR = "_$!<VCard-Separator>!$_"
_FIELDS = (
    "ZCHATSESSION ZISFROMME ZSTANZAID ZGROUPMEMBER ZFROMJID ZMESSAGETYPE ZGROUPEVENTTYPE ZTEXT "
    "ZFLAGS ZSTARRED ZMESSAGESTATUS ZMESSAGEDATE ZSENTDATE"
)
_MEDIA = (
    "Z_PK ZVCARDNAME ZVCARDSTRING ZFILESIZE ZMEDIALOCALPATH ZTITLE ZMOVIEDURATION ZMEDIAURL "
    "ZMETADATA ZLATITUDE ZLONGITUDE"
)
_BESIDE = (
    Join(MESSAGES, "p", "Z_PK = m.ZPARENTMESSAGE", "ZSTANZAID"),
    Join(DETAILS, "i", "Z_PK = m.ZMESSAGEINFO", "ZRECEIPTINFO"),
)


class Rows(msgspec.Struct):
    """Some thousand rows as columns, with what their blobs say."""

    page: Page
    columns: dict[str, Values]
    locators: list[str]
    receipts: list[Receipts | None]
    carries: list[int]
    """Positions of the messages that carry a file."""

    def of_kind(self, *codes: int) -> Iterator[int]:
        """Positions of the messages with one of these type codes."""
        return (n for n, code in enumerate(self.columns["m.ZMESSAGETYPE"]) if code in codes)


class Messages:
    """Reads the messages of one database."""

    def __init__(self, base: Database, chats: Chats) -> None:
        self._base = base
        self._chats = chats
        self._blobs = Blobs(base)
        self._previews = content.previews_of_invitations(base)

    def read(self) -> Iterator[Row | Batch]:
        """Every message, with all that hangs on it."""
        base = self._base
        tie, tied = _tie(base)
        media = Join(FILES if tie else "", "f", tie, _MEDIA)
        wanted = Selection(MESSAGES, _FIELDS, (media, *_BESIDE), "Z_PK", "m")
        for columns in base.columns_of(wanted):
            rows = self._rows(columns, MESSAGES)
            base.tally.emitted(MESSAGES, records.Message, len(rows.page.row))
            yield message_batch(base, rows.page)
            for hanging in (
                self._files, self._reactions, self._cards, self._invitations, self._linked,
                self._places, self._polls, self._deleters, self._events,
            ):  # fmt: skip
                yield from hanging(rows)
        yield from self._other_files(tied)
        self._blobs.report_unexplained()
        self._account_for_details()

    def _rows(self, columns: dict[str, Values], table: str) -> Rows:
        row, kind = columns["key"], columns["m.ZMESSAGETYPE"]
        locators = [f"{table}/{r}" for r in row]
        chats = [self._chats.of[session] for session in columns["m.ZCHATSESSION"]]
        known = list(map(self._blobs.metadata, columns["f.ZMETADATA"], locators))
        receipts = list(map(self._blobs.receipts, columns["i.ZRECEIPTINFO"], locators))
        files = zip(kind, columns["f.Z_PK"], columns["f.ZVCARDNAME"], strict=True)
        carries = [
            n for n, (code, file, name) in enumerate(files)
            if file is not None and (code in CARRIES_FILE or sha256_hex(name) is not None)
        ]  # fmt: skip
        asked = ("MESSAGETYPE", "CHATSESSION", "ISFROMME", "GROUPMEMBER", "FROMJID")
        senders = once_each(
            self._sender, zip(*(columns[f"m.Z{name}"] for name in asked), strict=True)
        )
        dates = zip(columns["m.ZMESSAGEDATE"], columns["m.ZSENTDATE"], strict=True)
        forwards = [m.forwards for m in known]
        page = Page(
            table=table,
            row=row,
            chat=chats,
            from_me=columns["m.ZISFROMME"],
            key=whatsapp.message_keys(columns["m.ZSTANZAID"], chats),
            sender=senders,
            kind=list(map(_kind, kind, columns["m.ZGROUPEVENTTYPE"])),
            type_raw=kind,
            text=_texts(columns["m.ZTEXT"], columns["f.ZTITLE"], receipts, set(carries)),
            sent=self._base.moments([made or sent for made, sent in dates]),
            deleted_by=[
                (self._base.account(_address(by)) or sender) if code == _DELETED else None
                for sender, code, by in zip(senders, kind, columns["f.ZVCARDSTRING"], strict=True)
            ],
            forwarded=[
                bool(n) or (isinstance(flags, int) and bool(flags & _FORWARDED))
                for flags, n in zip(columns["m.ZFLAGS"], forwards, strict=True)
            ],
            forward_count=forwards,
            reply_key=[
                whatsapp.message_key(m.quoted or parent, chat.prefixes)
                for m, parent, chat in zip(known, columns["p.ZSTANZAID"], chats, strict=True)
            ],
            reply_text=[m.quoted_text for m in known],
            starred=columns["m.ZSTARRED"],
            status=columns["m.ZMESSAGESTATUS"],
        )
        return Rows(page, columns, locators, receipts, carries)

    def _sender(self, asked: tuple[object, ...]) -> Id[records.Account] | None:
        """Who sent it: the holder, the member on record, or the other side of the chat."""
        kind, session, mine, member, from_jid = asked
        if mine == 1 and kind not in _NOTICES:
            return self._base.owner
        account = self._chats.member.get(member)
        if account or kind in _NOTICES:
            return account
        return self._base.account(from_jid) or self._base.other_side(self._chats.of[session])

    def _events(self, rows: Rows) -> Iterator[Row]:
        """Events of groups behind system messages, and who joined by them."""
        page, base = rows.page, self._base
        for n in rows.of_kind(*_NOTICES):
            if page.chat[n].kind not in _OF_A_GROUP:
                continue
            kind, code = rows.columns["m.ZMESSAGETYPE"][n], rows.columns["m.ZGROUPEVENTTYPE"][n]
            words, member = page.text[n], page.sender[n]
            action = GroupAction(
                name_of("event" if kind == _SYSTEM else "notice", code) or "unknown"
            )
            done_to = action in _DONE_TO_THEM
            # in a removal the text is the address of who removed the member (IPED)
            actor = base.account(words) if done_to and "@" in str(words) else None
            notice = Notice(
                locator=rows.locators[n],
                chat=page.chat[n],
                at=base.time(f"{MESSAGES}.ZMESSAGEDATE", page.sent[n], page.row[n]),
                action=action,
                action_raw=_raw(kind, code, action),
                actor=actor if done_to else member,
                targets=(member,) if done_to and member else (),
                new=None if actor else said(words),
            )
            yield base.event(notice)
            yield from base.joined(notice)

    def _files(self, rows: Rows) -> Iterator[Batch]:
        base, kept = self._base, rows.carries
        recorded = sum(file is not None for file in rows.columns["f.Z_PK"])
        base.tally.skipped(FILES, "no_file", recorded - len(kept))
        if not kept:
            return
        base.tally.emitted(FILES, records.Share, len(kept))
        media = {n: [rows.columns[f"f.{n}"][p] for p in kept] for n in _MEDIA.split()}
        files = Files(
            sha256=media["ZVCARDNAME"],
            media_type=media["ZVCARDSTRING"],
            size=media["ZFILESIZE"],
            path=media["ZMEDIALOCALPATH"],
            caption=media["ZTITLE"],
            seconds=media["ZMOVIEDURATION"],
        )
        yield share_batch(base, rows.page.some(kept), files, FILES)

    def _other_files(self, tied: str) -> Iterator[Batch]:
        """Files that no message names as its own: a further one, or one whose message is gone."""
        if self._base.has(FILES, "Z_PK"):
            message = Join(MESSAGES, "m", "Z_PK = f.ZMESSAGE", _FIELDS)
            where = f"f.Z_PK NOT IN ({tied})"
            wanted = Selection(FILES, _MEDIA, (message, *_BESIDE), "Z_PK", "f", where)
            for columns in self._base.columns_of(wanted, size=PAGE // 10):
                yield from self._files(self._rows(columns, FILES))

    def _reactions(self, rows: Rows) -> Iterator[Row]:
        base = self._base
        for locator, known in zip(rows.locators, rows.receipts, strict=True):
            for reacted in known.reactions if known else ():
                who = base.account(reacted.jid) if reacted.jid else base.owner
                yield from base.met_by(locator, reacted.jid)
                yield records.Reaction(
                    **base.at(locator),
                    event_id=base.found.event(locator),
                    account_id=who if reacted.givers is None else None,
                    reaction=reacted.sign,
                    givers=reacted.givers,
                    at=base.time("ZWAMESSAGEINFO.ZRECEIPTINFO", reacted.at, locator),
                )

    def _deleters(self, rows: Rows) -> Iterator[Row]:
        """Who deleted a message for everyone, where that stands instead of a file's type."""
        for n in rows.of_kind(_DELETED):
            jid = _address(rows.columns["f.ZVCARDSTRING"][n])
            yield from self._base.met_by(rows.locators[n], jid)

    def _places(self, rows: Rows) -> Iterator[Row]:
        """Locations sent in messages; what can be none is reported."""
        columns = rows.columns
        for n, kind in enumerate(rows.page.kind):
            if kind == MessageKind.LOCATION.value and columns["f.Z_PK"][n] is not None:
                where, name = rows.locators[n], columns["f.ZTITLE"][n]
                degrees = (columns["f.ZLATITUDE"][n], columns["f.ZLONGITUDE"][n])
                yield from geolocation.sent(self._base, where, where, degrees, name)

    def _polls(self, rows: Rows) -> Iterator[Row]:
        for locator, known in zip(rows.locators, rows.receipts, strict=True):
            if known and known.poll:
                yield from self._base.met_by(locator, *(vote.jid for vote in known.poll.votes))
                yield from content.options(self._base, locator, known.poll)

    def _cards(self, rows: Rows) -> Iterator[Row]:
        base = self._base
        for n in rows.of_kind(_CARD):
            stored, locator = rows.columns["f.ZVCARDSTRING"][n], rows.locators[n]
            listed = stored.split(_CARD_SEPARATOR) if isinstance(stored, str) else ()
            for number, card in enumerate(listed):
                if card.strip():
                    base.tally.emitted(f"{FILES} (cards)", records.Contact)
                    yield cards.contact(base, locator, base.found.event(locator), card, number)

    def _invitations(self, rows: Rows) -> Iterator[Row]:
        """Invitations sent as such: their link, wherever in the record of the message it stands."""
        names = ("ZTITLE", "ZVCARDSTRING", "ZMEDIAURL", "ZMETADATA")
        for n in rows.of_kind(_INVITATION):
            words = " ".join(said(rows.columns[f"f.{name}"][n]) or "" for name in names)
            found = text.invite_links(words)
            if not found and not text.invite_links(said(rows.page.text[n]) or ""):
                self._base.report(rows.locators[n], "invite_code")
            for link in found:
                yield content.invitation(self._base, rows.page, n, link)

    def _linked(self, rows: Rows) -> Iterator[Row]:
        """Invitations whose link has a preview, with the name of the group as that states it."""
        for n, row in enumerate(rows.page.row):
            for preview, link in self._previews.get(row, ()):
                yield content.invitation(self._base, rows.page, n, link, preview)

    def _account_for_details(self) -> None:
        """Receipts and reactions were read with the message that names them."""
        base = self._base
        there = base.has(MESSAGES, "ZMESSAGEINFO") and base.has(DETAILS, "Z_PK")
        named = f"Z_PK IN (SELECT ZMESSAGEINFO FROM {MESSAGES})" if there else "0"
        read = base.count(DETAILS, named)
        base.tally.emitted(DETAILS, records.Message, read)
        base.tally.skipped(DETAILS, "no_message_names_it", base.count(DETAILS) - read)


def _tie(base: Database) -> tuple[str, str]:
    """What ties a file to its message in this database, and the files that are so tied.

    A message names its file, and the file its message. Which of the two is kept differs.
    """
    if not base.has(FILES, "Z_PK"):
        return "", "0"
    if base.has(MESSAGES, "ZMEDIAITEM") and base.count(MESSAGES, "ZMEDIAITEM IS NOT NULL"):
        return "Z_PK = m.ZMEDIAITEM", f"SELECT ZMEDIAITEM FROM {MESSAGES} WHERE ZMEDIAITEM > 0"
    if base.has(FILES, "ZMESSAGE"):
        there = f"SELECT Z_PK FROM {MESSAGES}"
        first = f"SELECT min(Z_PK) FROM {FILES} WHERE ZMESSAGE IN ({there}) GROUP BY ZMESSAGE"
        return "ZMESSAGE = m.Z_PK", first
    return "", "0"


def _kind(code: object, event: object) -> str:
    """Kind of a message; a notice of a call is a call."""
    if code == _NOTICE and name_of("notice", event) == MessageKind.CALL.value:
        return MessageKind.CALL.value
    return name_of("message", code) or MessageKind.UNKNOWN.value


def _raw(kind: object, code: object, action: GroupAction) -> str:
    """The code of a system message as stored; of a notice with the kind before it."""
    shown = said(code) or "none"
    shown = shown if kind == _SYSTEM else f"{said(kind)}/{shown}"
    return f"unknown:{shown}" if action == GroupAction.UNKNOWN else shown


def _address(stored: object) -> str | None:
    """The address in a column that holds an address, a type or a card."""
    return stored if isinstance(stored, str) and "@" in stored and " " not in stored else None


def _texts(
    body: Values, titles: Values, receipts: list[Receipts | None], carries: set[int]
) -> list[object]:
    """Text, or what stands for it: the caption of a file, the question of a poll."""
    polls = [known.poll if known else None for known in receipts]
    return [
        words if words is not None else titles[n] if n in carries else poll and poll.question
        for n, (words, poll) in enumerate(zip(body, polls, strict=True))
    ]
