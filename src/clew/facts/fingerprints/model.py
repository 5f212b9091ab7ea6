"""A model that the user brings: what it must be, and what is said where it is not.

A model is an ONNX file with a TOML file of the same name beside it, the contract, which says what
goes in and comes out. One picture goes in and one vector comes out; the numbers are compared with
those of other pictures and mean nothing by themselves.
"""

import hashlib
import tomllib
from math import isfinite
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from clew.errors import UsageError, installing
from clew.facts.fingerprints.kinds import installed
from clew.sandbox import Guard, WorkerLost
from clew.words.reasons import of_problem

EXTRA = "clew[onnx]"
LIBRARY = "onnxruntime"
MOST_BYTES = 512 << 20
"""Largest model that is taken; a worker holds all of it, and what it computes."""
LEAST, MOST = 16, 8192
"""Numbers in a vector. What has fewer outputs than this tells classes apart, not pictures."""
_VERSION = "1"
_CHECK = "clew.facts.fingerprints.embedding:check"
_SEE = "docs/formats/embeddings.md says what a model and its TOML file must be."
Side = Annotated[int, msgspec.Meta(ge=16, le=1024)]
Positive = Annotated[float, msgspec.Meta(gt=0)]


class Contract(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What stands in the TOML file beside a model."""

    input: str
    """Name of the one input: float32, 1 x 3 x height x width, red first."""
    output: str
    """Name of the one output: float32, 1 x dimensions."""
    height: Side
    width: Side
    mean: tuple[float, float, float] = (0.0, 0.0, 0.0)
    """Taken from each channel, which runs from 0 to 1."""
    std: tuple[Positive, Positive, Positive] = (1.0, 1.0, 1.0)
    """What each channel is divided by then."""
    fit: Literal["stretch", "crop"] = "stretch"
    """Whether a picture is stretched to the size, or its middle cut out."""
    review_distance: Annotated[float, msgspec.Meta(gt=0, le=0.5)]
    """Cosine distance up to which a picture is put before somebody."""

    @property
    def json(self) -> str:
        """The whole contract, in one order."""
        return msgspec.json.encode(self, order="sorted").decode()

    @property
    def sha256(self) -> str:
        """Digest over the whole contract."""
        return hashlib.sha256(self.json.encode()).hexdigest()


class Model(msgspec.Struct, frozen=True, kw_only=True):
    """A model that was checked."""

    file: Path
    sha256: str
    size: int
    contract: Contract
    dimensions: int = 0

    @property
    def algorithm(self) -> str:
        """What its vectors are named by."""
        return f"onnx:{self.sha256}"

    @property
    def version(self) -> str:
        """All else that decides a vector."""
        libraries = ", ".join(f"{name} {installed(name)}" for name in (LIBRARY, "pillow"))
        return f"clew {_VERSION}, {libraries}, contract {self.contract.sha256[:16]}"

    @property
    def argument(self) -> dict[str, Any]:
        """What a worker receives about it."""
        return {"contract": msgspec.to_builtins(self.contract), "sha256": self.sha256}


def model(file: Path, guard: Guard) -> Model:
    """The model in a file, looked at in a worker; UsageError says what is wrong with it."""
    if not installed(LIBRARY):
        raise UsageError(
            f"an embedding needs {EXTRA}, which is not installed",
            do=f"Install it: {installing('onnx')}; or leave --embedding out.",
        )
    try:
        size = file.stat().st_size
        with file.open("rb") as handle:
            sha256 = hashlib.file_digest(handle, "sha256").hexdigest()
    except OSError as error:
        raise UsageError(f"the model can't be read: {error}", do="Name an ONNX file.") from error
    if size > MOST_BYTES:
        raise UsageError(
            f"the model has {size} bytes; at most {MOST_BYTES} are taken", do="Use a smaller one."
        )
    found = Model(file=file, sha256=sha256, size=size, contract=_contract(file))
    return msgspec.structs.replace(found, dimensions=_dimensions(found, guard))


def _contract(file: Path) -> Contract:
    beside = file.with_suffix(".toml")
    try:
        answer = tomllib.loads(beside.read_text("utf-8"))
        found = msgspec.convert(answer, Contract)
        if not all(map(isfinite, (*found.mean, *found.std, found.review_distance))):
            raise ValueError("mean, std and review_distance are finite numbers")  # noqa: TRY301
    except OSError as error:
        raise UsageError(f"the model's contract can't be read: {error}", do=_SEE) from error
    except (ValueError, msgspec.ValidationError) as error:
        raise UsageError(f"{beside.name} is no contract of a model: {error}", do=_SEE) from error
    return found


def _dimensions(found: Model, guard: Guard) -> int:
    """How many numbers its vector has; refused where it is no model of the contract."""
    try:
        (answer,) = guard.run(_CHECK, found.argument, {"model": found.file})
    except WorkerLost as lost:
        raise UsageError(
            f"{found.file.name} can't be run: {of_problem('unread', lost)}", do=_SEE
        ) from lost
    if not isinstance(answer, dict) or "refused" in answer:
        other = "it answered with something else"
        reason = answer["refused"] if isinstance(answer, dict) else other
        raise UsageError(f"{found.file.name} is refused: {reason}", do=_SEE)
    return int(answer["dimensions"])
