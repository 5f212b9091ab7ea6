"""STIX 2.1 and 2.0 bundles: user accounts, e-mail addresses and files.

References:
    - STIX 2.1, OASIS Standard, 2021: 6.4 (email-addr), 6.7 (file), 6.15 (user-account)

"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from clew.exchange.foreign.elements import (
    Element,
    MalformedError,
    StatedAccount,
    account,
    document,
    guarded,
    hashes,
    plain,
    size_of,
)
from clew.records import IdType

_HASHES = {"MD5": "md5", "SHA-1": "sha1", "SHA-256": "sha256"}
_ORGANISATIONS = ("organization", "class", "system", "group")


def elements(chunks: Iterable[bytes]) -> Iterator[Element]:
    """Every object of a bundle."""
    bundle = document(chunks)
    if not isinstance(bundle, dict) or bundle.get("type") != "bundle":
        raise MalformedError("it is no STIX bundle")
    for number, one in enumerate(bundle.get("objects") or []):
        locator = f"objects/{number}"
        kind = plain(one.get("type")) if isinstance(one, dict) else None
        if kind is None:
            yield Element(kind="object", locator=locator, failed="an object without a type")
        else:
            yield from guarded(kind, locator, _of(kind, locator, one))


def _of(kind: str, locator: str, one: dict[str, Any]) -> Iterator[Element]:
    found: tuple[StatedAccount, ...] = ()
    match kind:
        case "user-account":
            names = [one.get("display_name")]
            text = one.get("user_id") or one.get("account_login")
            found = (account(text, one.get("account_type"), names=names),)
        case "email-addr":
            found = (account(one["value"], "email", IdType.EMAIL, [one.get("display_name")]),)
        case "identity" if one.get("identity_class") not in _ORGANISATIONS:
            found = (account(one["name"], "other", IdType.LABEL, [one["name"]], locator),)
        case "file":
            stated = ((_HASHES[k], v) for k, v in one.get("hashes", {}).items() if k in _HASHES)
            media_type, name = plain(one.get("mime_type")), plain(one.get("name"))
            size = size_of(one.get("size"))
            said = hashes(stated, size=size, media_type=media_type, name=name)
            yield Element(kind=kind, locator=locator, files=(said,))
            return
    yield Element(kind=kind, locator=locator, accounts=found)
