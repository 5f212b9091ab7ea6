"""A copy of the source with one deliberate fault in it, and an interpreter that runs it.

The copy is of hard links where it can be, so that only the module with the fault is compiled anew.
The interpreter is an environment of its own, so that workers and commands have the fault too.
"""

from __future__ import annotations

import os
import shutil
import site
import sys
from pathlib import Path

import msgspec

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "clew"


class Fault(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One deliberate fault, and who must notice it."""

    promise: str
    """Promise that it breaks; empty where it breaks none that a validation checks."""
    about: str
    file: str
    """Module within ``src/clew``."""
    text: str
    """What stands there, exactly once."""
    becomes: str
    tests: tuple[str, ...]
    """Tests of which at least one must fail in each; each named test must fail."""
    check: str = ""
    """Check of the validation that must notice it, such as ``disclosure.readings``."""
    fails: tuple[str, ...] = ()
    """Assertions of that check that must fail."""
    lean: bool = False
    """The gate tries it."""


def faults() -> dict[str, Fault]:
    """Every fault by its name."""
    text = Path(__file__).with_name("faults.toml").read_text("utf-8")
    return msgspec.toml.decode(text, type=dict[str, Fault])


def faulty(fault: Fault) -> str:
    """The module with the fault in it."""
    text = (SOURCE / fault.file).read_text("utf-8")
    if text.count(fault.text) != 1:
        raise LookupError(f"{fault.file} has it {text.count(fault.text)} times: {fault.text}")
    return text.replace(fault.text, fault.becomes)


def laid_over(folder: Path, fault: Fault | None = None) -> Path:
    """Make the copy and its environment in a new folder; the interpreter."""
    for kept in SOURCE.rglob("*"):
        copy = folder / "src" / "clew" / kept.relative_to(SOURCE)
        if kept.is_dir():
            copy.mkdir(parents=True)
        else:
            copy.parent.mkdir(parents=True, exist_ok=True)
            _link_or_copy(kept, copy)
    if fault:
        module = folder / "src" / "clew" / fault.file
        module.unlink()
        module.write_text(faulty(fault), "utf-8")
        for compiled in module.parent.glob(f"__pycache__/{module.stem}.*"):
            compiled.unlink()
    (folder / "tests").symlink_to(ROOT / "tests")
    return _environment(folder)


def _link_or_copy(file: Path, copy: Path) -> None:
    try:
        os.link(file, copy)
    except OSError:  # they lie on two disks
        shutil.copy2(file, copy)


def _environment(folder: Path) -> Path:
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    packages = folder / "lib" / version / "site-packages"
    packages.mkdir(parents=True)
    others = "; ".join(f"site.addsitedir({place!r})" for place in site.getsitepackages())
    (packages / "clew.pth").write_text(f"{folder / 'src'}\nimport site; {others}\n")
    base = Path(sys.base_prefix) / "bin" / version
    (folder / "pyvenv.cfg").write_text(f"home = {base.parent}\n")
    (folder / "bin").mkdir()
    (folder / "bin" / "python").symlink_to(base)
    return folder / "bin" / "python"
