"""The tree of the custody log against RFC 6962 and against a naive model of it."""

from __future__ import annotations

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from clew.casefile.custody import tree

_VECTORS = [b"", b"\0", b"\x10", b" !", b"01", b"@ABC", b"PQRSTUVW", b"`abcdefghijklmno"]
_ROOTS = {
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}
"""The inputs and roots of the reference implementation of RFC 6962."""


def naive(bodies: list[bytes]) -> bytes:
    """The definition in RFC 6962, 2.1, word for word."""
    if not bodies:
        return hashlib.sha256(b"").digest()
    if len(bodies) == 1:
        return hashlib.sha256(b"\0" + bodies[0]).digest()
    k = 1
    while k * 2 < len(bodies):
        k *= 2
    return hashlib.sha256(b"\1" + naive(bodies[:k]) + naive(bodies[k:])).digest()


def grown(bodies: list[bytes]) -> bytes:
    frontier = tree.Frontier()
    for number, body in enumerate(bodies):
        frontier.add(tree.leaf(body), number)
    return frontier.root


def test_roots_of_the_reference_implementation() -> None:
    for size, root in _ROOTS.items():
        assert grown(_VECTORS[:size]).hex() == root


BODIES = st.lists(st.binary(max_size=6), max_size=70)


@given(BODIES)
def test_the_root_is_that_of_the_definition(bodies) -> None:
    assert grown(bodies) == naive(bodies)


@given(BODIES.filter(bool), st.data())
def test_every_entry_has_a_proof_and_no_other_body_has_it(bodies, data) -> None:
    number = data.draw(st.integers(0, len(bodies) - 1))
    size = data.draw(st.integers(number + 1, len(bodies)))
    proof = tree.inclusion(lambda a, b: naive(bodies[a:b]), number, size)
    root = naive(bodies[:size])
    assert tree.holds(tree.leaf(bodies[number]), number, size, proof, root)
    assert not tree.holds(tree.leaf(bodies[number] + b"x"), number, size, proof, root)
    assert not tree.holds(tree.leaf(bodies[number]), number, size, [*proof, root], root)
    if proof:
        assert not tree.holds(tree.leaf(bodies[number]), number, size, proof[:-1], root)


@given(BODIES, st.data())
def test_every_earlier_tree_is_shown_to_be_continued_and_no_other(bodies, data) -> None:
    later = data.draw(st.integers(0, len(bodies)))
    earlier = data.draw(st.integers(0, later))
    proof = tree.consistency(lambda a, b: naive(bodies[a:b]), earlier, later)
    first, second = (earlier, naive(bodies[:earlier])), (later, naive(bodies[:later]))
    assert tree.continues(first, second, proof)
    if earlier:
        assert not tree.continues((earlier, naive([b"other"] * earlier)), second, proof) or (
            bodies[:earlier] == [b"other"] * earlier
        )
    if 0 < earlier < later:
        assert not tree.continues(first, (later, bytes(32)), proof)
        assert not tree.continues(first, second, proof[:-1])
