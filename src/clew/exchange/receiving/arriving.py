"""What an opened package brings: its tables, and what its signed parts say of it.

Only tables and the referral are taken in. The other files of a package are renderings of the same
for programs of others, and stay in it.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

import msgspec

from clew.casefile.custody.identity import fingerprint
from clew.exchange.receiving import tables as sent
from clew.exchange.receiving.taking import Arrival, origin_name
from clew.exchange.referral_file import NAME, decode
from clew.exchange.sealing.envelope import moment
from clew.records import Direction, Package, PackageState
from clew.schema import replace

if TYPE_CHECKING:
    from clew.exchange.referral import Referral
    from clew.exchange.sealing import Inner, Opened


def arrival(opened: Opened, signer: bytes) -> Arrival:
    """What a package brings that opened and whose signature is of this public key.

    Refusal where a table is not what its name says.
    """
    about = _by_header(opened.header, signer)
    if NAME in opened.names:
        about = _by_referral(about, decode(opened.read(NAME)))
    given, digests = {}, {}
    for name in opened.names:
        if name.startswith(sent.FOLDER):
            row = sent.row_of(name)
            with opened.open(name) as member:
                given[row] = sent.read(row, member)
            digests[row.table_name] = hashlib.sha256(opened.read(name)).hexdigest()
    return Arrival(about=about, given=given, digests=digests)


def _by_header(header: Inner, signer: bytes) -> Package:
    """What the signed header says."""
    return Package(
        package_id=header.package,
        direction=Direction.RECEIVED,
        origin=origin_name(header.sender, header.case),
        partner_id=header.sender,
        sealed_at=moment(header.sealed_at),
        tagmanifest_sha256=header.tagmanifest_sha256,
        signer=fingerprint(signer),
        supersedes=header.supersedes,
        recalls=header.recalls,
        handling=header.handling,
        tlp=header.tlp or None,
        rows=0,
        state=PackageState.SEALED,
    )


def _by_referral(about: Package, referral: Referral) -> Package:
    """What the referral says as well."""
    persons, tokens = referral.assessments.persons, referral.facts.tokens
    return replace(
        about,
        handling=tuple(msgspec.to_builtins(referral.marking.handling)) or about.handling,
        handling_text=referral.marking.restrictions,
        legal_basis=referral.legal_basis,
        purpose=referral.purpose,
        named=len(persons),
        counted=sum(count.persons for count in referral.facts.counts),
        tokens=len(tokens),
        keep_until=datetime.combine(referral.keep_until, time(), UTC),
    )
