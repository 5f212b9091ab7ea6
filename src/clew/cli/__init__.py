"""The commands, one module each; a command reads its arguments and calls one step.

A command's module is imported when the command is called, and its heavy libraries when it runs,
so that ``clew --help`` answers at once.
"""

from __future__ import annotations

import importlib
import sys
from typing import Any

import click

from clew.errors import ClewError, EvidenceError, MachineError, UsageError, machine_error

COMMANDS = {
    "new": "Make a new case.",
    "add": "Take an exhibit in: a folder, a file or an archive.",
    "hashset": "Known and ignorable hash sets.",
    "run": "Read what was taken in and draw conclusions.",
    "status": "What was seen, read, skipped and failed.",
    "show": "Groups, persons, files, matches, invites and more.",
    "categorise": "Give a file a category, as an analyst.",
    "persons": "Which accounts are one person's: list, explain, accept, reject, split.",
    "undo": "Judge that an earlier judgement counts no more.",
    "query": "Ask the tables in SQL.",
    "explain": "Lead from an id back to exhibit, file and row.",
    "report": "Write one self-contained HTML report.",
    "export": "Findings for other programs: the network as GraphML, GEXF or CSV.",
    "verify": "Check tables, stored contents and the custody log.",
    "custody": "Show, check and prove the log of who did what.",
    "validate": "Check the promises on this machine, and file the report.",
    "doctor": "What this machine can and can't do.",
    "steps": "Show the flow: every step with its tables.",
    "readers": "Show the formats that are read.",
    "demo": "Generate a benign operation, run everything, and score it.",
}
INTERRUPTED = 130


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

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


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
    """A command whose examples keep their lines: click knows them by a control character."""
    command.help = (command.help or "").replace("\\b\n", "\b\n")
    for below in getattr(command, "commands", {}).values():
        _laid_out(below)
    return command


_laid_out(clew)


def main(arguments: list[str] | None = None) -> None:
    """Run a command, and end with its exit code."""
    sys.exit(_run(arguments))


def _run(arguments: list[str] | None) -> int:
    try:
        result: Any = clew.main(arguments, standalone_mode=False, prog_name="clew")
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("clew: stopped; run the same command again to go on", err=True)
        return INTERRUPTED
    except click.ClickException as error:
        error.show()
        return UsageError.exit_code
    except Exception as error:  # noqa: BLE001 - a person gets words, whatever happened
        return _told(_as_ours(error))
    return result if isinstance(result, int) else 0


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


def _told(error: ClewError) -> int:
    click.echo(f"clew: {error}\n      {error.do}", err=True)
    return error.exit_code
