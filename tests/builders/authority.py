"""A time-stamping authority of our own, by ``openssl``."""

from __future__ import annotations

import subprocess
from collections.abc import Callable

import pytest


def authority_in(folder) -> Callable[..., None]:
    """``openssl`` in a folder that has an authority: ``ca.pem`` vouches for ``tsa.pem``."""

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
