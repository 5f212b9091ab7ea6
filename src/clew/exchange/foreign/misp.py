"""MISP events: attributes and objects with identifiers of people, groups, messages, and files.

References:
    - MISP core format (RFC draft), 2.4 and 2.5: Event, Attribute, Object
    - MISP/misp-objects: person, phone, user-account, telegram-account, file, email,
      instant-message, instant-message-group

"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from msgspec.structs import replace

from clew.exchange.foreign.elements import (
    PHONE,
    Element,
    MalformedError,
    StatedAccount,
    StatedMember,
    StatedMessage,
    account,
    between,
    document,
    first,
    group,
    guarded,
    hashes,
    moment,
    plain,
    size_of,
    texts,
)
from clew.records import IdType

_HASHES = ("md5", "sha1", "sha256")
_MAILS = ("email", "email-src", "email-dst")
_NAMES = ("full-name", "first-name", "last-name", "alias")


def elements(chunks: Iterable[bytes]) -> Iterator[Element]:
    """Every attribute and object of an event, or of a list of events."""
    root = document(chunks)
    found = root.get("response", root) if isinstance(root, dict) else root
    events = [one["Event"] for one in texts(found) if isinstance(one, dict) and "Event" in one]
    if not events or not all(isinstance(one, dict) for one in events):
        raise MalformedError("it is no MISP event")
    for number, event in enumerate(events):
        for name, take in _PARTS.items():
            for rank, one in enumerate(texts(event.get(name))):
                locator = f"Event/{number}/{name}/{rank}"
                yield from guarded(name.lower(), locator, take(locator, one))


def _attribute(locator: str, one: dict[str, Any]) -> Iterator[Element]:
    kind, value = plain(one["type"]) or "attribute", plain(one.get("value")) or ""
    if kind == "phone-number":
        yield Element(kind=kind, locator=locator, accounts=(_phone(value),))
    elif kind in _MAILS:
        found = account(value, "email", IdType.EMAIL)
        yield Element(kind=kind, locator=locator, accounts=(found,))
    elif kind.rpartition("|")[2] in _HASHES:
        name, _, text = value.rpartition("|")
        said = hashes([(kind.rpartition("|")[2], text)], name=plain(name))
        yield Element(kind=kind, locator=locator, files=(said,))
    else:
        yield Element(kind=kind, locator=locator)


def _phone(value: object, names: Iterable[object] = ()) -> StatedAccount:
    return account(value, PHONE, IdType.PHONE, names)


def _object(locator: str, one: dict[str, Any]) -> Iterator[Element]:
    kind = plain(one["name"]) or "object"
    said: dict[str, list[object]] = {}
    for attribute in texts(one.get("Attribute")):
        if not isinstance(attribute, dict):
            raise MalformedError("an attribute is no object")
        said.setdefault(str(attribute.get("object_relation")), []).append(attribute.get("value"))
    if kind == "file":
        stated = [(h, value) for h in _HASHES for value in said.get(h, ())]
        file = hashes(stated, size=size_of(first(said, "size-in-bytes")),
                      media_type=plain(first(said, "mimetype")),
                      name=plain(first(said, "filename")))  # fmt: skip
        yield Element(kind=kind, locator=locator, files=(file,))
        return
    if kind == "instant-message-group":
        yield _group(locator, said)
    elif kind == "instant-message":
        yield _message(locator, said)
    else:
        yield Element(kind=kind, locator=locator, accounts=tuple(_accounts(kind, said, locator)))


def _group(locator: str, said: dict[str, list[object]]) -> Element:
    """A group and its members; of its names the one that is an id, if any is."""
    application = first(said, "app-used")
    names = [*said.get("group-alias", ()), *said.get("group-name", ())]
    chat = next((one for name in names if (one := group(name, application)).is_by_id), None)
    chat = chat or group(None, application, first(said, "group-name") or next(iter(names), None))
    title = plain(first(said, "group-name"))
    if chat.is_by_id and title != chat.chat_id:
        chat = replace(chat, subject=title)
    inside = (account(name, application) for name in said.get("username", ()))
    members = tuple(StatedMember(chat=chat, account=one) for one in inside)
    return Element(kind="instant-message-group", locator=locator, chats=(chat,), members=members)


def _message(locator: str, said: dict[str, list[object]]) -> Element:
    """A message with who sent it, to whom, and when."""
    application = first(said, "app-used")
    senders, receivers = (
        [*(account(v, application or PHONE, IdType.PHONE) for v in said.get(f"{side}-number", ())),
         *(account(v, application) for v in said.get(f"{side}-user", ()))]
        for side in ("from", "to")
    )  # fmt: skip
    at, local = moment(first(said, "sent-date"))
    text = first(said, "body") or first(said, "subject")
    message = StatedMessage(
        chat=between([*senders, *receivers]), sender=next(iter(senders), None),
        text=text if isinstance(text, str) else None, sent_at=at, sent_local=local,
    )  # fmt: skip
    return Element(kind="instant-message", locator=locator, messages=(message,),
                   accounts=tuple(receivers))  # fmt: skip


def _accounts(kind: str, said: dict[str, list[object]], scope: str) -> Iterator[StatedAccount]:
    """Accounts of an object; what it has besides is not taken."""
    names = [value for name in _NAMES for value in said.get(name, ())]
    if kind == "person":
        found = [_phone(value, names) for value in said.get("phone-number", ())]
        found += [account(v, "email", IdType.EMAIL, names) for v in said.get("e-mail", ())]
        handles = (*said.get("instant-messaging-used", ()), *said.get("handle", ()))
        found += [account(value, "other", names=names) for value in handles]
        if not found and names:
            found = [account(names[0], "other", IdType.LABEL, names, scope)]
        yield from {one.account_id: one for one in found}.values()
    elif kind == "user-account":
        text = first(said, "user-id") or first(said, "username")
        shown = said.get("display-name", ())
        yield account(text, first(said, "account-type"), names=shown)
    elif kind == "telegram-account":
        shown = [*said.get("first_name", ()), *said.get("last_name", ())]
        yield account(first(said, "id") or first(said, "username"), "telegram", names=shown)
        for number in said.get("phone", ()):
            yield account(number, "telegram", IdType.PHONE, shown)
    elif kind == "phone":
        for number in said.get("msisdn", ()):
            yield _phone(number)


_PARTS: dict[str, Callable[[str, Any], Iterator[Element]]] = {
    "Attribute": _attribute,
    "Object": _object,
}
