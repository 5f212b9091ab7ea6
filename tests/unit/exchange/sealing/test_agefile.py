"""What is sealed here age opens, and what age seals is opened; the published vectors hold."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import subprocess
import zlib
from collections import defaultdict

import pytest

from clew.exchange.sealing import agefile
from clew.exchange.sealing.locks import age

pyrage = pytest.importorskip("pyrage")
SIZES = (0, 1, 65_535, 65_536, 65_537, 2**20, 2**20 + 1, 3 * 2**20 + 7)


class Kept(io.BytesIO):
    """Everything that was written."""


def sealed(content: bytes, secret: str, piece: int = 100_000) -> bytes:
    kept = Kept()
    pieces = (content[at : at + piece] for at in range(0, len(content), piece))
    agefile.encrypt(pieces, kept, secret)
    return kept.getvalue()


def opened(content: bytes, secret: str) -> bytes:
    kept = Kept()
    agefile.decrypt(io.BytesIO(content), kept, secret)
    return kept.getvalue()


@pytest.mark.parametrize("size", SIZES)
def test_another_library_opens_it_and_it_opens_another_s(size) -> None:
    secret, content = age.fresh(), os.urandom(size)
    closed = sealed(content, secret)
    identity = age.identity(secret)
    assert pyrage.decrypt(closed, [identity]) == content
    assert opened(closed, secret) == content
    assert opened(pyrage.encrypt(content, [identity.to_public()]), secret) == content


def test_the_command_age_opens_it_and_it_opens_the_command_s(tmp_path) -> None:
    if not shutil.which("age"):
        pytest.skip("age is not installed: there is no program to compare with")
    secret = age.fresh()
    (tmp_path / "id").write_text(secret)
    command = ["age", "-d", "-i", str(tmp_path / "id")]
    done = subprocess.run(command, input=sealed(b"x" * 70_000, secret), capture_output=True,
                          check=True)  # fmt: skip
    assert done.stdout == b"x" * 70_000
    to = []
    for one in (age.fresh(), age.fresh(), secret):
        to += ["-r", str(age.identity(one).to_public())]
    done = subprocess.run(["age", *to], input=b"one of three", capture_output=True, check=True)
    assert opened(done.stdout, secret) == b"one of three"


def test_every_vector_has_its_outcome(fixtures) -> None:
    """Those of other kinds (passphrases, armour, hybrid keys) are refused: no package is so."""
    met = refused = 0
    for file in sorted((fixtures / "exchange" / "age" / "testdata").iterdir()):
        head, body = file.read_bytes().split(b"\n\n", 1)
        about = defaultdict(list)
        for line in head.decode().splitlines():
            name, value = line.split(": ", 1)
            about[name].append(value)
        body = zlib.decompress(body) if about["compressed"] else body
        own = [one for one in about["identity"] if one.startswith("AGE-SECRET-KEY-1")]
        if about["armored"] or about["passphrase"] or not own:
            with pytest.raises(ValueError, match=r".+"):
                opened(body, age.fresh())
            refused += 1
            continue
        met += 1
        found = outcome(body, own)
        success = about["expect"] == ["success"]
        assert found == (about["payload"][0] if success else None), file.name
    assert (met, refused) == (67, 76)


def outcome(body: bytes, secrets: list[str]) -> str | None:
    for secret in secrets:
        try:
            return hashlib.sha256(opened(body, secret)).hexdigest()
        except ValueError:
            continue
    return None


def test_an_error_of_either_side_is_raised_as_it_is() -> None:
    class Broken:
        def write(self, data):
            raise OSError(28, "no room")

        def read(self, size):
            raise OSError(5, "the medium")

    secret = age.fresh()
    with pytest.raises(OSError, match="no room"):
        agefile.encrypt(iter([b"x"]), Broken(), secret)
    with pytest.raises(OSError, match="no room"):
        agefile.decrypt(io.BytesIO(sealed(b"x", secret)), Broken(), secret)
    with pytest.raises(OSError, match="the medium"):
        agefile.decrypt(Broken(), Kept(), secret)


@pytest.mark.parametrize("wrong", ["", "AGE-SECRET-KEY-1", "age1x", "AGE-SECRET-KEY-1" + "Q" * 58])
def test_what_is_no_identity_is_refused(wrong) -> None:
    with pytest.raises(ValueError, match=r".+"):
        opened(sealed(b"x", age.fresh()), wrong)
