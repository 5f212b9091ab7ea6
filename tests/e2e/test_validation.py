"""A laboratory validates the tool, asks what the machine can do, and derives a figure again."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from clew.casefile import create_case
from clew.casefile.custody import stamps
from clew.errors import EvidenceError
from clew.validation import crashes
from clew.validation.assertions import PROMISES, Assertion, Plan, timed


def clew(*arguments) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from clew.cli import main; main()", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.slow
def test_the_promises_hold_here_and_the_report_says_what_was_run(tmp_path) -> None:
    report = tmp_path / "validation.md"
    done = clew("validate", report, "--kills", 3, "--full-disks", 3, "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert {a["name"].partition("-")[0] for a in told["assertions"]} >= {
        "KA", "P1", "P2", "P3", "P4", "P5", "P6", "P7", "P11",
    }  # fmt: skip
    assert not [a for a in told["assertions"] if a["passed"] is False]
    assert all(a["figures"] for a in told["assertions"])
    text = report.read_text()
    assert told["versions"]["duckdb"] in text
    assert "DFW-1170" in text
    assert all(words in text for promise, words in PROMISES.items() if promise in ("P1", "P7"))


def test_a_check_that_breaks_down_has_failed() -> None:
    def broken(_):
        yield Assertion(name="X-1", text="t", passed=True, figures="f")
        raise RuntimeError("no more")

    found = list(timed(broken, Plan(folder=crashes.Path("unused"))))
    assert [a.passed for a in found] == [True, False]
    assert "no more" in found[1].figures


def test_doctor_names_what_is_there(tmp_path) -> None:
    done = clew("doctor", tmp_path, "--json")
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0, done.stderr
    assert {"sandbox", "archives", "free disk", "package duckdb"} <= {r["what"] for r in rows}
    assert list(tmp_path.iterdir()) == []


def test_a_time_stamp_of_an_authority_is_checked_by_file(tmp_path) -> None:
    pytest.importorskip("rfc3161_client")
    authority = _authority(tmp_path)
    with create_case(tmp_path / "case", "t", "a") as case:
        point = case.custody.checkpoint().text
        case.custody.keep(point)
    request, answer = tmp_path / "r.tsq", tmp_path / "r.tsr"
    request.write_bytes(stamps.request(point))
    authority("ts", "-reply", "-config", "tsa.cnf", "-queryfile", request, "-out", answer)
    root = (tmp_path / "ca.pem").read_bytes()
    stamped = stamps.check(answer.read_bytes(), root, ["other/log\n0\n" + "A" * 43 + "=\n", point])
    assert stamped.size == 1
    with pytest.raises(EvidenceError, match="not about a checkpoint"):
        stamps.check(answer.read_bytes(), root, ["other/log\n0\n" + "A" * 43 + "=\n"])


def _authority(folder):
    """An authority of our own, offline."""

    def openssl(*arguments):
        done = subprocess.run(["openssl", *map(str, arguments)], cwd=folder, capture_output=True,
                              text=True, check=False)  # fmt: skip
        if done.returncode:
            pytest.skip(f"openssl can't: {done.stderr[-200:]}")

    (folder / "tsa.cnf").write_text(
        "[tsa]\ndefault_tsa=t\n[t]\nserial=./serial\ncrypto_device=builtin\nsigner_cert=tsa.pem\n"
        "certs=tsa.pem\nsigner_key=tsa.key\nsigner_digest=sha256\ndefault_policy=1.2.3.4\n"
        "digests=sha256,sha512\naccuracy=secs:1\ness_cert_id_alg=sha256\n"
    )
    (folder / "serial").write_text("01\n")
    (folder / "ext").write_text("extendedKeyUsage=critical,timeStamping\n")
    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca.key", "-out", "ca.pem",
            "-subj", "/CN=Test root", "-days", "30")  # fmt: skip
    openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", "tsa.key", "-out", "tsa.csr",
            "-subj", "/CN=Test stamps")  # fmt: skip
    openssl("x509", "-req", "-in", "tsa.csr", "-CA", "ca.pem", "-CAkey", "ca.key",
            "-CAcreateserial", "-out", "tsa.pem", "-days", "30", "-extfile", "ext")  # fmt: skip
    return openssl
