"""What a message of Signal's own export is, by the part it holds (ChatItem of Backup.proto)."""

from typing import Any

from clew.facts.readers.signal.database import MEDIA
from clew.records import MessageKind

_KINDS = {
    "contactMessage": MessageKind.CONTACT,
    "stickerMessage": MessageKind.STICKER,
    "remoteDeletedMessage": MessageKind.DELETED,
    "adminDeletedMessage": MessageKind.DELETED,
    "updateMessage": MessageKind.SYSTEM,
    "paymentNotification": MessageKind.SYSTEM,
    "giftBadge": MessageKind.SYSTEM,
    "pinMessage": MessageKind.SYSTEM,
    "viewOnceMessage": MessageKind.VIEW_ONCE_IMAGE,
    "directStoryReplyMessage": MessageKind.TEXT,
    "poll": MessageKind.POLL,
}
_CALLS = ("individualCall", "groupCall")


def kind_of(item: dict[str, Any]) -> tuple[str, str | None, object]:
    """Kind of a message, the name of its part as stored, and its text."""
    for part, kind in _KINDS.items():
        held = item.get(part)
        if isinstance(held, dict):
            return _other(part, kind, held)
    standard = item.get("standardMessage")
    if not isinstance(standard, dict):
        return MessageKind.UNKNOWN.value, _unknown(item), None
    words = standard.get("text")
    said = words.get("body") if isinstance(words, dict) else None
    files = parts_of(standard, "attachments")
    return _of_file(files[0]) if files else MessageKind.TEXT.value, "standardMessage", said


def parts_of(held: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """The objects of a list; none where there is no such list."""
    value = held.get(name)
    return [v for v in value if isinstance(v, dict)] if isinstance(value, list) else []


def media_type_of(pointer: dict[str, Any]) -> str | None:
    """Content type of a file."""
    value = pointer.get("contentType")
    return value if isinstance(value, str) else None


def _other(part: str, kind: MessageKind, held: dict[str, Any]) -> tuple[str, str | None, object]:
    if part == "poll":
        return kind.value, part, held.get("question")
    if part == "directStoryReplyMessage":
        reply = held.get("textReply")
        words = reply.get("text") if isinstance(reply, dict) else None
        return kind.value, part, words.get("body") if isinstance(words, dict) else held.get("emoji")
    if part == "updateMessage":
        update = next(iter(held), "")
        is_call = update in _CALLS
        return (MessageKind.CALL if is_call else kind).value, f"{part}/{update}", None
    return kind.value, part, None


def _of_file(attachment: dict[str, Any]) -> str:
    if attachment.get("flag") == "VOICE_MESSAGE":
        return MessageKind.VOICE.value
    if attachment.get("flag") == "GIF":
        return MessageKind.GIF.value
    pointer = attachment.get("pointer")
    media = (media_type_of(pointer) or "") if isinstance(pointer, dict) else ""
    return MEDIA.get(media.partition("/")[0], MessageKind.DOCUMENT.value)


def _unknown(item: dict[str, Any]) -> str | None:
    """Name of the part of a message that is of a kind to come."""
    known = ("incoming", "outgoing", "directionless")
    return next((k for k, v in item.items() if isinstance(v, dict) and k not in known), None)
