"""What opens a package: options of the commands that take one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from clew.cli.options import FILE, together
from clew.cli.output import how_many, say, write_json, write_table
from clew.cli.unlocking import passphrase
from clew.errors import UsageError

if TYPE_CHECKING:
    from clew.exchange.receiving.delivering import Opener, Outcome
    from clew.exchange.sealing import Proofs

opening_options = together(
    click.option("--as", "me", required=True, metavar="ID", envvar="CLEW_PARTNER",
                 help="What packages call your agency, such as PT; CLEW_PARTNER names it too."),
    click.option("--key", type=FILE,
                 help="File of the key that opens: of age, of a certificate, or of OpenPGP."),
    click.option("--pkcs11", "module", help="Module of a PKCS#11 token that has the key."),
    click.option("--label", help="Label of the key on the token."),
    click.option("--authority", "authorities", type=FILE, multiple=True,
                 help="Certificate (PEM) of an authority that vouches for the sender's certificate "
                 "or its time stamp; can be repeated."),
)  # fmt: skip
"""Who opens a package, and with what."""


def opener_of(given: dict[str, Any]) -> Opener:
    """Who opens, with the key that was named; UsageError where none was."""
    from clew.exchange.receiving.delivering import Opener
    from clew.exchange.sealing import opener, token_opener

    authorities = b"\n".join(file.read_bytes() for file in given["authorities"])
    if given["key"]:
        data = given["key"].read_bytes()
        asks = b"ENCRYPTED" in data
        words = passphrase(f"Passphrase of {given['key'].name}") if asks else ""
        return Opener(me=given["me"], keys=(opener(data, words),), authorities=authorities)
    if given["module"] and given["label"]:
        pin = passphrase("PIN of the token")
        return Opener(me=given["me"], authorities=authorities,
                      keys=(token_opener(given["module"], given["label"], pin),))  # fmt: skip
    raise UsageError(
        "a package opens with your key, and none was named",
        do="Give --key FILE, or --pkcs11 MODULE with --label.",
    )


def tell(case: Path, outcome: Outcome, *, as_json: bool, only_show: bool = False) -> None:
    """Say what a package is, and what became of it."""
    about, adds, proofs = outcome.about, outcome.adds, outcome.proofs
    shown = {
        "package": about.package_id, "partner": about.partner_id, "origin": about.origin,
        "sealed_at": about.sealed_at, "handling": list(about.handling), "tlp": about.tlp,
        "supersedes": about.supersedes, "recalls": about.recalls, "named": about.named,
        "tokens": about.tokens, "signer": about.signer, "taken_in": outcome.taken_in,
        "recalled_rows": outcome.recalled, "exhibits": adds.exhibits,
        "own_exhibits": adds.own_exhibits, "messages": adds.messages,
        "new_messages": adds.new_messages, "accounts": adds.accounts,
        "new_accounts": adds.new_accounts, "contents": adds.contents,
        "new_contents": adds.new_contents, "rows": adds.rows,
        "certificate_sha256": proofs.certificate_sha256, "certificate": proofs.certificate,
        "stamped_at": proofs.stamped_at, "stamp": proofs.stamp,
    }  # fmt: skip
    if as_json:
        write_json([shown])
        return
    say("Package {package} of {partner}, case {origin}, sealed {day}: {handling} {tlp}",
        package=about.package_id, partner=about.partner_id, origin=about.origin,
        day=f"{about.sealed_at:%Y-%m-%d %H:%M}", handling=" ".join(about.handling),
        tlp=about.tlp or "")  # fmt: skip
    _tell_proofs(proofs)
    if about.recalls:
        _tell_recall(outcome, only_show=only_show)
        return
    say("It has {new_messages} new of {messages}, {new_accounts} new of {accounts}, and "
        "{new_contents} new of {contents}", **_counted(outcome))  # fmt: skip
    if adds.own_exhibits:
        say("{n} of its exhibits the case has itself: they add no witness.", n=adds.own_exhibits)
    write_table([{"table": name, "rows": rows} for name, rows in adds.rows.items()])
    if only_show:
        say("Nothing was taken in: this was a preview.")
    elif outcome.taken_in:
        say("It was taken in. Conclusions over it follow after: clew run {case}", case=case)
    else:
        say("The case has it already: nothing was changed.")


def _tell_proofs(proofs: Proofs) -> None:
    """Whose certificate signed, and when a time stamp says that it was."""
    from clew.words import say as worded

    if proofs.certificate:
        say("Signed by the certificate of {subject}, SHA-256 {sha256}: {vouched}",
            subject=proofs.subject, sha256=proofs.certificate_sha256,
            vouched=worded("certificate_vouched", proofs.certificate))  # fmt: skip
    if proofs.stamp:
        say("Time stamp {at}: {vouched}", vouched=worded("stamp_vouched", proofs.stamp),
            at=f"{proofs.stamped_at:%Y-%m-%d %H:%M:%S}Z" if proofs.stamped_at else "")  # fmt: skip


def _counted(outcome: Outcome) -> dict[str, Any]:
    adds = outcome.adds
    return {
        "new_messages": adds.new_messages, "messages": how_many("messages", adds.messages),
        "new_accounts": adds.new_accounts, "accounts": how_many("accounts", adds.accounts),
        "new_contents": adds.new_contents, "contents": how_many("files", adds.contents),
    }  # fmt: skip


def _tell_recall(outcome: Outcome, *, only_show: bool) -> None:
    package = outcome.about.recalls
    if only_show:
        say("It takes package {package} back.", package=package)
    elif outcome.recalled:
        say("Package {package} was taken out, with {rows} and all that followed from them.",
            package=package, rows=how_many("rows", outcome.recalled))  # fmt: skip
    else:
        say("Package {package} is not here; should it come, it is refused.", package=package)
