"""What makes two copies one message in Signal; accounts and groups stand in ``clew.facts.signal``.

A message has no id of its own: its sender's account and the millisecond at which it was sent tell
it on every device (quotes and reactions name it so).

References:
    - https://github.com/signalapp/Signal-Android (RecipientTable, MessageTable, Groups.proto)

"""

from clew.facts.signal import PLATFORM, as_uuid, person, unpacked

__all__ = ["PLATFORM", "as_uuid", "master_key", "message_key", "person"]


def message_key(sender: object, sent: object) -> str | None:
    """Key that every device gives the same message."""
    if isinstance(sender, str) and sender.startswith("signal:aci:") and isinstance(sent, int):
        return f"signal:{sender.rpartition(':')[2]}/{sent}" if sent > 0 else None
    return None


def master_key(value: object) -> bytes | None:
    """A master key as bytes, from bytes or base64."""
    raw = unpacked(value) if isinstance(value, str) else value
    return raw if isinstance(raw, bytes) and raw else None
