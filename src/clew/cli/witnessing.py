"""``clew custody witness``, and what a witness does when a checkpoint is made."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from clew.cli.options import key_options
from clew.cli.output import case_argument, json_option, say, write_json
from clew.cli.signing import signer_of

if TYPE_CHECKING:
    from clew.casefile import Case
    from clew.casefile.custody.checkpoint import Signer
    from clew.casefile.custody.witness import Witness


@click.command(no_args_is_help=True)
@case_argument
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), required=False)
@key_options("Key of the witness, as made with `clew custody key`.")
@click.option("--none", "nobody", is_flag=True, help="From here on nobody witnesses the log.")
@json_option
def witness(
    case: Path, file: Path | None, key: Path | None, name: str | None, module: str | None,
    label: str | None, nobody: bool, as_json: bool,
) -> None:  # fmt: skip
    r"""Name a witness, who cosigns every checkpoint from here on and keeps it in FILE.

    FILE and the key belong on a disk or share that whoever works on the case can't rewrite. The
    witness signs only where the log goes on from what it signed before, and `clew verify` holds the
    log against FILE by itself. Its passphrase or PIN is asked for, or read from the file that
    CLEW_WITNESS_PASSPHRASE_FILE names, or else CLEW_PASSPHRASE_FILE.

    \b
    clew custody witness cases/op-17 /mnt/records/op-17.txt --key /mnt/records/witness.pem \
        --name es.example/witness
    """
    from clew.casefile import open_case
    from clew.casefile.custody.checkpoint import verifier
    from clew.casefile.custody.witness import NAMED, Witness
    from clew.casefile.outputs import writable
    from clew.errors import UsageError

    is_named = bool(file and name and (key or module))
    if is_named == nobody or (nobody and (file or key or name or module or label)):
        raise UsageError(
            "a witness is a file, a key and a name",
            do="Give FILE, --name, and --key or --pkcs11 with --label; or --none.",
        )
    with open_case(case) as opened:
        about: dict[str, object] = {"file": None}
        if file and name and (signer := signer_of(key, name, module, label, is_witness=True)):
            named = Witness(
                str(writable(file, case, force=True)), str(key.absolute()) if key else None,
                verifier(name, signer.public), module, label,
            )  # fmt: skip
            named.may_sign(opened.custody)
            about = msgspec.to_builtins(named)
        opened.custody.append(NAMED, **about)
    if as_json:
        write_json([about])
    say("The log is witnessed by {name}.", name=name) if name else say("Nobody witnesses the log.")


def kept_checkpoint(opened: Case, signer: Signer | None) -> tuple[str, bool]:
    """A checkpoint of the log as it is now, kept in it, signed by who is given and by the witness.

    Returns its text, and whether anybody signed it.
    """
    from clew.casefile.custody import checkpoint
    from clew.casefile.custody.witness import witness_of

    found = witness_of(opened.custody)
    second = _witness_signer(opened, found) if found else None
    signers = [one for one in (signer, second) if one]
    text = checkpoint.signed(opened.custody.checkpoint(), *signers)
    opened.custody.keep(text)
    if found and second:
        _keep_witnessed(opened.folder, found, text)
    return text, bool(signers)


def _witness_signer(opened: Case, found: Witness) -> Signer | None:
    """The witness of a log, ready to sign; None where it can't be reached."""
    from clew.casefile.custody.keys import NoToken

    key = Path(found.key_file) if found.key_file else None
    if found.can_be_reached:
        found.may_sign(opened.custody)
        with contextlib.suppress(NoToken):
            return signer_of(key, found.name, found.module, found.label, is_witness=True)
    say("The witness {name} can't be reached: the checkpoint is not cosigned.", name=found.name)
    return None


def _keep_witnessed(case: Path, found: Witness, note: str) -> None:
    """Keep a checkpoint in the file of the witness who signed it, before the earlier ones."""
    from clew.casefile.outputs import output

    file = Path(found.file)
    earlier = file.read_text("utf-8") if file.is_file() else ""
    with output(file, case, force=True) as made:
        made.write_text(f"{note}\n{earlier}", "utf-8")
