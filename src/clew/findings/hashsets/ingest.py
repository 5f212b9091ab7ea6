"""Adding a set, and taking one away: a folder that is there as a whole or not at all.

Nothing is shipped with Clew. A set is kept under its name and version, never changed, and never
merged with another. The entries of a restricted set lie in a folder that no query reaches.
"""

from __future__ import annotations

import os
import re
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from clew.casefile import Case, Context, Options
from clew.casefile.custody.identity import operating_user
from clew.casefile.engine import Progress
from clew.casefile.files import replacing_folder, sha256_of, writing
from clew.casefile.parquet import PartWriter, count_rows
from clew.casefile.step_manifest import Output
from clew.errors import UsageError
from clew.findings.categories import in_full
from clew.findings.hashsets import lists, ncmec, nsrl, tables, vics
from clew.findings.hashsets.entries import Entry, Format, Reading, readable
from clew.findings.hashsets.known import OPEN, RESTRICTED, known_sets, write_indexes
from clew.findings.hashsets.sniff import format_of
from clew.records import HashSet, KnownHash, SetKind
from clew.schema import arrow_schema, batch, table_part

STEP = "hashset"
FORMATS = {
    f.name: f
    for f in (nsrl.FORMAT, ncmec.FORMAT, vics.CAID, vics.FORMAT, tables.ICSE, tables.CSV,
              lists.LIST, lists.PDQ_LIST)
}  # fmt: skip
"""In the order in which a file is asked whether it is one of them."""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._ -]{0,63}")
_ROWS = 20_000
_TAKEN_IN = "hash set taken in"
_QUARANTINE = "quarantine.ndjson"
_TABLE = f"{KnownHash.table_name}.parquet"


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """What is said about a set when it is added."""

    name: str
    version: str
    kind: SetKind
    format: str | None = None
    """Name of the format; recognised by the content where it is left out."""
    country: str | None = None
    """Country of the categories, where the file does not say."""
    received_from: str | None = None
    restricted: bool = False
    only: tuple[str, ...] = ()
    """Categories, as a code or in full, whose entries are taken in; empty: all."""

    @property
    def key(self) -> str:
        """What it is for, without its content."""
        return ":".join([self.kind, *sorted(self.only)])

    @property
    def scope(self) -> str:
        """Name and version together."""
        return f"{self.name}@{self.version}"


def add(case: Case, file: Path, source: Source, progress: Progress | None = None) -> HashSet:
    """Take a set in; ``source`` says what is known about it."""
    options = Options(hash_set=(file, source))
    progress = progress or Progress()
    return take_in(
        Context(case=case, step=STEP, scope=source.scope, progress=progress, options=options)
    )


def take_in(context: Context) -> HashSet:
    """Take a set of known hashes in, each version in a folder of its own."""
    file, source = context.options.hash_set
    case, progress = context.case, context.progress
    _refuse_names(source)
    with readable(file):
        digest, before = sha256_of(file), file.stat()
    key = f"{source.key}:{digest}"
    _refuse_repeats(case, source.scope, key)
    form = format_of(file, source.format, FORMATS)
    _remove_orphans(case)
    folder = case.folder / (RESTRICTED if source.restricted else OPEN) / source.scope
    progress.start(f"adding {source.scope}", before.st_size)
    with replacing_folder(folder) as hidden:
        with (hidden / _QUARANTINE).open("wb") as quarantine:
            reading = Reading(file, quarantine, progress, _text(source.country))
            entries = _written(form, reading, source, hidden)
        if not reading.rejected:
            (hidden / _QUARANTINE).unlink()
        described = HashSet(
            set=source.name,
            version=source.version,
            kind=source.kind,
            source_name=_text(file.name) or "",
            source_sha256=digest,
            entries=entries.hashes,
            rejected=reading.rejected,
            format=form.name,
            number=_number(case, source),
            added_by=operating_user(),
            received_from=_text(source.received_from),
            records=entries.records,
            deletions=entries.deletions,
            fingerprints=write_indexes(hidden, hidden / _TABLE),
            restricted=source.restricted,
            note=reading.note,
            only_categories=source.only,
            left_out=sum(entries.left_out.values()),
            categories=msgspec.json.encode(entries.categories, order="sorted").decode(),
        )
        _refuse_changed(reading, before)
        _refuse_empty(described, reading, entries)
        _permit(hidden, source)
        case.custody.append(_TAKEN_IN, **msgspec.to_builtins(described))
    outputs = [_output(case, folder / f) for f in sorted(p.name for p in folder.iterdir())]
    if source.restricted:
        outputs = [msgspec.structs.replace(o, table="restricted") for o in outputs]
    rows = table_part(HashSet, [described])
    context.publish(rows, key=key, beside=outputs)
    progress.finish()
    return described


def remove(case: Case, name: str, version: str, reason: str) -> None:
    """Take a set out of the case; its matches go when conclusions are drawn again."""
    scope = f"{name}@{version}"
    done = case.manifests.get(STEP, scope)
    if done is None:
        raise UsageError(
            f"there is no set {scope} in the case", do="See them with: clew hashset list CASE"
        )
    if not reason.strip():
        raise UsageError(
            "a set is removed for a reason only", do='Say it: --reason "recalled by its publisher"'
        )
    (removed,) = (s for s in known_sets(case) if (s.set, s.version) == (name, version))
    about = {key: removed.described[key] for key in ("source_sha256", "records")}
    case.custody.append("hash set removed", set=name, version=version, reason=reason, **about)
    case.withdraw(STEP, scope)
    _remove_orphans(case)


def _remove_orphans(case: Case) -> None:
    """Remove the folders of sets that no record names: of one removed, or of an add cut short.

    An error is raised: entries of a restricted set must not stay behind unseen.
    """
    with writing("removing a hash set"):
        for home in (OPEN, RESTRICTED):
            for folder in sorted((case.folder / home).glob("*@*")):
                if case.manifests.get(STEP, folder.name) is None:
                    shutil.rmtree(folder)


def _permit(folder: Path, source: Source) -> None:
    """Give a set's files the permissions of a case's tables; a restricted set's its owner alone."""
    for file in folder.iterdir():
        file.chmod(0o600 if source.restricted else 0o640)
    folder.chmod(0o700 if source.restricted else 0o750)
    if source.restricted:
        folder.parent.chmod(0o700)


def _refuse_changed(reading: Reading, before: os.stat_result) -> None:
    file = reading.file
    with readable(file):
        now = file.stat()
    if (now.st_size, now.st_mtime_ns) != (before.st_size, before.st_mtime_ns):
        raise UsageError(
            f"{file.name} was changed while it was read",
            do="Wait until whoever writes it is done, then add it again; nothing changed.",
        )


def _refuse_empty(described: HashSet, reading: Reading, entries: _Counted) -> None:
    if described.entries or described.deletions:
        return
    name = reading.file.name
    if entries.left_out:
        found = ", ".join(f"{label!r}" for label in sorted(entries.left_out))
        raise UsageError(
            f"no entry of {name} has a category of {', '.join(described.only_categories)}",
            do=f"There are: {found}. Give one as it stands there, or its code; nothing changed.",
        )
    first = reading.first_rejected  # of a restricted set nothing that stands in it is shown
    why = f" ({first})" if first and not described.restricted else ""
    raise UsageError(
        f"there is no hash in {name}, read as {described.format}{why}",
        do="Give a set in one of the formats of docs/formats/hash-sets.md, or name the "
        "format with --format; nothing changed.",
    )


def _written(form: Format, reading: Reading, source: Source, folder: Path) -> _Counted:
    """Write the entries' table, and say how many there were."""
    entries = _Counted(form.read(reading), source)
    writer = PartWriter(KnownHash, folder / _TABLE)
    for rows in _batches(entries, source):
        writer.write(rows)
    writer.close()
    return entries


def _number(case: Case, source: Source) -> int:
    """Rank of a set in the order of adding; a version that was removed comes back to its own."""
    last = 0
    for entry in case.custody.entries():
        if _TAKEN_IN not in entry.body or (taken_in := entry.content).get("action") != _TAKEN_IN:
            continue
        if (taken_in.get("set"), taken_in.get("version")) == (source.name, source.version):
            return int(taken_in["number"])
        last = max(last, int(taken_in["number"]))
    return last + 1


class _Counted:
    """Entries on their way, those of the categories asked for, counted."""

    def __init__(self, entries: Iterator[Entry], source: Source) -> None:
        self._entries = entries
        self._source = source
        self.records = self.hashes = self.deletions = 0
        self.categories: Counter[str] = Counter()
        self.left_out: Counter[str] = Counter()

    def __iter__(self) -> Iterator[tuple[Entry, str | None]]:
        """Each entry and its category in full."""
        for entry in self._entries:
            label = _label(entry, self._source)
            if entry.deleted:
                self.deletions += 1
            elif self._source.only and not {entry.code, label} & {*self._source.only}:
                self.left_out[label or "no category"] += not entry.further
                continue
            else:
                self.records += not entry.further
                self.hashes += entry.hashes
                if label:
                    self.categories[label] += not entry.further
            yield entry, label


def _batches(entries: Iterable[tuple[Entry, str | None]], source: Source) -> Iterator[object]:
    names = [n for n in Entry.__struct_fields__ if n in arrow_schema(KnownHash).names]
    waiting: list[Entry] = []
    labels: list[str | None] = []

    def made() -> object:
        columns = {name: [getattr(e, name) for e in waiting] for name in names}
        return batch(KnownHash, len(waiting), set=source.name, version=source.version,
                     category=labels, **columns).data  # fmt: skip

    for entry, label in entries:
        waiting.append(entry)
        labels.append(label)
        if len(waiting) >= _ROWS:
            yield made()
            waiting.clear()
            labels.clear()
    if waiting:
        yield made()


def _label(entry: Entry, source: Source) -> str | None:
    """A category in full: a bare number means another thing in each country."""
    if entry.code is None:
        return None
    if entry.scheme:
        return in_full(entry.scheme, entry.country, entry.scheme_version, entry.code)
    if entry.country or not any(c.isalpha() for c in entry.code):
        parts = (source.name, source.version, entry.country, entry.scheme_version)
        return f"{' '.join(part for part in parts if part)}: {entry.code}"
    return entry.code


def _refuse_names(source: Source) -> None:
    for what, text in (("name", source.name), ("version", source.version)):
        if not _NAME.fullmatch(text):
            raise UsageError(
                f"{text!r} can't be the {what} of a hash set",
                do="Use up to 64 of A to Z, digits, spaces, dots, dashes and underscores, and "
                "begin with a letter or digit.",
            )


def _refuse_repeats(case: Case, scope: str, key: str) -> None:
    earlier = case.manifests.get(STEP, scope)
    if earlier and earlier.key == key:
        raise UsageError(
            f"{scope} is in the case already, with this content",
            do="Nothing was changed, nor how it is kept; go on with: clew run CASE. To keep it "
            "otherwise: clew hashset remove, then add it again.",
        )
    if earlier:
        raise UsageError(f"{scope} is in the case already, with other content, use or categories",
                         do="Give this one another --version; nothing was changed.")  # fmt: skip


def _output(case: Case, file: Path) -> Output:
    known = file.name == _TABLE
    rows = count_rows(file) if known else 1
    name = str(file.relative_to(case.folder))
    return Output(KnownHash.table_name if known else "index", name, rows, sha256_of(file))


def _text(given: str | None) -> str | None:
    """What the shell handed over, with bytes that are no text written out."""
    return given and os.fsencode(given).decode("utf-8", "backslashreplace")
