"""Tiny ONNX models as bytes: Protocol Buffers by hand, so that no library is needed to write one.

A model takes the mean of each square of a picture, and nothing else: it has no weights. Fields and
numbers are those of onnx.proto3.
"""

from pathlib import Path

FLOAT = 1


def varint(value: int) -> bytes:
    out = b""
    while value > 127:
        out += bytes([value & 127 | 128])
        value >>= 7
    return out + bytes([value])


def field(number: int, value: int | bytes | str) -> bytes:
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    held = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(held)) + held


def node(operator: str, source: str, target: str, **attributes: list[int]) -> bytes:
    parts = field(1, source) + field(2, target) + field(4, operator)
    for name, values in attributes.items():
        ints = b"".join(field(8, value) for value in values)
        parts += field(5, field(1, name) + ints + field(20, 7))
    return parts


def tensor(name: str, shape: tuple[int, ...], kind: int = FLOAT) -> bytes:
    dimensions = b"".join(field(1, field(1, side)) for side in shape)
    return field(1, name) + field(2, field(1, field(1, kind) + field(2, dimensions)))


def model(side: int = 64, square: int = 8, last: str = "", labels: str = "") -> bytes:
    """A model of ``side`` pixels; ``last`` is an operator put behind its vector."""
    numbers = 3 * (side // square) ** 2
    nodes = [
        node("AveragePool", "picture", "means", kernel_shape=[square] * 2, strides=[square] * 2),
        node("Flatten", "means", "flat" if last else "vector"),
    ]
    if last:
        nodes.append(node(last, "flat", "vector"))
    graph = b"".join(field(1, part) for part in nodes) + field(2, "tiny")
    graph += field(11, tensor("picture", (1, 3, side, side)))
    graph += field(12, tensor("vector", (1, numbers)))
    whole = field(1, 8) + field(7, graph) + field(8, field(2, 17))
    if labels:
        whole += field(14, field(1, labels) + field(2, "['a', 'b']"))
    return whole


def behind(*nodes: bytes, kept: bytes = b"", domain: str = "") -> bytes:
    """The model with other nodes between its flat means (``flat``) and its vector."""
    pool = node("AveragePool", "picture", "means", kernel_shape=[8] * 2, strides=[8] * 2)
    parts = (pool, node("Flatten", "means", "flat"), *nodes)
    graph = b"".join(field(1, part) for part in parts) + field(2, "tiny") + kept
    graph += field(11, tensor("picture", (1, 3, 64, 64))) + field(12, tensor("vector", (1, 192)))
    whole = field(1, 8) + field(7, graph) + field(8, field(2, 17))
    return whole + (field(8, field(1, domain) + field(2, 1)) if domain else b"")


def of_two(operator: str, left: str, right: str, target: str) -> bytes:
    """A node of two inputs."""
    return field(1, left) + field(1, right) + field(2, target) + field(4, operator)


def elsewhere(name: str, file: str) -> bytes:
    """192 numbers that lie in another file."""
    where = field(1, "location") + field(2, file)
    return field(5, field(1, 192) + field(2, FLOAT) + field(8, name) + field(13, where)
                 + field(14, 1))  # fmt: skip


CONTRACT = """
input = "picture"
output = "vector"
height = 64
width = 64
mean = [0.5, 0.5, 0.5]
std = [0.25, 0.25, 0.25]
review_distance = 0.15
"""


def written(folder: Path, content: bytes | None = None, contract: str = CONTRACT) -> Path:
    """A model with its contract beside it."""
    file = folder / "tiny.onnx"
    file.write_bytes(model() if content is None else content)
    file.with_suffix(".toml").write_text(contract)
    return file
