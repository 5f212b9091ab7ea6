"""JSON-LD to a graph: as much of JSON-LD 1.1 as programs that write CASE use.

Contexts that stand in the file are followed: prefixes, terms with types, aliases of keywords, a
vocabulary, a base and a language. A context that is only an address is refused, since nothing is
fetched, and so are indexed containers and reversed terms.

References:
    - JSON-LD 1.1, W3C Recommendation, 2020: 4 (contexts), 9.2 to 9.15 (keywords)

"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from typing import Any

import msgspec

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XSD = "http://www.w3.org/2001/XMLSchema#"
TYPE = f"{RDF}type"
STRING = f"{XSD}string"

Literal = tuple[str, str, str | None]
"""Lexical form, datatype, language; a text whose type the file states has ``""`` for a language,
since the shapes' lists of words are of texts without one."""
Value = str | Literal
"""An IRI, a blank node whose name begins with ``_:``, or a literal."""
Graph = dict[str, dict[str, dict[Value, None]]]
"""Nodes by name, each with its values by property: a set that keeps its order."""

_KEYWORDS = ("@id", "@type", "@graph", "@value", "@language", "@list", "@set", "@included")
_PASSED_OVER = ("@context", "@index")


class NotUnderstoodError(ValueError):
    """JSON-LD that is not read here."""


class Term(msgspec.Struct, frozen=True):
    """What a name in a context stands for."""

    iri: str | None
    kind: str | None = None
    """``@id``, ``@vocab``, a datatype, or nothing."""
    as_list: bool = False


class Context:
    """How names in a part of a file are read."""

    def __init__(self, parent: Context | None = None) -> None:
        self.terms: dict[str, Term] = dict(parent.terms) if parent else {}
        self.vocabulary: str | None = parent.vocabulary if parent else None
        self.base: str = parent.base if parent else "file:///"
        self.language: str | None = parent.language if parent else None
        self._iris: dict[tuple[str, bool], str | None] = {}

    def extended(self, given: Any) -> Context:
        """The context with what a file adds to it."""
        made = Context(self)
        for one in given if isinstance(given, list) else [given]:
            if one is None:
                made = Context()
            elif isinstance(one, str):
                raise NotUnderstoodError(
                    f"the context {one[:200]} is an address: nothing is fetched"
                )
            elif not isinstance(one, dict):
                raise NotUnderstoodError("a context is neither an object nor a list of such")
            else:
                made._add(one)
        return made

    def _add(self, given: dict[str, Any]) -> None:
        self.vocabulary = given.get("@vocab", self.vocabulary)
        self.language = given.get("@language", self.language)
        self.base = given.get("@base") or self.base
        waiting = {n: d for n, d in given.items() if not n.startswith("@")}
        for name, said in waiting.items():
            if isinstance(said, str):
                self.terms[name] = Term(said)
        for name, said in waiting.items():
            self.terms[name] = self._term(name, said)
        for name in waiting:  # what one term says may use another
            term = self.terms[name]
            iri, kind = term.iri and self._full(term.iri), term.kind and self._full(term.kind)
            self.terms[name] = Term(iri, kind, term.as_list)
        self._iris.clear()

    def _term(self, name: str, said: Any) -> Term:
        if said is None or isinstance(said, str):
            return Term(said)
        if not isinstance(said, dict):
            raise NotUnderstoodError(f"the term {name[:80]} is no object")
        container = said.get("@container", "@set")
        if "@reverse" in said or container not in ("@set", "@list", ["@set"], ["@list"]):
            raise NotUnderstoodError(f"the term {name[:80]} is reversed or in a container")
        return Term(said.get("@id", name), said.get("@type"), "@list" in container)

    def _full(self, name: str) -> str:
        """A name in a context in full, through at most a few others."""
        for _ in range(4):
            longer = self._expanded(name, vocabulary=True)
            if longer is None or longer == name:
                break
            name = longer
        return name

    def iri(self, name: str, *, vocabulary: bool) -> str | None:
        """The IRI or keyword that a name stands for; None where it stands for none."""
        key = (name, vocabulary)
        if key not in self._iris:
            self._iris[key] = self._expanded(name, vocabulary=vocabulary)
        return self._iris[key]

    def expanded(self, name: str) -> str:
        """The IRI of a node; not kept, since nearly every one is another."""
        return self._expanded(name, vocabulary=False) or name

    def _expanded(self, name: str, *, vocabulary: bool) -> str | None:
        if name.startswith(("@", "_:")):
            return name
        if vocabulary and name in self.terms:
            return self.terms[name].iri
        prefix, colon, rest = name.partition(":")
        if colon:
            known = self.terms.get(prefix)
            return f"{known.iri}{rest}" if known and known.iri and rest[:2] != "//" else name
        if vocabulary:
            return self.vocabulary and self.vocabulary + name
        return self.base + name


class _Reader:
    def __init__(self) -> None:
        self.graph: Graph = {}
        self._numbers = itertools.count()

    def blank(self) -> str:
        return f"_:b{next(self._numbers)}"

    def node(self, found: dict[str, Any], context: Context, named: str | None = None) -> str:
        """Take a node in, and everything nested in it; its name."""
        if "@context" in found and named is None:
            context = context.extended(found["@context"])
        parts = [(context.iri(name, vocabulary=True), name, value) for name, value in found.items()]
        identity = next((value for iri, _, value in parts if iri == "@id"), None)
        subject = context.expanded(identity) if isinstance(identity, str) else self.blank()
        for iri, name, value in parts:
            if iri is None or iri == "@id" or iri in _PASSED_OVER:
                continue
            if iri.startswith("@"):
                self._keyword(subject, iri, value, context)
                continue
            term = context.terms.get(name) or Term(iri)
            values = self._values(value, term, context)
            into = self.graph.setdefault(subject, {}).setdefault(iri, {})
            for one in values:
                into[one] = None
            if not into:
                del self.graph[subject][iri]
        return subject

    def _keyword(self, subject: str, keyword: str, value: Any, context: Context) -> None:
        if keyword == "@type":
            into = self.graph.setdefault(subject, {}).setdefault(TYPE, {})
            for one in value if isinstance(value, list) else [value]:
                if not isinstance(one, str):
                    raise NotUnderstoodError("a type is no text")
                into[context.iri(one, vocabulary=True) or one] = None
        elif keyword in ("@graph", "@included", "@set"):
            for one in value if isinstance(value, list) else [value]:
                if isinstance(one, dict):
                    self.node(one, context)
        else:
            raise NotUnderstoodError(f"{keyword[:40]} stands where a property should")

    def _values(self, value: Any, term: Term, context: Context) -> Iterator[Value]:
        if isinstance(value, list):
            if term.as_list:
                yield self._list(value, term, context)
                return
            for one in value:
                yield from self._values(one, term, context)
        elif isinstance(value, dict):
            yield from self._object(value, term, context)
        elif value is not None:
            yield _plain(value, term, context)

    def _object(self, value: dict[str, Any], term: Term, context: Context) -> Iterator[Value]:
        named = {context.iri(name, vocabulary=True): name for name in value}
        if "@value" in named:
            literal = _literal({iri: value[name] for iri, name in named.items() if iri}, context)
            if literal:
                yield literal
        elif "@list" in named:
            inner = value[named["@list"]]
            yield self._list(inner if isinstance(inner, list) else [inner], term, context)
        elif "@set" in named:
            yield from self._values(value[named["@set"]], term, context)
        else:
            yield self.node(value, context)

    def _list(self, values: list[Any], term: Term, context: Context) -> str:
        plain = Term(term.iri, term.kind)
        head = f"{RDF}nil"
        for one in reversed([v for given in values for v in self._values(given, plain, context)]):
            cell = self.blank()
            self.graph[cell] = {f"{RDF}first": {one: None}, f"{RDF}rest": {head: None}}
            head = cell
        return head


def _plain(value: Any, term: Term, context: Context) -> Value:
    """A value that is no object: an IRI where its term says so, else a literal."""
    if isinstance(value, str):
        if term.kind in ("@id", "@vocab"):
            return context.iri(value, vocabulary=term.kind == "@vocab") or value
        if term.kind is None:
            return (value, STRING, None) if context.language is None else (
                value, f"{RDF}langString", context.language)  # fmt: skip
        return _typed(value, term.kind)
    text, datatype = _native(value)
    return (text, term.kind if term.kind and term.kind[0] != "@" else datatype, None)


def _typed(text: str, datatype: str) -> Literal:
    return (text, datatype, "" if datatype == STRING else None)


def _native(value: Any) -> tuple[str, str]:
    if isinstance(value, bool):
        return str(value).lower(), f"{XSD}boolean"
    if isinstance(value, int):
        return str(value), f"{XSD}integer"
    if isinstance(value, float) and math.isfinite(value):
        return repr(value), f"{XSD}double"
    raise NotUnderstoodError(f"{str(value)[:80]!r} is no value")


def _literal(said: dict[str, Any], context: Context) -> Literal | None:
    value, kind, language = said["@value"], said.get("@type"), said.get("@language")
    if value is None:
        return None
    if isinstance(kind, str):
        text = value if isinstance(value, str) else _native(value)[0]
        return _typed(text, context.iri(kind, vocabulary=True) or kind)
    if isinstance(value, str):
        language = language or (context.language if "@language" not in said else None)
        return (value, f"{RDF}langString" if language else STRING, language)
    return (*_native(value), None)


def graph_of(document: Any) -> Graph:
    """The graph of a file's JSON; NotUnderstoodError where it says more than is read here."""
    reader = _Reader()
    context = Context()
    roots = document if isinstance(document, list) else [document]
    for root in roots:
        if not isinstance(root, dict):
            raise NotUnderstoodError("the file's outermost value is neither an object nor a list")
        inner = context.extended(root["@context"]) if "@context" in root else context
        if set(root) - {"@context"}:
            reader.node(root, inner, named="root")
    return reader.graph
