"""Writing so that a crash leaves the old state or the new one, and never half of either."""

import contextlib
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from clew.errors import machine_error

HIDDEN = ".tmp-clew-"
"""How the name of everything begins that is Clew's own and not whole yet: the mark of what may be
swept."""


@contextlib.contextmanager
def writing(doing: str) -> Iterator[None]:
    """Turn an error of the disk under the case into an error of the machine.

    Only writing to the case stands in such a block: an error while reading evidence is a matter
    of its item, and never ends a run.
    """
    try:
        yield
    except OSError as error:
        raise machine_error(error, doing) from error


@contextlib.contextmanager
def replacing(file: Path) -> Iterator[Path]:
    """Path to write to; it becomes ``file`` at the end, in one step, or leaves no trace."""
    with writing(f"writing {file.name}"):
        file.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=HIDDEN, dir=file.parent)
        os.close(handle)
        hidden = Path(name)
        try:
            yield hidden
            sync(hidden)
            hidden.chmod(0o640)
            hidden.replace(file)
            sync(file.parent)
        finally:
            hidden.unlink(missing_ok=True)


@contextlib.contextmanager
def replacing_folder(folder: Path) -> Iterator[Path]:
    """Folder to fill; it becomes ``folder`` at the end, in one step, or leaves no trace."""
    with writing(f"writing {folder.name}"):
        folder.parent.mkdir(parents=True, exist_ok=True)
        hidden = Path(tempfile.mkdtemp(prefix=HIDDEN, dir=folder.parent))
        try:
            yield hidden
            for file in hidden.rglob("*"):
                sync(file)
            sync(hidden)
            if folder.exists():
                shutil.rmtree(folder)
            hidden.rename(folder)
            sync(folder.parent)
        finally:
            shutil.rmtree(hidden, ignore_errors=True)


def write_text(file: Path, text: str) -> None:
    """Write a small file in one step."""
    with replacing(file) as hidden:
        hidden.write_text(text, encoding="utf-8")


def sync(path: Path) -> None:
    """Force a file or folder to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sweep(folder: Path) -> None:
    """Remove what a killed run left under hidden names; the caller holds the case's lock.

    Nothing is looked for through links, and nothing is removed that Clew did not name.
    """
    for left in folder.rglob(f"{HIDDEN}*"):
        if left.is_dir() and not left.is_symlink():
            shutil.rmtree(left, ignore_errors=True)
        else:
            left.unlink(missing_ok=True)


def sha256_of(file: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with file.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
