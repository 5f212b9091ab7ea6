"""The one way in which a command writes what is no part of a case: never over evidence or a case.

A path is judged by what it leads to: links, ``..`` and folders mounted twice are followed, and
folders are compared by device and inode. Evidence is what the cases within reach have taken in:
the case at hand, the one that CLEW_CASE names, and those that lie beside the path or below the
folder that Clew runs in.
"""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import msgspec

from clew.casefile.files import HIDDEN, sync, writing
from clew.errors import EvidenceError, UsageError

_MARKS = ("case.toml", "custody.sqlite")
"""A folder that holds one of these is a case, also a damaged one."""
ROOTS = "roots.json"
"""File that says, while an exhibit is taken in, where it lies; then its manifest says so."""
_LISTED = 1000
"""Entries of one folder among which a case is looked for."""
_MODE = 0o750
Identity = tuple[int, int]


@contextlib.contextmanager
def output(
    out: Path, case: Path | None = None, *, force: bool = False, folder: bool = False
) -> Iterator[Path]:
    """A path for a new file or folder, under its own name; it is moved to ``out`` when it is whole.

    Raises UsageError where ``out`` may not be written, before anything is.
    """
    target = writable(out, case, force=force, folder=folder)
    with writing(f"writing {out.name}"):
        hidden = Path(tempfile.mkdtemp(prefix=HIDDEN, dir=target.parent))
        try:
            yield (made := hidden / target.name)
            writable(out, case, force=force, folder=folder)  # it may have come to be meanwhile
            _move(made, target)
        finally:
            shutil.rmtree(hidden, ignore_errors=True)


def writable(
    out: Path, case: Path | None = None, *, force: bool = False, folder: bool = False
) -> Path:
    """Where ``out`` leads to; UsageError where nothing may be written there."""
    target = refuse_guarded(out, case)
    if target.exists():
        _refuse_existing(out, target, force=force, folder=folder)
    elif not target.parent.is_dir():
        raise UsageError(
            f"there is no folder {out.parent}", do="Make it first; nothing was written."
        )
    if not os.access(target.parent, os.W_OK | os.X_OK):
        raise UsageError(
            f"nothing can be written in {out.parent}", do="Name a file in another folder."
        )
    return target


def _refuse_existing(out: Path, target: Path, *, force: bool, folder: bool) -> None:
    if target.is_dir() != folder or not (target.is_dir() or target.is_file()):
        kinds = {True: "a folder", False: "a file" if folder else "no file"}
        raise UsageError(
            f"{out} is {kinds[target.is_dir()]}",
            do=f"Name a {'folder' if folder else 'file'}; nothing was written.",
        )
    if not force and (target.is_file() or any(target.iterdir())):
        raise UsageError(
            f"{out} is there already{' and not empty' if folder else ''}",
            do="Name another, or replace it with --force where the command has it; "
            "nothing was written.",
        )


def _move(made: Path, target: Path) -> None:
    """Put a whole file, or every file of a folder, where it belongs; what else lies there stays."""
    for file in (made, *made.rglob("*")):
        sync(file)
        file.chmod(file.stat().st_mode & _MODE)
    if made.is_dir() and target.is_dir():
        for file in made.iterdir():
            file.replace(target / file.name)
    else:
        made.replace(target)
    sync(target.parent)


def refuse_guarded(path: Path, case: Path | None = None) -> Path:
    """Where a path leads to; UsageError where that is in a case, or in evidence of a known one."""
    target = _resolved(path)
    if target.is_symlink():
        raise UsageError(f"{path} leads nowhere", do="Check the links in that path.")
    above = _above(target)
    inside = next((f for f in above.values() if _is_case(f)), None)
    for known in _cases(target, case):
        inside = inside or (known if _within_case(known) & above.keys() else None)
        if any(_is_of(root, only, target, above) for root, only in _evidence(known)):
            raise UsageError(
                f"{path} lies in evidence of the case {known}",
                do="Name a path elsewhere: evidence is never written to. Nothing was written.",
            )
    if inside:
        raise UsageError(
            f"{path} lies in the case {inside}", do="Name a path elsewhere; nothing was written."
        )
    return target


def refuse_overlap(evidence: Path, case: Path) -> None:
    """Raise UsageError where evidence lies in the case that is to take it in, or around it."""
    resolved = _resolved(evidence)
    above = {**_above(resolved), **_above(_resolved(evidence.absolute().parent))}
    if _within_case(case) & above.keys():
        raise UsageError(
            f"{evidence} lies in the case {case}",
            do="Evidence is kept outside the case: move it elsewhere; nothing was changed.",
        )
    if _identity(resolved) in _above(_resolved(case)):
        raise UsageError(
            f"the case {case} lies in {evidence}",
            do="Keep the case outside the evidence; nothing was changed.",
        )


def _resolved(path: Path) -> Path:
    """Where a path leads to; a loop of links leads to one of them."""
    return Path(os.path.realpath(path))


def _identity(path: Path) -> Identity | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _above(path: Path) -> dict[Identity, Path]:
    """A path and the folders above it, as far as they are there, by device and inode."""
    return {there: p for p in (path, *path.parents) if (there := _identity(p))}


def _is_case(folder: Path) -> bool:
    with contextlib.suppress(OSError):
        return any((folder / mark).is_file() for mark in _MARKS)
    return False


def _within_case(case: Path) -> set[Identity]:
    """A case and its folders, which can be mounted elsewhere by themselves."""
    return {there for p in (case, *_folders(case)) if (there := _identity(p))}


def _folders(folder: Path) -> list[Path]:
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        return [found for e in islice(entries, _LISTED) if (found := Path(e.path)).is_dir()]
    return []


def _cases(target: Path, case: Path | None) -> Iterator[Path]:
    """The cases within reach, each once."""
    here = Path.cwd()
    near = [
        beside for above in {*target.parents, here, *here.parents} for beside in _folders(above)
    ]
    below = (folder for beside in _folders(here) for folder in _folders(beside))
    near += islice(below, _LISTED)
    named = [Path(n) for n in (case, os.environ.get("CLEW_CASE")) if n]
    found = {_identity(p): p for p in (*reversed(near), *named) if _is_case(p)}
    yield from found.values()


def _evidence(case: Path) -> Iterator[tuple[Path, str | None]]:
    """Folders that a case took in, each with the name of the one file where it was a file."""
    from clew.casefile.step_manifest import StepManifests

    begun = (file.read_text("ascii") for file in case.glob(f"work/intake/*/{ROOTS}"))
    done = (m.detail["roots"] for m in StepManifests(case / "done").every() if "roots" in m.detail)
    for listed in (begun, done):
        with contextlib.suppress(EvidenceError, OSError, ValueError):
            for _, folder, *only in (
                root for roots in listed for root in msgspec.json.decode(roots)
            ):
                name = os.fsdecode(bytes.fromhex(only[0])) if only and only[0] else None
                yield Path(os.fsdecode(bytes.fromhex(folder))), name


def _is_of(root: Path, only: str | None, target: Path, above: dict[Identity, Path]) -> bool:
    """Whether a path is evidence: of a file, it and the further segments of its image."""
    if only is None:
        return _identity(root) in above
    beside = _identity(root) == _identity(target.parent)
    return (_identity(root / only) or only) in above or (
        beside and target.exists() and target.stem == Path(only).stem
    )
