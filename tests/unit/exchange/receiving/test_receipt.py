from __future__ import annotations

import pytest
from builders.countries import package, rows_of
from builders.merging import new_case, receive
from builders.packages import signer

from clew.casefile.custody.checkpoint import verifier
from clew.errors import EvidenceError
from clew.exchange.receiving.receipt import read, write


def test_a_receipt_is_read_with_the_key_that_signed_it_and_no_other(tmp_path) -> None:
    key, other = signer("pt/x"), signer("pt/y")
    case = new_case(tmp_path / "case")
    receive(case, "ES", seed=1)
    data = write(case, package("ES").package_id, "PT", key)
    known = {"PT": verifier(key.name, key.public)}
    receipt = read(data, known.get)
    assert (receipt.sender, receipt.receiver) == ("ES", "PT")
    assert receipt.tagmanifest_sha256 == package("ES").tagmanifest_sha256
    assert receipt.rows > len(rows_of("ES", 1)) - 1
    for registered in ({}, {"PT": verifier(other.name, other.public)}):
        with pytest.raises(EvidenceError):
            read(data, registered.get)
    for place in range(0, len(data) - 2, 7):
        damaged = bytearray(data)
        damaged[place] ^= 1
        with pytest.raises(EvidenceError):
            read(bytes(damaged), known.get)
