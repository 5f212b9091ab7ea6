"""``clew receipt``: write a signed receipt for a package that was taken in, or check one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from clew.cli.options import FILE, by_option
from clew.cli.output import case_argument, force_option, json_option, say, write_json
from clew.cli.signing import own_key
from clew.cli.unlocking import passphrase
from clew.errors import UsageError

if TYPE_CHECKING:
    from clew.casefile.custody.checkpoint import Signer

GROUP = "Hand over"


@click.command(no_args_is_help=True)
@case_argument
@click.argument("package", required=False)
@click.argument("out", metavar="[OUT.json]", required=False, type=click.Path(path_type=Path))
@click.option("--as", "me", metavar="ID", envvar="CLEW_PARTNER",
              help="What packages call your agency; CLEW_PARTNER names it too.")  # fmt: skip
@click.option("--check", "checked", type=FILE,
              help="A receipt that came back, to be checked with its partner's key.")  # fmt: skip
@click.option("--signing-key", "signing", type=click.Path(path_type=Path, exists=True),
              help="Key that partners have of your agency; else your own.")  # fmt: skip
@by_option
@force_option
@json_option
def receipt(
    case: Path, package: str | None, out: Path | None, me: str | None, checked: Path | None,
    signing: Path | None, by: str | None, force: bool, as_json: bool,
) -> None:  # fmt: skip
    r"""Write a receipt for a received package, signed with your key, or check one that came back.

    It says that the package came, whole, and when, by its digests, and names nobody of the case.

    \b
    clew receipt cases/op-17 0b1c2d3e receipt.json --as PT
    clew receipt cases/op-17 --check receipt.json
    """
    from clew.casefile.outputs import output

    if checked:
        _check(case, checked, as_json=as_json)
    elif package and out and me:
        with output(out, case, force=force) as file:
            found = _write(case, package, file, _Signing(me, signing, by))
        if as_json:
            write_json([{"package": found, "receipt": str(out)}])
        say("The receipt for package {package} is in {out}.", package=found, out=out)
    else:
        raise UsageError(
            "a receipt needs the package, a file to write to, and who you are to the sender",
            do="As in: clew receipt CASE PACKAGE OUT.json --as PT",
        )


class _Signing(NamedTuple):
    me: str
    key: Path | None
    by: str | None


def _write(case: Path, package: str, file: Path, signing: _Signing) -> str:
    """Write a receipt; the id of the package."""
    from clew.casefile import open_case
    from clew.casefile.custody import keys
    from clew.casefile.custody.identity import Analyst
    from clew.exchange.receiving import forgetting
    from clew.exchange.receiving import receipt as receipts

    with open_case(case) as opened:
        if signing.key:
            words = passphrase(f"Passphrase of {signing.key.name}")
            signer: Signer = keys.load(signing.key, signing.me, words)
        else:
            own = own_key(signing.by)
            signer = Analyst.of(own, passphrase(own.asks) if own.asks else "").signer
        found = forgetting.named(opened, package)
        file.write_bytes(receipts.write(opened, found, signing.me, signer))
    return found


def _check(case: Path, checked: Path, *, as_json: bool) -> None:
    import msgspec

    from clew.casefile import open_case
    from clew.exchange.packing import packages as sending
    from clew.exchange.receiving import receipt as receipts
    from clew.exchange.sealing.partners import partners

    data = checked.read_bytes()
    with open_case(case) as opened:
        known = partners(opened)
        found = receipts.read(data, lambda name: known[name].verifier if name in known else None)
        sending.receipted(opened, found.package, found.receiver, found.tagmanifest_sha256)
        opened.custody.append(
            "receipt checked", package=found.package, partner=found.receiver,
            tagmanifest_sha256=found.tagmanifest_sha256,
        )  # fmt: skip
    if as_json:
        write_json([msgspec.to_builtins(found)])
    say("{receiver} received package {package} at {at}: {rows} rows.", receiver=found.receiver,
        package=found.package, at=found.received_at, rows=found.rows)  # fmt: skip
