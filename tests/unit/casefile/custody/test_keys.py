"""Laws of ``clew.casefile.custody.keys``."""

from __future__ import annotations

import pytest

from clew.casefile.custody import keys
from clew.errors import UsageError


def test_a_key_is_kept_from_others_and_needs_its_passphrase(tmp_path) -> None:
    file = tmp_path / "k.pem"
    keys.make(file, "three plain words")
    assert file.stat().st_mode & 0o777 == 0o600
    with pytest.raises(UsageError, match="passphrase is wrong"):
        keys.load(file, "n", "other words")
    with pytest.raises(UsageError, match="there already"):
        keys.make(file, "again")
    with pytest.raises(UsageError, match="needs a passphrase"):
        keys.make(tmp_path / "other.pem", "")
