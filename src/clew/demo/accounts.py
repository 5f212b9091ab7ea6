"""The accounts of the people over time: numbers, hidden ids, second phones, Telegram.

A number here is a dialling prefix, two zeros and a serial: nobody has such a number.
"""

from enum import StrEnum
from random import Random

import msgspec

from clew.demo.parameters import Parameters
from clew.demo.people import Person, names, own_name, person, plain


class AccountKind(StrEnum):
    """How a person came to an account."""

    FIRST = "first"
    CHANGED = "changed"
    """A new number for the one before."""
    SECOND = "second"
    """A second phone."""
    HIDDEN = "hidden"
    """The hidden id of another account."""
    TELEGRAM = "telegram"
    RECYCLED = "recycled"
    """A number that another person had given up."""


class Account(msgspec.Struct, kw_only=True):
    """An account, from one day to another."""

    number: int
    person: int
    kind: AccountKind
    since: float
    """Day on which it began, from 0."""
    until: float
    """Day on which it was given up."""
    phone: str | None = None
    lid: str | None = None
    telegram: int | None = None
    username: str | None = None
    alias_of: int | None = None
    """Account whose hidden id this is."""
    follows: int | None = None
    """Account whose number this one replaced."""
    announced: bool = False
    """Groups were notified that it replaced another."""
    shared_with: int | None = None
    """Second person who writes from it."""
    shown: str = ""
    """Name that it shows to others; empty for none."""
    picture: str = ""
    """Profile picture that it shows; empty for none."""

    @property
    def account_id(self) -> str:
        """The account as Clew names it."""
        if self.telegram is not None:
            return f"telegram:user:{self.telegram}"
        return f"whatsapp:pn:{self.phone}" if self.phone else f"whatsapp:lid:{self.lid}"

    @property
    def jid(self) -> str:
        """The account as WhatsApp writes it."""
        return f"{self.phone}@s.whatsapp.net" if self.phone else f"{self.lid}@lid"


class Accounts:
    """Everybody and every account, made until there are enough."""

    def __init__(self, parameters: Parameters, chance: Random) -> None:
        self.people: list[Person] = []
        self.all: list[Account] = []
        self.parameters, self._chance = parameters, chance
        for number in range(parameters.of_interest):
            self._open(person(number, chance, of_interest=True))
        while len(self.all) < parameters.accounts:
            self._open(person(len(self.people), chance, of_interest=False))
        self._recycle()
        self._share()

    def of(self, one: Person, *kinds: AccountKind) -> list[Account]:
        """Accounts of a person of some kinds, in the order in which they began."""
        return [self.all[n] for n in one.accounts if self.all[n].kind in kinds]

    def present(self) -> None:
        """Let accounts show names and pictures; a hidden id shows its account's."""
        chance = Random(f"{self.parameters.seed} names")
        first: dict[int, str] = {}
        for account in self.all:
            if account.alias_of is not None:
                behind = self.all[account.alias_of]
                account.shown, account.picture = behind.shown, behind.picture
                continue
            account.picture = _picture(account, chance)
            kept = first.get(account.person)
            if not kept or chance.random() >= self.parameters.name_kept:
                kept = own_name(self.people[account.person], self.people, chance)
            account.shown = kept
            first.setdefault(account.person, kept)

    def _new(self, one: Person, kind: AccountKind, since: float, **about: object) -> Account:
        given = {"number": len(self.all), "person": one.number, "kind": kind, "since": since}
        account = msgspec.convert(given | {"until": float(self.parameters.days)} | about, Account)
        self.all.append(account)
        one.accounts.append(account.number)
        return account

    def _open(self, one: Person) -> None:
        self.people.append(one)
        chance = self._chance
        first = self._new(one, AccountKind.FIRST, 0.0, phone=self._phone(one.country))
        opened = [first, *self._changes(one, first)]
        if chance.random() < (0.20 if one.of_interest else 0.02):
            since = chance.uniform(0, self.parameters.days / 2)
            opened.append(self._new(one, AccountKind.SECOND, since, phone=self._phone(one.country)))
        for account in opened:
            if chance.random() < self.parameters.have_hidden_id:
                lid = "".join(chance.choices("123456789", k=15))
                hidden = self._new(
                    one, AccountKind.HIDDEN, account.since, alias_of=account.number, lid=lid
                )
                hidden.until = account.until
        if chance.random() < (0.35 if one.of_interest else 0.08):
            self._telegram(one, first)

    def _changes(self, one: Person, current: Account) -> list[Account]:
        """Numbers that follow the first; each is given up about when the next begins."""
        parameters, chance, at = self.parameters, self._chance, 0.0
        odds = parameters.numbers_changed if one.of_interest else 0.06
        found: list[Account] = []
        while chance.random() < odds and len(found) < 4 and at + 60 < parameters.days:
            at = chance.uniform(max(at + 30, 60), parameters.days - 20)
            current.until = at + chance.choice((0, 0, 0, chance.uniform(0, 30)))
            moved = chance.random() < 0.1
            country = chance.choice(list(names()["country"])) if moved else one.country
            phone, announced = self._phone(country), chance.random() < parameters.change_announced
            current = self._new(one, AccountKind.CHANGED, at, phone=phone, follows=current.number,
                                announced=announced)  # fmt: skip
            found.append(current)
        return found

    def _telegram(self, one: Person, first: Account) -> None:
        chance = self._chance
        spelled = plain(f"{one.given}{chance.choice(('', '_', '.'))}{one.family}").lower()
        name = one.handle if chance.random() < 0.55 else spelled
        self._new(
            one, AccountKind.TELEGRAM, chance.uniform(0, self.parameters.days / 2),
            telegram=7_000_000_000 + len(self.all),
            username=name if chance.random() < 0.75 else None,
            phone=first.phone if chance.random() < 0.12 else None,
        )  # fmt: skip

    def _recycle(self) -> None:
        """Give some numbers that were given up to bystanders, two months later or more."""
        bystanders = [p for p in self.people if not p.of_interest]
        for old in [a for a in self.all if a.until < self.parameters.days - 90]:
            if old.kind != AccountKind.HIDDEN and self._chance.random() < self.parameters.recycled:
                since = self._chance.uniform(old.until + 60, self.parameters.days - 20)
                owner = self._chance.choice(bystanders)
                self._new(owner, AccountKind.RECYCLED, since, phone=old.phone)

    def _share(self) -> None:
        count = round(self.parameters.shared_accounts * len(self.all))
        for account in self._chance.sample(self.all, count):
            account.shared_with = self._chance.choice(self.people).number

    def _phone(self, country: str) -> str:
        return f"{names()['country'][country][0]}00{len(self.all):07d}"


def _picture(account: Account, chance: Random) -> str:
    """One of a person's few pictures, one that many take from the web, or none."""
    draw, own = chance.random(), chance.randrange(1 + account.person % 3)
    if draw < 0.25:
        return ""
    return f"stock {chance.randrange(250)}" if draw < 0.45 else f"person {account.person} {own}"
