"""A thread of Messenger, whatever file it stands in, and the rows of what was posted in it."""

import re
from collections.abc import Iterator
from datetime import datetime

import msgspec

from clew import records
from clew.facts import exports, text
from clew.facts.reader_api import Found
from clew.facts.source_columns import Address
from clew.records import Message
from clew.schema import Id, Row

KIND = "messenger.export"
_FOLDER = re.compile(r"(?:^|/)messages/(?P<thread>[^/]+/[^/]+)/message[^/]*$", re.IGNORECASE)
_LATIN = re.compile("[\x80-\xff]")


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


class Thread(exports.Export):
    """A thread while one of its files is read."""

    def __init__(self, found: Found, generation: str, *, mends: bool) -> None:
        is_of_instagram = "instagram" in found.path.casefold()
        super().__init__(found, "instagram" if is_of_instagram else "messenger")
        self.basis = records.TimeBasis.UTC
        self.path: str | None = None
        self.title: str | None = None
        self.type_raw: str | None = None
        self.participants: list[tuple[str, str]] = []
        self.is_still_participant: bool | None = None
        self.invite: str | None = None
        self._generation = generation
        self._mends = mends
        self._folder = _FOLDER.search(found.path)
        self._known: dict[str, Id[records.Account]] = {}
        self._roster: set[str] = set()

    @property
    def chat_id(self) -> Id[records.Chat]:
        """The thread's path, which all its files share; else this file alone."""
        path = self.path or (self._folder["thread"] if self._folder else None)
        return Id(f"{self.platform}:{path or 'file:' + self.found.source_id[:16]}")

    def said(self, words: str | None) -> str | None:
        """Text as it was meant."""
        return mended(words) if words and self._mends else words or None

    def person(self, name: str | None, where: str) -> Id[records.Account] | None:
        """The account of a name in this thread."""
        if not name:
            return None
        if name not in self._known:
            shown = self.said(name) or name
            thread = str(self.chat_id).partition(":")[2]
            label = Id[records.Account](f"{self.platform}:name:{thread}:{shown}")
            account = self.account(Address(label, records.IdType.LABEL, shown), where)
            self.name(account, shown, records.NameKind.PROFILE, where)
            self._known[name] = account
        return self._known[name]

    def rows(self, post: Post) -> Iterator[Row]:
        """Rows of one post."""
        message = self._message(post)
        self.passed(message.sent_at)
        if post.sender and post.sender not in self._roster:
            self.member(self.chat_id, message.sender_account_id or "", post.locator)
        yield message
        yield from self._shares(post, message)
        for given in post.given:
            actor = self.person(given.actor, post.locator)
            yield exports.reaction(message, actor, self.said(given.sign), at=given.at)
        if message.kind is records.MessageKind.CALL:
            yield self._call(post, message)
        if message.kind is records.MessageKind.SYSTEM:
            yield self._came_or_went(post, message)
        yield from exports.invites(message, *post.links)

    def begin(self) -> None:
        """Enter the participants, before any message."""
        for name, where in self.participants:
            self._roster.add(name)
            account = self.person(name, where) or ""
            member = self.member(self.chat_id, account, where, records.MembershipBasis.ROSTER)
            if self.is_still_participant is not False:
                member.state = records.MemberState.CURRENT

    def end(self) -> Iterator[Row]:
        """What the file as a whole says."""
        is_group = len(self.participants) > 2 or self.type_raw == "RegularGroup"
        kind = records.ChatType.GROUP if is_group or self.invite else records.ChatType.ONE_TO_ONE
        kind = kind if self.participants else records.ChatType.UNKNOWN
        title, n = self.said(self.title), len(self.participants) or None
        yield self.chat_row("file", self.chat_id, kind, subject=title, members_stated=n)
        if self.invite:
            yield records.Invite(
                **self.at("/joinable_mode"),
                code=self.invite.rstrip("/").rpartition("/")[2],
                platform=self.platform,
                url=text.defang(self.invite),
                invites_to_chat_id=self.chat_id,
                group_name_stated=title,
                found_in=records.InviteSource.CHANNEL_RECORD,
            )
        yield from self.last(kind=KIND, generation=self._generation, tz_basis=self.basis)

    def _message(self, post: Post) -> Message:
        words = self.said(post.text)
        return Message(
            **self.at(post.locator),
            event_id=self.found.event(post.locator),
            chat_id=self.chat_id,
            sender_account_id=self.person(post.sender, post.locator),
            kind=_kind(post),
            type_raw=post.type_raw,
            text_raw=post.text if words != (post.text or None) else None,
            sent_at=post.at,
            sent_local=post.local,
            sent_text=post.stamp,
            ts_precision=post.precision,
            tz_basis=records.TimeBasis.UTC if post.at else self.basis,
            status_raw=post.marks,
            **exports.texts(words, post.links),
        )

    def _shares(self, post: Post, message: Message) -> Iterator[records.Share]:
        for ordinal, media in enumerate(post.media):
            is_elsewhere = "://" in media.uri
            path = media.uri.removeprefix("./")
            yield exports.share(
                message,
                ordinal,
                name=path.rpartition("/")[2] or None,
                path_stated=None if is_elsewhere else path,
                state_raw=text.defang(media.uri) if is_elsewhere else None,
            )

    def _call(self, post: Post, message: Message) -> records.Call:
        self.tally.emitted("call", records.Call)
        missed = post.missed or post.call_seconds == 0
        result = "missed" if missed else "answered" if post.call_seconds else "unknown"
        raw = "missed" if post.missed else None
        return exports.call(message, result, duration_s=post.call_seconds, result_raw=raw)

    def _came_or_went(self, post: Post, message: Message) -> records.GroupEvent:
        """Somebody was added (Subscribe), or left or was put out (Unsubscribe)."""
        targets = tuple(a for u in post.users if (a := self.person(u, post.locator)))
        actor = message.sender_account_id
        action, certainty = records.GroupAction.ADDED, records.Certainty.STATED
        if post.type_raw == "Unsubscribe":
            is_own = not targets or targets == (actor,)
            action = records.GroupAction.LEFT if is_own else records.GroupAction.REMOVED
        if not targets and actor:
            targets, certainty = (actor,), records.Certainty.INFERRED
        for account in targets:
            self._came_or_left(account, action, post)
        self.tally.emitted("notice", records.GroupEvent)
        return exports.group_event(
            message, action, at_local=None, targets=targets, certainty=certainty
        )

    def _came_or_left(self, account: str, action: records.GroupAction, post: Post) -> None:
        """Files run from the newest to the oldest: what is met first is what holds."""
        where, basis = post.locator, records.MembershipBasis.EVENT
        member = self.member(self.chat_id, account, where, basis)
        if action is records.GroupAction.ADDED:
            if member.joined_how is None:
                member.joined_how, member.joined_at = action, post.at
        elif member.ended_at is None and member.state is not records.MemberState.CURRENT:
            self.moved(self.chat_id, account, action, post.at, where)


def _kind(post: Post) -> records.MessageKind:
    if post.unsent:
        return records.MessageKind.DELETED
    if post.type_raw == "Call":
        return records.MessageKind.CALL
    if post.type_raw in ("Subscribe", "Unsubscribe"):
        return records.MessageKind.SYSTEM
    kinds = {media.kind for media in post.media}
    if len(kinds) == 1:
        return kinds.pop()
    return records.MessageKind.MEDIA if kinds else records.MessageKind.TEXT


def kind_of_file(uri: str) -> records.MessageKind:
    """What a posted file is, by the folder it was put in or by its ending."""
    by_folder = (kind for folder, kind in _FOLDERS.items() if folder in uri)
    return next(by_folder, exports.kind_of_file(uri))


_FOLDERS = {
    "stickers_used/": records.MessageKind.STICKER,
    "/gifs/": records.MessageKind.GIF,
    "/photos/": records.MessageKind.IMAGE,
    "/videos/": records.MessageKind.VIDEO,
    "/audio/": records.MessageKind.AUDIO,
    "/files/": records.MessageKind.DOCUMENT,
}
