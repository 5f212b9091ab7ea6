"""Receipts: a signed statement that a package came, whole, and was taken in.

It names the package and its digests, and no person of the case. The sender checks it with the key
that is registered for the receiver.
"""

import base64
import binascii
from collections.abc import Callable
from typing import Any

import msgspec

from clew.casefile import Case
from clew.casefile.chronicle import Chronicle
from clew.casefile.custody.canonical import canonical
from clew.casefile.custody.checkpoint import Signer, is_right, parse_verifier, verifier
from clew.errors import EvidenceError
from clew.exchange.receiving.forgetting import delivery

FORMAT = "clew-receipt/1"
_BEGINS = b"clew receipt, version 1\n"


class Receipt(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """That a package came."""

    format: str = FORMAT
    package: str
    tagmanifest_sha256: str
    """The digest that all contents of the package hang on."""
    receiver: str
    """Who received it, by the id under which partners register each other."""
    sender: str
    rows: int
    """Rows that were taken in."""
    received_at: str
    """When, in UTC."""
    by: str
    """Verifier of the key that signs, as NAME+ID+KEY."""
    signature: str = ""
    """Ed25519 over the rest in canonical JSON, in base64."""


def write(case: Case, package: str, me: str, signer: Signer) -> bytes:
    """A receipt for a package that the case has, as it is written to a file."""
    found = delivery(case, package)
    manifest = case.manifests.get("receive", package)
    receipt = Receipt(
        package=package,
        tagmanifest_sha256=manifest.key if manifest else "",
        receiver=me,
        sender=found.partner,
        rows=sum(out.rows for out in found.files.values()),
        received_at=Chronicle(case.custody).exchanged.came[package],
        by=verifier(me, signer.public),
    )
    signature = base64.b64encode(signer.sign(_statement(receipt))).decode()
    case.custody.append("receipt written", package=package, sender=found.partner)
    return canonical(msgspec.to_builtins(_signed(receipt, signature))).encode() + b"\n"


def read(data: bytes, registered: Callable[[str], str | None]) -> Receipt:
    """A receipt, signed by the key that is registered for the receiver; EvidenceError otherwise.

    ``registered`` gives the verifier of a partner.
    """
    again = "Ask the receiver for the receipt again."
    try:
        receipt = msgspec.json.decode(data, type=Receipt)
        signature = base64.b64decode(receipt.signature, validate=True)
    except (msgspec.DecodeError, UnicodeError, binascii.Error) as error:
        raise EvidenceError(f"it is no receipt: {error}", do=again) from error
    known = registered(receipt.receiver)
    public = parse_verifier(known)[1] if known else b""
    if receipt.format != FORMAT or not (known and is_right(public, signature, _statement(receipt))):
        raise EvidenceError(
            f"the receipt is not signed by the key that is registered for {receipt.receiver}",
            do=again,
        )
    return receipt


def _signed(receipt: Receipt, signature: str) -> Receipt:
    return msgspec.structs.replace(receipt, signature=signature)


def _statement(receipt: Receipt) -> bytes:
    fields: dict[str, Any] = msgspec.to_builtins(receipt)
    del fields["signature"]
    return _BEGINS + canonical(fields).encode()
