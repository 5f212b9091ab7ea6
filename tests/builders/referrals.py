"""Referrals made of a seed: any number of persons, accounts, groups and files, consistent."""

from __future__ import annotations

import hashlib
import random
import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from clew.exchange import referral as r
from clew.exchange.markings import Grading, Handling, Marking, Scheme, Tlp
from clew.records import (
    CountryBasis,
    ExhibitKind,
    IdType,
    LinkRule,
    MemberState,
    NameKind,
    PersonCategory,
    Role,
    ShareCertainty,
    ShareState,
)

START = datetime(2026, 3, 1, 8, tzinfo=UTC)
COUNTRIES = ("ES", "PT", "CO", "SV")
NAMES = (
    "Ana \u00d1",
    "Z\u00e9",
    "o'Brien",
    '"quoted", name',
    "=1+1",
    "\u0645\u062d\u0645\u062f",
    "a\u2028b",
)
EXHIBITS = ("E-00", "E-01")


@dataclass(frozen=True)
class Size:
    """How much a referral has."""

    persons: int = 4
    tokens: int = 3
    groups: int = 3
    files: int = 6
    shares: int = 12
    receivers: int = 1


def sha(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def proof(rng: random.Random, table: str, row: int) -> tuple[r.Provenance, ...]:
    exhibit = rng.choice(EXHIBITS)
    return (
        r.Provenance(exhibit_id=exhibit, source_id=sha("s", exhibit), locator=f"{table}/{row}"),
    )


def accounts(rng: random.Random, n: int) -> list[r.Account]:
    """One account by phone number, and every second person's hidden id too."""
    made = []
    name = NAMES[n % len(NAMES)]
    for k in range(1 + n % 2):
        number = f"34600{n:05}{k}"
        made.append(
            r.Account(
                account_id=f"whatsapp:{'lid' if k else 'pn'}:{number}",
                platform="whatsapp",
                id_type=IdType.LID if k else IdType.PHONE,
                identifier=number,
                e164=None if k else f"+{number}",
                names=(r.AccountName(name=name, kind=NameKind.PUSH, proof=proof(rng, "names", n)),),
                proof=proof(rng, "jid", n),
            )
        )
    return made


def person(rng: random.Random, n: int, own: list[r.Account]) -> r.Person:
    said = r.CountryIndication(
        country="ES", basis=CountryBasis.NUMBER_PREFIX, confidence=0.5, proof=proof(rng, "jid", n)
    )
    return r.Person(
        person_id=own[0].account_id,
        category=PersonCategory.SUSPECT if n % 4 else PersonCategory.UNCLASSIFIED,
        decision=n + 1,
        names=(own[0].names[0].name,),
        e164=own[0].e164,
        country=rng.choice(COUNTRIES),
        indications=(said,),
        accounts=tuple(
            r.Attribution(
                account_id=a.account_id,
                inferred=k > 0,
                rule=LinkRule.LINKAGE if k else LinkRule.ITSELF,
                proof=() if k else proof(rng, "jid", n),
            )
            for k, a in enumerate(own)
        ),
    )


def decision(rng: random.Random, n: int, own: list[r.Account]) -> r.Decision:
    return r.Decision(
        number=n + 1,
        route_id=f"route-{n}",
        person_id=own[0].account_id,
        rule=rng.choice(["R1", "R2", "R5"]),
        by="Officer 12",
        second_by="Officer 15" if n % 3 == 0 else None,
        at=START + timedelta(days=60),
        reason="judged suspect",
    )


def group(rng: random.Random, n: int, shares: int) -> r.Group:
    counted = [r.CountryCount(country=c, persons=rng.randrange(1, 30)) for c in COUNTRIES[:2]]
    return r.Group(
        chat_id=f"whatsapp:group:12036300{n}",
        platform="whatsapp",
        members=60 + n,
        shares=shares,
        known_shares=n,
        subject=f"Group {n}" if n % 2 else None,
        counts=(*counted, r.CountryCount(persons=2)),
        proof=proof(rng, "chat", n),
    )


def file(n: int, content: str, share: r.Share | None) -> r.File:
    known = r.Known(set="national", version="2026.1", tier="exact", category="VICS ES 2.0: 1")
    first = share and r.FirstShare(
        event_id=share.event_id,
        chat_id=share.chat_id,
        account_id=share.account_id,
        sent_at=share.sent_at,
        certainty=ShareCertainty.WITNESSED,
        proof=share.proof,
    )
    return r.File(
        sha256=content,
        md5=sha("m", content)[:32] if n % 2 else None,
        sha1=sha("m", content)[:40] if n % 3 else None,
        size=1000 + n,
        media_type="image/jpeg",
        known=() if n % 3 else (known,),
        first=first,
    )


def facts(rng: random.Random, seed: int, size: Size, named: list[r.Account]) -> r.Facts:
    tokens = [
        r.Token(token=f"token:{sha('t', seed, n)[:16]}", country=rng.choice([None, *COUNTRIES]))
        for n in range(size.tokens)
    ]
    who = [a.account_id for a in named] + [t.token for t in tokens]
    groups = [group(rng, n, size.shares) for n in range(size.groups)]
    contents = [sha("f", seed, n) for n in range(size.files)]
    members = [
        r.Membership(
            chat_id=rng.choice(groups).chat_id,
            account_id=one,
            role=rng.choice([Role.ADMIN, Role.MEMBER]),
            state=MemberState.CURRENT,
            joined_at=rng.choice([None, START]),
            proof=proof(rng, "group_participant_user", n),
        )
        for n, one in enumerate(who if groups else ())
    ]
    shares = [
        r.Share(
            event_id=sha("e", seed, n)[:32],
            sha256=contents[n % size.files],
            chat_id=rng.choice(groups).chat_id,
            account_id=rng.choice(who),
            sent_at=START + timedelta(minutes=n) if n % 5 else None,
            forwarded=rng.choice([None, True, False]),
            state=ShareState.ABSENT,
            proof=proof(rng, "message_media", n),
        )
        for n in range(size.shares if contents and who and groups else 0)
    ]
    first = {s.sha256: s for s in reversed(shares)}
    return r.Facts(
        exhibits=tuple(
            r.Exhibit(
                exhibit_id=e,
                kind=ExhibitKind.PHONE,
                country="ES",
                content_sha256=sha("x", e),
                label="black phone" if e == EXHIBITS[0] else None,
                authority="Order 7/2026",
            )
            for e in EXHIBITS
        ),
        sources=tuple(
            r.Source(exhibit_id=e, source_id=sha("s", e), kind="whatsapp.android.msgstore",
                     reader="whatsapp_android 1")
            for e in EXHIBITS
        ),
        accounts=tuple(named),
        tokens=tuple(tokens),
        groups=tuple(groups),
        memberships=tuple(members),
        files=tuple(file(n, content, first.get(content)) for n, content in enumerate(contents)),
        shares=tuple(shares),
        counts=(r.CountryCount(country="PT", persons=17), r.CountryCount(persons=3)),
    )  # fmt: skip


def referral(seed: int = 1, size: Size = Size()) -> r.Referral:
    """A referral; the same for the same arguments."""
    rng = random.Random(seed)
    of_person = [accounts(rng, n) for n in range(size.persons)]
    said = r.Assessments(
        persons=tuple(person(rng, n, own) for n, own in enumerate(of_person)),
        decisions=tuple(decision(rng, n, own) for n, own in enumerate(of_person)),
        judgements=tuple(
            r.Judgement(number=100 + n, table="file_categories", about=(sha("f", seed, n),),
                        says="VICS ES 2.0: 2", by="Officer 9", at=START + timedelta(days=50))
            for n in range(min(2, size.files))
        ),
    )  # fmt: skip
    parties = [("PT", "Unit one"), ("CO", "Unit two"), ("SV", "Unit three"), (None, "Europol")]
    return r.Referral(
        package_id=f"urn:uuid:{uuid.UUID(int=rng.getrandbits(128))}",
        made_at=START + timedelta(days=61),
        sender=r.Party(partner_id="es", name="Unidad de prueba", country="ES"),
        receivers=tuple(
            r.Party(partner_id=f"p{n}", name=name, country=country)
            for n, (country, name) in enumerate(parties[: size.receivers])
        ),
        case_reference="op-17",
        purpose="criminal investigation",
        legal_basis="Directive 2016/680 Art. 35",
        marking=Marking(
            handling=(Handling.H1, Handling.H3), tlp=Tlp.AMBER_STRICT, restrictions="ask before use"
        ),
        grading=Grading(scheme=Scheme.EUROPOL, source="A", information="1"),
        keep_until=date(2027, 6, 30),
        facts=facts(rng, seed, size, [a for own in of_person for a in own]),
        assessments=said,
        withheld={"texts": 31, "subjects": 2},
    )
