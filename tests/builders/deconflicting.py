"""Two agencies that ask each other: ES has numbers, PT asks; each with officers and a key."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from builders.packages import partner, signer

from clew.casefile import create_case
from clew.casefile.custody.identity import Analyst
from clew.casefile.engine import Progress
from clew.exchange.deconfliction import answering, asking, offering, reading
from clew.exchange.deconfliction.dealing import Agency, Dealing
from clew.exchange.deconfliction.forms import Kind, normal
from clew.schema import replace

AT = datetime(2026, 11, 30, 12, tzinfo=UTC)
NUMBERS = [f"+346001112{n:02}|2017-H1" for n in range(40)]
SHARED = NUMBERS[:3]
ASKED = [*SHARED, *(f"+35191000{n:04}|2017-H1" for n in range(9))]


def forms(texts, kind=Kind.PHONE):
    return [normal(kind, text) for text in texts]


class Side:
    """One agency with its case."""

    def __init__(self, folder: Path, name: str) -> None:
        self.name, self.folder = name, folder
        self.case = create_case(folder / f"case-{name}", name, "Order 1/2026")
        self.agency = Agency(name, signer(f"{name.lower()}.example/exchange"))
        self.officers = [Analyst(f"{name} {n}", signer(f"{name} {n}")) for n in (1, 2, 3)]
        self.partners = {}

    def dealing(self, officer: int = 0, at: datetime = AT) -> Dealing:
        self.case.custody.analyst = self.officers[officer]
        return Dealing(
            case=self.case, partners=self.partners, by=self.officers[officer].name,
            reason="operation", at=at,
        )  # fmt: skip


class Pair:
    """ES and PT, who have registered each other."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.es, self.pt = Side(folder, "ES"), Side(folder, "PT")
        self.es.partners = {"PT": partner(self.pt.agency.signer)}
        self.pt.partners = {"ES": partner(self.es.agency.signer)}

    def close(self) -> None:
        self.es.case.close()
        self.pt.case.close()

    def offer(self, texts=NUMBERS, name="offer", **more) -> Path:
        out = self.folder / name
        kind = more.pop("kind", Kind.PHONE)
        at = more.pop("at", AT)
        told = {"partner": "PT", "period": "2026-H2", "legal_basis": "Art. 7"} | more
        wanted = offering.Wanted(kind=kind, forms=forms(texts, kind), **told)
        offering.offer(self.es.dealing(at=at), self.es.agency, wanted, out, Progress())
        return out

    def ask(self, offer: Path, texts=ASKED, name="ask", at=AT, **more) -> Path:
        out = self.folder / name
        wanted = asking.Wanted(forms=forms(texts), legal_basis="Art. 7", **more)
        asking.ask(self.pt.dealing(at=at), self.pt.agency, offer, wanted, out)
        return out

    def answer(self, ask: Path, name="answer", at=AT) -> Path:
        out = self.folder / name
        for officer in (0, 1):
            answering.answer(self.es.dealing(officer, at), self.es.agency, ask, out)
        return out

    def read(self, answer: Path, name="notice", at=AT):
        out = self.folder / name
        return out, *reading.answer(self.pt.dealing(at=at), self.pt.agency, answer, out)


def later(**about: int) -> datetime:
    return AT + timedelta(**about)


def logged(side: Side) -> str:
    """All that the custody log says."""
    return "\n".join(entry.body for entry in side.case.custody.entries())


def expired(side: Side, name: str) -> None:
    """Let the registration of a partner end before the day of the tests."""
    known = side.partners[name]
    known.valid_until = AT - timedelta(days=1)


__all__ = ["ASKED", "AT", "NUMBERS", "SHARED", "Pair", "Side", "expired", "forms", "later",
           "logged", "replace"]  # fmt: skip
