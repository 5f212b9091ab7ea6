"""To which country each person belongs, as far as anything says, and what ties two countries.

Nothing is chosen silently: a number alone is weak, since numbers travel, and whatever speaks for
another country stands beside the country that is likelier. How far each kind of evidence carries is
set by rule; it is a rank, and no error rate.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

import pyarrow as pa

from clew.casefile import Context
from clew.findings.linkage.names import folded
from clew.findings.numbers import country_of
from clew.records import CountryEvidence, CountrySummary, CountryTie, PersonCountry

_NUMBER = re.compile(r"\+[1-9][0-9 ()./-]{5,20}[0-9]")
_WORDS = re.compile(r"[^\W\d_]+")
_LONGEST = 4
"""Words of a country's name that are looked for together."""
_SHORTEST = 4
"""Letters of a name that is looked for: shorter ones are words as well."""
_FLAG = re.compile("[\U0001f1e6-\U0001f1ff]{2}")
_ALSO_NAMES = frozenset(
    {"chad", "cuba", "dominica", "dominique", "georgia", "granada", "guernesey", "guinea", "india",
     "israel", "jersey", "jordan", "macao", "malta", "martinica", "maurice", "mauricio", "monaco",
     "niger", "oman", "samoa", "san marino", "santa lucia", "tchad", "togo", "turkey"}
)  # fmt: skip
"""Names of countries that are given names, family names, cities or words as well."""


def countries(context: Context) -> None:
    """Say to which country each person belongs and how surely, and what ties two countries."""
    engine = context.engine
    named = {
        "number_countries": _numbers(context),
        "text_countries": _texts(context),
        "noted_countries": _notes(context),
    }
    with engine.with_tables(**named):
        evidence = {"country_evidence_found": context.query("country_evidence")}
        with engine.with_tables(**evidence):
            persons = {"person_countries_found": context.query("person_countries")}
            with engine.with_tables(**persons):
                context.publish(
                    context.derived(CountryEvidence, "country_evidence"),
                    context.derived(PersonCountry, "person_countries"),
                    context.derived(CountrySummary, "countries"),
                    context.derived(CountryTie, "country_ties"),
                )


def countries_in(text: str) -> dict[str, str]:
    """Countries that a text names, by a flag or a name in any language, with what names it."""
    found = {}
    for flag in _FLAG.findall(text):
        code = "".join(chr(ord(c) - 0x1F1E6 + ord("A")) for c in flag)
        if code in _regions():
            found[code] = "flag"
    words = _WORDS.findall(folded(text))
    names = _names()
    for size in range(1, _LONGEST + 1):
        for start in range(len(words) - size + 1):
            if named := names.get(" ".join(words[start : start + size])):
                found.setdefault(named, "country")
    return found


@cache
def _names() -> dict[str, str]:
    """Country by its name in every language of the numbering data; names of two are left out."""
    from phonenumbers.geodata.locale import LOCALE_DATA

    codes: dict[str, set[str]] = {}
    for code, by_language in LOCALE_DATA.items():
        for name in by_language.values():
            plain = " ".join(_WORDS.findall(folded(name)))
            if len(plain) >= _SHORTEST and not name.startswith("*"):
                codes.setdefault(plain, set()).add(code)
    return {
        name: next(iter(of))
        for name, of in codes.items()
        if len(of) == 1 and name not in _ALSO_NAMES
    }


@cache
def _regions() -> frozenset[str]:
    from phonenumbers.geodata.locale import LOCALE_DATA

    return frozenset(LOCALE_DATA)


def _numbers(context: Context) -> pa.Table:
    """Country of every number that any account or address book has."""
    import phonenumbers

    rows = []
    for row in context.rows("numbers_stated"):
        if country := country_of(row["e164"]):
            region = phonenumbers.region_code_for_number(phonenumbers.parse(row["e164"]))
            rows.append((row["e164"], country, region is not None))
    return _table(rows, e164=pa.string(), country=pa.string(), assigned=pa.bool_())


def _texts(context: Context) -> pa.Table:
    """Countries that names and status lines have in them."""
    rows = [
        (row["text"], country, word)
        for row in context.rows("texts_stated")
        for country, word in countries_in(row["text"]).items()
    ]
    return _table(rows, text=pa.string(), country=pa.string(), word=pa.string())


def _notes(context: Context) -> pa.Table:
    """Numbers that stand in one entry of notes with a country."""
    rows = list(_noted(context.rows("notes")))
    return _table(
        rows, e164=pa.string(), country=pa.string(), word=pa.string(), exhibit_id=pa.string(),
        source_id=pa.string(), locator=pa.string(),
    )  # fmt: skip


def _noted(entries: Iterable[dict[str, str]]) -> Iterator[tuple[str, ...]]:
    for entry in entries:
        numbers = sorted({"+" + re.sub(r"\D", "", n) for n in _NUMBER.findall(entry["text"])})
        for country, word in sorted(countries_in(entry["text"]).items()) if numbers else ():
            where = entry["exhibit_id"], entry["source_id"], entry["locator"]
            yield from ((number, country, word, *where) for number in numbers)


def _table(rows: Sequence[tuple[object, ...]], **types: pa.DataType) -> pa.Table:
    columns = list(zip(*rows, strict=True)) or [()] * len(types)
    arrays = [pa.array(c, t) for c, t in zip(columns, types.values(), strict=True)]
    return pa.Table.from_arrays(arrays, names=list(types))
