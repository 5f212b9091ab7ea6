"""Writes the pages that are made from the code: tables, commands, readers and codes."""

from __future__ import annotations

import inspect
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import flow

import clew.records  # noqa: F401 - declares every table
from clew.cli import COMMANDS
from clew.cli import clew as group
from clew.cli.readers import described
from clew.facts import lookalikes
from clew.facts.reader_api import readers
from clew.schema import Column, column_docs, columns, tables
from clew.steps import STEPS
from clew.words import registers

HERE = Path(__file__).parent


def pages() -> dict[str, str]:
    """Text of each page by its name."""
    return {
        "tables.md": "\n".join(_tables()) + "\n",
        "commands.md": "\n".join(_commands()) + "\n",
        "readers.md": "\n".join(_readers()) + "\n",
        "codes.md": "\n".join(_codes()) + "\n",
        "deliberate-faults.md": "\n".join(_faults()) + "\n",
        "formats/structures.md": "\n".join(_structures()) + "\n",
        "flow.svg": flow.drawing() + "\n",
    }


def _tables() -> Iterator[str]:
    yield "# Tables\n"
    yield "Made from the row classes in `src/clew/records/`. Times are in UTC, hashes in lower case"
    yield "hexadecimal; an empty column is one that the source does not fill.\n"
    for step in STEPS:
        yield f"## Written by `{step.command}`: {step.name}\n"
        for row in step.writes:
            yield f"### {row.table_name}\n"
            yield f"{inspect.cleandoc(row.__doc__ or '')}\n"
            if row.key:
                yield f"Key: {', '.join(f'`{name}`' for name in row.key)}.\n"
            yield "| column | type | |\n|---|---|---|"
            told = column_docs(row)
            for column in columns(row):
                kind = _kind(column)
                empty = ", may be empty" if column.nullable else ""
                words = " ".join(told[column.name].split())
                if column.allowed:
                    words += f" One of {', '.join(f'`{a}`' for a in column.allowed)}."
                yield f"| `{column.name}` | {kind}{empty} | {words} |"
            yield ""
    assert {row for step in STEPS for row in step.writes} <= set(tables().values())


def _kind(column: Column) -> str:
    """What the values of a column are, and how they are kept."""
    to = " or ".join(row.table_name for row in column.points_at)
    kind = f"{column.kind} of {to}" if to else str(column.kind)
    kept = {"int64": "whole number", "double": "number"}.get(str(column.arrow_type), "")
    several = "several: " if str(column.arrow_type).startswith("list") else ""
    return f"{several}{kind}" + (f" ({kept})" if kept else "")


def _commands() -> Iterator[str]:
    yield "# Commands\n"
    yield "Made from `--help` of each command.\n"
    context = click.Context(group, info_name="clew", **group.context_settings)
    yield f"```text\n{_help(group, context)}\n```\n"
    for name in COMMANDS:
        command = group.get_command(context, name)
        assert command
        yield from _command(command, f"clew {name}", context)


def _command(command: click.Command, name: str, above: click.Context) -> Iterator[str]:
    context = click.Context(command, info_name=name.rpartition(" ")[2], parent=above)
    yield f"## {name}\n"
    yield f"```text\n{_help(command, context)}\n```\n"
    if isinstance(command, click.Group):
        for below in command.list_commands(context):
            inner = command.get_command(context, below)
            assert inner
            yield from _command(inner, f"{name} {below}", context)


def _help(command: click.Command, context: click.Context) -> str:
    """Help as a person sees it, whatever the command was asked under before."""
    command._help_option = None  # noqa: SLF001 - click keeps the one that it made first
    return command.get_help(context)


def _readers() -> Iterator[str]:
    yield "# Readers\n"
    yield "Made from the modules in `src/clew/facts/readers/`, as `clew readers` shows them. What"
    yield "has a structure that no reader understands is listed by `clew show CASE structures`, the"
    yield "heaviest first: [what looks like what](formats/structures.md).\n"
    for reader in described(readers()):
        yield f"## {reader['reader']}\n"
        yield f"Version {reader['version']}.\n"
        yield f"{reader['about']}\n"
        looks_at = (*reader["media_types"], *reader["files"])
        yield f"- Looks at: {', '.join(f'`{w}`' for w in looks_at)}"
        yield f"- Fills: {', '.join(f'`{name}`' for name in reader['fills'])}"
        for title, phrases in (("Knows", reader["knows"]), ("Can't", reader["cannot"])):
            for phrase in phrases:
                yield f"- {title}: {phrase}"
        yield ""


def _structures() -> Iterator[str]:
    yield (HERE / "formats" / "structures.head.txt").read_text(encoding="utf-8")
    yield "| looks like | chats | names of files | tables | keys, elements, headings | words |"
    yield "|---|---|---|---|---|---|"
    for entry in lookalikes.known():
        parts = (_alternatives(parts) for parts in (entry.tables, entry.keys, entry.texts))
        names = ", ".join(f"`{_cell(name)}`" for name in entry.names)
        yield f"| {entry.is_} | {'yes' if entry.chat else ''} | {names} | {' | '.join(parts)} |"


def _alternatives(listed: tuple[tuple[str, ...], ...]) -> str:
    return " or ".join(" + ".join(f"`{_cell(part)}`" for part in parts) for parts in listed)


def _cell(text: str) -> str:
    return text.replace("\n", "\\n").replace("|", "\\|")


def _codes() -> Iterator[str]:
    yield "# Reason codes\n"
    yield "Made from the register in `src/clew/words/codes/`. Tables hold codes and figures;"
    yield "commands and the report say them in words.\n"
    for register, codes in sorted(registers().items()):
        yield f"## {register}\n"
        yield "| code | weight | meaning | what to do |\n|---|---|---|---|"
        for name, code in codes.items():
            yield f"| `{name}` | {code.weight} | {code.meaning} | {code.do} |"
        yield ""


def _faults() -> Iterator[str]:
    faults = tomllib.loads((HERE.parent / "tests" / "mutation" / "faults.toml").read_text("utf-8"))
    yield "# Deliberate faults\n"
    yield "Made from `tests/mutation/faults.toml`. Each fault is written into a copy of the source,"
    yield "where the tests that are named must fail, and so must the assertions of `clew validate`."
    yield "`make test` tries those in bold; `make check-long` tries all, also by the validation.\n"
    for promise in sorted({f["promise"] for f in faults.values()}, key=lambda p: (len(p), p)):
        yield f"## {promise or 'Beside the promises'}\n"
        yield "| fault | tests that fail | fails in `clew validate` |\n|---|---|---|"
        for fault in (f for f in faults.values() if f["promise"] == promise):
            about = f"**{fault['about']}**" if fault.get("lean") else fault["about"]
            tests = "<br>".join(f"`{test.replace('::', ' ')}`" for test in fault["tests"])
            yield f"| {about} | {tests} | {', '.join(fault.get('fails', ()))} |"
        yield ""


if __name__ == "__main__":
    for page, text in pages().items():
        (HERE / page).write_text(text, encoding="utf-8")
