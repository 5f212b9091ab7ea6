"""The commands, one module each; a command reads its arguments and calls one step.

A command's module is imported when the command is called, and its heavy libraries when it runs,
so that ``clew --help`` answers at once.
"""

import contextlib
import importlib
import io
import os
import re
import sys
from importlib import resources
from pathlib import Path
from typing import Any, NamedTuple

import click
from click.core import ParameterSource

from clew.cli.language import here
from clew.cli.visible import put
from clew.errors import (
    STOPPED,
    ClewError,
    Ending,
    EvidenceError,
    MachineError,
    machine_error,
    nearest,
)

GROUPS = (
    "Set up", "Take in", "Read and conclude", "Look", "Judge", "Hand over", "Check",
)  # fmt: skip
"""What a person does with Clew, in the order of ``--help``; each command names its own."""
_SAYS = re.compile(r'"""``clew (\w+)``: (.+?)(?:"""|\n)')
_GROUP = re.compile(r'^GROUP = "(.+)"$', re.MULTILINE)


class About(NamedTuple):
    """What is known of a command before it is imported."""

    group: str
    help: str


def _commands() -> dict[str, About]:
    """Every module of this folder that begins with what its command does."""
    found = {}
    for file in sorted(resources.files(__name__).iterdir(), key=lambda file: file.name):
        if file.name.endswith(".py"):
            text = file.read_text("utf-8")
            says, group = _SAYS.match(text), _GROUP.search(text)
            if says and group:
                found[says[1]] = About(group[1], says[2][:1].upper() + says[2][1:])
    return dict(sorted(found.items(), key=lambda named: GROUPS.index(named[1].group)))


COMMANDS = _commands()
"""Commands by name, in the order in which they are used."""
CASE_VARIABLE = "CLEW_CASE"
"""Names the case where a command is given none."""
_MARKS = ("case.toml", "site.json")
"""Files that make a folder a case, or a site that works without one."""


class Commands(click.Group):
    """The group of commands, each imported when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names, in the order in which they are used."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"clew.cli.{cmd_name}")
        command: click.Command = getattr(module, cmd_name)
        return _laid_out(command)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that was asked for; of none of that name the nearest is named."""
        if not args[0].startswith("-") and args[0] not in COMMANDS:
            near = here(nearest(args[0], COMMANDS) or "See them with: clew --help")
            ctx.fail(f"{here('No such command')} {args[0]!r}. {near.strip()}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        del ctx
        for group in GROUPS:
            with formatter.section(here(group)):
                listed = [(name, here(c.help)) for name, c in COMMANDS.items() if c.group == group]
                formatter.write_dl(listed)


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="clew", message="%(prog)s %(version)s")
def clew() -> None:
    r"""One picture of a messaging network, from lawfully seized devices.

    \b
    clew new CASE --title TITLE --authority AUTHORITY
    clew add CASE PATH --exhibit ES-01 --kind phone --country ES
    clew run CASE
    clew report CASE OUT.html

    Exit codes: 0 done; 1 done, and something needs a look; 2 the call was wrong; 3 evidence or
    case is damaged; 4 stopped by the machine.

    Completion for bash: eval "$(_CLEW_COMPLETE=bash_source clew)", likewise zsh_source and
    fish_source.
    """


def _laid_out(command: click.Command) -> click.Command:
    """A command in the person's language, whose examples keep their lines.

    Click knows them by a control character.
    """
    command.help = here(command.help or "").replace("\\b\n", "\b\n")
    for option in command.params:
        if isinstance(option, click.Option) and option.help:
            option.help = here(option.help)
    for below in getattr(command, "commands", {}).values():
        _laid_out(below)
    return command


_laid_out(clew)


def main(arguments: list[str] | None = None) -> None:
    """Run a command, and end with its exit code."""
    sys.exit(_run(arguments))


def _run(arguments: list[str] | None) -> int:
    """Run a command; how it ended is the exit code, and every error that a person meets has one."""
    typed = list(sys.argv[1:] if arguments is None else arguments)
    try:
        typed = _with_case(typed)
        ended: Any = clew.main(typed, standalone_mode=False, prog_name="clew")
    except click.exceptions.Exit as early:
        return early.exit_code
    except (click.Abort, KeyboardInterrupt):
        return _say_stopped()
    except click.ClickException as error:
        shown = io.StringIO()
        error.show(shown)
        put(shown.getvalue(), err=True, nl=False)
        return Ending.CALL_WRONG
    except Exception as error:  # noqa: BLE001 - a person gets words, whatever happened
        return (
            _say_stopped()
            if _is_stop(error)
            else _say_error(_of_earlier(error, typed) or _as_ours(error))
        )
    return ended if isinstance(ended, Ending) else Ending.DONE


def _with_case(typed: list[str]) -> list[str]:
    """What was typed, with the case that CLEW_CASE names where none was typed.

    A first argument that is no case, nor a site, is the one after it: ``clew show groups``.
    """
    command: click.Command | None = clew
    at = 0
    while isinstance(command, click.Group) and at < len(typed):
        command, at = command.get_command(click.Context(command), typed[at]), at + 1
    named = os.environ.get(CASE_VARIABLE)
    of_case = [p.name for p in command.params if p.envvar == CASE_VARIABLE] if command else []
    if not named or command is None or not of_case or (name := of_case[0]) is None:
        return typed
    asked = command.make_context(command.name, typed[at:], resilient_parsing=True)
    first = asked.get_parameter_source(name) is ParameterSource.COMMANDLINE
    if first and any((asked.params[name] / mark).is_file() for mark in _MARKS):
        return typed
    return [*typed[:at], named, *typed[at:]]


def _is_stop(error: BaseException | None) -> bool:
    """Whether an error is how a library passes on that a person stopped it, as DuckDB does."""
    while error and not isinstance(error, KeyboardInterrupt):
        if str(error) == "Query interrupted" or type(error).__name__ == "InterruptException":
            return True
        error = error.__cause__
    return error is not None


def _say_stopped() -> int:
    put(here(STOPPED), err=True)
    return Ending.INTERRUPTED


def _of_earlier(error: Exception, typed: list[str]) -> ClewError | None:
    """What to say of an error that tables of an earlier Clew may be behind; None of any other."""
    if isinstance(error, OSError | MemoryError | ClewError) and not error.__cause__:
        return None
    from clew.casefile import open_case
    from clew.casefile.earlier import made_earlier

    with contextlib.suppress(Exception):  # what broke first is what a person must hear of
        named = next(word for word in typed if (Path(word) / "case.toml").is_file())
        with open_case(named) as case:
            return made_earlier(case)
    return None


def _as_ours(error: Exception) -> ClewError:
    """An error in words for people; what the engine itself raises is about a damaged table."""
    if isinstance(error, ClewError):
        return error
    if isinstance(error, OSError | MemoryError):
        return machine_error(error, "working on the case")
    from clew.casefile.engine import EngineError

    words = f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"
    if isinstance(error, EngineError) or "pyarrow" in type(error).__module__:
        return EvidenceError(
            f"a table of the case is damaged ({words})",
            do="Run `clew verify` to see which; `clew run` makes findings anew.",
        )
    return MachineError(f"Clew itself failed ({words})", do="Tell its maintainers what you ran.")


def _say_error(error: ClewError) -> int:
    said = f"clew: {here(str(error))}\n{here(error.do)}"
    put(said.replace("\n", "\n      "), err=True)
    return error.exit_code
