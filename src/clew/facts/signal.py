"""Signal's groups: a group is told by its master key, which its invitation link holds as well.

Clew keeps a digest of the key, so that a link leads to its group; the key itself is in no table.

References:
    - https://github.com/signalapp/Signal-Android (Groups.proto: GroupInviteLink, group master key)

"""

from __future__ import annotations

import base64
import binascii
import hashlib

from clew.facts import protobuf
from clew.records.facts import Chat
from clew.schema import Id


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


def unpacked(text: str) -> bytes | None:
    """Bytes from base64, of either alphabet, with or without its padding."""
    usual = text.translate(str.maketrans("-_", "+/")).rstrip("=")
    try:
        return base64.b64decode(usual + "=" * (-len(usual) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None
