"""How commands speak: JSON lines for programs, tables for people, and a bar for long work.

Each goes through ``visible``, which lets no character of evidence move or hide anything.
"""

from __future__ import annotations

import contextlib
import functools
import json
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import click

from clew.casefile.engine import Progress
from clew.cli.language import here
from clew.cli.tables import Layout, fitted, types_of
from clew.cli.visible import escaped, printable, put, put_paged

if TYPE_CHECKING:
    from clew.casefile import Case
    from clew.reading import Reading

F = TypeVar("F", bound=Callable[..., Any])
_IN_JSON = "--json has every column."


def json_option(command: F) -> F:
    """Give a command ``--json``."""
    return click.option(
        "--json", "as_json", is_flag=True, help="One JSON object per line on standard output."
    )(command)


def case_argument(command: F) -> F:
    """Give a command the case it works on; ``CLEW_CASE`` stands in where it is left out."""
    return click.argument(
        "case", metavar="CASE", envvar="CLEW_CASE", type=click.Path(path_type=Path)
    )(command)


class Asked(NamedTuple):
    """What a command that reads a case was asked for."""

    case: Path
    unmask: bool
    reason: str | None
    as_json: bool

    def reading(self, what: str, *about: str | None, **how: Any) -> AbstractContextManager[Reading]:
        """Open the case to show something of it; who reads what, and why, is logged before."""
        how |= {"unmask": self.unmask, "reason": self.reason}
        return reading_of(self.case, what, *about, **how)

    def write(self, rows: list[dict[str, Any]], listed: str = "", none: str = "(none)") -> None:
        """Rows, as JSON lines or as a table; ``listed`` is the view that they are of."""
        if self.as_json:
            write_json(rows)
            return
        if not listed:
            write_rows(rows, Layout(screen_width_of()), none, _IN_JSON)
            return
        from clew.views import view

        of = view(listed)
        types = types_of(of, rows[0] if rows else ())
        more = here("clew show CASE {list} --wide shows every column.", list=listed)
        layout = Layout(screen_width_of(), types=types, first=of.header.first)
        write_rows(rows, layout, none, more)


def reading_command(command: Callable[..., Any]) -> Any:
    """Give a command the case, ``--unmask``, ``--reason`` and ``--json``, as one value."""

    @functools.wraps(command)
    def called(case: Path, unmask: bool, reason: str | None, as_json: bool, **given: Any) -> Any:
        return command(Asked(case, unmask, reason, as_json), **given)

    own = called.__dict__.pop("__click_params__", [])
    shown = unmask_options("Show who people are; needs --reason, and is logged.")
    options = shown(json_option(called))
    options.__dict__["__click_params__"] += own
    return case_argument(options)


def unmask_options(shows: str) -> Callable[[F], F]:
    """Give a command ``--unmask``, with what that shows, and ``--reason``."""
    unmask = click.option("--unmask", is_flag=True, help=shows)
    reason = click.option("--reason", help="Purpose and reason of unmasking; it is logged.")
    return lambda command: unmask(reason(command))


def force_option(command: F) -> F:
    """Give a command that writes a file ``--force``."""
    return click.option("--force", is_flag=True, help="Replace what is there under that name.")(
        command
    )


def say(text: str = "", /, **figures: Any) -> None:
    """Say something to the person, in their language; never to a program that reads the output."""
    put(here(text, **figures), err=True)


def say_next(command: str, /, **named: Any) -> None:
    """Say which command comes next, so that it works as it is printed."""
    import shlex

    quoted = {name: shlex.quote(str(value)) for name, value in named.items()}
    say("Next: {command}", command=f"{_called()} {command.format(**quoted)}")


def _called() -> str:
    """How this program is called here: by its name where that finds it, else as it was called."""
    import shlex
    import shutil

    typed = Path(sys.argv[0])
    if typed.name == "__main__.py":
        return f"{shlex.quote(sys.executable)} -m clew"
    found = shutil.which("clew")
    if typed.name != "clew" or (found and typed.exists() and typed.samefile(found)):
        return "clew"
    return shlex.quote(str(typed))


def say_pending(case: Case) -> None:
    """Say so where steps are still to do, so that what is shown lacks what they would find."""
    from clew import pipeline

    if waiting := pipeline.pending(case):
        say("{steps} still to do, so this is incomplete: clew run",
            steps=how_many("steps", len(waiting)))  # fmt: skip
        say_failures(case)


def say_failures(case: Case) -> bool:
    """Say which steps failed when they were last tried, and what is missing; whether any did."""
    from clew import pipeline

    failures = pipeline.failures(case)
    for one in failures:
        say(
            "The step {step} failed ({error}): its conclusions are missing, and so are those of "
            "{waiting}. clew run tries again; tell Clew's maintainers, with the log in runs/",
            step=one.step,
            error=one.error,
            waiting=", ".join(one.waiting) or "no other",
        )
    return bool(failures)


def how_many(noun: str, n: int) -> str:
    """So many of something, in the person's language: ``1 file``, ``2 files``."""
    from clew.words.catalogue import counted

    return counted(noun, n)


def echo(text: str, /, **figures: Any) -> None:
    """Print a line for a person, in their language."""
    put(here(text, **figures))


def write_json(rows: Iterable[Mapping[str, Any]]) -> None:
    """Rows as JSON lines."""
    import msgspec

    for row in rows:
        try:
            encoded = msgspec.json.encode(row).decode()
        except UnicodeEncodeError:  # a path whose bytes are no text
            encoded = json.dumps(msgspec.to_builtins(row))
        put(escaped(encoded))


def write_table(rows: list[dict[str, Any]]) -> None:
    """Rows as a table that fits the terminal."""
    write_rows(rows, Layout(screen_width_of()), more=_IN_JSON)


def write_rows(
    rows: list[dict[str, Any]], layout: Layout, none: str = "(none)",
    more: str = "--wide shows every column, --columns those that are named.",
) -> None:  # fmt: skip
    """Rows as a table, through a pager where a terminal has no room for it."""
    if not rows:
        echo(none)
        return
    found = fitted(rows, layout)
    page(found.lines)
    if found.left_out:
        say("No room for: {names}; {more}", names=", ".join(map(here, found.left_out)),
            more=here(more))  # fmt: skip


def page(lines: Sequence[str]) -> None:
    """Print lines; on a terminal that is too low for them through the pager."""
    text = "\n".join(lines)
    if sys.stdout.isatty() and len(lines) >= shutil.get_terminal_size().lines:
        put_paged(text)
    else:
        put(text)


def screen_lines() -> int:
    """Lines of the terminal, or what LINES says; of none 40."""
    return shutil.get_terminal_size((80, 40)).lines


def screen_width_of() -> int:
    """Columns of the terminal, or what COLUMNS says; of none 80."""
    return shutil.get_terminal_size((80, 24)).columns


@contextlib.contextmanager
def reading_of(case: Path, what: str, *about: str | None, **how: Any) -> Iterator[Reading]:
    """Open a case to show something of it; who reads what, and why, is logged before.

    ``about`` are identifiers that were asked for, ``how`` what ``disclosure_of`` takes. Whoever
    unmasks signs for it, where they have a key.
    """
    from clew.casefile import open_case
    from clew.cli.unlocking import answers
    from clew.reading import disclose, disclosure_of

    asked = disclosure_of(what, *about, **how)
    with open_case(case) as opened:
        if not asked.masked:
            answers(opened)
        with disclose(opened, asked) as reading:
            yield reading


def log_reading(case: Case, what: str) -> None:
    """Log a reading that shows nobody; where that can't be done, that is said and the case read.

    So a case on a read-only disk, and one whose log is damaged, can still be looked into.
    """
    from clew.reading import Disclosure, disclose

    with disclose(case, Disclosure(what=what, names_nobody=True)) as reading:
        if reading.unlogged:
            say("This reading is not in the custody log: {unlogged}", unlogged=reading.unlogged)


class Bar(Progress):
    """Progress with time left, on a terminal's standard error; elsewhere a line at each start."""

    def __init__(self) -> None:
        self._bar: Any = None

    def start(self, label: str, total: int) -> None:
        """Begin a bar."""
        if not sys.stderr.isatty():
            put(f"{here(label)} \u2026", err=True)
            return
        self._bar = click.progressbar(
            length=max(total, 1),
            label=f"{printable(here(label)):24}",
            file=sys.stderr,
            show_eta=True,
            width=28,
        )
        self._bar.__enter__()

    def advance(self, amount: int) -> None:
        """Move the bar."""
        if self._bar:
            self._bar.update(amount)

    def finish(self) -> None:
        """End the bar."""
        if self._bar:
            self._bar.__exit__(None, None, None)
            self._bar = None


sandbox_option = click.option(
    "--require-sandbox",
    is_flag=True,
    help="Stop where this machine does not allow the strong sandbox.",
)
