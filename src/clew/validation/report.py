"""The report that a laboratory files: for people in Markdown, for machines in JSON.

It is written after every assertion, so that whatever ends a validation leaves what was checked so
far, said as unfinished.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
import msgspec

from clew.casefile import open_case
from clew.casefile.files import write_text
from clew.validation import known_inputs
from clew.validation.assertions import Assertion, Plan, catalogue
from clew.validation.machine import versions

WORDS = {True: "passed", False: "FAILED", None: "not checked here"}
_ROW = re.compile(r"\| ([A-Z]+\d*-[\w.-]+) \|.*?\| (passed|FAILED|not checked here) \| (.*?) \|")
_COMPONENT = re.compile(r"\| ([\w.-]+) \| ([^|]+) \|")


class Last(msgspec.Struct, frozen=True):
    """What an earlier report says."""

    results: dict[str, tuple[str, str]]
    """Result and figures by assertion."""
    versions: dict[str, str]


class Report:
    """A report while it is made."""

    def __init__(self, plan: Plan, file: Path | None = None, last: Last | None = None) -> None:
        self._plan, self._file, self._last = plan, file, last
        self._began = datetime.now(UTC)
        self._versions = {**versions(), "SOLVE-IT": catalogue().solve_it}
        self.results: list[Assertion] = []
        self.finished = False
        self._write()

    def add(self, result: Assertion) -> None:
        """Add a result, and write what there is."""
        self.results.append(result)
        self._write()

    def finish(self) -> None:
        """Say that every check was made."""
        self.finished = True
        self._write()

    @property
    def summary(self) -> str:
        """How many assertions came to which end."""
        ends = [result.passed for result in self.results]
        return (
            f"{ends.count(True)} passed, {ends.count(False)} failed, "
            f"{ends.count(None)} could not be checked on this machine"
        )

    @property
    def json(self) -> bytes:
        """The report for machines."""
        assertions = [
            msgspec.to_builtins(result) | msgspec.to_builtins(result.statement)
            for result in self.results
        ]
        about = self._about() | {"changes": [*self._changes()], "assertions": assertions}
        return msgspec.json.format(msgspec.json.encode(about), indent=1)

    @property
    def text(self) -> str:
        """The report for people."""
        results: dict[str, list[Assertion]] = defaultdict(list)
        for result in self.results:
            promise = result.name.partition("-")[0]
            results[promise if promise in catalogue().promises else ""].append(result)
        words = catalogue().cftt | catalogue().weaknesses
        statements = [result.statement for result in self.results]
        named = {name for said in statements for name in (*said.cftt, *said.weaknesses)}
        return _template().render(
            **self._about(), summary=self.summary, last=self._last, changes=[*self._changes()],
            promises={**catalogue().promises, "": "Checks that broke down"}, results=results,
            result_words=WORDS, named={name: words[name] for name in sorted(named)},
        )  # fmt: skip

    def _write(self) -> None:
        if self._file:
            write_text(self._file, self.text)

    def _about(self) -> dict[str, Any]:
        """What both forms say beside the results."""
        plan = {n: getattr(self._plan, n) for n in self._plan.__struct_fields__ if n != "folder"}
        readers, folder = [], self._plan.folder / "case"
        if self.results and (folder / "case.toml").is_file():
            with open_case(folder) as case:
                readers = [*known_inputs.exercised(case)]
        return {
            "begun": self._began.isoformat(" ", timespec="minutes"), "finished": self.finished,
            "versions": self._versions, "plan": {n: str(v) for n, v in plan.items()},
            "readers": readers,
        }  # fmt: skip

    def _changes(self) -> Iterator[str]:
        """What is other than in the last report: components, results, and what was measured."""
        last = self._last or Last({}, {})
        for name in sorted(last.versions.keys() | self._versions) if self._last else ():
            then, now = last.versions.get(name, "none"), self._versions.get(name, "none")
            if then != now:
                yield f"{name}: {then}, now {now}"
        for result in self.results if self._last else ():
            then_passed, figures = last.results.get(result.name, ("not asserted", ""))
            if then_passed != WORDS[result.passed]:
                yield f"{result.name}: {then_passed}, now {WORDS[result.passed]}"
            elif figures != _cell(result.figures):
                yield f"{result.name}: measured {figures}, now {_cell(result.figures)}"
        if self.finished and self._last:
            gone = last.results.keys() - {result.name for result in self.results}
            yield from (
                f"{name}: {last.results[name][0]}, now not asserted" for name in sorted(gone)
            )


def read_last(file: Path) -> Last:
    """An earlier report, in Markdown or JSON; ValueError where it is neither."""
    text = file.read_text("utf-8")
    if text.lstrip().startswith("{"):
        earlier: dict[str, Any] = msgspec.json.decode(text)
        results = {
            a["name"]: (WORDS[a["passed"]], _cell(a["figures"])) for a in earlier["assertions"]
        }
        return Last(results, earlier["versions"])
    results = {name: (result, figures) for name, result, figures in _ROW.findall(text)}
    if not results:
        raise ValueError("it holds no assertion")
    head = text.partition("| component | version |")[2].partition("\n## ")[0]
    found = {name: version.strip() for name, version in _COMPONENT.findall(head)}
    return Last(results, found)


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(  # noqa: S701 - Markdown, whose cells are made plain by `cell`
        loader=jinja2.PackageLoader("clew.validation", ""), undefined=jinja2.StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters["cell"] = _cell
    return environment.get_template("report.md.j2")


def _cell(text: str) -> str:
    return text.replace("|", "/").replace("\n", " ").strip()
