"""Conversations, who is in them, what people are called, and what happened in groups."""

from collections.abc import Iterator

import msgspec

from clew import records
from clew.facts import whatsapp
from clew.facts.database import Values, said
from clew.facts.messages import ChatOf
from clew.facts.readers.whatsapp_ios.database import Database, People, name_of
from clew.facts.whatsapp import chat_of
from clew.schema import Id, Row

SESSIONS, GROUPS, MEMBERS, PUSH_NAMES = (
    "ZWACHATSESSION", "ZWAGROUPINFO", "ZWAGROUPMEMBER", "ZWAPROFILEPUSHNAME",
)  # fmt: skip
_SYSTEM, _NOTICE = 6, 10
_DONE_TO_THEM = {
    records.GroupAction.ADDED, records.GroupAction.REMOVED, records.GroupAction.PROMOTED,
    records.GroupAction.DEMOTED,
}  # fmt: skip
_JOINED = {
    records.GroupAction.ADDED, records.GroupAction.JOINED_BY_LINK,
    records.GroupAction.JOINED_BY_INVITATION,
    records.GroupAction.JOINED_FROM_COMMUNITY,
}  # fmt: skip
_OF_A_GROUP = (records.ChatType.GROUP, records.ChatType.COMMUNITY, records.ChatType.UNKNOWN)


class Chats:
    """What messages refer to: conversations and members by row."""

    def __init__(self, base: Database, people: People) -> None:
        self.base = base
        self.people = people
        self.of: dict[object, ChatOf] = whatsapp.Conversations(base.found.item_id)
        self.member: dict[object, Id[records.Account] | None] = {}
        self._lid_groups: set[object] = set()
        self._members: dict[object, int] = {}

    def read(self) -> Iterator[Row]:
        """Conversations with their members; then the names that people gave themselves."""
        yield from self._members_rows(self._creators())
        yield from self._sessions()
        yield from self._push_names()
        yield from self._other_senders()

    def other_side(self, chat: ChatOf) -> Id[records.Account] | None:
        """Whom a conversation of two is with."""
        if chat.kind not in (records.ChatType.ONE_TO_ONE, records.ChatType.STATUS):
            return None
        return self.base.account(chat.chat_id.partition(":")[2])

    def _creators(self) -> dict[object, str]:
        """Address of who created a group, by the row of its conversation."""
        base = self.base
        if not base.has(SESSIONS, "Z_PK", "ZCONTACTJID"):
            return {}
        jids = f"SELECT Z_PK, ZCONTACTJID FROM {SESSIONS}"
        for row, jid in base.rows(SESSIONS, jids, "Z_PK"):
            if isinstance(jid, str) and jid:
                self.of[row] = chat_of(jid)
        if not (base.has(GROUPS, "Z_PK", "ZCREATORJID") and base.has(SESSIONS, "ZGROUPINFO")):
            return {}
        select = (
            f"SELECT s.Z_PK, g.ZCREATORJID FROM {SESSIONS} AS s "
            f"JOIN {GROUPS} AS g ON g.Z_PK = s.ZGROUPINFO"
        )
        return {row: jid for row, jid in base.fetch(GROUPS, select) if isinstance(jid, str)}

    def _sessions(self) -> Iterator[Row]:
        base = self.base
        if not base.has(SESSIONS, "Z_PK", "ZCONTACTJID"):
            return
        grouped = base.has(SESSIONS, "ZGROUPINFO") and base.has(GROUPS, "Z_PK")
        fields = base.columns(SESSIONS, "ZCONTACTJID ZPARTNERNAME ZHIDDEN ZARCHIVED ZREMOVED", "s")
        made = base.columns(GROUPS, "ZCREATIONDATE ZCREATORJID", "g") if grouped else "NULL, NULL"
        join = base.join(GROUPS, "g", "g.Z_PK = s.ZGROUPINFO") if grouped else ""
        select = f"SELECT s.Z_PK, {fields}, {made} FROM {SESSIONS} AS s {join}"
        removed = 0
        for row, *values in base.rows(SESSIONS, select, "s.Z_PK"):
            if not isinstance(values[0], str) or not values[0]:
                base.tally.skipped(SESSIONS, "address_gone_messages_kept")
                continue
            base.tally.emitted(SESSIONS, records.Chat)
            removed += values[4] == 1
            yield from self._session(row, values)
        base.tally.emitted(GROUPS, records.Chat, base.count(GROUPS))
        if removed:
            base.report(SESSIONS, "removed_chat", n=removed)

    def _session(self, row: object, values: Values) -> Iterator[Row]:
        base = self.base
        jid, name, hidden, archived, _, created, creator = values
        chat, where = self.of[row], f"{SESSIONS}/{row}"
        two = chat.kind == records.ChatType.ONE_TO_ONE
        yield from self.people.met(jid, where)
        yield from self.people.met(creator, where)
        account = base.account(jid)
        if two:
            yield from base.named(where, account, _name(name), records.NameKind.ADDRESS_BOOK)
        yield records.Chat(
            **base.at(where),
            chat_id=chat.chat_id,
            platform=whatsapp.PLATFORM,
            chat_type=chat.kind,
            subject=None if two else said(name),
            created_at=base.moment(f"{GROUPS}.ZCREATIONDATE", created, row),
            creator=base.account(creator),
            addressing="lid" if row in self._lid_groups or jid.endswith("@lid") else "pn",
            members_stated=self._members.get(row),
            hidden=hidden == 1,
            archived=archived == 1,
        )

    def _members_rows(self, creators: dict[object, str]) -> Iterator[Row]:
        """Present and past members: who left or was removed stays, and is no longer active."""
        base = self.base
        names = "ZCHATSESSION ZMEMBERJID ZISADMIN ZISACTIVE ZCONTACTNAME ZFIRSTNAME"
        for row, session, jid, admin, active, name, first in base.each(
            MEMBERS, names, needs="ZMEMBERJID", key="Z_PK"
        ):
            where = f"{MEMBERS}/{row}"
            account = self.member[row] = base.account(jid)
            if account is None:
                base.tally.skipped(MEMBERS, "no_address")
                continue
            base.tally.emitted(MEMBERS, records.Membership)
            yield from self.people.met(jid, where)
            if str(jid).endswith("@lid"):
                self._lid_groups.add(session)
            current = active is None or active == 1
            self._members[session] = self._members.get(session, 0) + current
            yield records.Membership(
                **base.at(where),
                chat_id=self.of[session].chat_id,
                account_id=account,
                role=_role(admin, is_creator=creators.get(session) == jid),
                role_raw=said(admin),
                state=records.MemberState.CURRENT if current else records.MemberState.UNKNOWN_PAST,
                basis=records.MembershipBasis.ROSTER
                if current
                else records.MembershipBasis.PAST_ROSTER,
            )
            named = _name(name) or _name(first)
            yield from base.named(where, account, named, records.NameKind.ADDRESS_BOOK)

    def _push_names(self) -> Iterator[Row]:
        base = self.base
        names = "ZJID ZPUSHNAME"
        for row, jid, name in base.each(PUSH_NAMES, names, needs=names, key="Z_PK"):
            account, where = base.account(jid), f"{PUSH_NAMES}/{row}"
            if account is None or not said(name):
                base.tally.skipped(PUSH_NAMES, "no_account_or_name")
                continue
            base.tally.emitted(PUSH_NAMES, records.AccountName)
            yield from self.people.met(jid, where)
            yield from base.named(where, account, name, records.NameKind.PUSH)

    def _other_senders(self) -> Iterator[Row]:
        """Accounts that stand in messages alone."""
        base = self.base
        if base.has("ZWAMESSAGE", "Z_PK", "ZFROMJID"):
            select = "SELECT min(Z_PK), ZFROMJID FROM ZWAMESSAGE GROUP BY ZFROMJID ORDER BY 1"
            for row, jid in base.fetch("ZWAMESSAGE", select):
                yield from self.people.met(jid, f"ZWAMESSAGE/{row}")


class Notice(msgspec.Struct, kw_only=True, frozen=True):
    """One system message."""

    row: object
    chat: ChatOf
    kind: object
    """6 for what happens in a group, 10 for notices: each has codes of its own."""
    code: object
    text: object
    at: object
    member: Id[records.Account] | None
    """The member that it names."""

    @property
    def action(self) -> records.GroupAction:
        """What the code stands for."""
        return records.GroupAction(name_of("event" if self.kind == _SYSTEM else "notice", self.code)
                           or "unknown")  # fmt: skip

    @property
    def raw(self) -> str:
        """The code as stored; of a notice with the kind before it."""
        code = said(self.code) or "none"
        code = code if self.kind == _SYSTEM else f"{said(self.kind)}/{code}"
        return f"unknown:{code}" if self.action == records.GroupAction.UNKNOWN else code


def is_notice(kind: object) -> bool:
    """Whether a message of this type is told by the messenger."""
    return kind in (_SYSTEM, _NOTICE)


def event_rows(base: Database, told: Notice) -> Iterator[Row]:
    """The event behind a system message, and who joined by it."""
    if told.chat.kind not in _OF_A_GROUP:
        return
    action, locator = told.action, f"ZWAMESSAGE/{told.row}"
    at = base.time("ZWAMESSAGE.ZMESSAGEDATE", told.at, told.row)
    done_to = action in _DONE_TO_THEM
    # in a removal the text is the address of who removed the member (IPED)
    actor = base.account(told.text) if done_to and "@" in str(told.text) else None
    yield records.GroupEvent(
        **base.at(locator),
        event_id=base.found.event(locator),
        chat_id=told.chat.chat_id,
        at=at,
        action=action,
        action_raw=told.raw,
        actor=actor if done_to else told.member,
        targets=(told.member,) if done_to and told.member else (),
        new_value=None if actor else said(told.text),
        certainty=records.Certainty.STATED,
    )
    if action in _JOINED and told.member:
        yield records.Membership(
            **base.at(locator),
            chat_id=told.chat.chat_id,
            account_id=told.member,
            role=records.Role.MEMBER,
            state=records.MemberState.UNKNOWN_PAST,
            joined_at=at,
            joined_how=action,
            basis=records.MembershipBasis.EVENT,
        )


def _role(admin: object, *, is_creator: bool) -> records.Role:
    if is_creator:
        return records.Role.CREATOR
    return records.Role.ADMIN if admin == 1 else records.Role.MEMBER


def _name(value: object) -> str | None:
    """A name; a number that stands in place of one is none."""
    shown = said(value)
    return shown if shown and any(c.isalpha() for c in shown) else None
