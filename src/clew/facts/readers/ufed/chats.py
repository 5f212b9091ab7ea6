"""Chats of a report: which one a message stands in, who is in it, and what happened in it."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator

from clew import records
from clew.facts import whatsapp
from clew.facts.readers.ufed.model import CODES, Model
from clew.facts.readers.ufed.people import platform_of
from clew.facts.readers.ufed.report import Report
from clew.schema import Id, Row

_PAIR = 2
_ALONE = (records.ChatType.ONE_TO_ONE, records.ChatType.UNKNOWN, records.ChatType.STATUS)
"""Kinds of chat whose parties are no members."""


class OpenChat:
    """A chat whose messages are being read: what stands before them says which chat it is.

    A message that stands outside any chat makes one, of those it went between.
    """

    def __init__(self, report: Report, model: Model) -> None:
        self.element = model.element
        self.live_messages = False
        self.platform = platform_of(model.text("Source"))
        self.locator = model.locator
        self._report = report
        self._is_live = model.is_live
        self._alone = model.kind != "Chat"
        self._id = model.text("ChatId" if self._alone else "Id")
        self._parties = model.models(*(("From", "To") if self._alone else ("Participants",)))
        self._accounts = [report.party(self.platform, p, p.locator) for p in self._parties]
        self._raw = self._identifier()
        self.kind = self._kind(model.text("ChatType"))
        if self.platform == whatsapp.PLATFORM and self._raw:
            self.chat_id = whatsapp.chat_id(self._raw)
        else:
            unnamed = "no-chat" if self._alone else self.element.get("id")
            unnamed = f"ufed:{report.found.source_id[:16]}:{unnamed}"
            self.chat_id = Id(f"{self.platform}:{self._raw or unnamed}")

    def _identifier(self) -> str | None:
        """The application's own id of the chat; of two people's, the other's address."""
        if self.platform != whatsapp.PLATFORM or (self._id and "@" in self._id):
            return self._id
        others = [p.text("Identifier") for p in self._parties if not p.is_true("IsPhoneOwner")]
        named = [other for other in others if other]
        if len(named) != 1 or len(self._parties) != _PAIR:
            return self._id
        (other,) = named
        return other if "@" in other else f"{re.sub(r'[^0-9]', '', other)}@s.whatsapp.net"

    def _kind(self, stated: str | None) -> records.ChatType:
        if self.platform == whatsapp.PLATFORM and self._raw and "@" in self._raw:
            return whatsapp.chat_type(self._raw)
        word = re.sub(r"[^a-z]", "", (stated or "").casefold())
        if word in CODES["chat_type"]:
            return records.ChatType(CODES["chat_type"][word])
        if len(self._parties) > _PAIR:
            return records.ChatType.GROUP
        is_pair = len(self._parties) == _PAIR
        return records.ChatType.ONE_TO_ONE if is_pair else records.ChatType.UNKNOWN

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
        model = Model(self.element)
        if self._alone:
            if self.live_messages and self.chat_id not in self._report.chats:
                self._report.chats.add(self.chat_id)
                yield self._row(Model(ET.Element("model")))
            return
        if not self._is_live:
            yield self._report.recovered(model)
        if self._is_live or self.live_messages:
            yield from self._live_rows(model)

    def _live_rows(self, model: Model) -> Iterator[Row]:
        report = self._report
        if model.text("Id") != self._id:
            yield report.found.unread(self.locator, "chat_id_late")
        if self.chat_id in report.chats:
            report.tally.skipped("Chat", "repeated")
        else:
            report.chats.add(self.chat_id)
            if self._is_live:
                report.tally.emitted("Chat", records.Chat)
            yield self._row(model)
        for party, account in zip(self._parties, self._accounts, strict=True):
            if account and self.kind not in _ALONE:
                is_admin = party.is_true("IsGroupAdmin")
                report.member(
                    self.chat_id, account, party.locator, records.MembershipBasis.ROSTER,
                    role=records.Role.ADMIN if is_admin else records.Role.MEMBER,
                    role_raw=party.text("Role"), state=records.MemberState.CURRENT,
                )  # fmt: skip
        yield from self.events(model, None)

    def _row(self, model: Model) -> records.Chat:
        return self._report.chat_row(
            self.locator,
            self.chat_id,
            self.kind,
            platform=self.platform,
            subject=model.text("Name"),
            description=model.text("Description"),
            created_at=model.time("StartTime").at,
            members_stated=len(self._parties) or None,
            archived=model.is_true("IsArchived") or None,
        )

    def events(self, model: Model, message: records.Message | None) -> Iterator[Row]:
        """What happened in the chat, stated in the system message that shows it or in the chat."""
        for activity in model.models("ActivityLog"):
            if activity.is_live:
                yield self._event(activity, message)
            else:
                yield self._report.recovered(activity)

    def _event(self, activity: Model, message: records.Message | None) -> records.GroupEvent:
        """Who joined, left or was removed, by code or by wording."""
        report, where = self._report, activity.locator
        raw, wording = activity.text("Action") or "", activity.text("SystemMessageBody")
        action = records.GroupAction(CODES["action"].get(raw.casefold(), "unknown"))
        certainty = records.Certainty.STATED
        if raw.casefold() == "participantjoined" and wording and "link" in wording.casefold():
            action, certainty = records.GroupAction.JOINED_BY_LINK, records.Certainty.WORDING
        who = [report.party(self.platform, p, where) for p in activity.models("Participant")]
        report.tally.emitted("ChatActivity", records.GroupEvent)
        at = activity.time("SystemMessageTimeStamp")
        return records.GroupEvent(
            **report.at(where),
            event_id=message.event_id if message else report.event(activity),
            chat_id=self.chat_id,
            at=at.at or (message.sent_at if message and not at.local else None),
            at_local=at.local,
            action=action,
            action_raw=": ".join(part for part in (raw, wording) if part) or "no action stated",
            actor=message.sender_account_id if message else None,
            targets=tuple(dict.fromkeys(Id(account) for account in who if account)),
            certainty=certainty,
        )
