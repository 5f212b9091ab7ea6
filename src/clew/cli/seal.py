"""``clew seal``: close an approved package for its receivers, and for nobody else."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from clew.cli.options import FILE, by_option, key_options
from clew.cli.output import case_argument, force_option, json_option, say, write_json
from clew.cli.signing import decides, signer_of
from clew.cli.unlocking import passphrase
from clew.errors import UsageError

if TYPE_CHECKING:
    from clew.casefile import Case
    from clew.exchange.packing.closing import Closing
    from clew.exchange.routing.decisions import Signed
    from clew.exchange.sealing import Certified, Sealed
    from clew.records import PackageEntry

GROUP = "Hand over"


@click.command(no_args_is_help=True)
@case_argument
@click.argument("package", metavar="PACKAGE")
@click.argument("out", metavar="[OUT]", required=False, type=click.Path(path_type=Path))
@click.option("--volume-size", help="Largest size of a file, such as 50MB; one file by default.")
@key_options("Key of the unit, where partners have registered that one.")
@click.option("--certificate", type=FILE, help="Certificate that signs the contents as well.")
@click.option("--certificate-key", type=FILE, help="Its private key, in PEM.")
@click.option("--certificate-pkcs11", help="Module of the token that has its private key.")
@click.option("--certificate-label", help="Label of its private key on the token.")
@click.option("--timestamp-request", "request", type=click.Path(path_type=Path, dir_okay=False),
              help="Write a request to a time-stamping authority; nothing is sealed.")  # fmt: skip
@click.option("--timestamp", type=FILE, help="The authority's answer to the last request.")
@click.option("--recall", is_flag=True, help="Take a package back that was sealed before.")
@by_option
@click.option("--reason", default="", help="Why; of a package that is sealed: as approved.")
@force_option
@json_option
def seal(
    case: Path, package: str, out: Path | None, by: str | None, reason: str, force: bool,
    as_json: bool, recall: bool, request: Path | None, **given: Any,
) -> None:  # fmt: skip
    r"""Close an approved package: OUT becomes a folder that its receivers alone can open.

    What is sealed is what was approved, to the byte, and only while every decision that names
    somebody in it still counts. It is signed with your key, or your unit's where partners have
    registered that one. The draft then leaves the case.

    A certificate of yours can sign the contents too (CMS), and an authority can stamp the time
    (RFC 3161). Clew connects to nothing: carry the request to the authority, and its answer back.

    With --recall OUT is word to the same receivers that a package which was sealed is taken back:
    `clew receive` and `clew recall` take it and all that followed from it out on their side.

    \b
    clew seal cases/op-17 3f2a /media/stick/op-17-PT
    clew seal cases/op-17 3f2a op-17-PT --volume-size 50MB --key unit.pem --name es.example/unit
    clew seal cases/op-17 3f2a op-17-PT --certificate officer.crt --certificate-key officer.pem
    clew seal cases/op-17 3f2a --timestamp-request op-17-PT.tsq
    clew seal cases/op-17 3f2a op-17-PT --timestamp op-17-PT.tsr
    clew seal cases/op-17 3f2a op-17-PT-recall --recall --reason "order 12/26 was lifted"
    """
    from clew.casefile import open_case
    from clew.casefile.outputs import output
    from clew.exchange.packing import closing, draft, packages
    from clew.exchange.routing.decisions import Signed

    _check(out, request, reason, recall=recall)
    with open_case(case) as opened:
        entry = (packages.to_recall if recall else packages.to_seal)(opened, package)
        signed = Signed(decides(opened, by), reason.strip() or "sealed as approved")
        how = _closing(opened, signed, given)
        if request:
            with output(request, case, force=force) as made:
                made.write_bytes(closing.request(opened, entry, how))
            say("The request is in {request}; give the answer to --timestamp.", request=request)
            return
        assert out is not None
        with output(out, case, force=force, folder=True) as made:
            closed = (closing.take_back if recall else closing.close)(opened, entry, how, made)
        if not recall:
            draft.discard(opened, entry.package)
    _tell(closed, entry, out, as_json=as_json)


def _check(out: Path | None, request: Path | None, reason: str, *, recall: bool) -> None:
    if recall and not reason.strip():
        raise UsageError("a recall needs a reason", do="Say it: --reason …")
    if (out is None) is (request is None) or (request and recall):
        raise UsageError(
            "a package is sealed, taken back, or a time stamp is asked for; nothing was done",
            do="Give OUT, or --timestamp-request FILE.",
        )


def _closing(case: Case, signed: Signed, given: dict[str, Any]) -> Closing:
    """Who closes the package, with which keys and answers."""
    from clew.exchange.packing.closing import Closing
    from clew.exchange.sealing import volume_bytes

    analyst, size = case.custody.analyst, given["volume_size"]
    signer = signer_of(given["key"], given["name"], given["module"], given["label"])
    signer = signer or (analyst.signer if analyst else None)
    assert signer is not None
    stamp = given["timestamp"]
    return Closing(
        signed=signed, signer=signer, volume_size=volume_bytes(size) if size else None,
        certified=_certified(given), stamp=stamp.read_bytes() if stamp else None,
    )  # fmt: skip


def _certified(given: dict[str, Any]) -> Certified | None:
    """The certificate that signs as well; UsageError where its key is not named."""
    from clew.exchange.sealing import certified

    certificate, key = given["certificate"], given["certificate_key"]
    module, label = given["certificate_pkcs11"], given["certificate_label"]
    if not (certificate or key or module or label):
        return None
    if certificate and key and not module:
        asks = b"ENCRYPTED" in key.read_bytes()
        words = passphrase(f"Passphrase of {key.name}") if asks else ""
        return certified.by_file(certificate, key, words)
    if certificate and module and label and not key:
        pin = passphrase("PIN of the token with the certificate's key")
        return certified.by_token(certificate, module, label, pin)
    raise UsageError(
        "a certificate signs with its key; nothing was done",
        do="Give --certificate with --certificate-key, or with --certificate-pkcs11 and "
        "--certificate-label.",
    )


def _tell(closed: Sealed, entry: PackageEntry, out: Path, *, as_json: bool) -> None:
    if as_json:
        write_json([{"package": closed.header.package, "recalls": closed.header.recalls,
                     "envelope_sha256": closed.envelope_sha256, "bytes": closed.size,
                     "volumes": closed.volumes}])  # fmt: skip
    said = "package {package}: sealed for {partners} in {out}"
    if closed.header.recalls:
        said = "package {package}: taken back; hand {out} to {partners}"
    say(said, package=entry.package, partners=", ".join(entry.partners), out=out)
    say("Read the SHA-256 of its envelope to them by telephone: {sha256}",
        sha256=closed.envelope_sha256)  # fmt: skip
