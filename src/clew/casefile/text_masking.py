"""Masking of what people wrote: numbers, addresses, handles and names, wherever they stand in it.

Only free text, paths and titles are searched; what a column declares to be an account or a name is
masked without being looked at. A text is searched in a folded form, without case, accents and
invisible characters, in which each character knows where it stood.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Protocol, TypeVar

K = TypeVar("K")
Span = tuple[int, int, str]
"""Part of a text, from and until, and what is shown instead."""

DROPPED = (
    "\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\ufe00-\ufe0f\ufeff"
)
"""Accents, once they stand by themselves, and characters that nobody sees."""
_DROPPED = re.compile(f"[{DROPPED}]")
_SINGLY = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
"""Scripts written without spaces: each character counts as a word."""
_WORD = re.compile(f"[{_SINGLY}]|[^\\W_{_SINGLY}]+")
_MOST_WORDS = 8
_MOST_BETWEEN = 3
"""Characters between two words of one name, as in ``López, Ana``."""
_SHORTEST_NAME = 3
_SHORTEST_GLUED = 6
_NO_NAMES = frozenset((
    "abu", "android", "and", "bin", "casa", "chat", "com", "con", "contact", "contacts", "das",
    "data", "databases", "del", "demo", "den", "der", "device", "documents", "don", "dos",
    "download", "file", "files", "grupo", "group", "home", "ibn", "images", "las", "live", "los",
    "media", "member", "messages", "mit", "mobile", "none", "people", "person", "phone", "photo",
    "por", "push", "sdcard", "sent", "telegram", "test", "text", "the", "und", "unknown", "user",
    "van", "video", "von", "whatsapp", "work",
))  # fmt: skip
"""Particles, and words of every phone's paths and of Clew: nobody is named by one of them alone."""

_DOT = r"\[?\.\]?"
_SERVERS = rf"s{_DOT}whatsapp{_DOT}net|c{_DOT}us|lid|g{_DOT}us|newsletter|broadcast"
_PROFILES = "|".join(
    name.replace(".", _DOT)
    for name in ("t.me", "telegram.me", "telegram.dog", "instagram.com", "facebook.com", "fb.com",
                 "m.me", "twitter.com", "x.com", "vk.com", "tiktok.com", "snapchat.com/add")
)  # fmt: skip
_GAP = r"[ ()./_\u2010-\u2015\u2212-]{0,3}"
_TOKEN = re.compile(
    rf"""
    (?P<pseudonym>\b(?:person|account|group|number|handle|message)-[0-9a-f]{{8,16}}\b)
  | (?P<account>\b[a-z]+:(?:pn|lid|user|username|email|aci|pni|owner|tel):[\w.+-]*\w)
  | (?P<chat>\b[a-z]+:(?:group|supergroup|channel|chat|dm|export|file|inbox|guild)[:/][\w.!:/-]*\w)
  | (?:\bwhatsapp:)?(?P<jid>\d{{5,20}}(?:-\d+)?)(?:[:.]\d+)?@(?P<server>{_SERVERS})\b
  | (?P<email>[\w.+%-]+@[\w-]+(?:{_DOT}[\w-]+)+)
  | (?:{_PROFILES})/@?(?P<profile>(?!joinchat\b|share\b|[cs]/|\+)[\w.]{{2,}}\w)
  | (?<![\w.])@(?P<handle>[\w.]{{2,}}\w)
  | (?P<event>\b[0-9a-f]{{20}}\#[a-z_\ ]+(?:/\d+)+)
  | (?P<hex>(?<![0-9a-z])(?=[0-9a-f-]*[a-f])
        [0-9a-f]{{8}}(?:[0-9a-f]{{8,}}|(?:-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}})(?![0-9a-z]))
  | (?P<date>(?<!\d)(?:(?:19|20)\d\d[-./_]?(?:0[1-9]|1[0-2])[-./_]?(?:0[1-9]|[12]\d|3[01])
        (?:[-t_\ ]{{1,3}}\d\d[-:._]?\d\d(?:[-:._]?\d\d(?:\.\d+)?)?)?
      | \d{{1,2}}[-./]\d{{1,2}}[-./](?:(?:19|20)\d\d|\d\d))(?!\d))
  | (?P<number>(?<!\d)\+?\(?\d(?:{_GAP}\d){{5,18}}(?!\d))
    """,
    re.VERBOSE,
)
_KEPT = ("pseudonym", "event", "hex", "date")
"""Tokens that name nobody, and in which no number is looked for."""
SUSPICIOUS = r"(?:\d[\W_]{0,3}){8}|@|\b[a-z]+:[a-z]+[:/]|(?:me|com)\]?/"
FEW_DIGITS = r"(?:\d[\W_]{0,3}){6}"
_SUSPICIOUS, _FEW_DIGITS = re.compile(SUSPICIOUS), re.compile(FEW_DIGITS)
_HINT = re.compile(r"[\d@:/]")
PLAIN = (
    "[ -~\\n\\t\u00a1-\u00a7\u00ab\u00b0\u00b7\u00bb\u00bf-\u00de\u00e0-\u0131\u0134-\u013e"
    "\u0141-\u0148\u014a-\u017e\u0388-\u038a\u038e-\u03a1\u03a3-\u03c1\u03c3-\u03ce\u0400-\u0481"
    "\u048a-\u052f\u2013\u2014\u2018-\u201e\u20ac\u2600-\u260d\U0001f300-\U0001f4dd"
    f"\U0001f4f2-\U0001f64f\U0001f680-\U0001f6c5{DROPPED}]*"
)
"""Texts whose characters the engine folds as ``folded`` does; no sign of a telephone is in it."""
_RUN = re.compile(r"\d+")
_SURE_DIGITS, _FEWEST_GLUED = 8, 9
WORDS_TO_CALL = (
    r"\b(?:tel|tels|telf?|tlf|telefon\w*|phone|mobile?|movil|cel|celular|handy|nummer|nr|numero|"
    r"number|num|no|call|ring|llama\w*|chiama\w*|ruf\w*|anruf\w*|appel\w*|liga\w*|fax|sms|whatsapp|"
    r"wa|contact\w*|phone=|tel:)\b"
)
FOLDERS = (
    r"\bwhatsapp (?:images|video|documents|audio|voice notes|stickers|animated gifs|"
    r"profile photos)/"
)
"""WhatsApp's own folders: a number in the name of a file in them is none to call."""
_FOLDERS = re.compile(FOLDERS)
_CALLING = rf"(?:{WORDS_TO_CALL}|[\u260e\u2706\U0001f4de\U0001f4f1])"
_TO_CALL, _ASKED_FOR = re.compile(_CALLING), re.compile(_CALLING + r"[^\d\n]{0,20}$")
"""What stands before a number of six or seven digits that is one to call."""


class Pseudonyms(Protocol):
    """What stands for whom and what."""

    def of(self, account_id: str) -> str:
        """A person, by any account."""

    def group(self, chat_id: str) -> str:
        """A conversation."""

    def number(self, text: str) -> str:
        """A phone number."""

    def handle(self, text: str) -> str:
        """A user name or an address."""


def folded(text: str) -> str:
    """A text without case, accents and invisible characters.

    >>> folded("ANA\u00a0Mar\u00eda")
    'ana maria'
    """
    if text.isascii():
        return text.casefold()
    return _DROPPED.sub("", unicodedata.normalize("NFKD", text)).casefold()


class TextMasking:
    """Hides in texts the numbers, addresses and handles of anybody, and the names that are known.

    A name of several words is found whatever its case, accents and order; a single name, or one
    word of a longer one, where it is written with a capital, or as the device has it.
    """

    def __init__(self, shown: Pseudonyms, names: Iterable[tuple[str, str | None]]) -> None:
        self._shown = shown
        self._whole: dict[tuple[str, ...], str | None] = {}
        self._single: dict[str, str | None] = {}
        self._written: set[str] = set()
        for name, account in names:
            self._add(name, account)
        self.words = frozenset(word for words in self._whole for word in words) | set(self._single)
        """Words of the names, folded."""

    def hidden(self, text: str) -> str:
        """The text with everything hidden that names somebody."""
        fold = folded(text)
        tokens = list(_tokens(fold)) if _is_suspicious(fold) else []
        named = not self.words.isdisjoint(_WORD.findall(fold))
        if not tokens and not named:
            return text
        fold, origin = _folded_with_origin(text)
        spans = [(*span, self._instead(kind, text, found, origin)) for kind, span, found in tokens]
        if named:
            spans = sorted(spans + list(self._names(text, fold, origin, spans)))
        out, done = [], 0
        for start, end, instead in spans:
            out += [text[done : origin[start]], instead]
            done = origin[end - 1] + 1
        return "".join([*out, text[done:]])

    def _add(self, name: str, account: str | None) -> None:
        words = _WORD.findall(folded(name))
        if len(words) > 1:
            _once(self._whole, tuple(sorted(words)), account)
            if len(glued := "".join(words)) >= _SHORTEST_GLUED:
                _once(self._single, glued, account)
                self._written.add(glued)
        elif words:
            self._written.add(name)
        for word in words:
            is_name = len(word) >= _SHORTEST_NAME and word not in _NO_NAMES
            if is_name and (word.isalpha() or len(words) == 1):
                _once(self._single, word, account)

    def _instead(self, kind: str, text: str, found: re.Match[str], origin: list[int]) -> str:
        """What is shown instead of a number, an address or a handle."""
        if kind == "jid":
            return self._address(found["jid"], found["server"].replace("[", "").replace("]", ""))
        start, end = found.span(kind)
        written = _DROPPED.sub("", text[origin[start] : origin[end - 1] + 1])
        if kind == "number" or (kind == "handle" and written.isdecimal()):
            return self._shown.number(written)
        if kind == "account":
            return self._shown.of(written)
        return self._shown.group(written) if kind == "chat" else self._shown.handle(written)

    def _address(self, name: str, server: str) -> str:
        """What is shown instead of WhatsApp's address of a person or a group."""
        if server in ("g.us", "newsletter", "broadcast"):
            return self._shown.group(f"whatsapp:{name}@{server}")
        return self._shown.of(f"whatsapp:{'lid' if server == 'lid' else 'pn'}:{name}")

    def _names(self, text: str, fold: str, origin: list[int], taken: list[Span]) -> Iterator[Span]:
        """Names, where nothing else is hidden."""
        words_found = [
            word
            for word in _WORD.finditer(fold)
            if not any(start < word.end() and word.start() < end for start, end, _ in taken)
        ]
        at = 0
        while at < len(words_found):
            length, account = self._longest(text, words_found[at : at + _MOST_WORDS], origin)
            if length:
                instead = self._shown.of(account) if account else "[name]"
                yield words_found[at].start(), words_found[at + length - 1].end(), instead
            at += length or 1

    def _longest(
        self, text: str, words_found: list[re.Match[str]], origin: list[int]
    ) -> tuple[int, str | None]:
        """Words of the longest name that begins here, and whose it is."""
        first = words_found[0].group()
        if first not in self.words:
            return 0, None
        near = 1
        while (
            near < len(words_found)
            and words_found[near].start() - words_found[near - 1].end() <= _MOST_BETWEEN
        ):
            near += 1
        for length in range(near, 1, -1):
            words = tuple(sorted(word.group() for word in words_found[:length]))
            if words in self._whole:
                return length, self._whole[words]
        if first in self._single:
            start, end = words_found[0].span()
            written = text[origin[start] : origin[end - 1] + 1]
            if first in self._written or written in self._written or written[:1].isupper():
                return 1, self._single[first]
        return 0, None


def _once(known: dict[K, str | None], key: K, account: str | None) -> None:
    """Keep whose a name is; of a name that several bear it is not known."""
    known[key] = account if known.get(key, account) == account else None


def _is_suspicious(fold: str) -> bool:
    """Whether a closer look is due, as for one text in many."""
    if not _HINT.search(fold):
        return False
    return bool(_SUSPICIOUS.search(fold)) or bool(
        _FEW_DIGITS.search(fold) and ("+" in fold or _TO_CALL.search(_FOLDERS.sub("/", fold)))
    )


def _tokens(fold: str) -> Iterator[tuple[str, tuple[int, int], re.Match[str]]]:
    """Numbers, addresses and handles in a folded text: kind, span and what was found."""
    for found in _TOKEN.finditer(fold):
        kind = "jid" if found["jid"] else found.lastgroup or ""
        if kind in _KEPT or (kind == "number" and not _is_number(found)):
            continue
        yield kind, found.span(0 if kind == "jid" else kind), found


def _folded_with_origin(text: str) -> tuple[str, list[int]]:
    """The folded text, and for each of its characters the offset in the text."""
    if text.isascii():
        return text.casefold(), list(range(len(text)))
    parts, origin = [], []
    for at, char in enumerate(text):
        part = char.lower() if char.isascii() else folded(char)
        parts.append(part)
        origin += [at] * len(part)
    return "".join(parts), origin


def _is_number(found: re.Match[str]) -> bool:
    """Whether digits in a text are a number that somebody could be called by."""
    text, (start, end) = found.string, found.span("number")
    runs = _RUN.findall(found["number"])
    digits = "".join(runs)
    before, after = text[start - 1 : start], text[end : end + 1]
    if (before.isalpha() and len(runs[0]) < _FEWEST_GLUED) or (
        after.isalpha() and len(runs[-1]) < _FEWEST_GLUED
    ):
        return False
    if digits.startswith("0000"):
        return False
    if len(digits) >= _SURE_DIGITS or found["number"].startswith("+"):
        return True
    return _ASKED_FOR.search(_FOLDERS.sub("/", text[max(0, start - 40) : start])) is not None
