"""What a certificate and a time stamp prove of a package, and how one that is wrong is refused."""

from __future__ import annotations

import subprocess

import pytest
from builders.authority import authority_in
from builders.certificates import issued, key, key_pem, pem
from builders.packages import PARTS, Agencies
from msgspec.structs import replace

from clew.casefile.custody import timestamps
from clew.errors import UsageError
from clew.exchange.sealing import Member, Refused, Vouched, certified, opened, seal, statement
from clew.exchange.sealing.locks import certificates

pytest.importorskip("rfc3161_client")


@pytest.fixture(scope="module")
def signed(tmp_path_factory):
    """A package with both, who receives it, and where the authorities' certificates lie."""
    folder = tmp_path_factory.mktemp("signed")
    officer = issued(key("rsa").public_key(), key("p384"))
    (folder / "officer.pem").write_bytes(pem(officer))
    (folder / "officer.key").write_bytes(key_pem(key("rsa")))
    (folder / "root.pem").write_bytes(pem(issued(key("p384").public_key(), key("p384"), root=True)))
    agencies, authority = Agencies(), authority_in(folder)
    own = certified.by_file(folder / "officer.pem", folder / "officer.key", "")
    sealing = replace(agencies.sealing(), certified=own)
    (folder / "said").write_bytes(statement(PARTS, sealing))
    (folder / "r.tsq").write_bytes(timestamps.request((folder / "said").read_bytes()))
    authority("ts", "-reply", "-config", "tsa.cnf", "-queryfile", "r.tsq", "-out", "r.tsr")
    sealing = replace(sealing, stamp=(folder / "r.tsr").read_bytes())
    seal(folder / "made.clewpkg", PARTS, sealing)
    return folder, agencies, sealing, officer


def received(signed, scratch, **about):
    folder, agencies, *_ = signed
    with opened(folder / "made.clewpkg", agencies.receiving(scratch, **about)) as found:
        return found.proofs


def test_both_are_told_and_who_vouches_for_them(signed, tmp_path) -> None:
    folder, agencies, _, officer = signed
    told = []
    found = received(signed, tmp_path, attempt=told.append)
    assert (found.certificate, found.stamp) == (Vouched.NOBODY, Vouched.NOBODY)
    assert found.certificate_sha256 == certificates.sha256(officer) == told[0].certificate_sha256
    assert (found.subject, found.stamped_at) == ("CN=Officer 7", told[0].stamped_at)
    roots = (folder / "root.pem").read_bytes() + (folder / "ca.pem").read_bytes()
    found = received(signed, tmp_path, authorities=roots)
    assert (found.certificate, found.stamp) == (Vouched.AUTHORITY, Vouched.AUTHORITY)
    known = agencies.receiving(tmp_path).senders["ES"]
    known.certificate_sha256 = certificates.sha256(officer)
    assert received(signed, tmp_path, senders={"ES": known}).certificate is Vouched.REGISTERED


def test_openssl_checks_both_in_the_bag(signed, tmp_path) -> None:
    folder, agencies, *_ = signed
    bag = tmp_path / "bag"
    agencies.unpacked(folder / "made.clewpkg", tmp_path)
    check = ["openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in",
             bag / "signatures/package.p7s", "-content", bag / "signatures/package.json",
             "-CAfile", folder / "root.pem", "-purpose", "any"]  # fmt: skip
    subprocess.run(check, capture_output=True, check=True)
    check = ["openssl", "ts", "-verify", "-data", bag / "signatures/package.json", "-in",
             bag / "signatures/package.tsr", "-CAfile", folder / "ca.pem"]  # fmt: skip
    subprocess.run(check, capture_output=True, check=True)


@pytest.mark.parametrize(("lacks", "code"), [("root.pem", "certificate"), ("ca.pem", "time-stamp")])
def test_what_no_authority_that_was_given_vouches_for_is_refused(
    lacks, code, signed, tmp_path
) -> None:
    given = ({"root.pem", "ca.pem"} - {lacks}).pop()
    with pytest.raises(Refused) as refused:
        received(signed, tmp_path, authorities=(signed[0] / given).read_bytes())
    assert refused.value.code == code


def test_a_stamp_of_something_else_is_never_sealed_and_is_refused_where_it_was(
    signed, tmp_path, monkeypatch
) -> None:
    _, agencies, sealing, _ = signed
    other = (Member.of("referral.json", b"{}"),)
    with pytest.raises(UsageError, match="not of what would be sealed"):
        seal(tmp_path / "never", other, sealing)
    monkeypatch.setattr(timestamps, "is_about", lambda *_: True)
    seal(tmp_path / "made", other, sealing)
    monkeypatch.undo()
    with pytest.raises(Refused) as refused, opened(tmp_path / "made", agencies.receiving(tmp_path)):
        pytest.fail("it opened")
    assert refused.value.code == "time-stamp"


def test_a_signature_of_something_else_is_refused(signed, tmp_path) -> None:
    _, agencies, sealing, _ = signed

    class Other:
        def sign(self, content: bytes) -> bytes:
            return sealing.certified.sign(content + b" ")

    seal(tmp_path / "made", PARTS, replace(sealing, certified=Other(), stamp=None))
    with pytest.raises(Refused) as refused, opened(tmp_path / "made", agencies.receiving(tmp_path)):
        pytest.fail("it opened")
    assert refused.value.code == "certificate"


def test_without_what_reads_time_stamps_that_is_said(signed, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(timestamps, "is_readable", lambda: False)
    found = received(signed, tmp_path)
    assert (found.stamp, found.stamped_at) == (Vouched.NOT_READ, None)
