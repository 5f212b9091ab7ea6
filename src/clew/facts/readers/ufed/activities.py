"""Activities of a chat (``ChatActivity``): who joined, left or was removed, by code or by wording.

They stand in the system message that shows them, and in some reports in the chat itself.
"""

import xml.etree.ElementTree as ET
from typing import Any

from clew.facts.readers.ufed.model import CODES, fields, locator, models, said, time_of
from clew.facts.readers.ufed.report import Report
from clew.records import Certainty, GroupAction, GroupEvent
from clew.schema import Id


def event(
    report: Report, platform: str, activity: ET.Element, around: dict[str, Any]
) -> GroupEvent:
    """One activity; ``around`` says in which message and chat it stands, by whom and when."""
    told, where = fields(activity), locator(activity)
    raw, wording = said(told.get("Action")) or "", said(told.get("SystemMessageBody"))
    action = GroupAction(CODES["action"].get(raw.casefold(), "unknown"))
    certainty = Certainty.STATED
    if raw.casefold() == "participantjoined" and wording and "link" in wording.casefold():
        action, certainty = GroupAction.JOINED_BY_LINK, Certainty.WORDING
    parties = models(told.get("Participant"))
    who = [report.party(platform, fields(party), where) for party in parties]
    report.tally.emitted("ChatActivity", GroupEvent)
    at = time_of(told.get("SystemMessageTimeStamp"))
    return GroupEvent(
        **report.at(where),
        event_id=around["event_id"],
        chat_id=around["chat_id"],
        at=at.at or (None if at.local else around.get("sent_at")),
        at_local=at.local,
        action=action,
        action_raw=": ".join(part for part in (raw, wording) if part) or "no action stated",
        actor=around.get("sender_account_id"),
        targets=tuple(dict.fromkeys(Id(account) for account in who if account)),
        certainty=certainty,
    )
