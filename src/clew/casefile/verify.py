"""What in a case is not as it was written, measured by the custody log.

Everything that should be there follows from the log: what it binds and is missing or another is a
problem, and so is what lies where Clew keeps its files and follows from nothing. What a killed
command leaves behind is reported and is no problem; the next command that writes sees to it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from clew.casefile.case import MASK_KEY, Case
from clew.casefile.chronicle import Chronicle
from clew.casefile.custody.checkpoint import Note
from clew.casefile.custody.witness import seen
from clew.casefile.database_schemas import strange
from clew.casefile.dealings import FOLDER as PRIVATE
from clew.casefile.dealings import kept
from clew.casefile.drafts import changed, drafted
from clew.casefile.engine import EngineError
from clew.casefile.files import HIDDEN, sha256_of
from clew.casefile.kept_texts import FOLDER as MASKED
from clew.casefile.kept_texts import is_kept
from clew.casefile.ledger import Erased
from clew.casefile.parquet import read_part
from clew.casefile.signers import Problem, signatures, strangers
from clew.casefile.snapshot import FOLDER as SNAPSHOTS
from clew.casefile.step_manifest import StepManifest
from clew.errors import EvidenceError
from clew.schema import Home, Row, problems, table_of, tables

if TYPE_CHECKING:
    import pyarrow as pa

_OF_THE_CASE = re.compile(
    r"case\.toml|mask\.key|\.lock|\.generation|(custody|ledger|sealed)\.sqlite(-journal)?"
)
_OF_STEPS = re.compile(
    r"done/[^/]+/[^/]+\.json(\.staged|\.replaced)?|mappings/[^/]+\.yaml(\.staged)?"
)
_RANDOM = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32}\.(json|offer)")
"""Ids of packages, and names of files of deconfliction."""
_FOLDERS = (*Home, PRIVATE, "done", "mappings", "restricted", "runs", SNAPSHOTS, "store", "work")
Check = Callable[[Case, Chronicle], Iterator[Problem | str]]


def verify(
    case: Case, outside: tuple[Note, ...] = (), signers: Mapping[str, str] | None = None
) -> Iterator[Problem]:
    """Everything that is wrong with a case; compared with checkpoints from outside too.

    ``signers`` are the names of those who may judge, by the fingerprints of their keys.
    """
    for text in case.custody.problems((*outside, *seen(case.custody))):
        yield Problem("custody log", text)
    try:
        log = Chronicle(case.custody)
    except (EvidenceError, LookupError, ValueError, TypeError) as error:
        yield Problem("custody log", f"its entries can't be understood: {error}")
        return
    yield from (Problem("custody log", text) for text in log.problems)
    yield from (Problem("custody log", text, is_problem=False) for text in log.notices)
    found = False
    for what, check in _CHECKS.items():
        for problem in _found_by(what, check, case, log):
            found |= problem.is_problem
            yield problem
    if signers is not None:
        yield from (Problem("signature", text) for text in strangers(case, signers))
    if not found:
        yield from _found_by("rows", rows, case, log)
        yield from _found_by("store", store, case, log)


def opening(case: Case, log: Chronicle) -> Iterator[str]:
    """What ``case.toml`` and the key say otherwise than the opening of the case in the log."""
    for name, value in msgspec.to_builtins(case.config).items():
        if log.opening.get(name) not in ("", value):  # an authority that was left out may follow
            yield f"{name} in case.toml is not the one with which the case was opened"
    key = case.folder / MASK_KEY
    if not key.is_file():
        yield f"{MASK_KEY} is missing"
    elif sha256_of(key) != log.opening.get("mask_key"):
        yield f"{MASK_KEY} is not the one with which the case was opened"


def manifests(case: Case, log: Chronicle) -> Iterator[Problem | str]:
    """Manifests of steps that are missing, changed, rolled back or planted, and their tables."""
    found = case.manifests.digests()
    for (step, scope), digest in sorted(log.manifests.items()):
        in_force = case.manifests.versions(step, scope).get(digest)
        if in_force is None:
            is_there = (step, scope) in found
            how = "is not the one that was logged" if is_there else "is missing"
            yield f"the manifest of {step} for {scope} {how}"
            continue
        if found.get((step, scope)) != digest:
            yield Problem(
                "table", f"the manifest of {step} for {scope} is not in force: a command was "
                "killed; the next one that writes puts it there", is_problem=False,
            )  # fmt: skip
        yield from _changed(case, in_force)
    for step, scope in sorted(found.keys() - log.manifests.keys()):
        yield f"the manifest of {step} for {scope} is not in the custody log"


def _changed(case: Case, manifest: StepManifest) -> Iterator[str]:
    for out in manifest.outputs:
        file = case.folder / out.file
        if not file.is_file() or file.is_symlink():
            yield f"{out.file} is missing"
        elif sha256_of(file) != out.sha256:
            yield f"{out.file} was changed since it was written"


def unknown(case: Case, log: Chronicle) -> Iterator[Problem | str]:
    """Files that lie where Clew keeps its own, and follow from nothing that was logged."""
    named = {f"runs/{name}" for name in log.run_logs} | drafted(case) | kept(case)
    left: set[str] = set()
    planted = {digest for _, digest, is_left in _beside(case, log) if not is_left}
    for step, scope in log.manifests.keys() | case.manifests.unsettled():
        for digest, manifest in case.manifests.versions(step, scope).items():
            files = {out.file for out in manifest.outputs}
            if log.manifests.get((step, scope)) == digest:
                named |= files
            elif digest not in planted:
                left |= files
    for file in _files(case.folder, (*Home, PRIVATE, "restricted", "runs", "work")):
        name = str(file.relative_to(case.folder))
        if name in named or (file.parent == case.folder / MASKED and _is_kept(case, file)):
            continue
        if file.name.startswith(HIDDEN) or name in left or _is_unfinished(name, log):
            yield Problem("case", f"{name} was left by a command that was killed", is_problem=False)
        else:
            yield f"{name} is not a file of this case"
    yield from _at_the_top(case.folder)


def _at_the_top(case: Path) -> Iterator[Problem | str]:
    """What lies in the case's own folder, and is not what Clew keeps there."""
    for file in sorted(case.iterdir()):
        is_ours = file.name in _FOLDERS or _OF_THE_CASE.fullmatch(file.name)
        if is_ours and (file.is_symlink() or file.is_dir() is not (file.name in _FOLDERS)):
            yield f"{file.name} was put elsewhere: a link or another kind of file is there instead"
        elif not is_ours:
            yield Problem("case", f"{file.name} is nothing of Clew's", is_problem=False)


def beside(case: Case, log: Chronicle) -> Iterator[Problem | str]:
    """Files beside manifests and mappings that are neither, or that no killed command left."""
    for file, _, is_left in _beside(case, log):
        name = str(file.relative_to(case.folder))
        if is_left:
            yield Problem("other file", f"{name} was left by a command that was killed",
                          is_problem=False)  # fmt: skip
        else:
            yield f"{name} was left by no command: it was planted"
    for file in _files(case.folder, ("done", "mappings")):
        name = str(file.relative_to(case.folder))
        if not _OF_STEPS.fullmatch(name) and not file.name.startswith(HIDDEN):
            yield f"{name} is not a file of this case"


def _beside(case: Case, log: Chronicle) -> Iterator[tuple[Path, str, bool]]:
    """Manifests beside those in force, with their digest, and whether a killed command left each.

    One is staged while a command is at work that the log knows of, or is bound and not in force
    yet. One that was replaced was in force before, or was set aside and not withdrawn yet.
    """
    in_force = case.manifests.digests()
    for file, named, is_staged in case.manifests.beside():
        digest = "" if file.is_symlink() else sha256_of(file)
        bound = log.manifests.get(named)
        is_left = digest == bound and in_force.get(named) != digest
        if is_staged:
            is_left |= digest != bound and log.may_publish(*named)
        else:
            is_left |= digest == log.earlier.get(named)
        yield file, digest, is_left


def _files(case: Path, folders: tuple[str, ...]) -> Iterator[Path]:
    for folder in folders:
        for file in sorted((case / folder).rglob("*")):
            if file.is_symlink() or not file.is_dir():
                yield file


def _is_kept(case: Case, file: Path) -> bool:
    """Whether it is what a masked query kept; of a case that lost its key nothing is."""
    try:
        return is_kept(file, case.key.hex())
    except EvidenceError:
        return False


def _is_unfinished(name: str, log: Chronicle) -> bool:
    """Whether a file is what a step keeps on its way, or a set that was being added."""
    match Path(name).parts:
        case ("work", "scratch", *_):
            return True
        case ("work", "packages", one, *_) | ("deconfliction", "keys" | "blinds" | "offers", one):
            return one.startswith(HIDDEN) or bool(_RANDOM.fullmatch(one))
        case ("work", "intake", exhibit, *_):
            return exhibit in log.unfinished
        case ("work", _, _, *_):
            return log.may_stage
        case ("hashsets" | "restricted", scope, *_):
            return scope in log.unpublished_sets
    return False


def mappings(case: Case, log: Chronicle) -> Iterator[Problem | str]:
    """Mappings that are missing, were changed or planted."""
    folder = case.folder / "mappings"
    named = {_named(file): file for file in sorted(folder.glob("*.yaml"))}
    staged = {_named(file): file for file in sorted(folder.glob("*.yaml.staged"))}
    for name, digest in sorted(log.mappings.items()):
        found = _digest(named.pop(name, None))
        if found != digest and _digest(staged.get(name)) == digest:
            del staged[name]
            yield Problem("mapping", f"{name} is not in force: a command was killed",
                          is_problem=False)  # fmt: skip
        elif found != digest:
            yield f"{name} was changed" if found else f"{name} is missing"
    for name, file in staged.items():
        if _digest(file) == log.unfinished_mappings.get(name, ""):
            yield Problem("mapping", f"{file.name} was left by a command that was killed",
                          is_problem=False)  # fmt: skip
        else:
            yield f"{file.name} was left by no command: it was planted"
    yield from (f"{file.name} is not in the custody log" for file in named.values())


def _named(mapping: Path) -> str:
    return mapping.name.removesuffix(".staged").removesuffix(".yaml")


def _digest(file: Path | None) -> str | None:
    """Digest of a file; None of what is none, or a link."""
    return sha256_of(file) if file and file.is_file() and not file.is_symlink() else None


def run_logs(case: Case, log: Chronicle) -> Iterator[Problem | str]:
    """Run logs that are missing or were changed."""
    for name, digest in log.run_logs.items():
        file = case.folder / "runs" / name
        if not file.is_file():
            yield f"runs/{name} is missing"
        elif digest is None:
            yield Problem("run log", f"runs/{name} is of a run that was killed or goes on",
                          is_problem=False)  # fmt: skip
        elif sha256_of(file) != digest:
            yield f"runs/{name} was changed"


def ledger(case: Case, log: Chronicle) -> Iterator[Problem | str]:
    """Judgements and sealed texts that are otherwise than the log binds them."""
    kinds = {row.table_name for row in tables().values() if row.home is Home.JUDGEMENTS}
    rows = {row.number: row for row in case.ledger.rows()} if log.judged or _has(case) else {}
    for number, row in rows.items():
        judged = log.judged.get(number)
        if row.kind not in kinds:
            yield f"judgement {number} is of a kind that there is not: {row.kind}"
        elif judged is None:
            yield f"judgement {number} is not in the custody log"
        elif (row.kind, row.digest, row.undoes) != (judged.kind, judged.digest, judged.undoes):
            yield f"judgement {number} is not as the custody log has it"
        elif not row.sealed.is_whole or not _may_be_gone(row.erasure, "judgements", number, log):
            yield f"the text of judgement {number} was changed"
        elif not row.is_about_its_subject:
            yield f"judgement {number} is filed under another content than its own"
    for number in sorted(log.judged.keys() - rows.keys()):
        yield f"judgement {number} is in the custody log and not in the ledger"
    yield from _erasures(case, log)
    yield from _unredacted(log)
    yield from _vault(case, log)


def _vault(case: Case, log: Chronicle) -> Iterator[str]:
    found = {sealed.digest: sealed for sealed in case.custody.vault.every()}
    for digest, one in sorted(found.items()):
        if not one.is_whole or not _may_be_gone(one.erasure, "sealed", digest, log):
            yield f"the sealed text {digest[:12]} was changed"
    for missing in sorted(log.sealed - found.keys()):
        yield f"the sealed text {missing[:12]} is in the custody log and not in the vault"
    for unknown in sorted(found.keys() - log.sealed):
        yield f"the sealed text {unknown[:12]} is not in the custody log"


def _erasures(case: Case, log: Chronicle) -> Iterator[str]:
    """What is suppressed, against what the log says of each erasure."""
    if not log.erased and not _has(case):
        return
    logged = {d: s for entry in log.erased.values() for d, s in entry["suppressed"].items()}
    if case.ledger.suppressed() != logged:
        yield "the list of what was erased is not the one that was logged"
    if case.ledger.erasures() != {n: Erased.of(entry) for n, entry in log.erased.items()}:
        yield "the erasures in the ledger are not those that were logged"


def _unredacted(log: Chronicle) -> Iterator[Problem]:
    for number in sorted(log.unredacted):
        text = f"erasure {number} was not completed: a command was killed; clew run ends it"
        yield Problem("ledger", text, is_problem=False)


def _may_be_gone(erasure: int | None, what: str, one: object, log: Chronicle) -> bool:
    """Whether a text is there, or the erasure that is said to have taken it is logged to."""
    return erasure is None or one in log.erased.get(erasure, {}).get(what, ())


def _has(case: Case) -> bool:
    return (case.folder / "ledger.sqlite").is_file()


def rows(case: Case, _: Chronicle) -> Iterator[str]:
    """Rules of the declared tables that rows break."""
    rows_of = (table_of(name) for name in sorted(case.complete()))
    for row in filter(None, rows_of):
        for part in _parts(case, row):
            for problem in problems(row, part):
                yield f"{problem.table}.{problem.column}: {problem.rule} ({problem.rows} rows)"


def _parts(case: Case, row: type[Row]) -> Iterator[pa.Table]:
    """A table; of what others sent each package's by itself, since two may have the same rows."""
    import pyarrow as pa

    if row.table_name in tables():
        yield pa.table(case.table(row.table_name))
        return
    for out in case.outputs(row):
        yield pa.Table.from_batches(read_part(case.folder / out.file))


def store(case: Case, log: Chronicle) -> Iterator[Problem | str]:
    """Contents that are missing from the store, are not what their name says, or of no item."""
    kept = case.rows(
        "SELECT DISTINCT i.sha256 FROM items AS i JOIN exhibits USING (exhibit_id) "
        "WHERE NOT hash_only AND i.sha256 IS NOT NULL AND NOT contains(i.exhibit_id, '~') "
        "ORDER BY i.sha256"
    )
    wanted = {row["sha256"] for row in kept}
    for content in sorted(wanted):
        file = case.store.path(content)
        if not file.is_file() or file.is_symlink():
            yield f"{content} is missing"
        elif sha256_of(file) != content:
            yield f"{content} was changed"
    for file in _files(case.folder, ("store",)):
        if file.name in wanted and file == case.store.path(file.name):
            continue
        name = str(file.relative_to(case.folder))
        is_whole = file.is_file() and not file.is_symlink()
        if file.name.startswith(HIDDEN) or (
            log.unfinished and is_whole and sha256_of(file) == file.name
        ):
            yield Problem("store", f"{name} was left by a taking-in that was not completed",
                          is_problem=False)  # fmt: skip
        else:
            yield f"{name} belongs to no item"


def _found_by(what: str, check: Check, case: Case, log: Chronicle) -> Iterator[Problem]:
    """Every problem of one kind; a damage that ends the check is one too."""
    try:
        for problem in check(case, log):
            yield Problem(what, problem) if isinstance(problem, str) else problem
    except (EvidenceError, EngineError) as error:
        yield Problem(what, str(error))


_CHECKS: dict[str, Check] = {
    "case": opening,
    "table": manifests,
    "file": unknown,
    "other file": beside,
    "run log": run_logs,
    "mapping": mappings,
    "database": lambda case, _: strange(case.folder),
    "ledger": ledger,
    "draft": lambda case, _: changed(case),
    "signature": signatures,
}
