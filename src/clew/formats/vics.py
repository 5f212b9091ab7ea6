"""VICS 1.2 to 2.0, the JSON of Project VIC: what its records say, whoever reads them.

The official model is given to members only; what is read here follows open readers and writers
(IPED's HashDBTool, GLEAPP's projectvic, Clees4All). The root names the model in ``odata.metadata``
(1.x) or ``@odata.context`` (2.0), whose path has the country that gives a category its meaning.
Booleans come as texts, dates as ``/Date(ms)/``, MD5 in either case, several media with one MD5 or
one MediaID, and counts in the head that count something else: none of them is relied on.
"""

import codecs
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import unquote

import msgspec

from clew.formats.hashes import Hash, digest, encoding_of

CONTEXT = re.compile(rb'"(?:@odata\.context|odata\.metadata)"\s*:\s*"([^"]*)"')
_MODEL = re.compile(r"/(?P<version>\d+(?:\.\d+)*)\.xml(?:/(?P<country>[^/$#]+))?", re.IGNORECASE)
_TAKEN = {"mediaid", "category", "md5", "sha1", "sha256", "photodna", "alternativehashes"}
_QUALITY = re.compile(r"[0-9]{1,3}").fullmatch
_DECODER = msgspec.json.Decoder(dict[str, Any])
_PLAIN = (int, str, float)
_OWN = ("md5", "sha1", "sha256", "photodna")
_ONCE = (b'"MD5"', b'"SHA1"', b'"SHA256"', b'"PhotoDNA"', b'"Category"')
"""Names that a record has once, unless its files or other hashes have them too."""
_NAMES = {"photodna": "photodna", "sha256": "sha256", "sha-256": "sha256", "sha1": "sha1",
          "sha-1": "sha1", "md5": "md5", "pdq": "pdq"}  # fmt: skip
HEAD = 1 << 16
"""Bytes of a file in which its model is named."""


class Model(msgspec.Struct, frozen=True):
    """What gives the category of a record its meaning."""

    scheme: str
    version: str | None
    country: str | None


def model(head: bytes, scheme: str = "VICS") -> Model:
    """Scheme, version and country that the head of a file names."""
    named = CONTEXT.search(b"".join(utf8([head])))
    found = _MODEL.search(named[1].decode("utf-8", "replace")) if named else None
    country = found and found["country"]
    return Model(scheme, found and found["version"], country and unquote(country))


class Members:
    """What a record says, by names in small letters; of one name more than once, all of it."""

    def __init__(self, found: dict[str, Any], pairs: list[tuple[str, Any]]) -> None:
        self.found = found
        self.names = {name.casefold(): value for name, value in found.items()}
        self.repeats = pairs if pairs or len(self.names) == len(found) else list(found.items())
        """Its names and values, where a name stands in it more than once."""

    def all(self, name: str) -> list[Any]:
        """Every value under a name."""
        if self.repeats:
            return [value for key, value in self.repeats if key.casefold() == name]
        return [self.names[name]] if name in self.names else []


def members_of(text: bytes) -> Members:
    """The members of a record; of several with one name a reader of JSON tells only the last."""
    found = _DECODER.decode(text)
    pairs: list[tuple[str, Any]] = []
    if any((times := text.count(name)) > 1 and times > _occurrences(found, name) for name in _ONCE):

        def kept(outermost: list[tuple[str, Any]]) -> dict[str, Any]:
            pairs[:] = outermost  # the outermost object is complete last
            return dict(outermost)

        json.loads(text, object_pairs_hook=kept)
        if len({name for name, _ in pairs}) == len(pairs):
            pairs.clear()
    return Members(found, pairs)


def _occurrences(found: dict[str, Any], quoted: bytes) -> int:
    """How often a text stands in a record and in its lists as they were decoded."""
    name = quoted[1:-1].decode()
    lists = (value for value in found.values() if type(value) is list)
    inner = (one for listed in lists for one in listed if type(one) is dict)
    return (name in found) + sum([*one, *one.values()].count(name) for one in inner)


def code_of(category: Any) -> str | None:
    """A category's code as the file writes it; None where there is none."""
    if category is None:
        return None
    if type(category) in _PLAIN:
        return str(category).strip() or None
    return msgspec.json.encode(category).decode()


def hashes_of(members: Members) -> tuple[list[Hash], list[str], dict[str, Any]]:
    """The hashes of a record, what stands where a hash should and is none, and all else it says."""
    found: list[Hash] = []
    doubtful = []
    rest = {n: v for n, v in members.found.items() if v is not None and n.casefold() not in _TAKEN}
    given: list[tuple[str, Any, int | None]] = [
        (kind, value, None) for kind in _OWN if kind in members.names for value in members.all(kind)
    ]
    kept: list[Any] = []
    if "alternativehashes" in members.names:
        others, kept = _alternative(members.all("alternativehashes"))
        given += others
    for kind, text, quality in given:
        if (value := digest(kind, text)) is not None:
            found.append(Hash(kind, value, quality))
        elif text in (None, ""):
            continue
        elif kind == "photodna":
            kept.append({"HashName": "PhotoDNA", "HashValue": text})
        else:
            doubtful.append(f"{kind} {str(text)[:80]!r} is no hash")
    if kept:
        rest["AlternativeHashes"] = kept
    return found, doubtful, rest


def _alternative(lists: Iterable[Any]) -> tuple[list[tuple[str, Any, int | None]], list[Any]]:
    """Hashes by their names, each PDQ with the quality after it, and what is not compared."""
    found: list[tuple[str, Any, int | None]] = []
    kept: list[Any] = []
    for other in (one for listed in lists if isinstance(listed, list) for one in listed):
        one = {n.casefold(): v for n, v in other.items()} if isinstance(other, dict) else {}
        name, value = str(one.get("hashname")).casefold(), one.get("hashvalue")
        if name == "pdqquality" and found and found[-1][0] == "pdq" and _QUALITY(str(value)):
            found[-1] = ("pdq", found[-1][1], int(str(value)))
        elif name in _NAMES:
            found.append((_NAMES[name], value, None))
        elif other is not None:
            kept.append(other)
    return found, kept


def utf8(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The text in UTF-8, without a byte order mark."""
    decoder = None
    for number, chunk in enumerate(chunks):
        if number == 0 and (encoding := encoding_of(chunk)) != "utf-8-sig":
            decoder = codecs.getincrementaldecoder(encoding)("replace")
        if decoder:
            yield decoder.decode(chunk).encode()
        else:
            yield chunk.removeprefix(codecs.BOM_UTF8) if number == 0 else chunk
