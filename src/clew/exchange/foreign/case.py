"""CASE/UCO JSON-LD: accounts by their facets, persons by name, files by hash, conversations.

References:
    - UCO 1.5.0: observable (AccountFacet, PhoneAccountFacet, ApplicationAccountFacet,
      DigitalAccountFacet, EmailAddressFacet, ContentDataFacet,
      MessageFacet, MessageThreadFacet), identity (SimpleNameFacet)

"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from clew.exchange.caseuco import check
from clew.exchange.caseuco.jsonld import TYPE, Graph, NotUnderstoodError, Value, graph_of
from clew.exchange.caseuco.shapes import Severity, is_concept
from clew.exchange.foreign.elements import (
    PHONE,
    Element,
    MalformedError,
    StatedAccount,
    StatedHashes,
    StatedMember,
    StatedMessage,
    account,
    between,
    document,
    group,
    guarded,
    hashes,
    moment,
    plain,
    size_of,
)
from clew.records import IdType

_UCO = "https://ontology.unifiedcyberontology.org/uco/"
_O, _C, _I = f"{_UCO}observable/", f"{_UCO}core/", f"{_UCO}identity/"
_METHODS = {"MD5": "md5", "SHA1": "sha1", "SHA256": "sha256"}
_OWN_ID = "https://clew.invalid/ns/id"
_MESSAGES = ("Message", "SMSMessage")
_PARTS = ("Facet", "/types/Hash")
"""Ends of types of nodes that belong to another."""


def elements(chunks: Iterable[bytes]) -> Iterator[Element]:
    """Every object of a graph; facets and hashes belong to their objects."""
    try:
        graph = graph_of(document(chunks))
    except (NotUnderstoodError, RecursionError) as error:
        raise MalformedError(f"it is no CASE file that is read: {error}") from error
    if not any(is_concept(one) for node in graph.values() for one in _texts(node, TYPE)):
        raise MalformedError("nothing in it is of a type of CASE or UCO")
    for number, (name, node) in enumerate(graph.items()):
        types = _texts(node, TYPE)
        if all(one.endswith(_PARTS) for one in types):
            continue
        kind = types[0].rpartition("/")[2]
        locator = f"graph/{number}"
        yield from guarded(kind, locator, _object(graph, name, kind, locator))
    worst = sum(b.severity is Severity.VIOLATION for b in check.breaches(graph))
    if worst:
        yield Element(kind="shapes", locator="file", failed=f"{worst} values break shapes of CASE")


def _texts(node: dict[str, dict[Value, None]], name: str) -> list[str]:
    return [one if isinstance(one, str) else one[0] for one in node.get(name, ())]


class _Said:
    """What a node and its facets say."""

    def __init__(self, graph: Graph, name: str) -> None:
        self.graph = graph
        node = graph[name]
        self.parts = [*(graph.get(one, {}) for one in _texts(node, f"{_C}hasFacet")), node]

    def __call__(self, name: str) -> list[str]:
        return [text for part in self.parts for text in _texts(part, name)]

    def first(self, name: str) -> str | None:
        return next(iter(self(name)), None)


def _object(graph: Graph, name: str, kind: str, scope: str) -> Iterator[Element]:
    said = _Said(graph, name)
    found: list[StatedAccount] = []
    files: tuple[StatedHashes, ...] = ()
    if kind == "Person":
        whole = " ".join([*said(f"{_I}givenName"), *said(f"{_I}familyName")])
        label = said.first(f"{_C}name") or whole
        found = [account(label, "other", IdType.LABEL, [label], scope)] if label else []
    elif kind == "MessageThread":
        yield _thread(said, scope)
        return
    elif kind in _MESSAGES and (said(f"{_O}from") or said(f"{_O}messageText")):
        yield _message(said, kind, scope)
        return
    elif methods := [graph.get(one, {}) for one in said(f"{_O}hash")]:
        files = _file(said, methods)
    else:
        found = list(_accounts(said))
    yield Element(kind=kind, locator=scope, accounts=tuple(found), files=files)


def _thread(said: _Said, scope: str) -> Element:
    """A conversation and whoever takes part in it."""
    members = [one for name in said(f"{_O}participant") for one in _of(said, name)]
    title = said.first(f"{_C}name") or said.first(f"{_O}displayName")
    own = said.first(_OWN_ID)
    chat = group(own, None, title) if own or title else between(members)
    inside = tuple(StatedMember(chat=chat, account=one) for one in members)
    return Element(kind="MessageThread", locator=scope, chats=(chat,), members=inside)


def _message(said: _Said, kind: str, scope: str) -> Element:
    """A message: of the group that it names by its id, or between whom it went."""
    senders, receivers = (
        [one for name in said(f"{_O}{side}") for one in _of(said, name)] for side in ("from", "to")
    )
    at, local = moment(said.first(f"{_O}sentTime"))
    session = said.first(f"{_O}sessionID")
    chat = group(session) if session else None
    if chat is None or not chat.is_by_id:
        chat = between([*senders, *receivers])
    message = StatedMessage(
        chat=chat, sender=next(iter(senders), None), text=said.first(f"{_O}messageText"),
        sent_at=at, sent_local=local,
    )  # fmt: skip
    return Element(kind=kind, locator=scope, messages=(message,), accounts=tuple(receivers))


def _of(said: _Said, name: str) -> list[StatedAccount]:
    """Accounts of another object of the graph."""
    return list(_accounts(_Said(said.graph, name))) if name in said.graph else []


def _accounts(said: _Said) -> Iterator[StatedAccount]:
    """Accounts of an object; Clew's own name for one stands for its identifier and its number."""
    platform, names = None, said(f"{_O}displayName")
    for application in said(f"{_O}application"):
        shown = _texts(said.graph.get(application, {}), f"{_C}name")
        platform = shown[0] if shown else platform
    numbers = [*said(f"{_O}phoneNumber"), *said(f"{_O}MSISDN")]
    identifiers = said(f"{_O}accountIdentifier")
    if own := said.first(_OWN_ID) if numbers or identifiers else None:
        yield account(own, platform, names=names)
        return
    for number in numbers:
        yield account(number, platform or PHONE, IdType.PHONE, names)
    for text in () if numbers else identifiers:
        yield account(text, platform, names=names)
    for address in said(f"{_O}addressValue"):
        if "@" in address:
            yield account(address, "email", IdType.EMAIL, names)


def _file(said: _Said, methods: list[dict[str, dict[Value, None]]]) -> tuple[StatedHashes, ...]:
    stated = [
        (_METHODS[method], value)
        for one in methods
        for method in _texts(one, f"{_UCO}types/hashMethod")
        if method in _METHODS
        for value in _texts(one, f"{_UCO}types/hashValue")
    ]
    size, media_type = size_of(said.first(f"{_O}sizeInBytes")), said.first(f"{_O}mimeType")
    name = plain(said.first(f"{_O}fileName"))
    return (hashes(stated, size=size, media_type=media_type, name=name),) if stated else ()
