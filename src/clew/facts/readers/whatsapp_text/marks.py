"""What stands in a body instead of something else: omitted media, attachments, deletions."""

from collections.abc import Iterator
from functools import cache

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from clew.facts import exports
from clew.facts.reader_api import data_file
from clew.facts.readers.whatsapp_text.clock import MARKS

_STRIPPED = "".join(chr(c) for c in (0x200B, 0x200E, 0x200F, 0x2060, 0x061C, 0xFEFF)) + " .。\n"
_LONGEST = 160
_TAIL = 4
_NAME = "{name}"
_BY_ENDING = {"opus": "voice", "webp": "sticker", "vcf": "contact"}
"""What the endings of some names mean here, apart from what they mean everywhere."""


class Mark(msgspec.Struct, frozen=True):
    """What a body turned out to stand for."""

    kind: str
    share: bool = False
    """A file was sent."""
    name: str | None = None
    """Its name."""
    caption: str | None = None
    by_owner: bool = False
    """The holder of the device did it."""


class _Catalogue(msgspec.Struct, frozen=True):
    whole: dict[str, tuple[Mark, bool]]
    """By plain text: the mark, and whether it needs an invisible sign before it."""
    ends: tuple[tuple[str, Mark], ...]
    begins: tuple[tuple[str, Mark], ...]
    attached: dict[str, list[tuple[str, str]]]
    """What stands before and behind the name of a file, by its last characters."""


@cache
def rules() -> list[dict[str, str | bool]]:
    """Every mark of the catalogue, with its example."""
    found: list[dict[str, str | bool]] = data_file(__package__, "catalogue", "marks.toml")["marks"]
    return [*found, *_by_language()]


def _by_language() -> Iterator[dict[str, str | bool]]:
    """Marks of the other catalogue: Android's brackets, or the iPhone's invisible sign."""
    for language, known in data_file(__package__, "catalogue", "marks_by_language.toml").items():
        for key, texts in known.items():
            kind, _, by = key.partition(" ")
            rule: dict[str, str | bool] = {"language": language, "kind": kind}
            rule |= {"by": "owner"} if by else {}
            rule |= {"share": True} if kind != "deleted" else {}
            rule |= {"marked": True} if kind not in ("deleted", "media") else {}
            for text in texts:
                whole = f"<{text}>" if kind == "media" else text
                sign = "" if kind == "media" else "\u200e"
                yield {**rule, "text": whole, "example": f"{sign}{whole}"}


def marks_of(bodies: list[str], column: pa.Array) -> list[Mark | None]:
    """The mark that each body is, or carries; most are recognised by one look at the column."""
    known = _catalogue().whole
    hinted = _hinted(column).to_pylist()
    return [
        mark_of(body)
        if hint or (len(body) <= _LONGEST and body.casefold().rstrip(" .。") in known)
        else None
        for body, hint in zip(bodies, hinted, strict=True)
    ]


def languages_of_mark(body: str) -> frozenset[str]:
    """Languages in which a body stands for a file left out, or for a message taken back."""
    first = body.partition("\n")[0]
    if len(first) > _LONGEST:
        return frozenset()
    if first.rstrip()[-1:] in (")", ">") and (found := _languages_of_attached(first)):
        return found
    return _languages().get(_plain(body), frozenset())


def _languages_of_attached(line: str) -> frozenset[str]:
    """Languages that write the name of a file so."""
    line = MARKS.sub("", line).strip(_STRIPPED)
    texts = ((rule, str(rule["text"]).partition(_NAME)) for rule in rules())
    return frozenset(
        str(rule["language"])
        for rule, (before, middle, behind) in texts
        if middle and line.startswith(before) and line.endswith(behind)
    )


@cache
def _languages() -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for rule in rules():
        text = _plain(str(rule["text"]))
        found[text] = found.get(text, frozenset()) | {str(rule["language"])}
    return found


def _hinted(column: pa.Array) -> pa.Array:
    """Whether each body holds what a mark must: an invisible sign, or a bracket instead."""
    found = pc.invert(pc.string_is_ascii(column))
    for bracket in "<(":
        found = pc.or_(found, pc.starts_with(column, bracket))
    for bracket in ")>":
        found = pc.or_(found, pc.ends_with(column, bracket))
        found = pc.or_(found, pc.match_substring(column, f"{bracket}\n"))
    return found


def mark_of(body: str) -> Mark | None:
    """The mark that a body is, or carries; None for what a person wrote."""
    signed = MARKS.search(body) is not None
    found = _whole(body, signed=signed) if len(body) <= _LONGEST else None
    if found is None and signed and MARKS.match(body):
        key = _plain(body)
        found = next((m for text, m in _catalogue().begins if key.startswith(text)), None)
    return found or _attachment(body) or _captioned(body, signed=signed)


def _whole(body: str, *, signed: bool) -> Mark | None:
    """The mark that a whole body is, or that an omitted document ends in."""
    key = _plain(body)
    mark, needs_sign = _catalogue().whole.get(key, (None, False))
    if mark and (signed or not needs_sign):
        return mark
    if signed or "•" in body:
        for text, document in _catalogue().ends:
            if key.endswith(text):
                name, bullet, _ = body.partition("•")
                name = name.strip(_STRIPPED) if bullet else ""
                return msgspec.structs.replace(document, name=name or None)
    return None


@cache
def _catalogue() -> _Catalogue:
    whole: dict[str, tuple[Mark, bool]] = {}
    ends, begins = [], []
    attached: dict[str, list[tuple[str, str]]] = {}
    for rule in rules():
        text, kind = str(rule["text"]), str(rule["kind"])
        share, by_owner = bool(rule.get("share")), rule.get("by") == "owner"
        mark = Mark(kind, share=share, by_owner=by_owner)
        if _NAME in text:
            before, _, behind = text.partition(_NAME)
            attached.setdefault(behind[-_TAIL:], []).append((before, behind))
        elif rule.get("edited"):
            continue
        elif kind in ("poll", "call") and rule.get("marked"):
            begins.append((_plain(text), mark))
        else:
            whole[_plain(text)] = (mark, bool(rule.get("marked")))
            if kind == "document":
                ends.append((_plain(text), mark))
    return _Catalogue(whole, tuple(ends), tuple(begins), attached)


def _attachment(body: str) -> Mark | None:
    """A file by its name, and the words sent with it on the lines below."""
    first, _, caption = body.partition("\n")
    line = first.strip(_STRIPPED) if first[:1] in _STRIPPED else first
    if not line or line[-1] not in ")>）":
        return None
    line = MARKS.sub("", line)
    known = _catalogue().attached
    for before, behind in [p for n in range(1, _TAIL + 1) for p in known.get(line[-n:], ())]:
        if line.startswith(before) and line.endswith(behind):
            name = line[len(before) : len(line) - len(behind)].strip()
            if "." in name and len(name) <= _LONGEST:
                kind = _BY_ENDING.get(name.rpartition(".")[2].lower())
                kind = kind or exports.kind_of_file(name).value
                return Mark(kind, share=True, name=name, caption=caption or None)
    return None


def _captioned(body: str, *, signed: bool) -> Mark | None:
    """A file with words: Android writes them on the lines below, iOS before a sign and the mark.

    ``<Media omitted>`` and the words; the words, U+200E and ``<attached: …>`` or ``image omitted``.
    """
    mark, caption = None, ""
    first, _, below = body.partition("\n")
    before, sign, last = body.rpartition("\u200e") if signed else ("", "", "")
    if below and first.startswith("<"):
        mark, caption = _whole(first, signed=False), below
    elif sign and (caption := before.strip(_STRIPPED)) and len(last) <= _LONGEST:
        mark = _attachment(last) or _whole(last, signed=True)
    return msgspec.structs.replace(mark, caption=caption) if mark and mark.share else None


def _plain(text: str) -> str:
    return MARKS.sub("", text).strip(_STRIPPED).casefold()
