"""Every module has tests of its own, in a file that is named like it.

``src/clew/ROOM/x.py`` is tested by ``tests/unit/ROOM/test_x.py``, or by a file of this path below
``tests/e2e`` or ``tests/property``. A reader's modules are tested by its golden folder. A module
that declares or loads and does nothing else needs no tests.
"""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCE, TESTS = ROOT / "src" / "clew", ROOT / "tests"
LEAST = 0.85
FUNCTIONS, STATEMENTS = 2, 8
"""What a module that declares or loads has at most."""


def does_something(module: Path) -> bool:
    found = [n for n in ast.walk(ast.parse(module.read_text("utf-8")))
             if isinstance(n, ast.FunctionDef)]  # fmt: skip
    inner = sum(isinstance(part, ast.stmt) for one in found for part in ast.walk(one)) - len(found)
    return len(found) > FUNCTIONS or inner > STATEMENTS


def modules() -> list[Path]:
    readers = SOURCE / "facts" / "readers"
    return [
        module.relative_to(SOURCE)
        for module in sorted(SOURCE.rglob("*.py"))
        if module.name != "__init__.py" and readers not in module.parents and does_something(module)
    ]


def is_tested(module: Path) -> bool:
    like = module.with_name(f"test_{module.name}")
    return any((TESTS / kind / like).is_file() for kind in ("unit", "e2e", "property"))


def test_nearly_every_module_has_a_file_of_tests_named_like_it() -> None:
    missing = [str(module) for module in modules() if not is_tested(module)]
    share = 1 - len(missing) / len(modules())
    assert share >= LEAST, f"{share:.0%}; without: {', '.join(missing)}"


def test_every_reader_has_a_golden_folder() -> None:
    readers = SOURCE / "facts" / "readers"
    names = {
        p.stem for p in readers.iterdir() if p.suffix == ".py" or (p / "__init__.py").is_file()
    }
    missing = [n for n in names if n != "__init__" and not (TESTS / "golden" / n).is_dir()]
    assert missing == []
