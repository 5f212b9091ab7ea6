"""Checks of what makes a checkpoint worth keeping: its signature, and the tree that it is about."""

from collections.abc import Iterator

from clew.casefile.custody import keys, tree
from clew.casefile.custody.checkpoint import (
    Checkpoint,
    Note,
    Signature,
    check,
    parse,
    signed,
    verifier,
)
from clew.validation.assertions import Assertion, Plan

_PASSPHRASE = "validation"  # noqa: S105 - of a key that signs nothing else
_VECTORS = ("", "00", "10", "2021", "3031", "40414243", "5051525354555657",
            "606162636465666768696a6b6c6d6e6f")  # fmt: skip
"""Inputs of the Certificate Transparency test vectors, and the root of the tree over them."""
_ROOT = "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


def checkpoints_are_signed(plan: Plan) -> Iterator[Assertion]:
    """A true signature passes and no other does; the tree is that of RFC 6962."""
    folder = plan.folder / "keys"
    folder.mkdir(parents=True)
    for name in ("own", "other"):
        keys.make(folder / name, _PASSPHRASE)
    own, other = (keys.load(folder / n, "lab/custody", _PASSPHRASE) for n in ("own", "other"))
    point = Checkpoint("lab/custody", 7, bytes(range(32)))
    note = parse(signed(point, own))
    (mine,) = note.signatures
    changed = bytes([mine.value[0] ^ 1]) + mine.value[1:]
    stranger = parse(signed(point, other)).signatures[0].value
    tries = {
        "the true one": note,
        "zeros": _with_value(point, mine, bytes(len(mine.value))),
        "a bit changed": _with_value(point, mine, changed),
        "another key's": _with_value(point, mine, stranger),
        "another checkpoint's": Note(Checkpoint("lab/custody", 8, point.root), note.signatures),
        "none": Note(point, ()),
    }
    taken = []
    for name, tried in tries.items():
        check(tried, verifier("lab/custody", own.public))
        if tried.signed_by and not tried.problems:
            taken.append(name)
    yield Assertion(
        "P7-03", taken == ["the true one"],
        f"{len(tries)} signatures; taken for right: {', '.join(taken) or 'none'}",
    )  # fmt: skip
    frontier = tree.Frontier()
    for number, vector in enumerate(_VECTORS):
        frontier.add(tree.leaf(bytes.fromhex(vector)), number)
    root = frontier.root.hex()
    yield Assertion(name="P7-04", passed=root == _ROOT, figures=f"root over 8 inputs: {root}")


def _with_value(point: Checkpoint, signature: Signature, value: bytes) -> Note:
    return Note(point, (Signature(signature.name, signature.key_id, value),))
