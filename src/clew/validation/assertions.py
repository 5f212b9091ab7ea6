"""What is asserted of the tool, and what came of checking it.

An assertion is worded as those of NIST's Computer Forensics Tool Testing are ("the tool shall …"),
and names the weaknesses of the SOLVE-IT knowledge base that it guards against; all that is said of
assertions stands in ``assertions.toml``.

References:
    - SOLVE-IT, github.com/SOLVE-IT-DF/solve-it
    - ISO/IEC 17025, 7.2 and 7.6; UK Forensic Science Regulator, FSR-G-218

"""

import os
import time
from collections.abc import Callable, Iterator
from functools import cache, cached_property
from importlib import resources
from pathlib import Path

import msgspec

from clew.demo import Operation, generate, small


class Statement(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is asserted, by which criterion it passes, and how sure a pass is."""

    text: str
    criterion: str
    uncertainty: str
    weaknesses: tuple[str, ...] = ()
    """Weaknesses of SOLVE-IT that it guards against."""
    cftt: tuple[str, ...] = ()
    """Assertions of NIST's Computer Forensics Tool Testing that it covers."""


class Catalogue(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All that is said of assertions."""

    solve_it: str
    """Version of the knowledge base whose weaknesses are named."""
    promises: dict[str, str]
    weaknesses: dict[str, str]
    cftt: dict[str, str]
    known: dict[str, tuple[str, ...]]
    """Weaknesses that a figure of the known answers guards against."""
    assertions: dict[str, Statement]


_BROKEN = Statement("come to the end of this check", "no error", "one try")


@cache
def catalogue() -> Catalogue:
    """The catalogue beside this module."""
    text = resources.files("clew.validation").joinpath("assertions.toml").read_text("utf-8")
    return msgspec.toml.decode(text, type=Catalogue)


class Assertion(msgspec.Struct, frozen=True):
    """What came of checking one assertion."""

    name: str
    """Promise and number, such as ``P1-01``."""
    passed: bool | None
    """None where this machine can't check it."""
    figures: str
    """What was measured."""
    about: str = ""
    """What one of several with the same statement is about."""
    trials: int = 0
    """Independent tries, where cases were sampled."""
    seconds: float = 0
    processor_seconds: float = 0
    """Processor time of this process and of those that it waited for."""

    @property
    def statement(self) -> Statement:
        """What is asserted; of a check that broke down, that it shall come to its end."""
        found, parts = catalogue().assertions, self.name.split("-")
        names = ("-".join(parts[:n]) for n in range(len(parts), 0, -1))
        said = next((found[name] for name in names if name in found), _BROKEN)
        weaknesses = (*said.weaknesses, *catalogue().known.get(self.about, ()))
        text = said.text.format(about=self.about)
        uncertainty = said.uncertainty.format(bound=self._bound())
        return msgspec.structs.replace(
            said, text=text, uncertainty=uncertainty, weaknesses=weaknesses
        )

    def _bound(self) -> str:
        """Upper 95 % bound of the share of failures where none of the trials failed."""
        return f"{1 - 0.05 ** (1 / self.trials):.1%}" if self.trials and self.passed else "n/a"


class Plan(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """How much is checked; the defaults take at most ten minutes on two cores."""

    folder: Path
    """Where everything is made; it must not be there yet."""
    seed: int = 2017
    kills: int = 5
    full_disks: int = 3
    tampers: int = 5
    """Seeds for each kind of tampering."""
    samples: int = 20
    """Rows derived again."""
    inputs: Path | None = None
    """Folder of known inputs for every reader; None for those that come with Clew."""

    @cached_property
    def operation(self) -> Operation:
        """The generated operation; it is evidence, and is not changed."""
        return generate(self.folder / "operation", small(self.seed))


Check = Callable[[Plan], Iterator[Assertion]]


def timed(check: Check, plan: Plan) -> Iterator[Assertion]:
    """Assertions of a check, each with the time it took; a check that breaks down has failed."""
    began = _clocks()
    try:
        for assertion in check(plan):
            yield _with_times(assertion, began)
            began = _clocks()
    except Exception as error:  # noqa: BLE001 - whatever it is, it belongs in the report
        reason = f"{type(error).__name__}: {error}"[:500]
        yield _with_times(Assertion(check.__name__, passed=False, figures=reason), began)


def _clocks() -> tuple[float, float]:
    used = os.times()
    return time.monotonic(), sum(used[:4])


def _with_times(assertion: Assertion, began: tuple[float, float]) -> Assertion:
    wall, processor = (round(now - then, 2) for now, then in zip(_clocks(), began, strict=True))
    return msgspec.structs.replace(assertion, seconds=wall, processor_seconds=processor)
