"""Signal's own vocabulary: accounts, groups, and what makes two copies one message.

A message has no id of its own: its sender's account and the millisecond at which it was sent tell
it on every device (quotes and reactions name it so). A group is told by its master key; see
``clew.facts.signal``.

References:
    - https://github.com/signalapp/Signal-Android (RecipientTable, MessageTable, Groups.proto)

"""

from __future__ import annotations

import uuid

import msgspec

from clew.facts.signal import unpacked
from clew.records.facts import Account, IdType
from clew.schema import Id

PLATFORM = "signal"
_UUID_BYTES = 16


class Person(msgspec.Struct, frozen=True):
    """An account, as a source names it."""

    account_id: Id[Account]
    id_type: IdType
    identifier: str
    e164: str | None = None


def person(
    aci: object = None, e164: object = None, pni: object = None, username: object = None
) -> Person | None:
    """The account behind whichever identifier a source has; None where it has none."""
    number = f"+{digits}" if (digits := _digits(e164)) else None
    if found := as_uuid(aci):
        return Person(Id(f"signal:aci:{found}"), IdType.ACI, found, number)
    if number:
        return Person(Id(f"signal:pn:{digits}"), IdType.PHONE, digits or "", number)
    if found := as_uuid(pni.removeprefix("PNI:") if isinstance(pni, str) else pni):
        return Person(Id(f"signal:pni:{found}"), IdType.USER_ID, found)
    if isinstance(username, str) and username:
        return Person(Id(f"signal:username:{username}"), IdType.USERNAME, username)
    return None


def as_uuid(value: object) -> str | None:
    """An account's identifier in its usual form, from text, from 16 bytes, or from base64."""
    raw = value
    if isinstance(value, str):
        try:
            return str(uuid.UUID(value))
        except ValueError:
            raw = unpacked(value)
    if isinstance(raw, bytes) and len(raw) == _UUID_BYTES and any(raw):
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


def _digits(value: object) -> str | None:
    """Digits of a number that can be one in E.164 form."""
    shown = str(value).lstrip("+") if isinstance(value, str | int) else ""
    fits = shown.isascii() and shown.isdigit() and 5 <= len(shown) <= 15 and shown[0] != "0"  # noqa: PLR2004 - lengths in E.164
    return shown if fits else None
