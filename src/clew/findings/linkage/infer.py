"""The whole of the linkage: from the facts of a case to links between accounts."""

import importlib.util
from collections.abc import Collection, Iterable, Iterator
from typing import Any

import msgspec

from clew.casefile import Context
from clew.findings.linkage.comparisons import COMPARISONS, COUNTRY
from clew.findings.linkage.names import handle, spelling
from clew.findings.linkage.odds import Signs
from clew.findings.linkage.traits import Traits, table, traits
from clew.records import LinkageWeight, LinkEvidence

FEWEST = 30
"""Links that devices must prove before anything is inferred: with fewer, weights are guesses."""
_COLUMNS = {"address_book": "entries", "picture": "pictures", "groups": "groups"}


class Link(msgspec.Struct, frozen=True):
    """A pair of accounts that may be one person's."""

    a: str
    b: str
    bits: float
    odds: float
    """Logarithm to base 2 of the odds that they are, with what the weights leave out."""
    evidence: tuple[LinkEvidence, ...]

    @property
    def figures(self) -> tuple[str, ...]:
        """The lines of evidence with their weights, the heaviest first."""
        lines = sorted(self.evidence, key=lambda e: (-e.bits, e.line))
        return tuple(f"{e.agreement}={e.bits:+.1f}" for e in lines if e.line != "rarity")


class Inferred(msgspec.Struct, frozen=True):
    """What was inferred."""

    links: tuple[Link, ...] = ()
    """The likeliest first."""
    weights: tuple[LinkageWeight, ...] = ()


def infer(
    context: Context, proved: Iterable[tuple[str, str]], but: Collection[str] = ()
) -> Inferred:
    """Infer links between accounts; nothing where too little is proved, or Splink is missing.

    Accounts in ``but`` are left out, as those of recycled numbers are.
    """
    proved = set(proved)
    if len(proved) < FEWEST or not available():
        return Inferred()
    found, pairs = _known(context, proved, but)
    if len(pairs) < FEWEST:
        return Inferred()
    linker, weights = _trained(context, found, pairs)
    return Inferred(tuple(_links(linker.pairs(), found, proved)), weights)


def links_between(
    context: Context,
    proved: Iterable[tuple[str, str]],
    here: Collection[str],
    but: Collection[str] = (),
) -> tuple[Link, ...]:
    """Links of the accounts named, as those of a new country's devices, to all the others."""
    proved = set(proved)
    found, pairs = _known(context, proved, but)
    if len(pairs) < FEWEST or not available():
        return ()
    linker, _ = _trained(context, found, pairs)
    ids = [one.unique_id for one in found]
    sides = [i for i in ids if i in here], [i for i in ids if i not in here]
    return tuple(_links(linker.pairs_between(*sides), found, proved)) if all(sides) else ()


def available() -> bool:
    """Splink is installed; it comes with the extra ``network``."""
    return importlib.util.find_spec("splink") is not None


def _known(
    context: Context, proved: Iterable[tuple[str, str]], but: Collection[str] = ()
) -> tuple[list[Traits], set[tuple[str, str]]]:
    found = [one for one in traits(context) if one.unique_id not in but]
    ids = {one.unique_id for one in found}
    return found, {(min(p), max(p)) for p in proved if p[0] in ids and p[1] in ids}


def _trained(
    context: Context, found: list[Traits], proved: set[tuple[str, str]]
) -> tuple[Any, tuple[LinkageWeight, ...]]:
    from clew.findings.linkage.link import Linker
    from clew.findings.linkage.model import measure

    engine = context.engine.linkage(table(found))
    model = measure(engine, proved)
    return Linker(engine, model), tuple(_weights(model))


def _weights(model: Any) -> Iterator[LinkageWeight]:
    for n, line in enumerate(COMPARISONS):
        for kind, country in enumerate(COUNTRY):
            bits = model.weights(kind, n)
            for level, degree in enumerate(line.levels):
                yield LinkageWeight(
                    line=line.name,
                    agreement=degree.code,
                    countries=country.code,
                    m=round(model.m[n][level], 6),
                    u=float(f"{model.u[kind][n][level]:.4g}"),
                    bits=round(bits[level], 2) + 0.0,
                    labels=model.labels[n],
                    drawn=model.drawn,
                )


def _links(scored: list[Any], found: list[Traits], proved: set[tuple[str, str]]) -> Iterator[Link]:
    known = {one.unique_id: one for one in found}
    signs = Signs(found, proved, scored)
    odds = {(pair.a, pair.b): signs.odds(pair) for pair in scored}
    for pair in sorted(scored, key=lambda p: (-odds[p.a, p.b], p.a, p.b)):
        evidence = tuple(
            LinkEvidence(
                account_a=pair.a,
                account_b=pair.b,
                line=line.line,
                agreement=line.agreement,
                bits=line.bits,
                names=_names(line.line, known[pair.a], known[pair.b]),
                shared=_shared(line.line, known[pair.a], known[pair.b]),
            )
            for line in pair.evidence
        )
        yield Link(pair.a, pair.b, pair.bits, odds[pair.a, pair.b], evidence)


def _names(line: str, one: Traits, other: Traits) -> tuple[str, ...]:
    """Names and handles that two accounts share, as found."""
    if line not in ("handle", "name"):
        return ()
    return tuple(sorted({*_alike(one, other, line), *_alike(other, one, line)}))


def _shared(line: str, one: Traits, other: Traits) -> tuple[str, ...]:
    """What else two accounts share on a line."""
    if line == "country" and one.country and one.country == other.country:
        return (one.country,)
    if line == "files":
        return tuple(sorted({key.rpartition(">")[2] for key in {*one.at_once} & {*other.at_once}}))
    column = _COLUMNS.get(line)
    return tuple(sorted(set(getattr(one, column)) & set(getattr(other, column)))) if column else ()


def _alike(one: Traits, other: Traits, line: str) -> Iterator[str]:
    """Names of one account that have a word, or the handle, of the other's."""
    for name in one.names:
        read = spelling(name)
        made_up = read.handle or handle(name)
        if made_up in other.handles if line == "handle" else set(read.forms) & set(other.words):
            yield name
