"""``clew seal``: close an approved package for its receivers, and for nobody else."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from clew.cli.output import case_argument, force_option, json_option, say, write_json
from clew.cli.signing import by_option, decides, signer_of

if TYPE_CHECKING:
    from clew.casefile import Case
    from clew.casefile.custody.checkpoint import Signer
    from clew.exchange.sealing import Sealed
    from clew.records import PackageEntry

GROUP = "Hand over"


@click.command(no_args_is_help=True)
@case_argument
@click.argument("package", metavar="PACKAGE")
@click.argument("out", metavar="OUT", type=click.Path(path_type=Path))
@click.option("--volume-size", help="Largest size of a file, such as 50MB; one file by default.")
@click.option("--key", type=click.Path(path_type=Path, exists=True, dir_okay=False),
              help="Key of the unit, where partners have registered that one.")  # fmt: skip
@click.option("--name", help="Name of that key, such as es.example/exchange.")
@click.option("--pkcs11", "module", help="Module of the token that has it.")
@click.option("--label", help="Its label on the token.")
@by_option
@click.option("--reason", default="sealed as approved", show_default=True, help="Why.")
@force_option
@json_option
def seal(
    case: Path, package: str, out: Path, volume_size: str | None, key: Path | None,
    name: str | None, module: str | None, label: str | None, by: str | None, reason: str,
    force: bool, as_json: bool,
) -> None:  # fmt: skip
    r"""Close an approved package: OUT becomes a folder that its receivers alone can open.

    What is sealed is what was approved, to the byte, and only while every decision that names
    somebody in it still counts. It is signed with your key, or your unit's where partners have
    registered that one. The draft then leaves the case.

    \b
    clew seal cases/op-17 3f2a /media/stick/op-17-PT
    clew seal cases/op-17 3f2a op-17-PT --volume-size 50MB --key unit.pem --name es.example/unit
    """
    from clew.casefile import open_case
    from clew.casefile.outputs import output
    from clew.exchange.packing import draft, packages
    from clew.exchange.routing.decisions import Signed

    with open_case(case) as opened:
        packed = packages.to_seal(opened, package)
        signed = Signed(decides(opened, by), reason)
        analyst = opened.custody.analyst
        signer = signer_of(key, name, module, label) or (analyst.signer if analyst else None)
        assert signer is not None
        with output(out, case, force=force, folder=True) as made:
            closed = _closed(opened, packed, signer, made, volume_size)
            packages.sealed(opened, packed, signed, envelope=closed.envelope_sha256,
                            tagmanifest=closed.tagmanifest_sha256)  # fmt: skip
        draft.discard(opened, packed.package)
    if as_json:
        write_json([{"package": packed.package, "envelope_sha256": closed.envelope_sha256,
                     "bytes": closed.size, "volumes": closed.volumes}])  # fmt: skip
    say("package {package}: sealed for {partners} in {out}", package=packed.package,
        partners=", ".join(packed.partners), out=out)  # fmt: skip
    say("Read the SHA-256 of its envelope to them by telephone: {sha256}",
        sha256=closed.envelope_sha256)  # fmt: skip


def _closed(
    case: Case, packed: PackageEntry, signer: Signer, into: Path, volume_size: str | None
) -> Sealed:
    """The package, written and locked for each receiver."""
    from clew.exchange import sealing
    from clew.exchange.packing import draft
    from clew.exchange.sealing.partners import partners, receivers

    into.mkdir(exist_ok=True)
    header = sealing.Header(
        package=packed.package, case=case.config.case_id, sender=packed.sender,
        receivers=tuple(sorted(packed.partners)), sealed_at=sealing.now(),
        handling=packed.handling, tlp=packed.tlp, supersedes=packed.replaces,
    )  # fmt: skip
    members = (sealing.Member.file(name, file) for name, file in draft.members(case, packed))
    how = sealing.Sealing(
        header=header, receivers=receivers(partners(case), packed.partners), signer=signer,
        volume_size=sealing.volume_bytes(volume_size) if volume_size else None,
    )  # fmt: skip
    return sealing.seal(into, members, how)
