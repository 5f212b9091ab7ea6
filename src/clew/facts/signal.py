"""Signal's own vocabulary: accounts, groups, and what makes two copies one message.

A group is known by its master key, which its invitation link holds. Clew keeps a digest of the key,
so that a link leads to its group; the key itself is in no table. A message has no id of its own:
its sender's account and the millisecond at which it was sent tell it on every device.

References:
    - https://github.com/signalapp/Signal-Android (RecipientTable, MessageTable; Groups.proto)

"""

import base64
import binascii
import hashlib
import uuid

from clew.facts import protobuf
from clew.facts.messages import ChatOf
from clew.facts.source_columns import Address
from clew.records import Account, Chat, ChatType, IdType
from clew.schema import Id

PLATFORM = "signal"


def person(
    aci: object = None, e164: object = None, pni: object = None, username: object = None
) -> Address | None:
    """The account behind whichever identifier a source has; None where it has none."""
    number = f"+{digits}" if (digits := _digits(e164)) else None
    if found := as_uuid(aci):
        return Address(Id(f"signal:aci:{found}"), IdType.ACI, found, number)
    if number:
        return Address(Id(f"signal:pn:{digits}"), IdType.PHONE, digits or "", number)
    if found := as_uuid(pni.removeprefix("PNI:") if isinstance(pni, str) else pni):
        return Address(Id(f"signal:pni:{found}"), IdType.USER_ID, found)
    if isinstance(username, str) and username:
        return Address(Id(f"signal:username:{username}"), IdType.USERNAME, username)
    return None


def as_uuid(value: object) -> str | None:
    """An account's identifier in its usual form, from text, from 16 bytes, or from base64."""
    raw = value
    if isinstance(value, str):
        try:
            return str(uuid.UUID(value))
        except ValueError:
            raw = unpacked(value)
    if isinstance(raw, bytes) and len(raw) == 16 and any(raw):
        return str(uuid.UUID(bytes=raw))
    return None


def message_key(sender: object, sent: object) -> str | None:
    """Key that every device gives the same message."""
    if isinstance(sender, str) and sender.startswith("signal:aci:") and isinstance(sent, int):
        return f"signal:{sender.rpartition(':')[2]}/{sent}" if sent > 0 else None
    return None


def master_key(value: object) -> bytes | None:
    """A master key as bytes, from bytes or base64."""
    raw = unpacked(value) if isinstance(value, str) else value
    return raw if isinstance(raw, bytes) and raw else None


def group_of(master_key: bytes) -> Id[Chat]:
    """Id of the group with this master key."""
    return Id(f"signal:group:{hashlib.sha256(master_key).hexdigest()[:32]}")


def group_behind(code: str) -> Id[Chat] | None:
    """The group that an invitation link leads to: the link holds the master key (Groups.proto)."""
    raw = unpacked(code)
    for contents in protobuf.within(raw or b"", 1):
        for key in protobuf.within(contents.value, 1):
            if isinstance(key.value, bytes) and key.value:
                return group_of(key.value)
    return None


def chat_with(account: Id[Account]) -> ChatOf:
    """Conversation of two, with an account."""
    return ChatOf(Id(account.replace("signal:", "signal:dm:", 1)), ChatType.ONE_TO_ONE)


def unknown_chat(item_id: str, row: object) -> ChatOf:
    """A conversation that is gone, by what stands for it in the source."""
    return ChatOf(Id(f"signal:unknown-chat:{item_id}:{row}"), ChatType.UNKNOWN)


def unpacked(text: str) -> bytes | None:
    """Bytes from base64, of either alphabet, with or without its padding."""
    usual = text.translate(str.maketrans("-_", "+/")).rstrip("=")
    try:
        return base64.b64decode(usual + "=" * (-len(usual) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None


def _digits(value: object) -> str | None:
    """Digits of a number that can be one in E.164 form."""
    shown = str(value).lstrip("+") if isinstance(value, str | int) else ""
    # lengths in E.164
    fits = shown.isascii() and shown.isdigit() and 5 <= len(shown) <= 15 and shown[0] != "0"
    return shown if fits else None
