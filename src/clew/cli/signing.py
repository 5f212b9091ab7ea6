"""Keys and passphrases that commands sign with."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

from clew.cli.output import say
from clew.cli.unlocking import passphrase, sign_with

if TYPE_CHECKING:
    from clew.casefile import Case
    from clew.casefile.custody.checkpoint import Signer
    from clew.casefile.custody.identity import Identity


def decides(case: Case, by: str | None) -> str:
    """Let whoever works here sign what is decided from here on; the name that goes with the key.

    The first time that somebody gives a name a key is made for it.
    """
    found = own_key(by)
    sign_with(case, found)
    return found.name


def own_key(by: str | None) -> Identity:
    """The key of whoever works here; UsageError where ``by`` is another's name."""
    from clew.casefile.custody import identity
    from clew.errors import UsageError

    found = identity.identity()
    if found is None:
        if not (by or "").strip():
            raise UsageError(
                "a judgement is signed by a key of your own, and there is none yet",
                do='Say who you are: clew whoami --name "A. Analyst"',
            )
        found = identity.make(by or "")
        say(
            "A key was made for {name}: {key} (clew whoami)",
            name=found.name,
            key=found.fingerprint,
        )
    elif by is not None and by.strip() != found.name:
        raise UsageError(
            f"the key of this user is that of {found.name}: nobody decides as {by.strip()!r}",
            do="Leave --by out, or work as the user whose key it is; see: clew whoami",
        )
    return found


def signer_of(
    key: Path | None, name: str | None, module: str | None, label: str | None,
    *, is_witness: bool = False,
) -> Signer | None:  # fmt: skip
    """Who signs with the key that options name, a file or one on a token; None without a key."""
    from clew.casefile.custody import keys
    from clew.casefile.custody.checkpoint import check_name
    from clew.errors import UsageError

    if key and module:
        raise UsageError("a signature is of one key", do="Give --key or --pkcs11.")
    if key is None and module is None:
        if name or label:
            raise UsageError(
                "there is no key to sign with; nothing was done",
                do="Give --key FILE, or --pkcs11 MODULE with --label.",
            )
        return None
    if not name:
        raise UsageError("a signature needs a name", do="Give --name, such as es.example/custody.")
    check_name(name)
    if key:
        with contextlib.suppress(UsageError):
            return keys.load(key, name, "")
        words = passphrase(f"Passphrase of {key.name}", is_witness=is_witness)
        return keys.load(key, name, words)
    if not module or not label:
        raise UsageError("a token needs --pkcs11 and --label", do="Name the module and the key.")
    pin = passphrase(f"PIN of the token of {name}", is_witness=is_witness)
    return keys.TokenKey(name, module, label, pin)
