"""Telegram's own vocabulary: which account an id names, whoever writes it down.

Exports write ``user123``, ``channel123`` and ``chat123``, other tools a bare number or ``@name``,
and what speaks the Bot API a negative number: a basic group as it is, a channel or supergroup below
-1,000,000,000,000.

References:
    - https://core.telegram.org/api/bots/ids
    - tdesktop, export_output_json.cpp

"""

import re

from clew.facts.source_columns import Address
from clew.records import Account, IdType
from clew.schema import Id

PLATFORM = "telegram"
_PEER = re.compile(r"(user|channel|chat)(\d{1,20})")
_NUMBER = re.compile(r"-?\d{1,20}")
_USERNAME = re.compile(r"@?([A-Za-z][A-Za-z0-9_]{3,31})")
_KINDS = {"user": "user", "channel": "channel", "chat": "group"}
_CHANNELS_BELOW = 1_000_000_000_000


def account(kind: str, number: int) -> Address:
    """An account by its kind (``user``, ``channel`` or ``group``) and number."""
    id_type = IdType.USER_ID if kind == "user" else IdType.SERVICE
    return Address(Id(f"{PLATFORM}:{kind}:{number}"), id_type, str(number))


def peer(text: str) -> Address | None:
    """What an id in any of these spellings names; None where it is none."""
    if found := _PEER.fullmatch(text):
        return account(_KINDS[found[1]], int(found[2]))
    if not _NUMBER.fullmatch(text):
        return None
    number = int(text)
    if number >= 0:
        return account("user", number)
    beyond = -number - _CHANNELS_BELOW
    return account("channel", beyond) if beyond > 0 else account("group", -number)


def username(text: str) -> str | None:
    """A public name without its sign; None where it can be none."""
    found = _USERNAME.fullmatch(text)
    return found[1] if found else None


def account_of_name(name: str) -> Id[Account]:
    """Id of an account of which a public name is known; upper and lower case are one."""
    return Id(f"{PLATFORM}:username:{name.casefold()}")
