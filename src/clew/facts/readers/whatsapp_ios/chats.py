"""Conversations, who is in them, and what people are called."""

from collections import Counter
from collections.abc import Iterator
from functools import partial

from clew import records
from clew.facts import whatsapp
from clew.facts.database import Join, Selection, SourceRow
from clew.facts.messages import Conversations
from clew.facts.readers.whatsapp_ios.database import Database
from clew.facts.source_columns import said
from clew.facts.whatsapp import chat_of
from clew.records import MembershipBasis, MemberState, NameKind
from clew.schema import Id, Row

SESSIONS, GROUPS, MEMBERS, PUSH_NAMES = (
    "ZWACHATSESSION", "ZWAGROUPINFO", "ZWAGROUPMEMBER", "ZWAPROFILEPUSHNAME",
)  # fmt: skip
_SESSION = Selection(
    SESSIONS,
    "ZCONTACTJID ZPARTNERNAME ZHIDDEN ZARCHIVED ZREMOVED",
    (Join(GROUPS, "g", f"Z_PK = {SESSIONS}.ZGROUPINFO", "ZCREATIONDATE ZCREATORJID"),),
    "Z_PK",
)
_MEMBER = "ZCHATSESSION ZMEMBERJID ZISADMIN ZISACTIVE ZCONTACTNAME ZFIRSTNAME"


class Chats:
    """What messages refer to: conversations and members by row."""

    def __init__(self, base: Database) -> None:
        self.base = base
        self.of = Conversations(partial(whatsapp.unknown_chat, base.found.item_id))
        self.member: dict[object, Id[records.Account] | None] = {}
        self._lid_groups: set[object] = set()
        self._members = Counter[object]()

    def read(self) -> Iterator[Row]:
        """Conversations with their members; then the names that people gave themselves."""
        known = self.base.has(SESSIONS, "Z_PK", "ZCONTACTJID")
        sessions: list[SourceRow] = []
        for row in self.base.rows_of(_SESSION) if known else ():
            jid = row["ZCONTACTJID"]
            if isinstance(jid, str) and jid:
                self.of[row.key] = chat_of(jid)
                sessions.append(row)
            else:
                row.skipped("address_gone_messages_kept")
        yield from self._members_rows({row.key: row["g.ZCREATORJID"] for row in sessions})
        for row in sessions:
            yield from self._session(row)
        if known:
            self.base.tally.emitted(GROUPS, records.Chat, self.base.count(GROUPS))
        if removed := sum(row["ZREMOVED"] == 1 for row in sessions):
            self.base.report(SESSIONS, "removed_chat", n=removed)
        yield from self._push_names()
        yield from self._other_senders()

    def _session(self, row: SourceRow) -> Iterator[Row]:
        base, chat = self.base, self.of[row.key]
        jid, name, creator = row["ZCONTACTJID"], row["ZPARTNERNAME"], row["g.ZCREATORJID"]
        two = chat.kind == records.ChatType.ONE_TO_ONE
        yield from base.met_by(row.locator, jid, creator)
        if two:
            account = base.account(jid)
            yield from base.named(row.locator, account, _name(name), NameKind.ADDRESS_BOOK)
        yield records.Chat(
            **row.became(records.Chat),
            chat_id=chat.chat_id,
            platform=whatsapp.PLATFORM,
            chat_type=chat.kind,
            subject=None if two else said(name),
            created_at=base.moment(f"{GROUPS}.ZCREATIONDATE", row["g.ZCREATIONDATE"], row.key),
            creator=base.account(creator),
            addressing="lid" if row.key in self._lid_groups or jid.endswith("@lid") else "pn",
            members_stated=self._members.get(row.key),
            hidden=row["ZHIDDEN"] == 1,
            archived=row["ZARCHIVED"] == 1,
        )

    def _members_rows(self, creators: dict[object, object]) -> Iterator[Row]:
        """Present and past members: who left or was removed stays, and is no longer active."""
        base = self.base
        for row in base.each(MEMBERS, _MEMBER, needs="ZMEMBERJID", key="Z_PK"):
            jid, session, admin = row["ZMEMBERJID"], row["ZCHATSESSION"], row["ZISADMIN"]
            account = self.member[row.key] = base.account(jid)
            if account is None:
                row.skipped("no_address")
                continue
            yield from base.met_by(row.locator, jid)
            if str(jid).endswith("@lid"):
                self._lid_groups.add(session)
            current = row["ZISACTIVE"] is None or row["ZISACTIVE"] == 1
            self._members[session] += current
            role = records.Role.ADMIN if admin == 1 else records.Role.MEMBER
            yield records.Membership(
                **row.became(records.Membership),
                chat_id=self.of[session].chat_id,
                account_id=account,
                role=records.Role.CREATOR if creators.get(session) == jid else role,
                role_raw=said(admin),
                state=MemberState.CURRENT if current else MemberState.UNKNOWN_PAST,
                basis=MembershipBasis.ROSTER if current else MembershipBasis.PAST_ROSTER,
            )
            named = _name(row["ZCONTACTNAME"]) or _name(row["ZFIRSTNAME"])
            yield from base.named(row.locator, account, named, NameKind.ADDRESS_BOOK)

    def _push_names(self) -> Iterator[Row]:
        base, names = self.base, "ZJID ZPUSHNAME"
        for row in base.each(PUSH_NAMES, names, needs=names, key="Z_PK"):
            account = base.account(row["ZJID"])
            if account is None or not row.text("ZPUSHNAME"):
                row.skipped("no_account_or_name")
                continue
            row.became(records.AccountName)
            yield from base.met_by(row.locator, row["ZJID"])
            yield from base.named(row.locator, account, row["ZPUSHNAME"], NameKind.PUSH)

    def _other_senders(self) -> Iterator[Row]:
        """Accounts that stand in messages alone."""
        if self.base.has("ZWAMESSAGE", "Z_PK", "ZFROMJID"):
            select = "SELECT min(Z_PK), ZFROMJID FROM ZWAMESSAGE GROUP BY ZFROMJID ORDER BY 1"
            for row, jid in self.base.fetch("ZWAMESSAGE", select):
                yield from self.base.met_by(f"ZWAMESSAGE/{row}", jid)


def _name(value: object) -> str | None:
    """A name; a number that stands instead of one is none."""
    shown = said(value)
    return shown if shown and any(c.isalpha() for c in shown) else None
