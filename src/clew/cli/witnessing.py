"""``clew custody witness``, and what a witness does when a checkpoint is made."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from clew.cli.output import case_argument, json_option, say, write_json
from clew.cli.signing import passphrase

if TYPE_CHECKING:
    from clew.casefile import Case
    from clew.casefile.custody.checkpoint import Signer
    from clew.casefile.custody.witness import Witness


@click.command(no_args_is_help=True)
@case_argument
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), required=False)
@click.option("--key", type=click.Path(path_type=Path, exists=True, dir_okay=False),
              help="Key of the witness, as made with `clew custody key`.")  # fmt: skip
@click.option("--name", help="Name of the witness, such as es.example/witness.")
@click.option("--none", "nobody", is_flag=True, help="From here on nobody witnesses the log.")
@json_option
def witness(
    case: Path, file: Path | None, key: Path | None, name: str | None, nobody: bool, as_json: bool
) -> None:
    r"""Name a witness, who cosigns every checkpoint from here on and keeps it in FILE.

    FILE and the key belong on a disk or share that whoever works on the case can't rewrite. The
    witness signs only where the log goes on from what it signed before, and `clew verify` holds the
    log against FILE by itself.

    \b
    clew custody witness cases/op-17 /mnt/records/op-17.txt --key /mnt/records/witness.pem \
        --name es.example/witness
    """
    from clew.casefile import open_case
    from clew.casefile.custody.checkpoint import check_name, verifier
    from clew.casefile.custody.witness import NAMED, Witness
    from clew.casefile.outputs import writable
    from clew.errors import UsageError

    if nobody == bool(file or key or name) or (not nobody and not (file and key and name)):
        raise UsageError(
            "a witness is a file, a key and a name", do="Give FILE, --key and --name; or --none."
        )
    with open_case(case) as opened:
        about: dict[str, object] = {"file": None}
        if file and key and name:
            check_name(name)
            place = writable(file, case, force=True)
            public = verifier(name, _opened(key, name).public)
            named = Witness(str(place), str(key.absolute()), public)
            named.may_sign(opened.custody)
            about = {"file": named.file, "key_file": named.key_file, "verifier": public}
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
    if not Path(found.key_file).is_file() or not Path(found.file).parent.is_dir():
        say("The witness {name} can't be reached: the checkpoint is not cosigned.", name=found.name)
        return None
    found.may_sign(opened.custody)
    return _opened(Path(found.key_file), found.name)


def _keep_witnessed(case: Path, found: Witness, note: str) -> None:
    """Keep a checkpoint in the file of the witness who signed it, before the earlier ones."""
    from clew.casefile.outputs import output

    file = Path(found.file)
    earlier = file.read_text("utf-8") if file.is_file() else ""
    with output(file, case, force=True) as made:
        made.write_text(f"{note}\n{earlier}", "utf-8")


def _opened(key: Path, name: str) -> Signer:
    """A key in a file; its passphrase is asked for where it has one."""
    from clew.casefile.custody import keys
    from clew.errors import UsageError

    try:
        return keys.load(key, name, "")
    except UsageError:
        return keys.load(key, name, passphrase(f"Passphrase of {key.name}"))
