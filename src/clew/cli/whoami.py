"""``clew whoami``: the key with which you sign what you decide, made at first use."""

from __future__ import annotations

import click

from clew.cli.output import json_option, say, write_json
from clew.cli.unlocking import passphrase
from clew.cli.visible import put

GROUP = "Judge"


@click.command()
@click.option("--name", help="Your name; it stays with the key.")
@click.option("--passphrase", "with_passphrase", is_flag=True, help="Ask for one when it signs.")
@click.option("--pkcs11", "module", help="Module of a PKCS#11 token that has your key.")
@click.option("--label", help="Label of the key on the token.")
@click.option("--new", is_flag=True, help="Begin anew with another key; the earlier is set aside.")
@json_option
def whoami(
    name: str | None, with_passphrase: bool, module: str | None, label: str | None, new: bool,
    as_json: bool,
) -> None:  # fmt: skip
    r"""Say who you are to Clew: your key's fingerprint and your name, in one line.

    Judgements are signed by a key of your own, Ed25519, which is made when you first give a name,
    here or with --by. It lies in your folder of settings (~/.config/clew, or XDG_CONFIG_HOME),
    which nobody else may read, or on a token. A passphrase is asked for, or read from the file that
    CLEW_PASSPHRASE_FILE names. Hand the line over in person: `clew verify --signers` takes it.

    \b
    clew whoami --name "A. Analyst" --passphrase
    clew whoami
    """
    from clew.casefile.custody import identity
    from clew.errors import UsageError

    found = identity.identity() if not new else None
    asks_for_more = name or module or label or with_passphrase
    if found and asks_for_more and (module or label or with_passphrase or name != found.name):
        raise UsageError(
            f"your key is that of {found.name}, and stays so",
            do="For another key: clew whoami --new --name NAME",
        )
    if found is None:
        if not name:
            raise UsageError(
                "another key needs your name" if new else "you have no key yet",
                do=f'Make one: clew whoami {"--new " if new else ""}--name "A. Analyst"',
            )
        if bool(module) != bool(label):
            raise UsageError(
                "a token needs --pkcs11 and --label", do="Name the module and the key."
            )
        if new:
            identity.set_aside()
        if module and label:
            found = identity.take_token(name, module, label, passphrase("PIN of the token"))
        else:
            words = passphrase("Passphrase", confirm=True) if with_passphrase else ""
            found = identity.make(name, words)
        say("The key is in {folder}.", folder=identity.folder())
    if as_json:
        about = {"key": found.fingerprint, "name": found.name, "public": found.public}
        write_json([about | {"user": identity.operating_user()}])
    else:
        put(f"{found.fingerprint}  {found.name}")
