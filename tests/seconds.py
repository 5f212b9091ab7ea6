"""Write ``seconds.toml`` from what a run of the tests wrote as JUnit's XML.

python tests/seconds.py JUNIT.xml
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree as ET

LEAST = 5
"""Seconds that a module takes in all, from which on it is listed."""
_ABOUT = f"""# Test modules that take {LEAST} seconds of processor time or more, by `make seconds`.
# A run begins with the longest; `make quick` leaves all of them out, but for tests that are
# marked `quick`.
"""


def taken(junit: Path) -> Counter[str]:
    """Seconds of each module below ``tests``, by its path from there."""
    found: Counter[str] = Counter()
    for case in ET.parse(junit).getroot().iter("testcase"):
        names = case.get("classname", "").split(".")
        end = next((n for n, name in enumerate(names, 1) if name.startswith("test_")), 0)
        if end and names[0] == "tests":
            found["/".join(names[1:end]) + ".py"] += float(case.get("time", 0))
    return found


def written(found: Counter[str]) -> str:
    """The list, longest first."""
    lines = (f'"{name}" = {round(time)}\n' for name, time in found.most_common() if time >= LEAST)
    return _ABOUT + "".join(lines)


if __name__ == "__main__":
    Path(__file__).with_suffix(".toml").write_text(written(taken(Path(sys.argv[1]))), "utf-8")
