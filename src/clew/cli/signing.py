"""Keys and passphrases that commands sign with."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from clew.cli.output import F, say

if TYPE_CHECKING:
    from clew.casefile import Case
    from clew.casefile.custody.checkpoint import Signer
    from clew.casefile.custody.identity import Identity


def by_option(command: F) -> F:
    """Give a command ``--by``: who decides is whoever has the key, so it may be left out."""
    return click.option("--by", help="Who decides: your own name, as `clew whoami` says it.")(
        command
    )


def decides(case: Case, by: str | None) -> str:
    """Let whoever works here sign what is decided from here on; the name that goes with the key.

    The first time that somebody gives a name a key is made for it.
    """
    from clew.casefile.custody.identity import Analyst

    found = own_key(by)
    case.ledger.analyst = Analyst.of(found, passphrase(found.asks) if found.asks else "")
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
    key: Path | None, name: str | None, module: str | None, label: str | None
) -> Signer | None:
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
        return keys.load(key, name, passphrase(f"Passphrase of {key.name}"))
    if not module or not label:
        raise UsageError("a token needs --pkcs11 and --label", do="Name the module and the key.")
    return keys.TokenKey(name, module, label, passphrase("PIN of the token"))


def passphrase(asked: str, *, confirm: bool = False) -> str:
    """A passphrase from the file that CLEW_PASSPHRASE_FILE names, or else from whoever is asked."""
    import os

    from clew.casefile.custody.keys import PASSPHRASE_FILE
    from clew.errors import UsageError

    if named := os.environ.get(PASSPHRASE_FILE):
        try:
            return Path(named).read_text("utf-8").rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(
                f"the passphrase can't be read from {named} ({error})",
                do=f"See to the file that {PASSPHRASE_FILE} names, or unset it to be asked.",
            ) from error
    return str(click.prompt(asked, hide_input=True, confirmation_prompt=confirm, err=True))
