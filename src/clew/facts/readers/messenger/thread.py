"""A thread of Messenger, whatever file it stands in, and the rows of what was posted in it."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec

from clew import records
from clew.facts import exports, of_message, text
from clew.facts.reader_api import Found, Tally
from clew.schema import Id, Row

KIND = "messenger.export"
_FOLDER = re.compile(r"(?:^|/)messages/(?P<thread>[^/]+/[^/]+)/message[^/]*$", re.IGNORECASE)
_LATIN = re.compile("[\x80-\xff]")
_TWO = 2


class Media(msgspec.Struct):
    """A file that was posted."""

    uri: str
    kind: records.MessageKind


class Given(msgspec.Struct):
    """A reaction."""

    sign: str | None
    actor: str | None
    at: datetime | None = None


class Post(msgspec.Struct, kw_only=True):
    """What was posted, as JSON and HTML both tell it; text is as it stands in the source."""

    locator: str
    sender: str | None
    text: str | None = None
    at: datetime | None = None
    local: str | None = None
    stamp: str | None = None
    precision: records.TimePrecision | None = None
    type_raw: str | None = None
    media: list[Media] = msgspec.field(default_factory=list)
    given: list[Given] = msgspec.field(default_factory=list)
    links: tuple[str, ...] = ()
    users: tuple[str, ...] = ()
    call_seconds: int | None = None
    missed: bool = False
    unsent: bool = False
    marks: str | None = None


def mended(words: str) -> str:
    r"""UTF-8 that was taken for Latin-1, put right; any other text as it is.

    >>> mended("caf\u00c3\u00a9"), mended("café"), mended("€")
    ('café', 'café', '€')
    """
    if words.isascii() or not _LATIN.search(words):
        return words
    try:
        return words.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return words


class Thread:
    """A thread while one of its files is read."""

    def __init__(self, found: Found, generation: str, *, mends: bool) -> None:
        self.found = found
        self.platform = "instagram" if "instagram" in found.path.casefold() else "messenger"
        self.book = exports.Book(found, self.platform)
        self.passage = exports.Passage(Tally())
        self.basis = records.TimeBasis.UTC
        self.path: str | None = None
        self.title: str | None = None
        self.type_raw: str | None = None
        self.participants: list[tuple[str, str]] = []
        self.is_still_participant: bool | None = None
        self.invite: str | None = None
        self.unread: list[records.Unread] = []
        self._generation = generation
        self._mends = mends
        self._folder = _FOLDER.search(found.path)
        self._known: dict[str, Id[records.Account]] = {}
        self._roster: set[str] = set()
        self._event = f"{found.item_id}#"

    @property
    def chat_id(self) -> Id[records.Chat]:
        """The thread's path, which all its files share; else this file alone."""
        path = self.path or (self._folder["thread"] if self._folder else None)
        return Id(f"{self.platform}:{path or 'file:' + self.found.source_id[:16]}")

    def said(self, words: str | None) -> str | None:
        """Text as it was meant."""
        return mended(words) if words and self._mends else words or None

    def account(self, name: str | None, where: str) -> Id[records.Account] | None:
        """The account of a name in this thread."""
        if not name:
            return None
        if name not in self._known:
            shown = self.said(name) or name
            place = str(self.chat_id).partition(":")[2]
            account = self.book.account(
                f"{self.platform}:name:{place}:{shown}", records.IdType.LABEL, shown, where
            )
            self.book.name(account, shown, records.NameKind.PROFILE, where)
            self._known[name] = account
        return self._known[name]

    def rows(self, post: Post) -> Iterator[Row]:
        """Rows of one post."""
        message = self._message(post)
        self.passage.passed(message.sent_at)
        if post.sender and post.sender not in self._roster:
            self.book.member(
                self.chat_id, message.sender_account_id or "", post.locator,
                records.MembershipBasis.SENDER_ONLY,
            )  # fmt: skip
        yield message
        yield from self._shares(post, message)
        for given in post.given:
            actor = self.account(given.actor, post.locator)
            yield of_message.reaction(message, actor, self.said(given.sign), at=given.at)
        if message.kind is records.MessageKind.CALL:
            yield self._call(post, message)
        if message.kind is records.MessageKind.SYSTEM:
            yield self._came_or_went(post, message)
        yield from exports.invites(message, *post.links)

    def begin(self) -> None:
        """Enter the participants, before any message."""
        for name, where in self.participants:
            self._roster.add(name)
            account = self.account(name, where)
            member = self.book.member(
                self.chat_id, account or "", where, records.MembershipBasis.ROSTER
            )
            if self.is_still_participant is not False:
                member.state = records.MemberState.CURRENT

    def last(self) -> Iterator[Row]:
        """What the file as a whole says."""
        is_group = len(self.participants) > _TWO or self.type_raw == "RegularGroup"
        kind = records.ChatType.GROUP if is_group or self.invite else records.ChatType.ONE_TO_ONE
        yield records.Chat(
            **self.book.at("file"),
            chat_id=self.chat_id,
            platform=self.platform,
            chat_type=kind if self.participants else records.ChatType.UNKNOWN,
            subject=self.said(self.title),
            members_stated=len(self.participants) or None,
        )
        if self.invite:
            yield records.Invite(
                **self.book.at("/joinable_mode"),
                code=self.invite.rstrip("/").rpartition("/")[2],
                platform=self.platform,
                url=text.defang(self.invite),
                invites_to_chat_id=self.chat_id,
                group_name_stated=self.said(self.title),
                found_in=records.InviteSource.CHANNEL_RECORD,
            )
        yield from self.book.rows()
        if not self.passage.tally.count("message"):
            self.report("file", "no_messages")
        yield from self.unread
        yield from self.passage.source(
            self.found,
            kind=KIND,
            generation=self._generation,
            tz_basis=self.basis,
        )

    def report(self, where: str, code: str, **figures: Any) -> None:
        """Report what could not be read, once the thread is through."""
        self.unread.append(self.found.unread(where, code, **figures))

    def _message(self, post: Post) -> records.Message:
        words = self.said(post.text)
        columns = exports.texts(words)
        if post.links:
            more = tuple(text.defang(link) for link in post.links)
            columns["urls"] = tuple(dict.fromkeys((columns.get("urls") or ()) + more))
        return records.Message(
            **self.book.at(post.locator),
            event_id=Id(self._event + post.locator),
            chat_id=self.chat_id,
            sender_account_id=self.account(post.sender, post.locator),
            kind=_kind(post),
            type_raw=post.type_raw,
            text_raw=post.text if words != (post.text or None) else None,
            sent_at=post.at,
            sent_local=post.local,
            sent_text=post.stamp,
            ts_precision=post.precision,
            tz_basis=records.TimeBasis.UTC if post.at else self.basis,
            status_raw=post.marks,
            **columns,
        )

    def _shares(self, post: Post, message: records.Message) -> Iterator[records.Share]:
        for ordinal, media in enumerate(post.media):
            is_elsewhere = "://" in media.uri
            path = media.uri.removeprefix("./")
            yield of_message.share(
                message,
                ordinal,
                name=path.rpartition("/")[2] or None,
                path_stated=None if is_elsewhere else path,
                state_raw=text.defang(media.uri) if is_elsewhere else None,
            )

    def _call(self, post: Post, message: records.Message) -> records.Call:
        self.passage.tally.emitted("call", records.Call)
        missed = post.missed or post.call_seconds == 0
        result = "missed" if missed else "answered" if post.call_seconds else "unknown"
        raw = "missed" if post.missed else None
        return of_message.call(message, result, duration_s=post.call_seconds, result_raw=raw)

    def _came_or_went(self, post: Post, message: records.Message) -> records.GroupEvent:
        """Somebody was added (Subscribe), or left or was put out (Unsubscribe)."""
        targets = tuple(a for u in post.users if (a := self.account(u, post.locator)))
        actor = message.sender_account_id
        action, certainty = records.GroupAction.ADDED, records.Certainty.STATED
        if post.type_raw == "Unsubscribe":
            is_own = not targets or targets == (actor,)
            action = records.GroupAction.LEFT if is_own else records.GroupAction.REMOVED
        if not targets and actor:
            targets, certainty = (actor,), records.Certainty.INFERRED
        for account in targets:
            self._moved(account, action, post)
        self.passage.tally.emitted("notice", records.GroupEvent)
        return of_message.group_event(
            message, action, at_local=None, targets=targets, certainty=certainty
        )

    def _moved(self, account: str, action: records.GroupAction, post: Post) -> None:
        """Files run from the newest to the oldest: what is met first is what holds."""
        member = self.book.member(
            self.chat_id, account, post.locator, records.MembershipBasis.EVENT
        )
        if action is records.GroupAction.ADDED:
            if member.joined_how is None:
                member.joined_how, member.joined_at = action, post.at
        elif member.ended_at is None and member.state is not records.MemberState.CURRENT:
            is_left = action is records.GroupAction.LEFT
            state = records.MemberState.LEFT if is_left else records.MemberState.REMOVED
            self.book.ended(member, state, post.at, post.locator)


def _kind(post: Post) -> records.MessageKind:
    if post.unsent:
        return records.MessageKind.DELETED
    by_type = {
        "Call": records.MessageKind.CALL,
        "Subscribe": records.MessageKind.SYSTEM,
        "Unsubscribe": records.MessageKind.SYSTEM,
    }.get(post.type_raw or "")
    if by_type:
        return by_type
    kinds = {media.kind for media in post.media}
    if len(kinds) == 1:
        return kinds.pop()
    return records.MessageKind.MEDIA if kinds else records.MessageKind.TEXT


def kind_of_file(uri: str) -> records.MessageKind:
    """What a posted file is, by the folder it was put in or by its ending."""
    for part, kind in _FOLDERS.items():
        if part in uri:
            return kind
    return _ENDINGS.get(uri.rpartition(".")[2].casefold(), records.MessageKind.DOCUMENT)


_FOLDERS: dict[str, records.MessageKind] = {
    "stickers_used/": records.MessageKind.STICKER,
    "/gifs/": records.MessageKind.GIF,
    "/photos/": records.MessageKind.IMAGE,
    "/videos/": records.MessageKind.VIDEO,
    "/audio/": records.MessageKind.AUDIO,
    "/files/": records.MessageKind.DOCUMENT,
}
_ENDINGS: dict[str, records.MessageKind] = {
    **dict.fromkeys(("jpg", "jpeg", "png", "webp", "heic"), records.MessageKind.IMAGE),
    **dict.fromkeys(("mp4", "mov", "webm", "3gp"), records.MessageKind.VIDEO),
    **dict.fromkeys(("m4a", "aac", "mp3", "ogg", "opus", "wav"), records.MessageKind.AUDIO),
    "gif": records.MessageKind.GIF,
}
