"""Telegram's own vocabulary: which account an id names, whoever writes it down.

Exports write ``user123``, ``channel123`` and ``chat123``, other tools a bare number or ``@name``,
and what speaks the Bot API a negative number: a basic group as it is, a channel or supergroup below
-1,000,000,000,000.

References:
    - https://core.telegram.org/api/bots/ids
    - tdesktop, export_output_json.cpp

"""

import re
from typing import NamedTuple

from clew.records import Account, IdType
from clew.schema import Id

PLATFORM = "telegram"
_PEER = re.compile(r"(user|channel|chat)(\d{1,20})")
_NUMBER = re.compile(r"-?\d{1,20}")
_USERNAME = re.compile(r"@?([A-Za-z][A-Za-z0-9_]{3,31})")
_KINDS = {"user": "user", "channel": "channel", "chat": "group"}
_CHANNELS_BELOW = 1_000_000_000_000


class Peer(NamedTuple):
    """What an id names."""

    kind: str
    """``user``, ``channel`` or ``group``."""
    number: int

    @property
    def account_id(self) -> Id[Account]:
        """Id of the account."""
        return Id(f"{PLATFORM}:{self.kind}:{self.number}")

    @property
    def id_type(self) -> IdType:
        """A person's id, or one of a channel or group."""
        return IdType.USER_ID if self.kind == "user" else IdType.SERVICE


def peer(text: str) -> Peer | None:
    """What an id in any of these spellings names; None where it is none."""
    if found := _PEER.fullmatch(text):
        return Peer(_KINDS[found[1]], int(found[2]))
    if not _NUMBER.fullmatch(text):
        return None
    number = int(text)
    if number >= 0:
        return Peer("user", number)
    beyond = -number - _CHANNELS_BELOW
    return Peer("channel", beyond) if beyond > 0 else Peer("group", -number)


def username(text: str) -> str | None:
    """A public name without its sign; None where it can be none."""
    found = _USERNAME.fullmatch(text)
    return found[1] if found else None


def account_of_name(name: str) -> Id[Account]:
    """Id of an account of which a public name is known; upper and lower case are one."""
    return Id(f"{PLATFORM}:username:{name.casefold()}")
