"""A token of PKCS#11 in software, with keys of certificates on it."""

from __future__ import annotations

import shutil
import subprocess

import pytest
from builders.certificates import key, key_pem
from builders.tokens import MODULE
from cryptography.hazmat.primitives.asymmetric import ec


@pytest.fixture(scope="module")
def token(tmp_path_factory):
    pkcs11 = pytest.importorskip("pkcs11")
    from pkcs11.util.ec import encode_named_curve_parameters

    if not shutil.which("softhsm2-util"):
        pytest.skip("softhsm2 is not installed: there is no token to open locks with")
    folder = tmp_path_factory.mktemp("token")
    (folder / "tokens").mkdir()
    (folder / "c.conf").write_text(f"directories.tokendir = {folder / 'tokens'}\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOFTHSM2_CONF", str(folder / "c.conf"))
        making = ["softhsm2-util", "--init-token", "--free", "--label", "t", "--pin", "1234",
                  "--so-pin", "5678"]  # fmt: skip
        subprocess.run(making, check=True, capture_output=True)
        library = pkcs11.lib(MODULE)
        library.reinitialize()
        (folder / "rsa.pem").write_bytes(key_pem(key("rsa")))
        importing = ["softhsm2-util", "--import", str(folder / "rsa.pem"), "--token", "t",
                     "--label", "rsa", "--id", "01", "--pin", "1234"]  # fmt: skip
        subprocess.run(importing, check=True, capture_output=True)
        library.reinitialize()
        with library.get_token(token_label="t").open(rw=True, user_pin="1234") as session:
            curve = {pkcs11.Attribute.EC_PARAMS: encode_named_curve_parameters("secp384r1")}
            made = session.create_domain_parameters(pkcs11.KeyType.EC, curve, local=True)
            public, _ = made.generate_keypair(store=True, label="ec")
            point = bytes(public[pkcs11.Attribute.EC_POINT])[-97:]
        yield ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP384R1(), point)
