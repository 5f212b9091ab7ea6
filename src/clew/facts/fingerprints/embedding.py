"""In a worker: pictures shown to a model that the user brought, and the vectors that come out.

The model runs on one thread of the processor, one picture at a time, so that a vector follows from
model, contract and picture alone. It is refused where what it gives looks like classes: its numbers
are for comparing pictures, and never for saying what is in one.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
import onnxruntime
from PIL import Image, ImageOps

from clew.facts import protobuf
from clew.facts.fingerprints import decode
from clew.facts.fingerprints.decode import Undecodable
from clew.facts.fingerprints.fingerprint_worker import Handed, content, read
from clew.facts.fingerprints.model import LEAST, MOST, Contract
from clew.facts.fingerprints.results import Vector, sent
from clew.words.reasons import figures

Floats = npt.NDArray[np.float32]
_CLASSES = frozenset(
    {"Softmax", "LogSoftmax", "Sigmoid", "HardSigmoid", "Hardmax", "ArgMax", "ArgMin", "TopK",
     "ZipMap", "LabelEncoder", "LinearClassifier", "SVMClassifier", "TreeEnsembleClassifier",
     "NonMaxSuppression"}
)  # fmt: skip
"""Operators that end a model which tells classes."""
_NAMED = frozenset({"names", "labels", "classes", "class_names", "id2label", "label_names"})
"""Properties in which exporters of classifiers keep the words for their outputs."""
_GRAPH, _NODE, _OUTPUT, _OPERATOR = 7, 1, 2, 4
"""Fields of onnx.proto3: ModelProto.graph, GraphProto.node, NodeProto.output and op_type."""
_THROUGH = frozenset({"Identity", "Cast", "Flatten", "Reshape", "Squeeze", "Unsqueeze"})
_CODES = re.compile(
    r"\[ONNXRuntimeError\] : \d+ : [A-Z_]+ : (?:\S+\.(?:cc|h):\d+ .*?\)(?: const)? (?=[A-Z]))?"
)
"""What the library puts before its words: a code, and the line in its own source."""
_PROBES = 3
_NEARLY = 1e-3


class Refused(Exception):
    """The model is not what its contract says, or not what may be used."""


def check(argument: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Task: say how many numbers the model's vector has, or why it is refused."""
    try:
        yield {"dimensions": _Run(argument).checked()}
    except Refused as refused:
        yield {"refused": str(refused)}


def _words(complaint: str) -> str:
    """What the library says of a model that it does not load, for a person."""
    if "INVALID_PROTOBUF" in complaint or "No graph was found" in complaint:
        return "it is no ONNX file, or not a whole one"
    if "External data" in complaint or "external data" in complaint:
        return "its weights lie in another file; they have to be in the model itself"
    if "No Op registered" in complaint or "not a registered function" in complaint:
        return f"it has an operator that onnxruntime does not know: {_plain(complaint)}"
    return f"onnxruntime does not load it: {_plain(complaint)}"


def _plain(complaint: str) -> str:
    """The library's words without its codes, and without the line in its own source."""
    return _CODES.sub("", complaint).strip()[:240]


def embed(argument: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Task: show each file of ``handed`` to the model, in order."""
    run = _Run(argument)
    for number, handed in enumerate(msgspec.convert(argument["handed"], list[Handed])):
        yield _seen(number, handed, argument[handed.name], run)


def _seen(number: int, handed: Handed, handle: int, run: _Run) -> dict[str, Any]:
    try:
        data = content(handed, handle)
        pixels, path = decode.colours(data, handed.media_type, run.contract.height,
                                      run.contract.width)  # fmt: skip
        vector = run.vector(_prepared(pixels, run.contract))
    except Undecodable as error:
        return sent(number, problem=(error.code, error.figures), end=True)
    except MemoryError:
        return sent(number, problem=("limit:memory", ()), end=True)
    except Exception as error:
        cause = figures(cause=f"{type(error).__name__}: {error}")
        return sent(number, problem=("model", cause), end=True)
    found = Vector(vector=vector.astype("<f4").tobytes().hex(), decode_path=path)
    return sent(number, vector=found, end=True)


def _prepared(pixels: npt.NDArray[np.uint8], contract: Contract) -> Floats:
    """A picture as the model takes it: 1 x 3 x height x width."""
    size = contract.width, contract.height
    image = Image.fromarray(pixels)
    if contract.fit == "crop":
        image = ImageOps.fit(image, size, Image.Resampling.BILINEAR)
    else:
        image = image.resize(size, Image.Resampling.BILINEAR)
    scaled: Floats = np.asarray(image, np.float32) / np.float32(255)
    values = (scaled - np.array(contract.mean, np.float32)) / np.array(contract.std, np.float32)
    return np.ascontiguousarray(values.transpose(2, 0, 1)[None], np.float32)


class _Run:
    """A model that is loaded."""

    def __init__(self, argument: dict[str, Any]) -> None:
        self.contract = msgspec.convert(argument["contract"], Contract, strict=False)
        self._bytes = read(argument["model"])
        if hashlib.sha256(self._bytes).hexdigest() != argument["sha256"]:
            raise Refused("its file was changed while Clew ran")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
        options.use_deterministic_compute = True
        options.log_severity_level = 4
        try:
            self._session = onnxruntime.InferenceSession(
                self._bytes, options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:
            raise Refused(_words(str(error))) from error

    def vector(self, values: Floats) -> Floats:
        """What the model makes of a picture, at length 1."""
        (found,) = self._session.run([self.contract.output], {self.contract.input: values})
        flat = np.asarray(found, np.float32).ravel()
        length = float(np.sqrt(np.sum(flat.astype(np.float64) ** 2)))
        if not np.isfinite(length) or length == 0:
            raise Undecodable("model:empty_vector")
        return np.asarray(flat / np.float32(length), np.float32)

    def checked(self) -> int:
        """Numbers in a vector; raises Refused."""
        self._fits_contract()
        self._tells_no_classes()
        seen = [self._probed(number) for number in range(_PROBES)]
        if len({found.shape for found in seen}) != 1 or seen[0].ndim != 2 or len(seen[0]) != 1:
            raise Refused(f"its output is of shape {list(seen[0].shape)}, not [1, dimensions]")
        dimensions = int(seen[0].shape[1])
        if not LEAST <= dimensions <= MOST:
            raise Refused(f"its vector has {dimensions} numbers; {LEAST} to {MOST} are taken")
        if not all(np.isfinite(found).all() for found in seen):
            raise Refused("its vector of a picture of noise holds what is no number")
        if all(np.array_equal(found, seen[0]) for found in seen):
            raise Refused("it gives the same vector for different pictures")
        if all(found.min() >= 0 and abs(float(found.sum()) - 1) < _NEARLY for found in seen):
            raise Refused("its numbers add up to 1, as probabilities of classes do")
        return dimensions

    def _fits_contract(self) -> None:
        inputs, outputs = self._session.get_inputs(), self._session.get_outputs()
        if [i.name for i in inputs] != [self.contract.input]:
            raise Refused(f"its inputs are {[i.name for i in inputs]}, "
                          f"the contract names {self.contract.input!r}")  # fmt: skip
        if [o.name for o in outputs] != [self.contract.output]:
            raise Refused(f"its outputs are {[o.name for o in outputs]}, "
                          f"the contract names {self.contract.output!r}")  # fmt: skip
        wanted = (1, 3, self.contract.height, self.contract.width)
        shape = inputs[0].shape
        fixed = [(own, asked) for own, asked in zip(shape, wanted, strict=False)
                 if isinstance(own, int)]  # fmt: skip
        if (inputs[0].type != "tensor(float)" or len(shape) != len(wanted)
                or any(own != asked for own, asked in fixed)):  # fmt: skip
            raise Refused(f"its input is {inputs[0].type} {shape}, not float32 {list(wanted)}")
        if outputs[0].type != "tensor(float)":
            raise Refused(f"its output is {outputs[0].type}, not float32")

    def _tells_no_classes(self) -> None:
        """Refused where its last operator, or a property of it, is that of a classifier."""
        named = _NAMED & {key.lower() for key in self._session.get_modelmeta().custom_metadata_map}
        if named:
            raise Refused(f"it names classes in its property {min(named)!r}; "
                          "Clew takes no classifier of content or faces")  # fmt: skip
        last = _last_operator(self._bytes, self.contract.output)
        if last in _CLASSES:
            raise Refused(f"it ends in {last}, as a classifier does; "
                          "Clew takes no classifier of content or faces")  # fmt: skip

    def _probed(self, seed: int) -> Floats:
        """What it makes of noise."""
        shape = (self.contract.height, self.contract.width, 3)
        noise = np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)
        values = {self.contract.input: _prepared(noise, self.contract)}
        try:
            (found,) = self._session.run([self.contract.output], values)
        except Exception as error:
            raise Refused(f"it can't be run on a picture: {_plain(str(error))}") from error
        return np.asarray(found, np.float32)


def _last_operator(model: bytes, output: str) -> str:
    """Operator that an output comes from, beneath those that only change its shape."""
    made: dict[str, tuple[str, str]] = {}
    for graph in protobuf.within(model, _GRAPH):
        for node in protobuf.within(graph.value, _NODE):
            source = protobuf.first_text(node.value, 1) or ""
            operator = protobuf.first_text(node.value, _OPERATOR) or ""
            for name in protobuf.within(node.value, _OUTPUT):
                made[name.text or ""] = operator, source
    for _ in range(len(made)):
        operator, source = made.get(output, ("", ""))
        if operator not in _THROUGH:
            return operator
        output = source
    return ""
