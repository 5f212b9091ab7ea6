"""What is asserted of the tool, and what came of checking it.

An assertion is worded as those of NIST's Computer Forensics Tool Testing are ("the tool shall …"),
and names the weaknesses of the SOLVE-IT knowledge base that it guards against.

References:
    - NIST CFTT, cftt.nist.gov; its assertions on SQLite as coded in
      github.com/dod-cyber-crime-center/sqlite-dissect, tests/nist_assertions.py
    - SOLVE-IT, github.com/SOLVE-IT-DF/solve-it
    - ISO/IEC 17025, 7.2; UK Forensic Science Regulator, FSR-G-218

"""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

PROMISES = {
    "KA": "Known answers: what is found is what was put there",
    "P1": "Nothing lost: seen = processed + skipped + failed",
    "P2": "Nothing changed: evidence is after as it was before",
    "P3": "Same input, same output, whatever happens on the way",
    "P4": "No silent success: what is damaged is told",
    "P5": "A hostile file costs at most itself",
    "P6": "Every figure leads back, and is derived again the same",
    "P7": "The custody log shows what was done to it",
    "P8": "Whoever reads personal data is logged before it is shown",
    "P10": "Deleted is never shown as live",
    "P11": "People are masked unless someone gives a reason",
}


SOLVE_IT = "commit 59b3791 of 2026-07"
"""Version of the knowledge base whose weaknesses are named."""
WEAKNESSES = {
    "DFW-1085": "Missing messages from the live set of messages",
    "DFW-1086": "Failing to recover deleted but recoverable messages",
    "DFW-1087": "Presenting a live message that did not exist",
    "DFW-1088": "Presenting a deleted message that did not exist",
    "DFW-1089": "Recovering a live message with incorrect content",
    "DFW-1128": "Image replaced with tampered version along with updated stored hash",
    "DFW-1170": "Failure to recover data stored in Write Ahead Log (WAL) files",
    "DFW-1185": "Failure to enumerate all files in a standard archive format",
}
"""Names of the weaknesses, as SOLVE-IT has them."""
CFTT = {
    "SFT-CA-01": "the hash of the file is what it was before",
    "SFT-CA-02": "the file is there afterwards",
    "SFT-CA-10": "the number of rows is right",
    "SFT-CA-11": "every live row is reported",
    "SFT-CA-12": "every recoverable row is reported",
    "SFT-CA-13": "the file that a row came from is right",
}
"""Core assertions of NIST's tests of SQLite tools, in short."""


class Assertion(msgspec.Struct, frozen=True, kw_only=True):
    """One assertion and its result."""

    name: str
    """Promise and number, such as ``P1-01``."""
    text: str
    """The tool shall …"""
    weaknesses: tuple[str, ...] = ()
    """Weaknesses of SOLVE-IT that it guards against."""
    cftt: tuple[str, ...] = ()
    """Assertions of NIST's Computer Forensics Tool Testing that it covers."""
    passed: bool | None
    """None where this machine can't check it."""
    figures: str
    """What was measured."""
    seconds: float = 0


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """How much is checked."""

    folder: Path
    """Where everything is made; it must not be there yet."""
    seed: int = 2017
    kills: int = 10
    full_disks: int = 5
    tampers: int = 10
    """Seeds for each kind of tampering."""
    samples: int = 20
    """Rows derived again."""


Check = Callable[[Plan], Iterator[Assertion]]


def timed(check: Check, plan: Plan) -> Iterator[Assertion]:
    """Assertions of a check, each with the time it took; a check that breaks down has failed."""
    began = time.monotonic()
    try:
        for assertion in check(plan):
            took = time.monotonic() - began
            yield msgspec.structs.replace(assertion, seconds=round(took, 2))
            began = time.monotonic()
    except Exception as error:  # noqa: BLE001 - whatever it is, it belongs in the report
        yield Assertion(
            name=f"{check.__name__}",
            text="The check itself shall come to its end.",
            passed=False,
            figures=f"{type(error).__name__}: {error}"[:500],
            seconds=round(time.monotonic() - began, 2),
        )
