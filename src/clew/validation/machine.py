"""What this machine can and can't do for Clew: nothing is changed, and nothing is connected to."""

import hashlib
import importlib.metadata
import os
import platform
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

import clew
from clew.casefile.engine import cores
from clew.casefile.outputs import refuse_guarded
from clew.errors import ClewError, UsageError, installing
from clew.sandbox import Guard, Level, WorkerLost

_REQUIREMENT = re.compile(r"([\w.-]+)(?:.*extra == ['\"]([\w-]+)['\"])?")
_ADVISED = (3, 11, 8)
_GIB = 1 << 30
_LITTLE_MEMORY, _LITTLE_DISK = 4 * _GIB, 10 * _GIB


class Observation(msgspec.Struct, frozen=True):
    """One thing about the machine."""

    what: str
    state: str
    """``ok``, ``note`` or ``missing``."""
    detail: str
    do: str = ""
    """What to do about it, where something can be done."""


def inspect(folder: Path) -> Iterator[Observation]:
    """Everything that matters, for cases kept under ``folder``."""
    for look in _LOOKS:
        yield from look(folder)


def versions() -> dict[str, str]:
    """Versions of Clew, of what it stands on, and of the machine."""
    found = {"clew": _version("clew"), "build": build(), "python": platform.python_version()}
    found |= {name: _version(name) for name in sorted(_requirements()[""])}
    found |= {"system": platform.platform(), "processor": platform.machine()}
    return found


def build() -> str:
    """SHA-256 over the path and the bytes of every file of the installed package."""
    package = Path(clew.__file__).parent
    digest = hashlib.sha256()
    for file in sorted(package.rglob("*")):
        if file.is_file() and "__pycache__" not in file.parts:
            content = hashlib.sha256(file.read_bytes()).digest()
            digest.update(file.relative_to(package).as_posix().encode() + b"\0" + content)
    return digest.hexdigest()


def _version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return "missing"


def _requirements() -> dict[str, list[str]]:
    """Packages that Clew needs, under an empty name, and those that each extra brings."""
    found: dict[str, list[str]] = {"": []}
    for line in importlib.metadata.requires("clew") or ():
        if said := _REQUIREMENT.match(line):
            found.setdefault(said[2] or "", []).append(said[1])
    return found


def _python(_: Path) -> Iterator[Observation]:
    detail = f"{platform.python_version()} on {platform.platform()}"
    if sys.version_info[:3] < _ADVISED:
        advised = ".".join(map(str, _ADVISED))
        yield Observation("Python", "note", detail, f"{advised} or newer has known faults mended.")
    else:
        yield Observation("Python", "ok", detail)


def _packages(_: Path) -> Iterator[Observation]:
    required = _requirements()
    for name in sorted(required.pop("")):
        version = _version(name)
        state = "missing" if version == "missing" else "ok"
        yield Observation(f"package {name}", state, version)
    for extra, names in sorted(required.items()):
        gone = [name for name in names if _version(name) == "missing"]
        if gone:
            do = f"Install it where that is wanted: {installing(extra)}"
            yield Observation(f"extra {extra}", "note", f"not installed: {', '.join(gone)}", do)
        else:
            yield Observation(
                f"extra {extra}", "ok", ", ".join(f"{n} {_version(n)}" for n in names)
            )


def _sandbox(_: Path) -> Iterator[Observation]:
    guard = Guard()
    try:
        standing = guard.standing
        list(guard.run("clew.sandbox.probes:echo", {}))
    except ClewError as error:
        yield Observation("sandbox", "missing", str(error), error.do)
        return
    except (OSError, WorkerLost) as error:
        do = "Nothing can be read without it: see that Python may start, and reinstall Clew."
        yield Observation("sandbox", "missing", f"no worker starts: {error}", do)
        return
    finally:
        guard.close()
    parts = [f"Landlock {standing.landlock}" if standing.landlock else "no Landlock"]
    parts.append("seccomp" if standing.seccomp else "no seccomp")
    parts.append(f"signals kept in by {standing.signals or 'nothing'}")
    parts.append("a cgroup for each" if standing.cgroup else "no cgroup")
    parts.append("bubblewrap" if standing.namespaces else "no bubblewrap")
    if standing.level == Level.STRONG:
        yield Observation("sandbox", "ok", f"strong ({', '.join(parts)})")
    else:
        detail = f"basic ({', '.join(parts)}): {standing.why}"
        do = "Linux 5.13 or newer on x86_64 or aarch64 gives the strong one."
        yield Observation("sandbox", "note", detail, do)


def _archives(_: Path) -> Iterator[Observation]:
    from clew.evidence.libarchive import LibarchiveError, version

    try:
        yield Observation("archives", "ok", version())
    except LibarchiveError as error:
        yield Observation(
            "archives", "missing", str(error), "Install the package archi, or libarchive."
        )


def _resources(folder: Path) -> Iterator[Observation]:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    state = "ok" if memory >= _LITTLE_MEMORY else "note"
    yield Observation("memory", state, f"{memory / _GIB:.1f} GiB, {cores()} processors")
    free = shutil.disk_usage(_existing(folder)).free
    state = "ok" if free >= _LITTLE_DISK else "note"
    yield Observation("free disk", state, f"{free / _GIB:.1f} GiB where cases would lie")


def _file_system(folder: Path) -> Iterator[Observation]:
    where = _existing(folder)
    try:
        refuse_guarded(where)
        with tempfile.TemporaryDirectory(prefix=".clew-doctor-", dir=where) as made:
            one = Path(made) / "one"
            one.write_bytes(b"x")
            (Path(made) / "two").hardlink_to(one)
            (Path(made) / os.fsdecode(b"\xff")).write_bytes(b"")
    except UsageError as error:
        yield Observation("file system", "note", f"not tried: {error}", "Name another folder.")
    except OSError as error:
        yield Observation(
            "file system", "missing", f"{where}: {error.strerror}",
            "Keep cases where you may write, on a file system with hard links, such as ext4.",
        )  # fmt: skip
    else:
        yield Observation("file system", "ok", "hard links and names of any bytes")


def _existing(folder: Path) -> Path:
    """The folder, or the nearest above it that is there."""
    return next(p for p in (folder.absolute(), *folder.absolute().parents) if p.is_dir())


_LOOKS: tuple[Callable[[Path], Iterator[Observation]], ...] = (
    _python, _packages, _sandbox, _archives, _resources, _file_system,
)  # fmt: skip
