"""FollowTheMoney entities, one a line: persons' numbers and addresses, accounts, documents.

References:
    - followthemoney/schema/*.yaml (MIT); ``contentHash`` is the SHA-1 of a document

"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

import msgspec

from clew.exchange.foreign.elements import (
    PHONE,
    Element,
    MalformedError,
    StatedAccount,
    account,
    guarded,
    hashes,
    plain,
    size_of,
    texts,
)
from clew.formats.vics import utf8
from clew.records import IdType

_DOCUMENTS = {"Document", "Image", "Video", "Audio", "PlainText", "Pages", "HyperText", "Table"}
_PEOPLE = {"Person", "LegalEntity"}
_LONGEST = 1 << 24
_NOTED = {"SHA-256: ": "sha256", "MD5: ": "md5"}
"""How Clew's own rendering writes the hashes that the schema has no property for."""


def elements(chunks: Iterable[bytes]) -> Iterator[Element]:
    """Every line's entity."""
    begun = False
    for number, line in enumerate(_lines(chunks), 1):
        if not line.strip():
            continue
        locator = f"line/{number}"
        one, why = _decoded(line)
        kind = plain(one.get("schema")) if isinstance(one, dict) else None
        if kind is None and not begun:
            raise MalformedError("the first line is no entity with a schema")
        begun = True
        if why:
            yield Element(kind="line", locator=locator, failed=why)
        else:
            yield from guarded(kind or "line", locator, _of(kind, locator, one))


def _decoded(line: bytes) -> tuple[Any, str]:
    """The JSON of a line, or why it is none."""
    try:
        return msgspec.json.decode(line), ""
    except (msgspec.DecodeError, RecursionError) as error:
        return None, f"no JSON: {error}"


def _lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    rest = b""
    for chunk in chain(utf8(chunks), [b"\n"]):
        *whole, rest = (rest + chunk).split(b"\n")
        yield from whole
        if len(rest) > _LONGEST:
            raise MalformedError("a line is longer than any entity")


def _of(kind: str | None, locator: str, one: dict[str, Any]) -> Iterator[Element]:
    if kind is None:
        raise MalformedError("an entity without a schema")
    said = {name: texts(values) for name, values in one.get("properties", {}).items()}
    if kind in _DOCUMENTS:
        yield Element(kind=kind, locator=locator, files=(_file(said),))
    elif kind in _PEOPLE:
        yield Element(kind=kind, locator=locator, accounts=tuple(_person(said, locator)))
    elif kind == "UserAccount":
        service, names = _first(said, "service"), said.get("name", ())
        found = [account(value, service, names=names) for value in said.get("username", ())]
        found += [account(value, service or PHONE, IdType.PHONE, names)
                  for value in said.get("number", ()) if not found]  # fmt: skip
        found += [account(value, "email", IdType.EMAIL, names) for value in said.get("email", ())]
        yield Element(kind=kind, locator=locator, accounts=tuple(found))
    else:
        yield Element(kind=kind, locator=locator)


def _first(said: dict[str, list[object]], name: str) -> object:
    return next(iter(said.get(name, ())), None)


def _person(said: dict[str, list[object]], scope: str) -> Iterator[StatedAccount]:
    names = [*said.get("name", ()), *said.get("alias", ())]
    found = [account(value, PHONE, IdType.PHONE, names) for value in said.get("phone", ())]
    found += [account(v, "email", IdType.EMAIL, names) for v in said.get("email", ())]
    yield from found or [account(_first(said, "name"), "other", IdType.LABEL, names, scope)]


def _file(said: dict[str, list[object]]) -> Any:
    stated = [("sha1", value) for value in said.get("contentHash", ())]
    for note in said.get("notes", ()):
        for begins, kind in _NOTED.items():
            if isinstance(note, str) and note.startswith(begins):
                stated.append((kind, note.removeprefix(begins)))
    return hashes(stated, size=size_of(_first(said, "fileSize")),
                  media_type=plain(_first(said, "mimeType")),
                  name=plain(_first(said, "fileName")))  # fmt: skip
