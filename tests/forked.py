"""Processes that begin with everything imported, so that a kill meets work and not imports.

A server that has imported it all, and has seen no case, forks them.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import sys
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

_SERVER = multiprocessing.get_context("forkserver")
_SERVER.set_forkserver_preload(
    ["clew.cli.run", "clew.cli.add", "clew.pipeline", "clew.validation.faults", "networkit",
     "phonenumbers.geodata.locale", "scipy.sparse", "splink.internals.duckdb.database_api"]
)  # fmt: skip


def command_process(*arguments: object) -> BaseProcess:
    """A command in a process of its own, with nothing to say; its end is its ``exitcode``."""
    return forked(_command, [str(a) for a in arguments])


def forked(does: Callable[..., object], *arguments: Any) -> BaseProcess:
    """A process that calls a function of this module."""
    process = _SERVER.Process(target=does, args=arguments)
    process.start()
    return process


def exit_code(process: BaseProcess, within: float | None = None) -> int | None:
    """Exit code of a process, which is killed where it has not ended in so many seconds."""
    process.join(within)
    if process.exitcode is None:
        process.kill()
        process.join()
        return None
    return process.exitcode


def _command(words: list[str]) -> None:
    from clew.cli import main

    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):
        os.dup2(nowhere, stream)
    main(words)


def fingerprint_and_die(case: Path, step: str, moment: int, shown: Any) -> None:
    """Do a step that looks at pictures, and die at an effect on the case; else write their number.

    It goes in batches of three, of which some are done when it dies.
    """
    import steps

    from clew.casefile import open_case
    from clew.facts.fingerprints import batches
    from clew.validation import faults

    batches._MOST_FILES = 3
    watch = faults.Watch(case, moment, faults._FAULTS["killed"] if moment else None)
    with open_case(case) as opened, opened.writing():
        sys.addaudithook(watch)
        if step == "fingerprint":
            steps.fingerprint(opened, "V-01")
        else:
            steps.embed(opened, "V-01", embedding=shown)
    case.with_name("effects").write_text(str(watch.effects))


def receive_or_forget_and_die(case: Path, what: str, moment: int) -> None:
    """Take a package in, or out again, and die at an effect on the case; else write their number.

    It is the package of ES among those of the builders.
    """
    from builders.countries import package, rows_of, tables_of

    from clew.casefile import open_case
    from clew.exchange.receiving import forget, take_in
    from clew.exchange.receiving.forgetting import Why
    from clew.validation import faults

    watch = faults.Watch(case, moment, faults._FAULTS["killed"] if moment else None)
    with open_case(case) as opened, opened.writing():
        sys.addaudithook(watch)
        if what == "take":
            take_in(opened, package("ES"), tables_of(rows_of("ES", 1)))
        else:
            forget(opened, package("ES").package_id, Why.FORGOTTEN)
    case.with_name("effects").write_text(str(watch.effects))


def take_and_die(case: Path, sent: bytes, seed: int, moment: int) -> None:
    """Take in a package of a history, and die at an effect on the case, if there are so many."""
    import msgspec
    from builders.countries import tables_of
    from builders.histories import Sent

    from clew.casefile import open_case
    from clew.errors import EvidenceError
    from clew.exchange.receiving import take_in
    from clew.validation import faults

    one = msgspec.json.decode(sent, type=Sent)
    with open_case(case) as opened, opened.writing(), contextlib.suppress(EvidenceError):
        sys.addaudithook(faults.Watch(case, moment, faults._FAULTS["killed"]))
        take_in(opened, one.about, tables_of(one.rows(seed)))
