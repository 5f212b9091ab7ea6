"""``clew seal``: close an approved package for its receivers, and for nobody else."""

from __future__ import annotations

from pathlib import Path

import click

from clew.cli.options import by_option, key_options
from clew.cli.output import case_argument, force_option, json_option, say, write_json
from clew.cli.signing import decides, signer_of

GROUP = "Hand over"


@click.command(no_args_is_help=True)
@case_argument
@click.argument("package", metavar="PACKAGE")
@click.argument("out", metavar="OUT", type=click.Path(path_type=Path))
@click.option("--volume-size", help="Largest size of a file, such as 50MB; one file by default.")
@key_options("Key of the unit, where partners have registered that one.")
@click.option("--recall", is_flag=True, help="Take a package back that was sealed before.")
@by_option
@click.option("--reason", default="", help="Why; of a package that is sealed: as approved.")
@force_option
@json_option
def seal(
    case: Path, package: str, out: Path, volume_size: str | None, key: Path | None,
    name: str | None, module: str | None, label: str | None, by: str | None, reason: str,
    force: bool, as_json: bool, recall: bool,
) -> None:  # fmt: skip
    r"""Close an approved package: OUT becomes a folder that its receivers alone can open.

    What is sealed is what was approved, to the byte, and only while every decision that names
    somebody in it still counts. It is signed with your key, or your unit's where partners have
    registered that one. The draft then leaves the case.

    With --recall OUT is word to the same receivers that a package which was sealed is taken back:
    `clew receive` and `clew recall` take it and all that followed from it out on their side.

    \b
    clew seal cases/op-17 3f2a /media/stick/op-17-PT
    clew seal cases/op-17 3f2a op-17-PT --volume-size 50MB --key unit.pem --name es.example/unit
    clew seal cases/op-17 3f2a op-17-PT-recall --recall --reason "order 12/26 was lifted"
    """
    from clew.casefile import open_case
    from clew.casefile.outputs import output
    from clew.errors import UsageError
    from clew.exchange.packing import closing, draft, packages
    from clew.exchange.routing.decisions import Signed
    from clew.exchange.sealing import volume_bytes

    if recall and not reason.strip():
        raise UsageError("a recall needs a reason", do="Say it: --reason …")
    with open_case(case) as opened:
        entry = (packages.to_recall if recall else packages.to_seal)(opened, package)
        signed = Signed(decides(opened, by), reason.strip() or "sealed as approved")
        analyst = opened.custody.analyst
        signer = signer_of(key, name, module, label) or (analyst.signer if analyst else None)
        assert signer is not None
        size = volume_bytes(volume_size) if volume_size else None
        how = closing.Closing(signed=signed, signer=signer, volume_size=size)
        with output(out, case, force=force, folder=True) as made:
            closed = (closing.take_back if recall else closing.close)(opened, entry, how, made)
        if not recall:
            draft.discard(opened, entry.package)
    if as_json:
        write_json([{"package": closed.header.package, "recalls": closed.header.recalls,
                     "envelope_sha256": closed.envelope_sha256, "bytes": closed.size,
                     "volumes": closed.volumes}])  # fmt: skip
    told = "package {package}: sealed for {partners} in {out}"
    if recall:
        told = "package {package}: taken back; hand {out} to {partners}"
    say(told, package=entry.package, partners=", ".join(entry.partners), out=out)
    say("Read the SHA-256 of its envelope to them by telephone: {sha256}",
        sha256=closed.envelope_sha256)  # fmt: skip
