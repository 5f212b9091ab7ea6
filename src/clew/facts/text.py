"""Text as people write it: a normal form for search, links, and invitations in it.

References:
    - WhatsApp: https://faq.whatsapp.com/495856382464992 (invitations), 5913398998672934 (wa.me)
    - Telegram: https://core.telegram.org/api/links (chat invite links, phone number links)
    - Signal: https://signal.org/blog/signal-private-group-system/ (group links)
    - Discord: https://discord.com/developers/docs/resources/invite

"""

import re
from functools import cache

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from clew.facts.reader_api import data_file
from clew.records import InviteKind
from clew.words.characters import normal

_LINK = re.compile(
    r"(?:https?://|www\.)[^\s<>\"']+|(?:chat\.whatsapp\.com|t\.me)/[^\s<>\"']+", re.IGNORECASE
)
_LINK_HINTS = ("://", "www.", "WWW.", "whatsapp.com/", "t.me/")
_TRAILING = ".,;:!?)]}>\u2019\u201d\"'"
_GAP = r"[ \t\u00a0]{0,3}"
_BREAK = r"[ \t\u00a0]{0,3}(?:\r?\n[ \t>]{0,4})?"
_DOT = rf"{_GAP}(?:\.|[\[({{]\.[\])}}]|[\[({{]?\b(?:dot|punto|ponto|point|punkt)\b[\])}}]?){_GAP}"
_SLASH = rf"{_GAP}(?:/|[\[({{]/[\])}}]){_GAP}"
_BASE = "A-Za-z0-9_-"
_ENDS = rf"(?![{_BASE}])"
_MORE = rf"(?:[ \t]{{0,3}}\r?\n[ \t>]{{0,4}}[{_BASE}]+){{0,3}}"
_SCHEME = rf"(?:h(?:tt|xx)ps?{_GAP}[\[({{]?:[\])}}]?{_GAP}//{_GAP})?(?:www{_DOT})?"
_WHATSAPP = rf"\bchat{_DOT}whatsapp{_DOT}com{_SLASH}(?:invite{_SLASH})?"
_TELEGRAM = rf"\b(?:t{_DOT}me|telegram{_DOT}(?:me|dog)){_SLASH}(?:joinchat{_SLASH}|\+)"
_SIGNAL = rf"(?:sgnl{_GAP}:{_GAP}//{_GAP})?\bsignal{_DOT}group{_GAP}/{_GAP}\#"
_DISCORD = (
    rf"\b(?:discord{_DOT}gg|discord(?:app)?{_DOT}com{_SLASH}invite)"
    rf"{_GAP}(?:/|[\[({{]/[\])}}])"
)
_INVITE = re.compile(
    rf"""{_SCHEME}(?:
      {_WHATSAPP}(?P<gap>{_BREAK})(?P<wa>[{_BASE}]{{1,40}})(?=(?P<rest>{_MORE}))
      |whatsapp://chat/?\?code=(?P<wa_app>[{_BASE}]{{10,40}})
      |\bwa{_DOT}me{_SLASH}(?:\+?(?P<wa_number>[0-9]{{7,15}}){_ENDS}
        |(?P<wa_card>(?:message|qr)/[A-Z0-9]{{6,40}}))
      |(?:\bapi{_DOT}whatsapp{_DOT}com{_SLASH}send/?|whatsapp://send/?)
        \?phone=(?:\+|%2B)?(?P<wa_send>[0-9]{{7,15}}){_ENDS}
      |{_TELEGRAM}(?:(?P<tg_number>[0-9]{{7,15}}){_ENDS}|{_BREAK}(?P<tg>[{_BASE}]{{10,40}}))
      |tg://join/?\?invite=(?P<tg_app>[{_BASE}]{{10,40}})
      |{_SIGNAL}{_BREAK}(?P<sg>[{_BASE}]{{20,200}})
      |{_DISCORD}(?P<dc>[A-Za-z0-9-]{{2,40}})
      |discord://(?:-/)?invite/(?P<dc_app>[A-Za-z0-9-]{{2,40}})
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_HINT = re.compile(
    r"whatsapp|wa\W|\bt\W{1,5}me|telegram|joinchat|tg:|signal|discord", re.IGNORECASE
)
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_PLAIN = re.compile(r"[^\s\[\](){}]+")
_OF = {"wa": "whatsapp", "tg": "telegram", "sg": "signal", "dc": "discord"}
_URLS = {
    "whatsapp": "https://chat.whatsapp.com/",
    "telegram": "https://t.me/+",
    "signal": "https://signal.group/#",
    "discord": "https://discord.gg/",
}
_WHATSAPP_CODE = 22
"""Characters of a WhatsApp code: what makes a code over two lines certain."""
_SHORTEST = 10


@cache
def month_names() -> dict[str, int]:
    """Number of each known name of a month, in lower case."""
    months = data_file("clew.facts", "months.toml")["months"]
    return {name: number for number, names in enumerate(months, start=1) for name in names}


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


class InviteLink(msgspec.Struct, frozen=True):
    """An invitation found in a text."""

    platform: str
    code: str
    """As written, case kept; a number in E.164 form where it leads to a person."""
    url: str
    """The link in one form, defanged."""
    kind: InviteKind = InviteKind.GROUP
    written: str | None = None
    """As it stands in the text, where that is no plain link; without ``http``."""


def invite_links(text: str) -> tuple[InviteLink, ...]:
    """Invitations of any messenger that a text holds, in order, each once.

    >>> [link.code for link in invite_links("hxxps://t[.]me/+AbCdEfGhIjKlMnOp")]
    ['AbCdEfGhIjKlMnOp']
    """
    if "/" not in text or not _HINT.search(text):
        return ()
    found: dict[tuple[str, str], InviteLink] = {}
    for match in _INVITE.finditer(_INVISIBLE.sub("", text)):
        link = _link(match)
        if link:
            found.setdefault((link.platform, link.code), link)
    return tuple(found.values())


def _link(match: re.Match[str]) -> InviteLink | None:
    """The invitation in a match; None where another reading is as good."""
    group, code = next((g, c) for g, c in match.groupdict().items() if c and g[:2] in _OF)
    platform, written = _OF[group[:2]], match.group()
    if group in ("wa_number", "wa_send", "tg_number"):
        url = defang(f"https://{'t.me' if platform == 'telegram' else 'wa.me'}/+{code}")
        return InviteLink(platform, f"+{code}", url, InviteKind.CONTACT, _odd(written))
    if group == "wa_card":
        url = defang(f"https://wa.me/{code}")
        return InviteLink(platform, code, url, InviteKind.CONTACT, _odd(written))
    if group == "wa":
        pieces = re.findall(rf"[{_BASE}]+", match["rest"])
        whole = _whole(code, pieces, spaced=bool(match["gap"]))
        written += "" if whole == code else match["rest"]
        code = whole
    elif group == "tg" and match.string[match.start(group) - 1].isspace():
        code = code if len(code) in (16, 22) else ""
    if not code:
        return None
    return InviteLink(platform, code, defang(_URLS[platform] + code), written=_odd(written))


def _whole(code: str, rest: list[str], *, spaced: bool) -> str:
    """A WhatsApp code: as it stands, or with the lines below that make up its known length."""
    joined = code
    for piece in rest:
        if len(joined) < _WHATSAPP_CODE:
            joined += piece
    if len(code) < _WHATSAPP_CODE and len(joined) == _WHATSAPP_CODE:
        return joined
    fits = len(code) == _WHATSAPP_CODE if spaced else len(code) >= _SHORTEST
    return code if fits else ""


def _odd(written: str) -> str | None:
    """A link as written, unless it is a plain one; nothing in it can be followed."""
    if _PLAIN.fullmatch(written) and not written.lower().startswith("hxxp"):
        return None
    return re.sub("^http", "hxxp", " ".join(written.split()), flags=re.IGNORECASE)


def invite_rows(texts: pa.Array) -> list[int]:
    """Row numbers of a column whose text may hold an invitation: every form of one has a slash."""
    found: list[int] = pc.indices_nonzero(_holding(texts, ("/",))).to_pylist()
    return found
