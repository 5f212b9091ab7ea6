"""Law 20 of merging: the parts of a case, merged, equal the case, minus what was withheld.

It is tested in two ways. Each country's whole facts go to one case, by packages that no command
makes: there every table must have the rows of the whole case, conclusions among them. And of the
packages that the commands make, rows sent and rows withheld must add up to the whole case.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

import msgspec
import pyarrow as pa

from clew.casefile import Case, open_case
from clew.casefile.outputs import output
from clew.casefile.parquet import write_part
from clew.casefile.received import SEPARATOR, parted
from clew.casefile.step_manifest import WHOLE_CASE
from clew.demo.score import Score
from clew.demo.split.agencies import Agency
from clew.demo.split.sending import THINGS, Sent
from clew.exchange import sealing
from clew.exchange.receiving import tables as received
from clew.exchange.routing.decisions import Signed
from clew.exchange.sealing.partners import partners, receivers
from clew.judgements import decisions
from clew.judgements.decisions import Ruling
from clew.records import Decision, LinkState, Message, Person
from clew.schema import Column, Home, Kind, Row, columns, tables

_CITATIONS = frozenset(("exhibit_id", "other_exhibit_id", "source_id", "locator", "location",
                        "other_location", "statement", "other_statement", "tied_to"))  # fmt: skip
"""Columns of conclusions that say where they are shown. Of several copies the first by id is cited,
and ids of parts stand under their origin, which puts them in another order."""
_LINKS = ("person_links", "account_a", "account_b", "state")
_HOW_TIED = {
    "persons": {"inferred", "weakest_bits", "weakest_error", "weakest_a", "weakest_b"},
    "person_links": {"state", "judgement"}, "network_links": {"proved", "shown_by", "rule"},
    "person_accounts": {"rule", "score", "inferred", "judgement", "bits"},
}  # fmt: skip
"""Columns that say how accounts were tied: by inference in the whole case, by judgement here."""
_FACTS = (Home.EVIDENCE, Home.FACTS)
_COMPARED = (*_FACTS, Home.FINDINGS)
_ORIGIN = f"(^|[^A-Za-z0-9._-])[A-Z]{{2}}-[0-9a-f]{{8}}{SEPARATOR}"


class Merged(msgspec.Struct, frozen=True, kw_only=True):
    """One table of the whole case, and of the case that all parts were merged to."""

    table: str
    is_finding: bool
    whole: int
    """Rows in the whole case."""
    merged: int
    """Rows in the case that all parts were merged to."""
    coordinator: int
    """Rows in the case of whoever got what was decided to be sent."""
    cites_others: int
    """Rows that say the same, and cite another of several copies for it, or have another id."""
    differ: int
    """Rows that say something else."""


def complete(case: Case, own: Agency, to: Agency, carrier: Path) -> Path:
    """Seal every row of a case's evidence and facts for an agency; no command does that."""
    package = sealing.package_id().removeprefix("urn:uuid:")
    header = sealing.Header(
        package=package, case=case.config.case_id, sender=own.id, receivers=(to.id,),
        sealed_at=sealing.now(), handling=("H0",), tlp="TLP:AMBER",
    )  # fmt: skip
    how = sealing.Sealing(
        header=header, receivers=receivers(partners(case), (to.id,)), signer=own.signer
    )
    out = carrier / sealing.folder_name(package)
    case.scratch.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(dir=case.scratch) as scratch,
        case.over(WHOLE_CASE),
        output(out, case.folder, folder=True) as hidden,
    ):
        sealing.seal(hidden, list(_members(case, Path(scratch))), how)
    return out


def _members(case: Case, scratch: Path) -> Iterator[sealing.Member]:
    for name, row in _tables(_FACTS):
        file = scratch / f"{name}.parquet"
        _, batches = case.derived(row, f'FROM "{name}"')
        if write_part(row, file, batches()):
            yield sealing.Member.file(f"{received.FOLDER}{name}{received.ENDING}", file)


def compared(whole: Case, merged: Case, coordinator: Case) -> list[Merged]:
    """Every table of evidence, facts and conclusions, in the whole case and in the merged ones."""
    found, ids = [], _other_ids(whole, merged)
    for name, row in _tables(_COMPARED):
        every = [column.name for column in columns(row)]
        one, other = (_rows_of(case, row, every) for case in (whole, merged))
        apart = _apart(one, other)
        differ = apart
        if apart and row.home is Home.FINDINGS:
            says = [c.name for c in columns(row) if not _is_citation(row, c)]
            differ = _apart(_rows_of(whole, row, says), _rows_of(merged, row, says, ids))
        found.append(Merged(
            table=name, is_finding=row.home is Home.FINDINGS, whole=one.total(),
            merged=other.total(), coordinator=_counts(coordinator, [name])[name],
            cites_others=apart - differ, differ=differ,
        ))  # fmt: skip
    return found


def _other_ids(whole: Case, merged: Case) -> dict[str, str]:
    """Persons of the merged case who go by another of their accounts, and their id in the whole.

    Of a person who is known by labels alone the first by id stands for all.
    """
    ids: list[dict[frozenset[str], str]] = []
    for case in (whole, merged):
        accounts: dict[str, set[str]] = {}
        for account, person in _pairs(case, "person_accounts", "account_id", "person_id"):
            accounts.setdefault(parted(str(person))[1], set()).add(parted(str(account))[1])
        ids.append({frozenset(found): person for person, found in accounts.items()})
    of_whole, of_merged = ids
    both = of_whole.keys() & of_merged.keys()
    return {of_merged[one]: of_whole[one] for one in both if of_merged[one] != of_whole[one]}


def _rows_of(
    case: Case, row: type[Row], names: Sequence[str], ids: Mapping[str, str] = MappingProxyType({})
) -> Counter[int]:
    """The rows of a table by digests that no order and no origin changes.

    ``ids`` are persons and what they are to be called.
    """
    values = ", ".join(_plain(column, ids) for column in columns(row) if column.name in names)
    found = case.sql(f'FROM "{row.table_name}" SELECT hash({values}) AS digest')
    return Counter(found["digest"].to_pylist())


def _apart(one: Counter[int], other: Counter[int]) -> int:
    """Rows of one that the other lacks, or the reverse, whichever are more."""
    return max((one - other).total(), (other - one).total())


def _is_citation(row: type[Row], column: Column) -> bool:
    """Whether a column is the row's own id, or says at which of several copies it is shown."""
    pointed = {*column.points_at} & {row, Message}
    return bool(column.kind is Kind.ID and pointed) or column.name in (
        _CITATIONS | _HOW_TIED.get(row.table_name, set())
    )


def _plain(column: Column, ids: Mapping[str, str]) -> str:
    """SQL: the value of a column without origins, and in one order."""
    name, kind = f'"{column.name}"', column.arrow_type
    called = ids if Person in column.points_at else {}
    if pa.types.is_list(kind):
        return f"list_sort(list_transform({name}, lambda x: {_bare('CAST(x AS VARCHAR)', called)}))"
    if pa.types.is_floating(kind):
        return f"round({name}, 6)"
    return _bare(name, called) if pa.types.is_string(kind) else name


def _bare(text: str, ids: Mapping[str, str]) -> str:
    bare = f"regexp_replace({text}, '{_ORIGIN}', '\\1', 'g')"
    whens = " ".join(f"WHEN {_quoted(one)} THEN {_quoted(other)}" for one, other in ids.items())
    return f"CASE {bare} {whens} ELSE {bare} END" if whens else bare


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def counted(whole: Case) -> dict[str, int]:
    """How many different things of each kind a case has."""
    found = {}
    for thing, (table, names) in THINGS.items():
        (row,) = whole.rows(f'FROM "{table}" SELECT count(DISTINCT {", ".join(names)}) AS n')
        found[thing] = int(row["n"])
    return found


def exact(found: Sequence[Merged], accepted: int = 0) -> Iterator[Score]:
    """How many tables the merged case has as the whole one, count by count and row by row.

    Counts are certain. A few rows of conclusions follow from the order of ids, where it decides
    between equals, so that these are counted alone.
    ``accepted`` links between accounts were offered to it, and an analyst accepted them.
    """
    for is_finding, what in ((False, "evidence and facts"), (True, "conclusions")):
        these = [one for one in found if one.is_finding is is_finding]
        other = [f"{t.table} {t.merged} of {t.whole}" for t in these if t.whole != t.merged]
        name = f"all parts merged: tables of {what} with as many rows as the whole"
        yield Score(name, len(these), len(these) - len(other), ", ".join(other))
        other = [f"{one.table} {one.differ}" for one in these if one.differ]
        cites = sum(one.cites_others for one in these)
        detail = ", ".join(other) or (f"{cites} rows cite another of several copies" * bool(cites))
        if accepted and is_finding:
            detail += f"; {accepted} links that the whole infers were accepted by judgement"
        name = f"all parts merged: tables of {what} whose rows say the same"
        yield Score(name, len(these), len(these) - len(other), detail, certain=not is_finding)


def accept_offered(whole: Case, merged: Case, signed: Signed) -> int:
    """Accept in the merged case what the whole one infers and law 12 only offers; how many.

    Across origins nothing is joined by inference: that takes an analyst, who is played here.
    """
    inferred = {frozenset((str(a), str(b)))
                for a, b, state in _pairs(whole, *_LINKS) if state == LinkState.TAKEN}  # fmt: skip
    offered = [(str(a), str(b)) for a, b, state in _pairs(merged, *_LINKS)
               if state == LinkState.OFFERED]  # fmt: skip
    taken = [two for two in offered if frozenset(parted(one)[1] for one in two) in inferred]
    for two in taken:
        ruling = Ruling(decision=Decision.ACCEPT, accounts=two)
        decisions.judge(merged, ruling, signed.by, signed.reason)
    return len(taken)


def left_of(case: Case, sent: Sent) -> int:
    """Rows of a sender that are still read after its package was taken back: 0 where none is."""
    query = "SELECT count(*) AS n FROM received_{0} WHERE starts_with(origin, $begins)"
    begins = f"{sent.sender}-"
    asked = (query.format(name) for name, _ in _tables(_FACTS))
    rows = sum(int(case.rows(sql, begins=begins)[0]["n"]) for sql in asked)
    return rows + len([*case.folder.glob(f"received/*{sent.package}*")])


def added_up(
    whole: Case, merged: Case, packages: Sequence[Sent], silent: Iterable[Path] = ()
) -> Iterator[Score]:
    """Whether the packages that count, and what they say was withheld, add up to the whole case.

    ``silent`` are cases of countries that had nobody to name, and sent nothing.
    """
    names = sorted(packages[0].total)
    rows = {n: sum(one.rows[n] for one in packages) for n in names}
    totals = {n: sum(one.total[n] for one in packages) for n in names}
    stays = {n: sum(sum(one.withheld[n].values()) for one in packages) for n in names}
    for folder in silent:
        with open_case(folder) as case:
            for n, more in _counts(case, names).items():
                totals[n], stays[n] = totals[n] + more, stays[n] + more
    in_whole, in_merged = _counts(whole, names), _counts(merged, names)
    apart = [n for n in names if totals[n] != in_whole[n]]
    name = "tables whose rows in the countries' cases add up to the whole"
    yield Score(name, len(names), len(names) - len(apart), ", ".join(apart))
    apart = [n for n in names if rows[n] + stays[n] != in_whole[n]]
    name = "tables whose rows sent and rows withheld add up to the whole"
    detail = ", ".join(apart) or f"{sum(rows.values())} sent, {sum(stays.values())} withheld"
    yield Score(name, len(names), len(names) - len(apart), detail)
    apart = [n for n in names if rows[n] != in_merged[n]]
    name = "tables of which the coordinator has the rows that were sent"
    yield Score(name, len(names), len(names) - len(apart), ", ".join(apart))
    has = counted(merged)
    for thing, of_whole in counted(whole).items():
        wanted = frozenset().union(*(one.things[thing] for one in packages))
        detail = f"the whole case has {of_whole}"
        yield Score(f"different {thing} in the coordinator's case", len(wanted), has[thing], detail)


def explained(whole: Case, merged: Case) -> Iterator[Score]:
    """What follows from what was sent, beside the whole: nobody is joined who is two there.

    What is inferred is left out: it rests on how much is known, and less is known.
    """
    of_account = {str(a): str(p) for a, p in _pairs(whole, "person_accounts", "account_id",
                                                    "person_id")}  # fmt: skip
    persons: dict[str, set[str]] = {}
    ties = _pairs(merged, "person_accounts", "account_id", "person_id", "inferred")
    for account, person, inferred in ties:
        if inferred:
            continue
        bare = parted(str(account))[1]
        persons.setdefault(str(person), set()).add(of_account.get(bare, bare))
    wrong = sum(len(one) > 1 for one in persons.values())
    real = set().union(*persons.values())
    name = "persons of the coordinator's case who are two in the whole"
    detail = f"{len(persons)} for {len(real)} of the whole: what ties the others was withheld"
    yield Score(name, 0, wrong, detail)
    tied, here = (
        {str(e): str(c) for e, c, is_tied in _pairs(case, "export_chats", "export_chat", "chat_id",
                                                 "tied") if is_tied} for case in (whole, merged)
    )  # fmt: skip
    there = {str(g) for (g,) in _pairs(whole, "groups", "chat_id")}
    found = {parted(str(g))[1] for (g,) in _pairs(merged, "groups", "chat_id")}
    loose = {g for g in found if g in tied and g not in here}
    reached = {tied.get(g, g) for g in found} & there
    detail = (f"the whole has {len(there)}; of {len(there - reached)} nothing was sent, and "
              f"{len(loose)} are exports whose group shows by what was withheld")  # fmt: skip
    yield Score("groups of the coordinator's case that the whole explains", len(found),
                len((found - loose) & there) + len(loose), detail)  # fmt: skip


def _pairs(case: Case, table: str, *names: str) -> list[tuple[object, ...]]:
    rows = case.rows(f'FROM "{table}" SELECT {", ".join(names)}')
    return [tuple(row.values()) for row in rows]


def _counts(case: Case, names: Iterable[str]) -> dict[str, int]:
    return {n: case.rows(f'FROM "{n}" SELECT count(*) AS n')[0]["n"] for n in names}


def _tables(homes: tuple[Home, ...]) -> Iterator[tuple[str, type[Row]]]:
    for name, row in sorted(tables().items()):
        if row.home in homes:
            yield name, row
