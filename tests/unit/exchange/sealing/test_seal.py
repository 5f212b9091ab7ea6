"""Sealing copies nothing, names every receiver, and others' programs open what it writes."""

from __future__ import annotations

import json
import shutil
import subprocess

import msgspec
import pytest
from builders.packages import PARTS, Agencies, files_of

from clew.errors import UsageError
from clew.exchange.sealing import Member, Receiver, Sealing, seal, volume_bytes
from clew.exchange.sealing.bag import tags

pytest.importorskip("pyrage")


def test_age_and_tar_open_a_package_without_clew(tmp_path) -> None:
    if not shutil.which("age"):
        pytest.skip("age is not installed: there is no other program to open it with")
    agencies = Agencies()
    agencies.package(tmp_path, volume_size=70_000)
    (tmp_path / "id.txt").write_text(agencies.identities["PT"])
    opening = """
    age -d -i id.txt made.clewpkg/locks/PT.age > key.txt
    cat made.clewpkg/volume-*.age | age -d -i key.txt | tar -x
    """
    subprocess.run(["bash", "-ec", opening], cwd=tmp_path, check=True)
    for part in PARTS:
        assert (tmp_path / "bag/data" / part.name).read_bytes() == b"".join(part.chunks)
    bagit = pytest.importorskip("bagit")
    assert bagit.Bag(str(tmp_path / "bag")).validate()


def test_openssl_checks_the_signature_of_an_envelope(tmp_path) -> None:
    from cryptography.hazmat.primitives import serialization

    agencies = Agencies()
    package = agencies.package(tmp_path)
    (tmp_path / "key.pem").write_bytes(agencies.key._key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    ))  # fmt: skip
    checking = """
    (echo clew package envelope, version 1; cat envelope.json) > ../m
    base64 -d envelope.sig > ../s
    openssl pkeyutl -verify -pubin -inkey ../key.pem -rawin -in ../m -sigfile ../s
    """
    subprocess.run(["bash", "-ec", checking], cwd=package, check=True, capture_output=True)


def test_the_envelope_names_no_file_of_the_contents(tmp_path) -> None:
    package = Agencies().package(tmp_path)
    outside = (package / "envelope.json").read_text()
    assert not [part.name for part in PARTS if part.name in outside]
    assert set(json.loads(outside)) == {"case", "format", "from", "handling", "locks", "package",
                                        "sealed_at", "tlp", "to", "volumes"}  # fmt: skip


def test_the_bag_has_what_its_profile_requires(fixtures, tmp_path) -> None:
    """Of the draft of a profile all but a signature that would name no receiver."""
    profile = json.loads((fixtures / "exchange/bagit/clew-referral-profile-1.json").read_bytes())
    agencies = Agencies()
    sealing = agencies.sealing(to=("DE", "PT"))
    told = msgspec.structs.replace(sealing, info=(("Clew-Legal-Basis", "a, b"),
                                                  ("Clew-Contains-Media", "no")))  # fmt: skip
    files = files_of(agencies, told)
    found = list(tags(files["bag/bag-info.txt"].decode()))
    for label, asked in profile["Bag-Info"].items():
        values = [value for name, value in found if name == label]
        assert len(values) >= asked["required"], label
        assert len(values) <= 1 or asked.get("repeatable", True), label
        assert set(values) <= set(asked.get("values", values)), label
    names = {name.removeprefix("bag/") for name in files}
    for kind in ("", "Tag-"):
        for algorithm in profile[f"{kind}Manifests-Required"]:
            assert f"{kind.lower().replace('-', '')}manifest-{algorithm}.txt" in names
    assert "fetch.txt" not in names


def test_keys_are_of_the_named_receivers_and_of_nobody_else(tmp_path) -> None:
    agencies = Agencies()
    right = agencies.sealing(to=("DE", "PT"))
    for keys in ((), right.receivers[:1], (*right.receivers, Receiver(party="FR")),
                 (right.receivers[0], Receiver(party="PT")),
                 (Receiver(party="DE", age_recipient="age1x"), right.receivers[1])):  # fmt: skip
        wrong = Sealing(header=right.header, receivers=keys, signer=right.signer)
        with pytest.raises(UsageError):
            seal(tmp_path / "p", PARTS, wrong)
        assert not (tmp_path / "p").exists()


def test_an_error_of_a_member_is_raised_as_it_is(tmp_path) -> None:
    def chunks():
        yield b"a"
        raise OSError(5, "the disk")

    with pytest.raises(OSError, match="the disk"):
        seal(tmp_path / "p", [Member("a", 2, chunks())], Agencies().sealing())
    assert not (tmp_path / "p" / "envelope.json").exists()


def test_sizes_of_volumes_are_read() -> None:
    assert [volume_bytes(t) for t in ("50MB", "1 G", "70000")] == [50_000_000, 10**9, 70_000]
    for wrong in ("", "MB", "-1MB", "1TB", "1.5MB"):
        with pytest.raises(UsageError):
            volume_bytes(wrong)
