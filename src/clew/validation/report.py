"""The report that a laboratory files: for people in Markdown, for machines in JSON.

It is written after every assertion, so that whatever ends a validation leaves what was checked so
far, said as unfinished.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from clew.casefile import open_case
from clew.casefile.files import write_text
from clew.validation import known_inputs
from clew.validation.assertions import Assertion, Plan, catalogue
from clew.validation.machine import versions

_COLUMNS = (
    "assertion", "the tool shall", "passes if", "result", "measured", "how sure a pass is",
    "CFTT, SOLVE-IT", "seconds", "of the processor",
)  # fmt: skip
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
        plan = {n: getattr(self._plan, n) for n in self._plan.__struct_fields__ if n != "folder"}
        assertions = [
            msgspec.to_builtins(result) | msgspec.to_builtins(result.statement)
            for result in self.results
        ]
        told = {
            "made_at": self._began.isoformat(timespec="seconds"), "finished": self.finished,
            "versions": self._versions, "plan": {n: str(v) for n, v in plan.items()},
            "readers": [dict(zip(("reader", "version", "files", "rows"), row, strict=True))
                        for row in self._readers()],
            "changes": list(self._changes()), "assertions": assertions,
        }  # fmt: skip
        return msgspec.json.format(msgspec.json.encode(told), indent=1)

    @property
    def text(self) -> str:
        """The report for people."""
        parts = (self._heading(), self._sections(), self._named(), self._exercised())
        return "\n".join(line for part in parts for line in part) + "\n" + catalogue().closing

    def _write(self) -> None:
        if self._file:
            write_text(self._file, self.text)

    def _heading(self) -> Iterator[str]:
        plan = self._plan
        yield "# Validation of Clew on this machine\n"
        yield f"Begun {self._began:%Y-%m-%d %H:%M} UTC. {self.summary}."
        if not self.finished:
            yield "\n**UNFINISHED: what is not named below was not checked.**"
        yield (
            f"\nSeed {plan.seed}, {plan.kills} kills of each kind, {plan.full_disks} full disks, "
            f"{plan.tampers} seeds of each tampering, {plan.samples} rows derived again. The same "
            "seed makes the same input. The build is the SHA-256 over every file of the installed "
            "package.\n"
        )
        yield "| component | version |\n|---|---|"
        yield from (f"| {name} | {version} |" for name, version in self._versions.items())
        if self._last:
            yield "\n## What changed since the last validation\n"
            yield from [f"- {change}" for change in self._changes()] or ["- nothing"]

    def _sections(self) -> Iterator[str]:
        promises = {**catalogue().promises, "": "Checks that broke down"}
        for promise, words in promises.items():
            of_it = [r for r in self.results if _promise(r) == promise]
            if of_it:
                yield f"\n## {promise} {words}\n".replace("  ", " ")
                yield f"| {' | '.join(_COLUMNS)} |\n{'|---' * len(_COLUMNS)}|"
                yield from map(_line, of_it)

    def _named(self) -> Iterator[str]:
        yield "\n## Assertions and weaknesses that are named above\n"
        yield f"SOLVE-IT at {catalogue().solve_it}; CFTT's core assertions for SQLite.\n"
        yield "| | |\n|---|---|"
        statements = [result.statement for result in self.results]
        words = catalogue().cftt | catalogue().weaknesses
        named = {name for s in statements for name in (*s.cftt, *s.weaknesses)}
        yield from (f"| {name} | {words[name]} |" for name in sorted(named))

    def _exercised(self) -> Iterator[str]:
        yield "\n## Readers that the generated operation exercised, beside the known inputs above\n"
        yield "| reader | its version | files | rows made |\n|---|---|---|---|"
        for name, version, files, rows in self._readers():
            yield f"| {name} | {version} | {files or 'not exercised'} | {rows} |"

    def _readers(self) -> list[tuple[str, str, int, int]]:
        folder = self._plan.folder / "case"
        if not self.results or not (folder / "case.toml").is_file():
            return []
        with open_case(folder) as case:
            return [*known_inputs.exercised(case)]

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
        told: dict[str, Any] = msgspec.json.decode(text)
        results = {a["name"]: (WORDS[a["passed"]], _cell(a["figures"])) for a in told["assertions"]}
        return Last(results, told["versions"])
    results = {name: (result, figures) for name, result, figures in _ROW.findall(text)}
    if not results:
        raise ValueError("it holds no assertion")
    head = text.partition("| component | version |")[2].partition("\n## ")[0]
    found = {name: version.strip() for name, version in _COMPONENT.findall(head)}
    return Last(results, found)


def _promise(result: Assertion) -> str:
    promise = result.name.partition("-")[0]
    return promise if promise in catalogue().promises else ""


def _line(result: Assertion) -> str:
    said = result.statement
    cells = (
        result.name, said.text, said.criterion, WORDS[result.passed], result.figures,
        said.uncertainty, ", ".join((*said.cftt, *said.weaknesses)) or "-",
        f"{result.seconds:.1f}", f"{result.processor_seconds:.1f}",
    )  # fmt: skip
    return "| " + " | ".join(map(_cell, cells)) + " |"


def _cell(text: str) -> str:
    return text.replace("|", "/").replace("\n", " ").strip()
