"""A sender who signs what he should not is refused as well, with the reason."""

from __future__ import annotations

import hashlib
import os
import tarfile
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from builders.packages import Agencies, archive_of, crafted, files_of, partner, signer

from clew.exchange.sealing import Member, Refused, envelope, opened, tar
from clew.exchange.sealing.bag import manifest
from clew.exchange.sealing.envelope import Inner
from clew.exchange.sealing.locks import age

pytest.importorskip("pyrage")
ID = "urn:uuid:0b0e7c1e-0000-4000-8000-000000000001"
OTHER = "urn:uuid:0b0e7c1e-0000-4000-8000-000000000002"


@pytest.fixture
def agencies():
    return Agencies()


def code_of(agencies, package, scratch, **about) -> str:
    scratch.mkdir(exist_ok=True)
    with pytest.raises(Refused) as refused, opened(package, agencies.receiving(scratch, **about)):
        pytest.fail("it opened")
    assert list(scratch.iterdir()) == []
    assert refused.value.do.startswith("Nothing of the package was kept.")
    return refused.value.code


def sealed_again(agencies, files: dict[str, bytes], **about) -> dict[str, bytes]:
    """The files with manifests that hold for them, and the statement of this header."""
    files = dict(files)
    payload = {n.removeprefix("bag/"): c for n, c in files.items() if n.startswith("bag/data/")}
    files["bag/manifest-sha256.txt"] = manifest((n, sha256(c)) for n, c in payload.items())
    tags = ("bagit.txt", "bag-info.txt", "manifest-sha256.txt")
    digests = ((name, sha256(files[f"bag/{name}"])) for name in tags)
    files["bag/tagmanifest-sha256.txt"] = manifest(digests)
    told = {**envelope.shared(agencies.sealing(package=ID).header), **about}
    inner = Inner(**told, tagmanifest_sha256=sha256(files["bag/tagmanifest-sha256.txt"]))
    written = envelope.written(inner)
    files["bag/signatures/package.json"] = written
    files["bag/signatures/package.sig"] = envelope.signature(envelope.INNER, written, agencies.key)
    return files


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def renamed(name: str):
    return lambda files: {**files, f"bag/data/{name}": b"x"}


def test_what_is_crafted_without_a_fault_opens(agencies, tmp_path) -> None:
    sealing = agencies.sealing(package=ID)
    files = sealed_again(agencies, files_of(agencies, sealing), sealed_at=sealing.header.sealed_at)
    package = crafted(agencies, tmp_path, archive_of(files), package=ID,
                      sealed_at=sealing.header.sealed_at)  # fmt: skip
    (tmp_path / "s").mkdir()
    with opened(package, agencies.receiving(tmp_path / "s")) as found:
        assert "referral.json" in found.names


@pytest.mark.parametrize("name", [
    "../../x", "/etc/passwd", "a/../b", "REFERRAL.JSON", "tables/Accounts.parquet",
    "cafe\u0301", "tables", "referral.json/x", "nul", "a\\b", "C:x", "~root", "a.",
    "a\nb", "a\u202eb",
])  # fmt: skip
def test_a_name_that_leads_elsewhere_or_collides_is_refused(name, agencies, tmp_path) -> None:
    sealing = agencies.sealing(package=ID)
    files = sealed_again(agencies, renamed(name)(files_of(agencies, sealing)),
                         sealed_at=sealing.header.sealed_at)  # fmt: skip
    package = crafted(agencies, tmp_path, archive_of(files), package=ID,
                      sealed_at=sealing.header.sealed_at)  # fmt: skip
    assert code_of(agencies, package, tmp_path / "s") == "name"


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE])
def test_a_link_in_the_archive_is_refused(kind, agencies, tmp_path) -> None:
    about = tarfile.TarInfo("bag/data/link")
    about.type, about.linkname, about.mode = kind, "/etc/passwd", 0o600
    whole = archive_of(files_of(agencies, agencies.sealing()))
    archive = about.tobuf(tarfile.GNU_FORMAT) + whole
    assert code_of(agencies, crafted(agencies, tmp_path, archive), tmp_path / "s") == "tar"


@pytest.mark.volume
def test_a_million_members_are_refused(agencies, tmp_path, monkeypatch) -> None:
    whole = "CLEW_CORRUPTIONS" in os.environ
    if not whole:
        monkeypatch.setattr(tar, "MOST", 200)
    many = {f"bag/data/{n}": b"" for n in range(1_000_000 if whole else 400)}
    package = crafted(agencies, tmp_path, archive_of(many))
    assert code_of(agencies, package, tmp_path / "s") == "members"


def without(name: str):
    return lambda files: {n: c for n, c in files.items() if n != name}


def changed(name: str, content: bytes):
    return lambda files: {n: content if n == name else c for n, c in files.items()}


@pytest.mark.parametrize(("spoil", "code"), [
    (changed("bag/data/referral.json", b"{}"), "bag"), (without("bag/data/referral.json"), "bag"),
    (renamed("more"), "bag"), (lambda files: {**files, "bag/fetch.txt": b""}, "bag"),
    (lambda files: {**files, "other/x": b""}, "name"), (without("bag/bagit.txt"), "bag"),
    (without("bag/signatures/package.sig"), "bag"), (changed("bag/bagit.txt", b"x"), "bag"),
    (changed("bag/signatures/package.json", b"{}"), "inner-signature"),
    (changed("bag/signatures/package.sig", b"x"), "inner-signature"),
    (changed("bag/tagmanifest-sha256.txt", b""), "bag"),
    (changed("bag/bag-info.txt", b"Payload-Oxum: 0.0\n"), "bag"),
])  # fmt: skip
def test_a_bag_that_is_not_whole_is_refused(spoil, code, agencies, tmp_path) -> None:
    sealing = agencies.sealing(package=ID)
    files = spoil(files_of(agencies, sealing))
    package = crafted(agencies, tmp_path, archive_of(files), package=ID)
    assert code_of(agencies, package, tmp_path / "s") == code


@pytest.mark.parametrize(("about", "what"), [
    ({"receivers": ("DE",)}, "receivers"), ({"case": "0022"}, "case"),
    ({"handling": ()}, "handling"), ({"supersedes": OTHER}, "supersedes"),
    ({"package": OTHER}, "package"), ({"sender": "FR"}, "sender"),
])  # fmt: skip
def test_contents_of_another_package_case_or_receiver_are_refused(
    about, what, agencies, tmp_path
) -> None:
    sealing = agencies.sealing(package=ID)
    told = {"sealed_at": sealing.header.sealed_at, **about}
    files = sealed_again(agencies, files_of(agencies, sealing), **told)
    package = crafted(agencies, tmp_path, archive_of(files), package=ID,
                      sealed_at=sealing.header.sealed_at)  # fmt: skip
    scratch = tmp_path / "s"
    scratch.mkdir()
    with pytest.raises(Refused, match=what), opened(package, agencies.receiving(scratch)):
        pytest.fail("it opened")


@pytest.mark.parametrize("info", [b"\xff: x\n", b"no label\n", b"Payload-Oxum: 1.1\n", b"",
                                  b"Payload-Oxum: 1.1\nPayload-Oxum: 2.2\n"])  # fmt: skip
def test_tags_that_are_none_or_count_otherwise_are_refused(info, agencies, tmp_path) -> None:
    sealing = agencies.sealing(package=ID)
    told = {**files_of(agencies, sealing), "bag/bag-info.txt": info}
    files = sealed_again(agencies, told, sealed_at=sealing.header.sealed_at)
    package = crafted(agencies, tmp_path, archive_of(files), package=ID,
                      sealed_at=sealing.header.sealed_at)  # fmt: skip
    assert code_of(agencies, package, tmp_path / "s") == "bag"


def test_contents_that_another_signed_are_not_passed_on_as_ones_own(agencies, tmp_path) -> None:
    other = Agencies()
    sealing = other.sealing(package=ID)
    files = files_of(other, sealing)
    package = crafted(agencies, tmp_path, archive_of(files), package=ID,
                      sealed_at=sealing.header.sealed_at)  # fmt: skip
    assert code_of(agencies, package, tmp_path / "s") == "inner-signature"


def test_a_lock_that_would_fill_the_memory_is_refused_before_it_is_read(agencies, tmp_path) -> None:
    package = crafted(agencies, tmp_path, archive_of({}))
    outer = envelope.read((package / "envelope.json").read_bytes(), envelope.Envelope)
    (lock,) = outer.locks
    os.truncate(package / lock.name, 1 << 40)
    locks = (msgspec.structs.replace(lock, size=1 << 40),)
    written = envelope.written(msgspec.structs.replace(outer, locks=locks))
    (package / "envelope.json").write_bytes(written)
    signed = envelope.signature(envelope.OUTER, written, agencies.key)
    (package / "envelope.sig").write_bytes(signed)
    assert code_of(agencies, package, tmp_path / "s") == "envelope"


def test_a_lock_that_holds_another_key_is_refused(agencies, tmp_path) -> None:
    archive = archive_of(files_of(agencies, agencies.sealing()))
    for number, secret in enumerate((age.fresh(), "nothing")):
        folder = tmp_path / str(number)
        folder.mkdir()
        package = crafted(agencies, folder, archive, locked=secret)
        assert code_of(agencies, package, tmp_path / "s") == "contents-key"


def test_who_may_open_and_when(agencies, tmp_path) -> None:
    package = agencies.package(tmp_path)
    scratch = tmp_path / "s"
    for about, code in (
        ({"me": "DE"}, "receiver"), ({"senders": {}}, "stranger"),
        ({"senders": {"ES": partner(signer())}}, "envelope-signature"),
        ({"senders": {"ES": partner(agencies.key, (2020, 2021))}}, "partner-expired"),
        ({"senders": {"ES": partner(agencies.key, (2098, 2099))}}, "partner-expired"),
        ({"keys": ()}, "lock"), ({"keys": agencies.receiving(scratch, "DE").keys}, "lock"),
    ):  # fmt: skip
        assert code_of(agencies, package, scratch, **about) == code
    assert code_of(agencies, tmp_path / "none", scratch) == "no-package"


def test_a_moment_to_come_is_refused(agencies, tmp_path) -> None:
    later = (datetime.now(UTC) + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M:%SZ")
    package = agencies.package(tmp_path, sealed_at=later)
    assert code_of(agencies, package, tmp_path / "s") == "sealed-later"


def test_two_packages_with_one_id_are_not_both_taken(agencies, tmp_path) -> None:
    (tmp_path / "a").mkdir()
    first = agencies.package(tmp_path / "a", package=ID)
    second = agencies.package(tmp_path, [Member.of("referral.json", b"otherwise")], package=ID)
    scratch = tmp_path / "s"
    scratch.mkdir()
    with opened(first, agencies.receiving(scratch)) as found:
        before = {ID: found.header.tagmanifest_sha256}
    with opened(first, agencies.receiving(scratch, received=before)):
        pass  # the same package again
    assert code_of(agencies, second, scratch, received=before) == "replay"


def test_a_header_of_another_format_is_refused(agencies, tmp_path) -> None:
    package = agencies.package(tmp_path)
    raw = (package / "envelope.json").read_bytes().replace(b"clew-package/1", b"clew-package/2")
    (package / "envelope.json").write_bytes(raw)
    (package / "envelope.sig").write_bytes(envelope.signature(envelope.OUTER, raw, agencies.key))
    assert code_of(agencies, package, tmp_path / "s") == "envelope"
