"""Text as people write it: a normal form for search, links, and invitations in it."""

from __future__ import annotations

import re
import unicodedata

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

_LINK = re.compile(
    r"(?:https?://|www\.)[^\s<>\"']+|(?:chat\.whatsapp\.com|t\.me)/[^\s<>\"']+", re.IGNORECASE
)
_LINK_HINTS = ("://", "www.", "WWW.", "whatsapp.com/", "t.me/")
_INVITE = re.compile(
    r"(?P<whatsapp>chat\.whatsapp\.com/(?:invite/)?(?P<code>[A-Za-z0-9_-]{10,40}))"
    r"|(?P<telegram>\b(?:t\.me|telegram\.me)/(?:joinchat/|\+)(?P<hash>[A-Za-z0-9_-]{10,40}))"
    r"|(?P<signal>signal\.group/#(?P<blob>[A-Za-z0-9_-]{20,120}))"
    r"|(?P<discord>(?:discord\.gg|discord(?:app)?\.com/invite)/(?P<slug>[A-Za-z0-9-]{2,40}))",
    re.IGNORECASE,
)
_INVITE_HINTS = ("chat.whatsapp.com/", "t.me/", "telegram.me/", "signal.group/#", "discord")
_TRAILING = ".,;:!?)]}>\u2019\u201d\"'"


class InviteLink(msgspec.Struct, frozen=True):
    """An invitation link found in text."""

    platform: str
    code: str
    url: str
    """Defanged."""


def normal(text: str) -> str:
    """Casefold and strip accents, so that a search for ``malaga`` finds ``Málaga``."""
    if text.isascii():
        return text.lower()
    spread = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in spread if not unicodedata.combining(c))


def normal_column(texts: pa.Array) -> pa.Array:
    """Normal form of a whole column; the ASCII part of it, most of it, in one call."""
    plain = pc.string_is_ascii(texts)
    lowered = pc.ascii_lower(texts)
    if pc.all(plain, skip_nulls=True).as_py() is not False:
        return lowered
    odd = pc.invert(plain)
    mended = pa.array([normal(t) for t in pc.filter(texts, odd).to_pylist() if t is not None])
    return pc.replace_with_mask(lowered, pc.fill_null(odd, fill_value=False), mended)


def links(text: str) -> tuple[str, ...]:
    """Links in a text, defanged, in order."""
    return tuple(defang(found.group().rstrip(_TRAILING)) for found in _LINK.finditer(text))


def links_column(texts: pa.Array) -> pa.Array:
    """Links of each text of a column; null where there is none."""
    hits = _holding(texts, _LINK_HINTS)
    if not pc.any(hits).as_py():
        return pa.nulls(len(texts), pa.list_(pa.string()))
    found = [
        (links(t) or None) if hit else None
        for t, hit in zip(texts.to_pylist(), hits.to_pylist(), strict=True)
    ]
    return pa.array(found, pa.list_(pa.string()))


def invite_links(text: str) -> tuple[InviteLink, ...]:
    """Invitations to groups of any messenger that a text holds, in order, each once."""
    found: dict[InviteLink, None] = {}
    for match in _INVITE.finditer(text):
        platform = next(k for k in ("whatsapp", "telegram", "signal", "discord") if match[k])
        code = next(match[k] for k in ("code", "hash", "blob", "slug") if match[k])
        found[InviteLink(platform, code, defang(f"https://{match[platform]}"))] = None
    return tuple(found)


def invite_rows(texts: pa.Array) -> list[int]:
    """Places in a column whose text may hold an invitation."""
    hits = _holding(pc.ascii_lower(texts), _INVITE_HINTS)
    return pc.indices_nonzero(hits).to_pylist()  # type: ignore[no-any-return]


def _holding(texts: pa.Array, words: tuple[str, ...]) -> pa.Array:
    """Whether each text holds any of the words; plain searches are quicker than one pattern."""
    found = pc.match_substring(texts, words[0])
    for word in words[1:]:
        found = pc.or_(found, pc.match_substring(texts, word))
    return pc.fill_null(found, fill_value=False)


def defang(url: str) -> str:
    """A link that nothing follows by accident: ``hxxps://chat[.]whatsapp[.]com/…``."""
    scheme, mark, rest = url.partition("://")
    if not mark:
        scheme, rest = "", url
    host, slash, path = rest.partition("/")
    safe = re.sub("^http", "hxxp", scheme, flags=re.IGNORECASE)
    return f"{safe}{mark}{host.replace('.', '[.]')}{slash}{path}"
