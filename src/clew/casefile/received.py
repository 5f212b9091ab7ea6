"""What others sent, as a case reads it: beside its own rows, under its origin.

An identifier of a received row is ``origin~id``, so that two cases that both call a phone ``E-01``
never meet by accident. One that a messenger gave, such as a phone number or a group's address, is
everybody's: it is kept as it is, beside the row's origin, since it is what joins, and the table of
what others sent shows it under its origin too. Names, handles and whatever else means something
within one case only never join.

Two packages can have rows of one device: the same content digest of an exhibit says so, or the same
exhibit of one sending case. It is one exhibit then, under its own name or that of the package that
was sealed last, and a row of it stands once.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import accumulate
from pathlib import Path

import msgspec
import pyarrow as pa

from clew.casefile.engine import source_of
from clew.casefile.parquet import read_part
from clew.casefile.step_manifest import WHOLE_CASE, Output, StepManifest
from clew.records import Account, Chat
from clew.schema import RECEIVED, Column, Home, Kind, Row, arrow_schema, columns, received, tables

STEP = "receive"
"""Step whose manifests are the packages that were received, each under its own name."""
JOINT = "joint"
"""Scope of the conclusions that are drawn from own and received facts together."""
PERMITTED = "permitted"
"""Scope of those without what may not be used in a court."""
WHOLE = "joint"
"""Step whose manifest says that a scope has every conclusion that could be drawn: before that it is
not read, so that nobody sees half of it."""
OVER_RECEIVED = frozenset((JOINT, PERMITTED))
_CONCLUDED = OVER_RECEIVED | {WHOLE_CASE}
SEPARATOR = "~"
"""Stands between the origin of a received identifier and the identifier itself."""
HOMES = frozenset((Home.EVIDENCE, Home.FACTS))
"""Homes whose tables are read together with what others sent of them; all else stays theirs."""
ORIGIN = r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}"
"""What the name of an origin looks like."""
_QUALIFIED = re.compile(f"({ORIGIN}){SEPARATOR}")
_NAMED = (
    f"CASE WHEN regexp_matches({{x}}, '^[A-Za-z0-9][A-Za-z0-9._-]*{SEPARATOR}') THEN {{x}} "
    f"ELSE origin || '{SEPARATOR}' || {{x}} END"
)
_DETAIL = "delivery"
_GLOBAL = {
    Account: r"[a-z_]+:((pn|lid|aci|pni|service):[^~]+|user:[0-9]+)",
    Chat: r"[a-z_]+:([^:~]*@[^:~]*|([a-z]+:)?-?[0-9]{2,}|(export|group|dm:aci|dm:pni|dm:pn):[^:~]+"
          r"|[a-z]+:[0-9a-f]{16}(:/.*)?|[a-z_]+/[^/~]*_[0-9]{5,})",
}  # fmt: skip
"""Identifiers that a messenger gave, or that a file's content gave, and that mean the same in every
case. What a person chose (names, handles) and what an exhibit's name is part of is none of them."""


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """A package as it lies in the case."""

    package: str
    origin: str
    partner: str
    """Agency that sent it."""
    sealed_at: datetime
    supersedes: str | None = None
    """Earlier package of the sender that it replaces."""
    handling: tuple[str, ...] = ()
    tlp: str | None = None
    exhibits: dict[str, str] = {}
    """Exhibits of its rows, by their names here, each with its content digest, or empty."""
    files: dict[str, Output] = {}
    """Its tables, by the names of the tables that they add to."""

    def detail(self) -> dict[str, str]:
        """What the manifest of the package keeps of it."""
        bare = msgspec.structs.replace(self, files={})
        return {_DETAIL: msgspec.json.encode(bare).decode()}


def deliveries(manifests: Iterable[StepManifest]) -> tuple[Delivery, ...]:
    """Packages that a case has, those that were sealed last first; never by when they came."""
    found = []
    for manifest in manifests:
        if manifest.step == STEP:
            about = msgspec.json.decode(manifest.detail[_DETAIL], type=Delivery)
            sent = (out for out in manifest.outputs if out.table not in tables())
            files = {out.table.removeprefix(RECEIVED): out for out in sent}
            found.append(msgspec.structs.replace(about, files=files))
    found.sort(key=lambda d: d.package)
    return tuple(sorted(found, key=lambda d: d.sealed_at, reverse=True))


def qualified(origin: str, value: str) -> str:
    """An identifier of another case as it stands here."""
    return f"{origin}{SEPARATOR}{value}"


def parted(value: str) -> tuple[str, str]:
    """Origin of a received identifier, and the rest; empty of the case's own and of everybody's.

    >>> parted("PT-0a1b~E-01"), parted("whatsapp:label:0a1b:~ Ana")
    (('PT-0a1b', 'E-01'), ('', 'whatsapp:label:0a1b:~ Ana'))
    """
    found = _QUALIFIED.match(value)
    return (found[1], value[found.end() :]) if found else ("", value)


def read_as(row: type[Row], value: str, origin: str) -> str:
    """One identifier of a table's rows as it is read here: everybody's, or under its origin.

    >>> read_as(Account, "whatsapp:pn:34600111222", "PT-0a1b")
    'whatsapp:pn:34600111222'
    """
    is_global = row in _GLOBAL and re.fullmatch(_GLOBAL[row], value)
    return value if is_global else qualified(origin, value)


def everybodys(value: str) -> str:
    """An identifier without its origin where it means the same in every case; else as it is.

    >>> everybodys("PT-0a1b~whatsapp:pn:34600111222"), everybodys("PT-0a1b~E-01")
    ('whatsapp:pn:34600111222', 'PT-0a1b~E-01')
    """
    origin, rest = parted(value)
    is_global = origin and any(re.fullmatch(pattern, rest) for pattern in _GLOBAL.values())
    return rest if is_global else value


def everybodys_in_sql(x: str) -> str:
    """SQL for the same."""
    everybodys_own = "|".join(_GLOBAL.values())
    return (
        f"CASE WHEN regexp_full_match({x}, '{ORIGIN}{SEPARATOR}({everybodys_own})') "
        f"THEN regexp_replace({x}, '^{ORIGIN}{SEPARATOR}', '') ELSE {x} END"
    )


def as_read(row: type[Row], rows: pa.RecordBatch, origin: str) -> pa.RecordBatch:
    """Rows of another case as they are kept: under their origin, but for what is everybody's."""
    import pyarrow.compute as pc

    arrays = []
    for column in columns(row):
        values = rows.column(column.name)
        if column.kind is Kind.ID:
            values = _under(values, column, origin)
        elif column.kind is Kind.MESSAGE_KEY and "chat_id" in rows.schema.names:
            chats = rows.column("chat_id")
            is_global = pc.match_substring_regex(chats, f"^({_GLOBAL[Chat]})$")
            known = pc.or_kleene(is_global, chats.is_null())
            named = pc.binary_join_element_wise(origin + SEPARATOR, values, "")
            values = pc.if_else(known, values, named)
        arrays.append(values)
    arrays.append(pa.repeat(origin, rows.num_rows))
    return pa.RecordBatch.from_arrays(arrays, schema=arrow_schema(received(row)))


def _under(values: pa.Array, column: Column, origin: str) -> pa.Array:
    """Identifiers under their origin, each different one looked at once."""
    import pyarrow.compute as pc

    if pa.types.is_list(values.type):
        inner = _under(values.flatten(), column, origin)
        lengths = pc.fill_null(pc.list_value_length(values), 0).to_pylist()
        offsets = pa.array(accumulate(lengths, initial=0), pa.int32())
        mask = values.is_null() if values.null_count else None
        return pa.ListArray.from_arrays(offsets, inner, mask=mask)
    coded = values.dictionary_encode()
    named = pc.binary_join_element_wise(origin + SEPARATOR, coded.dictionary, "")
    patterns = [_GLOBAL[target] for target in column.points_at if target in _GLOBAL]
    if patterns:
        is_global = pc.match_substring_regex(coded.dictionary, f"^({'|'.join(patterns)})$")
        named = pc.if_else(is_global, coded.dictionary, named)
    return named.take(coded.indices)


def as_sent(row: type[Row], files: Iterable[Path], shown: str) -> str:
    """Query for what others sent of a table, with every identifier under its origin."""
    named = [_named(c) for c in columns(row) if c.kind is Kind.ID]
    under = f"* REPLACE ({', '.join(named)})" if named else "*"
    return f"SELECT {shown} FROM (SELECT {under} FROM {source_of(files)})"  # noqa: S608


def _named(column: Column) -> str:
    name = f'"{column.name}"'
    one = _NAMED.format(x="x" if pa.types.is_list(column.arrow_type) else name)
    if pa.types.is_list(column.arrow_type):
        one = f"list_transform({name}, lambda x: {one})"
    return f"{one} AS {name}"


class Over(msgspec.Struct, frozen=True):
    """What of a case is read: conclusions of one scope, and the packages of others."""

    scope: str
    packages: frozenset[str]


def outputs_read(
    manifests: Iterable[StepManifest], scope: str, packages: frozenset[str] | None
) -> dict[str, list[Output]]:
    """Files of a case by their tables: conclusions of one scope, and some packages, or all."""
    found: dict[str, list[Output]] = {}
    for manifest in manifests:
        if manifest.step == STEP and packages is not None and manifest.scope not in packages:
            continue
        is_read = manifest.scope == scope or manifest.scope not in _CONCLUDED
        for out in manifest.outputs:
            if is_read or _is_judged(out.table):
                found.setdefault(out.table, []).append(out)
    return found


def content_digests(exhibits: Iterable[Path]) -> set[str]:
    """Content digests of the exhibits in files of that table."""
    return {
        digest
        for file in exhibits
        for part in read_part(file)
        for digest in part.column("content_sha256").to_pylist()
    }


def senders_of(found: Iterable[Delivery], exhibits: Collection[str]) -> set[str]:
    """Origins of all packages that have rows of these exhibits, under whatever name.

    A device that two have goes by one name, and a row of it can be of either.
    """
    every = tuple(found)
    digests = {d.exhibits[one] for d in every for one in exhibits if d.exhibits.get(one)}
    return {d.origin for d in every if digests & {*d.exhibits.values()}}


def _is_judged(table: str) -> bool:
    row = tables().get(table)
    return row is not None and row.home is Home.JUDGEMENTS


class Beside:
    """Received rows as they stand beside the case's own."""

    def __init__(self, found: Sequence[Delivery], own: Collection[str] = ()) -> None:
        """``own`` are the content digests of the case's exhibits."""
        self._rank = {delivery.package: rank for rank, delivery in enumerate(found)}
        self._left: list[str] = []
        """Exhibits that the case has itself: whatever others say of them, it knows."""
        self._renamed: dict[str, str] = {}
        """Of exhibits that packages have under several names, the one that counts."""
        first: dict[str, str] = {}
        met: Counter[str] = Counter()
        stated = {e: digest for d in found for e, digest in d.exhibits.items() if digest}
        for exhibit in sorted(exhibit for d in found for exhibit in d.exhibits):
            digest = stated.get(exhibit, exhibit)
            if digest in own:
                self._left.append(exhibit)
                continue
            counts = first.setdefault(digest, exhibit)
            met[counts] += 1
            if counts != exhibit:
                self._renamed[exhibit] = counts
        self._shared = {exhibit for exhibit, packages in met.items() if packages > 1}
        """Exhibits of which several packages have rows, by the names that count."""

    def view(
        self, row: type[Row], own: Sequence[Path], theirs: Mapping[str, Path], shown: str
    ) -> str:
        """Query for a table: the case's own files, and those of packages by their names."""
        if not self._left and not self._shared:  # no device is met twice
            every = f"SELECT * EXCLUDE (origin) FROM {source_of([*own, *theirs.values()])}"  # noqa: S608
            return f"SELECT {shown} FROM ({every})"  # noqa: S608
        sent = " UNION ALL BY NAME ".join(
            f"SELECT *, {self._rank[package]} AS package_rank FROM {source_of([file])}"  # noqa: S608
            for package, file in sorted(theirs.items())
        )
        left = f" WHERE exhibit_id NOT IN ({_listed(self._left)})" if self._left else ""
        once = f"SELECT * FROM ({sent}){left}{self._once(row)}"  # noqa: S608
        named = f"SELECT * EXCLUDE (origin, package_rank) REPLACE ({self._exhibit()} AS exhibit_id)"
        parts = [f"{named} FROM ({once})"]
        if own:
            parts.append(f"SELECT * FROM {source_of(own)}")  # noqa: S608
        return f"SELECT {shown} FROM ({' UNION ALL BY NAME '.join(parts)})"  # noqa: S608

    def _once(self, row: type[Row]) -> str:
        """What keeps of a row that several packages have one: of whom the exhibit goes by.

        Of several packages of that sender the one that was sealed last counts. Else whoever knows
        the digest of another's exhibit could put rows in the place of theirs, under their name.
        """
        if not self._shared:
            return ""
        names = set(row.__struct_fields__)
        one = next(key for key in _STANDS if names.issuperset(key))
        within = ", ".join((self._exhibit(), *(f'"{name}"' for name in one)))
        order = f"exhibit_id <> {self._exhibit()}, package_rank"
        first = f"rank() OVER (PARTITION BY {within} ORDER BY {order}) = 1"
        return f" QUALIFY {self._exhibit()} NOT IN ({_listed(self._shared)}) OR {first}"

    def _exhibit(self) -> str:
        """SQL for the name of an exhibit that counts."""
        whens = " ".join(
            f"WHEN {_quoted(exhibit)} THEN {_quoted(counts)}"
            for exhibit, counts in sorted(self._renamed.items())
        )
        return f"CASE exhibit_id {whens} ELSE exhibit_id END" if whens else "exhibit_id"


_STANDS: tuple[tuple[str, ...], ...] = (
    ("source_id", "locator"), ("path", "ordinal"), ("item_id",), (),
)  # fmt: skip
"""Columns that locate a row within its exhibit: the first of these that its table has."""


def _listed(values: Iterable[str]) -> str:
    return ", ".join(map(_quoted, sorted(values)))


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
