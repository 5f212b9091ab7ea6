"""What a message of Signal's own export is, by the part it holds (ChatItem of Backup.proto)."""

from typing import Any

from clew.facts.json_values import a_dict, a_text, dicts
from clew.facts.readers.signal.messages import of_media
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
_DIRECTIONS = ("incoming", "outgoing", "directionless")


def kind_of(item: dict[str, Any]) -> tuple[str, str | None, object]:
    """Kind of a message, the name of its part as stored, and its text."""
    for part, kind in _KINDS.items():
        if isinstance(item.get(part), dict):
            return _other(part, kind, item[part])
    standard = item.get("standardMessage")
    if not isinstance(standard, dict):
        parts = (k for k, v in item.items() if isinstance(v, dict) and k not in _DIRECTIONS)
        return MessageKind.UNKNOWN.value, next(parts, None), None
    files = dicts(standard.get("attachments"))
    of_files = _of_file(files[0]) if files else MessageKind.TEXT.value
    return of_files, "standardMessage", a_dict(standard.get("text")).get("body")


def _other(part: str, kind: MessageKind, content: dict[str, Any]) -> tuple[str, str | None, object]:
    if part == "directStoryReplyMessage":
        words = a_dict(content.get("textReply")).get("text")
        words = words.get("body") if isinstance(words, dict) else content.get("emoji")
        return kind.value, part, words
    if part == "updateMessage":
        update = next(iter(content), "")
        return (MessageKind.CALL if update in _CALLS else kind).value, f"{part}/{update}", None
    return kind.value, part, content.get("question") if part == "poll" else None


def _of_file(attachment: dict[str, Any]) -> str:
    flags = {"VOICE_MESSAGE": MessageKind.VOICE.value, "GIF": MessageKind.GIF.value}
    media_type = a_text(a_dict(attachment.get("pointer")).get("contentType"))
    flag = a_text(attachment.get("flag")) or ""
    return flags.get(flag) or of_media(media_type or "")
