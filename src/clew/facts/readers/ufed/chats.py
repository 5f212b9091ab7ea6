"""Chats of a report, and the messages, files and events in them."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator

from clew import records
from clew.facts import whatsapp
from clew.facts.readers.ufed.activities import event
from clew.facts.readers.ufed.model import (
    CODES,
    fields,
    is_live,
    is_true,
    locator,
    models,
    said,
    time_of,
)
from clew.facts.readers.ufed.people import platform_of
from clew.facts.readers.ufed.report import Report
from clew.schema import Id, Row

_PAIR = 2


class OpenChat:
    """A chat whose messages are being read: what stands before them says which chat it is.

    A message that stands outside any chat makes one, of those it went between.
    """

    def __init__(self, report: Report, model: ET.Element) -> None:
        self.model = model
        self.live_messages = False
        told = fields(model)
        self.platform = platform_of(said(told.get("Source")))
        self.locator = locator(model)
        self._report = report
        self._told = told
        self._alone = model.get("type") != "Chat"
        named = ("From", "To") if self._alone else ("Participants",)
        parties = [p for name in named for p in models(told.get(name))]
        self.parties = [_Party(report, self.platform, p) for p in parties]
        self._raw = self._identifier()
        self.kind = self._kind()
        if self.platform == whatsapp.PLATFORM and self._raw:
            self.chat_id = whatsapp.chat_id(self._raw)
        else:
            scope = report.found.source_id[:16]
            unnamed = f"ufed:{scope}:{'no-chat' if self._alone else model.get('id')}"
            self.chat_id = Id(f"{self.platform}:{self._raw or unnamed}")

    def _identifier(self) -> str | None:
        """The application's own id of the chat; of two people's, the other's address."""
        found = said(self._told.get("ChatId" if self._alone else "Id"))
        if self.platform != whatsapp.PLATFORM:
            return found
        others = [p.identifier for p in self.parties if not p.is_owner and p.identifier]
        if found and "@" in found:
            return found
        if len(self.parties) == _PAIR and len(others) == 1:
            other = others[0]
            return other if "@" in other else f"{re.sub(r'[^0-9]', '', other)}@s.whatsapp.net"
        return found

    def _kind(self) -> records.ChatType:
        if self.platform == whatsapp.PLATFORM and self._raw and "@" in self._raw:
            return whatsapp.chat_type(self._raw)
        word = re.sub(r"[^a-z]", "", (said(self._told.get("ChatType")) or "").casefold())
        if word in CODES["chat_type"]:
            return records.ChatType(CODES["chat_type"][word])
        if len(self.parties) > _PAIR:
            return records.ChatType.GROUP
        return (
            records.ChatType.ONE_TO_ONE if len(self.parties) == _PAIR else records.ChatType.UNKNOWN
        )

    def key(self, platform: str, identifier: str | None, extraction: str | None) -> str | None:
        """Key of a message; only WhatsApp's ids are shared by the devices of a conversation."""
        if not identifier:
            return None
        if platform == self.platform == whatsapp.PLATFORM:
            prefixes = whatsapp.key_prefixes(self.chat_id, self.kind)
            return whatsapp.message_key(identifier, prefixes)
        scope = f"ufed:{self._report.found.source_id[:16]}:{extraction or ''}"
        return f"{scope}:{self.chat_id}/{identifier}"

    def rows(self) -> Iterator[Row]:
        """The chat and who is in it, once its messages are read."""
        if self._alone:
            if self.live_messages and self.chat_id not in self._report.chats:
                self._report.chats.add(self.chat_id)
                yield self._row({})
            return
        live = is_live(self.model)
        if not live:
            yield self._report.recovered(self.model)
        if live or self.live_messages:
            yield from self._live_rows()

    def _live_rows(self) -> Iterator[Row]:
        report, told = self._report, fields(self.model)
        if said(told.get("Id")) != said(self._told.get("Id")):
            yield report.found.unread(self.locator, "chat_id_late")
        if self.chat_id in report.chats:
            report.tally.skipped("Chat", "repeated")
        else:
            report.chats.add(self.chat_id)
            if is_live(self.model):
                report.tally.emitted("Chat", records.Chat)
            yield self._row(told)
        if self.kind not in (
            records.ChatType.ONE_TO_ONE,
            records.ChatType.UNKNOWN,
            records.ChatType.STATUS,
        ):
            yield from self._members()
        yield from self._activities(told)

    def _activities(self, told: dict[str, ET.Element]) -> Iterator[Row]:
        """What happened in the chat, where that stands outside its messages."""
        for activity in models(told.get("ActivityLog")):
            if is_live(activity):
                around = {"event_id": self._report.event(activity), "chat_id": self.chat_id}
                yield event(self._report, self.platform, activity, around)
            else:
                yield self._report.recovered(activity)

    def _row(self, told: dict[str, ET.Element]) -> records.Chat:
        return records.Chat(
            **self._report.at(self.locator),
            chat_id=self.chat_id,
            platform=self.platform,
            chat_type=self.kind,
            subject=said(told.get("Name")),
            description=said(told.get("Description")),
            created_at=time_of(told.get("StartTime")).at,
            members_stated=len(self.parties) or None,
            archived=True if is_true(told.get("IsArchived")) else None,
        )

    def _members(self) -> Iterator[records.Membership]:
        for party in self.parties:
            account = party.account
            pair = (self.chat_id, account)
            if account is None or pair in self._report.members:
                continue
            self._report.members.add(pair)
            yield records.Membership(
                **self._report.at(party.locator),
                chat_id=self.chat_id,
                account_id=Id(account),
                role=records.Role.ADMIN if party.is_admin else records.Role.MEMBER,
                role_raw=party.role_raw,
                state=records.MemberState.CURRENT,
                basis=records.MembershipBasis.ROSTER,
            )


class _Party:
    """A participant of a chat."""

    def __init__(self, report: Report, platform: str, model: ET.Element) -> None:
        told = fields(model)
        self.identifier = said(told.get("Identifier"))
        self.is_owner = is_true(told.get("IsPhoneOwner"))
        self.is_admin = is_true(told.get("IsGroupAdmin"))
        self.role_raw = said(told.get("Role"))
        self.locator = locator(model)
        self.account = report.party(platform, told, self.locator)
