"""Agencies of the demo: two officers and a unit each, with keys that are made in its folder.

They have no passphrase and prove nothing: whoever has the folder has all of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

import msgspec

from clew.casefile import Case
from clew.casefile.custody import keys
from clew.casefile.custody.checkpoint import Signer, verifier
from clew.casefile.custody.identity import Analyst
from clew.casefile.ledger import now
from clew.exchange.receiving.delivering import Opener
from clew.exchange.routing.decisions import Signed
from clew.exchange.sealing import AgeKey
from clew.exchange.sealing.locks import age
from clew.exchange.sealing.partners import Registration, register
from clew.records import PartnerKind

COORDINATOR = "COORDINATOR"
"""The agency that gets a package of each country."""
KEYS = "demonstration-keys"
"""Folder of an agency's keys."""
_WARNING = """\
These keys were made by `clew demo --split` for a demonstration. They have no passphrase and lie
beside all others: they prove nothing. Never register one with a partner, nor use one in a case.
"""
_REASON = "demonstration"
_DAY = timedelta(days=1)


class Agency(msgspec.Struct, frozen=True, kw_only=True):
    """An agency of the demo, with everything that it signs and opens with."""

    id: str
    """Under which id partners register it."""
    country: str | None
    home: Path
    """Its folder, with its case and its keys."""
    officers: tuple[Analyst, Analyst]
    signer: Signer
    """Key of the unit, which partners register."""
    identity: str
    """Identity of age that opens what it receives."""

    @property
    def case(self) -> Path:
        """Folder of its case."""
        return self.home / "case"

    @property
    def opener(self) -> Opener:
        """Who opens what it receives."""
        return Opener(me=self.id, keys=(AgeKey(self.identity),))

    def at_work(self, case: Case, officer: int = 0) -> Signed:
        """Let one of its officers sign what is decided in a case from here on."""
        case.custody.analyst = self.officers[officer]
        return Signed(self.officers[officer].name, _REASON)


def agency(home: Path, name: str, country: str | None) -> Agency:
    """Make an agency with fresh keys in a folder, beside a file that says what they are."""
    folder = home / KEYS
    folder.mkdir(parents=True)
    (folder / "READ-ME-FIRST.txt").write_text(_WARNING, encoding="utf-8")
    identity = age.fresh()
    (folder / "opens.age").write_text(f"# DEMONSTRATION KEY\n{identity}\n", encoding="utf-8")
    (folder / "opens.age").chmod(0o600)
    officers = [
        Analyst(f"Demo officer {n} of {name}", _key(folder / f"officer-{n}.pem", name, f"{n}"))
        for n in (1, 2)
    ]
    return Agency(
        id=name, country=country, home=home, officers=(officers[0], officers[1]),
        signer=_key(folder / "unit.pem", name, "unit"), identity=identity,
    )  # fmt: skip


def introduce(case: Case, own: Agency, others: Iterable[Agency]) -> None:
    """Register other agencies in a case, as an officer who has checked their keys."""
    own.at_work(case)
    today = now()
    for other in others:
        register(case, Registration(
            partner_id=other.id, partner_name=f"Demo agency {other.id}", country=other.country,
            partner_kind=PartnerKind.POLICE if other.country else PartnerKind.EUROPOL,
            valid_from=today - _DAY, valid_until=today + 365 * _DAY,
            checked_how="keys of a demonstration, made on this machine",
            verifier=verifier(other.signer.name, other.signer.public),
            age_recipient=str(age.identity(other.identity).to_public()),
        ), own.officers[0].name)  # fmt: skip


def _key(file: Path, name: str, whose: str) -> Signer:
    keys.make(file, "", open_to_its_owner=True)
    return keys.load(file, f"{name.lower()}.demo.example/{whose}", "")
