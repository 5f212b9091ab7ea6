"""A token of PKCS#11 in software, with keys of Ed25519 on it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from clew.casefile.custody import keys

MODULE = "/usr/lib/softhsm/libsofthsm2.so"
_ED25519 = "1.3.101.112"


class Token:
    """A token whose PIN lies in a file, as commands ask for it."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.library = pytest.importorskip("pkcs11", reason="python-pkcs11 is not installed")
        if not shutil.which("softhsm2-util"):
            pytest.skip("softhsm2 is not installed: there is no token to sign with")
        self.pin = folder / "pin"
        self.pin.write_text("1234\n")
        (folder / "tokens").mkdir()
        (folder / "softhsm.conf").write_text(f"directories.tokendir = {folder / 'tokens'}\n")
        monkeypatch.setenv("SOFTHSM2_CONF", str(folder / "softhsm.conf"))
        monkeypatch.setenv(keys.PASSPHRASE_FILE, str(self.pin))
        for label in ("another", "t"):
            command = ["softhsm2-util", "--init-token", "--free", "--label", label,
                       "--pin", "1234", "--so-pin", "5678"]  # fmt: skip
            subprocess.run(command, check=True, capture_output=True)
        self.library.lib(MODULE).reinitialize()

    def key(self, label: str) -> bytes:
        """Make a key on the token; its public part."""
        from pkcs11.util import ec

        library = self.library
        token = library.lib(MODULE).get_token(token_label="t")
        with token.open(rw=True, user_pin="1234") as session:
            curve = {library.Attribute.EC_PARAMS: ec.encode_named_curve_parameters(_ED25519)}
            made = session.create_domain_parameters(library.KeyType.EC_EDWARDS, curve, local=True)
            public, _ = made.generate_keypair(
                mechanism=library.Mechanism.EC_EDWARDS_KEY_PAIR_GEN, store=True, label=label
            )
            return bytes(public[library.Attribute.EC_POINT])[-32:]

    def options(self, label: str) -> tuple[str, ...]:
        """What a command is given to sign with a key."""
        return ("--pkcs11", MODULE, "--label", label)
