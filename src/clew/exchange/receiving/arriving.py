"""What an opened package brings: its tables, and what its signed parts say of it.

Tables, judgements, the referral and the sender's coverage are taken in. The other files of a
package are renderings of the same for programs of others, and stay in it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

import msgspec

from clew.casefile.custody.identity import fingerprint
from clew.casefile.received import parted, read_as
from clew.errors import EvidenceError
from clew.exchange import decoding
from clew.exchange.moments import CLOCKS, moment
from clew.exchange.receiving import covered
from clew.exchange.receiving import tables as sent
from clew.exchange.receiving.taking import Arrival, origin_name
from clew.exchange.referral import Judgement
from clew.exchange.referral_file import NAME, decode
from clew.exchange.refused import Refused
from clew.records import Account, Direction, Package, PackageState, ReceivedJudgement
from clew.schema import Id, replace

if TYPE_CHECKING:
    import pyarrow as pa

    from clew.exchange.referral import Referral
    from clew.exchange.sealing import Inner, Opened
    from clew.sandbox import Guard
    from clew.schema import Row

JUDGEMENTS = "judgements.jsonl"
LARGEST_TEXT = 512 << 20
"""Bytes of the referral, the judgements or the coverage; of an operation they have some 30 MB."""
_SHA256 = re.compile("[0-9a-f]{64}")


def arrival(opened: Opened, signer: bytes, guard: Guard) -> Arrival:
    """What a package brings that opened and whose signature is of this public key.

    Its tables are decoded by the guard's worker.

    Refused where a table is not what its name says.
    """
    about = _by_header(opened.header, signer)
    if NAME in opened.names:
        referral = _referral(_text(opened, NAME))
        for what, outside, within in _both(opened.header, referral):
            if outside != within:
                raise Refused("disagrees", package=about.package_id, what=what)
        about = _by_referral(about, referral)
    if not about.handling and not about.recalls:
        raise Refused("unmarked", package=about.package_id)
    given, digests = _tables(opened, guard)
    judged: tuple[ReceivedJudgement, ...] = ()
    if JUDGEMENTS in opened.names:
        judged = judgements(_text(opened, JUDGEMENTS), about)
    arrived = Arrival(about=about, given=given, digests=digests, judged=judged)
    if covered.NAME in opened.names:
        arrived = _covered(arrived, _text(opened, covered.NAME))
    return arrived


def _tables(opened: Opened, guard: Guard) -> tuple[dict[type[Row], pa.Table], dict[str, str]]:
    """Tables of a package by what they are, and the SHA-256 of each's file by its name."""
    given, digests = {}, {}
    for name in opened.names:
        if name.startswith(sent.FOLDER):
            row = sent.row_of(name)
            given[row] = decoding.read(guard, row, *opened.located(name))
            with opened.open(name) as member:
                digests[row.table_name] = hashlib.file_digest(member, "sha256").hexdigest()
    return given, digests


def _text(opened: Opened, name: str) -> bytes:
    """A member that is decoded as a whole in memory; Refused of one that is too large for that."""
    if opened.size(name) > LARGEST_TEXT:
        raise Refused("bomb", table=name)
    return opened.read(name)


def _covered(arrived: Arrival, text: bytes) -> Arrival:
    """What a package brings, and what its sender says that it lacks."""
    said = covered.coverage(text)
    came = {row.table_name: table.num_rows for row, table in arrived.given.items()}
    about = replace(arrived.about, texts=said.texts)
    rows = covered.rows(said, about, came)
    return msgspec.structs.replace(arrived, about=about, coverage=rows)


def _referral(text: bytes) -> Referral:
    try:
        return decode(text)
    except EvidenceError as error:
        raise Refused("referral", why=error) from error


def _both(header: Inner, referral: Referral) -> Iterator[tuple[str, object, object]]:
    """What the signed header and the referral both say: neither loosens or exchanges the other."""
    yield "package", _bare(header.package), _bare(referral.package_id)
    yield "sender", header.sender, referral.sender.partner_id
    yield "receivers", {*header.receivers}, {party.partner_id for party in referral.receivers}
    yield "handling code", sorted(header.handling), sorted(referral.marking.handling)
    yield "label", header.tlp, referral.marking.tlp
    yield "earlier package", _bare(header.supersedes), _bare(referral.supersedes)


def _bare(package: str | None) -> str | None:
    """A package by its id alone: with ``urn:uuid:`` it is the same."""
    return package.removeprefix("urn:uuid:") if package else None


def judgements(lines: bytes, about: Package) -> tuple[ReceivedJudgement, ...]:
    """What people of the sender decided, a line of JSON each; Refused of what can't be."""
    found = []
    for line in lines.splitlines():
        try:
            theirs = msgspec.json.decode(line, type=Judgement)
        except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
            raise Refused("schema", table=JUDGEMENTS, why=error) from error
        if theirs.at > about.sealed_at + CLOCKS:
            raise Refused("future", table=JUDGEMENTS, at=f"{theirs.at:%Y-%m-%d}")
        if any(parted(one)[0] for one in theirs.about):
            raise Refused("qualified", table=JUDGEMENTS, column="about")
        found.append(_judgement(theirs, about))
    if len({one.number for one in found}) < len(found):
        raise Refused("schema", table=JUDGEMENTS, why="two judgements have one number")
    return tuple(found)


def _judgement(theirs: Judgement, about: Package) -> ReceivedJudgement:
    files = [one for one in theirs.about if _SHA256.fullmatch(one)]
    accounts = (one for one in theirs.about if one not in files)
    return ReceivedJudgement(
        origin=about.origin, package_id=about.package_id, number=theirs.number,
        decided_in=theirs.table, sha256=files[0] if files else None,
        accounts=tuple(Id(read_as(Account, one, about.origin)) for one in accounts),
        says=theirs.says, judged_by=theirs.by, reason=theirs.reason, judged_at=theirs.at,
    )  # fmt: skip


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
        handling_text=referral.marking.restrictions,
        legal_basis=referral.legal_basis,
        purpose=referral.purpose,
        named=len(persons),
        counted=sum(count.persons for count in referral.facts.counts),
        tokens=len(tokens),
        keep_until=datetime.combine(referral.keep_until, time(), UTC),
    )
