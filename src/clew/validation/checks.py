"""Every check, in order, and the report that a laboratory files."""

from collections.abc import Iterator
from datetime import UTC, datetime

import msgspec

from clew.validation import crashes, deleted, evidence, hostile, reading, tampering
from clew.validation.assertions import (
    CFTT,
    PROMISES,
    SOLVE_IT,
    WEAKNESSES,
    Assertion,
    Check,
    Plan,
    timed,
)
from clew.validation.machine import versions

CHECKS: tuple[Check, ...] = (
    evidence.known_answers,
    reading.reading_is_logged,
    evidence.same_output,
    deleted.deleted_is_never_live,
    hostile.damage_is_told,
    hostile.decoders_cost_their_file,
    hostile.nothing_gets_out,
    tampering.log_shows_tampering,
    crashes.kills,
    crashes.moments,
    crashes.full_disks,
)
_WORDS = {True: "passed", False: "FAILED", None: "not checked here"}


def run(plan: Plan) -> Iterator[Assertion]:
    """Run every check."""
    plan.folder.mkdir(parents=True)
    for check in CHECKS:
        yield from timed(check, plan)


def as_json(plan: Plan, results: list[Assertion]) -> bytes:
    """The report for machines."""
    told = {
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "versions": {**versions(), "SOLVE-IT": SOLVE_IT},
        "plan": {**msgspec.to_builtins(msgspec.structs.replace(plan, folder=None))},
        "assertions": [msgspec.to_builtins(result) for result in results],
    }
    return msgspec.json.format(msgspec.json.encode(told), indent=1)


def as_text(plan: Plan, results: list[Assertion]) -> str:
    """The report for people, in Markdown."""
    return "\n".join([*_heading(plan, results), *_results(results), *_closing()]) + "\n"


def summary(results: list[Assertion]) -> str:
    """How many assertions came to which end."""
    ends = [result.passed for result in results]
    return (
        f"{ends.count(True)} passed, {ends.count(False)} failed, "
        f"{ends.count(None)} could not be checked on this machine"
    )


def _heading(plan: Plan, results: list[Assertion]) -> Iterator[str]:
    yield "# Validation of Clew on this machine"
    yield ""
    yield f"Made {datetime.now(UTC):%Y-%m-%d %H:%M} UTC. {summary(results)}."
    yield (
        f"Seed {plan.seed}, {plan.kills} kills of each kind, {plan.full_disks} full disks, "
        f"{plan.tampers} seeds of each tampering, {plan.samples} rows derived again. The same seed "
        "makes the same input."
    )
    yield ""
    yield "| component | version |"
    yield "|---|---|"
    for name, version in versions().items():
        yield f"| {name} | {version} |"


def _results(results: list[Assertion]) -> Iterator[str]:
    for promise, words in PROMISES.items():
        of_it = [r for r in results if r.name.partition("-")[0] == promise]
        if of_it:
            yield f"\n## {promise} {words}\n"
            yield "| assertion | the tool shall | CFTT, SOLVE-IT | result | measured | seconds |"
            yield "|---|---|---|---|---|---|"
            yield from map(_line, of_it)
    others = [r for r in results if r.name.partition("-")[0] not in PROMISES]
    if others:
        yield "\n## Checks that broke down\n"
        yield from map(_line, others)
    yield "\n## Assertions and weaknesses that are named above\n"
    yield f"SOLVE-IT at {SOLVE_IT}; CFTT's core assertions for SQLite.\n"
    yield "| | |"
    yield "|---|---|"
    named = {name for r in results for name in (*r.cftt, *r.weaknesses)}
    yield from (f"| {name} | {(CFTT | WEAKNESSES)[name]} |" for name in sorted(named))


def _line(result: Assertion) -> str:
    cells = (
        result.name, result.text.removeprefix("The tool shall ").removesuffix("."),
        ", ".join((*result.cftt, *result.weaknesses)) or "-", _WORDS[result.passed], result.figures,
        f"{result.seconds:.1f}",
    )  # fmt: skip
    return "| " + " | ".join(cell.replace("|", "/").replace("\n", " ") for cell in cells) + " |"


def _closing() -> Iterator[str]:
    yield "\n## How to read this\n"
    yield (
        "Assertions are worded as those of NIST's Computer Forensics Tool Testing; weaknesses are "
        "those of the SOLVE-IT knowledge base. All input is generated and benign. A result says "
        "how this version behaved on this machine with this input: it shows fitness for the "
        "stated purpose, and is no error rate for casework."
    )
    yield "\nChecked by: ____________________    Date: ____________    Signature: ____________"
