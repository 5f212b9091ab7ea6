"""The groups: created, closed, created again elsewhere, kept in parallel; who was in, and when."""

from collections import defaultdict
from random import Random

import msgspec

from clew.demo.accounts import Account, AccountKind, Accounts
from clew.demo.people import Part, Person, names

_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789"


class Group(msgspec.Struct, kw_only=True):
    """A group."""

    number: int
    since: float
    until: float
    telegram: bool
    country: str | None
    """Country that most members come from; none for an international group."""
    hidden: bool
    """Its members are addressed by hidden ids."""
    size: int
    title: str = ""
    code: str = ""
    """Code of its invitation."""
    after: int | None = None
    """Group that it takes up where that one ended."""
    beside: int | None = None
    """Group that it is kept in parallel to."""
    admins: list[int] = msgspec.field(default_factory=list)
    """Persons, the creator first."""

    @property
    def source(self) -> int | None:
        """Group that it takes its first members from."""
        return self.beside if self.after is None else self.after

    @property
    def chat_id(self) -> str:
        """The group as Clew names it."""
        return f"whatsapp:{self.jid}" if not self.telegram else f"telegram:channel:{self.peer}"

    @property
    def jid(self) -> str:
        """The group as WhatsApp writes it."""
        return f"120363{self.number:012d}@g.us"

    @property
    def peer(self) -> int:
        """The group as Telegram writes it."""
        return 1_500_000_000 + self.number


class Membership(msgspec.Struct, kw_only=True, frozen=True):
    """An account in a group, from one day to another."""

    group: int
    account: int
    person: int
    since: float
    until: float
    admin: bool
    by_link: bool
    removed: bool


class Groups:
    """All groups and all memberships."""

    def __init__(self, accounts: Accounts, chance: Random) -> None:
        self.all: list[Group] = []
        self.memberships: list[Membership] = []
        self.parameters, self.accounts, self._chance = accounts.parameters, accounts, chance
        self._members: dict[int, set[int]] = {}
        self._count: defaultdict[int, int] = defaultdict(int)
        self._on_telegram = [p for p in accounts.people if accounts.of(p, AccountKind.TELEGRAM)]
        self._can_use_telegram = any(p.of_interest for p in self._on_telegram)
        self._found_all()
        for group in self.all:
            self._fill(group)
        self._settle_the_rest()
        for group in self.all:
            for number in sorted(self._members[group.number]):
                self._join(group, accounts.people[number])
        self.of_group: dict[int, list[Membership]] = {}
        self.of_person: dict[int, list[Membership]] = {}
        for member in self.memberships:
            self.of_group.setdefault(member.group, []).append(member)
            self.of_person.setdefault(member.person, []).append(member)

    def _found_all(self) -> None:
        """Found groups until there are enough, with those that come after and beside them."""
        most, end = self.parameters.groups, self.parameters.days
        while len(self.all) < most:
            group = self._found(self._chance.uniform(0, end * 0.55))
            if self._chance.random() < 0.12 and len(self.all) < most:
                start = min(end - 20, group.since + self._chance.uniform(5, 60))
                twin = self._found(start, like=group, beside=group.number)
                twin.until = group.until
            while group.until < end - 15 and self._chance.random() < 0.55 and len(self.all) < most:
                gap = self._chance.choice((-3, -1, 0, 0.2, 1, 2, 4, self._chance.uniform(4, 25)))
                start = min(group.until + gap, end - 6)
                group = self._found(start, like=group, after=group.number)

    def _found(self, since: float, like: Group | None = None, **relation: int) -> Group:
        """Found a group, ``after`` or ``beside`` another or on its own."""
        end, chance, countries = self.parameters.days, self._chance, names()["country"]
        where = chance.choices(list(countries), [c[2] for c in countries.values()])[0]
        telegram = chance.random() < self.parameters.telegram and self._can_use_telegram
        group = Group(
            number=len(self.all),
            since=since,
            until=max(since + 3, min(end, since + chance.expovariate(1 / 260) + 20)),
            telegram=like.telegram if like else telegram,
            country=like.country if like else (where if chance.random() < 0.62 else None),
            hidden=chance.random() < self.parameters.hidden_ids,
            size=int(min(self.parameters.most_members, max(12, chance.lognormvariate(5.05, 0.55)))),
            code="".join(chance.choices(_LETTERS, k=22)),
            after=relation.get("after"),
            beside=relation.get("beside"),
        )
        group.until = min(group.until, end)
        group.title = self._title(group)
        self.all.append(group)
        return group

    def _title(self, group: Group) -> str:
        chance, known = self._chance, names()["title"]
        if group.after is not None and chance.random() < 0.45:
            return str(chance.choice(known["again"]).format(self.all[group.after].title))
        if group.beside is not None:
            return str(chance.choice(known["beside"]).format(self.all[group.beside].title))
        number = f" {chance.randrange(100)}" if chance.random() < 0.5 else ""
        return f"{chance.choice(known['words'])} {chance.choice(known['words'])}{number}"

    def _fill(self, group: Group) -> None:
        """Choose members: from the group before, of persons of interest, and of the country."""
        chance = self._chance
        members = self._taken_over(group)
        core = [
            p for p in self.accounts.people
            if p.of_interest and (not group.telegram or self.accounts.of(p, AccountKind.TELEGRAM))
        ]  # fmt: skip
        weights = [_pull(p, group) for p in core]
        members |= {p.number for p in chance.choices(core, weights, k=chance.randint(2, 7))}
        everybody = self._on_telegram if group.telegram else self.accounts.people
        local = [p for p in everybody if p.country == group.country]
        for _ in range(5000):
            if len(members) >= group.size:
                break
            near = local and chance.random() < 0.75
            one = chance.choice(local if near else everybody)
            if not self._count[one.number] or chance.random() >= 0.35:
                members.add(one.number)
        self._members[group.number] = members
        for number in members:
            self._count[number] += 1
        group.admins = self._admins(members)

    def _taken_over(self, group: Group) -> set[int]:
        if group.source is None:
            return set()
        kept = self._chance.uniform(0.50, 0.92) if group.beside is None else 0.6
        admins, members = self.all[group.source].admins, sorted(self._members[group.source])
        return {n for n in members if n in admins or self._chance.random() < kept}

    def _admins(self, members: set[int]) -> list[int]:
        people, chance = self.accounts.people, self._chance
        ordered = sorted(members)
        found = [n for n in ordered if people[n].part == Part.ORGANISER][:3]
        if not found:
            found = [chance.choice([n for n in ordered if people[n].of_interest] or ordered)]
        if chance.random() < 0.3:
            found.append(chance.choice(ordered))
        return list(dict.fromkeys(found))

    def _settle_the_rest(self) -> None:
        """Put everybody who is in no group into one that has room."""
        open_to_all = [g for g in self.all if not g.telegram]
        for one in self.accounts.people:
            if self._count[one.number]:
                continue
            most = self.parameters.most_members
            room = [g for g in open_to_all if len(self._members[g.number]) < most]
            near = [g for g in room if g.country in (one.country, None)]
            if room:
                self._members[self._chance.choice(near or room).number].add(one.number)

    def _join(self, group: Group, one: Person) -> None:
        """Memberships of a person: one for each account used while in the group."""
        chance = self._chance
        admin = one.number in group.admins
        if admin:
            joined = group.since
        elif group.source is not None and one.number in self._members[group.source]:
            joined = group.since + chance.expovariate(1 / 1.5)
        else:
            joined = group.since + chance.random() ** 2 * (group.until - group.since) * 0.8
        joined = min(joined, group.until - 0.01)
        stays = chance.random() < 0.8
        left = group.until if stays else chance.uniform(joined, group.until)
        removed, by_link = chance.random() < 0.3, chance.random() < 0.6
        for account in self._used(one, group):
            since, until = max(joined, account.since), min(left, account.until)
            if account.kind == AccountKind.CHANGED and since == account.since:
                since += chance.expovariate(1 / 2)
            if until - since >= 0.02:
                self.memberships.append(Membership(
                    group=group.number, account=self._shown(account, group), person=one.number,
                    since=since, until=until, admin=admin, by_link=by_link and not admin,
                    removed=removed and not stays,
                ))  # fmt: skip

    def _used(self, one: Person, group: Group) -> list[Account]:
        if group.telegram:
            return self.accounts.of(one, AccountKind.TELEGRAM)
        kinds = (AccountKind.FIRST, AccountKind.CHANGED, AccountKind.RECYCLED)
        numbers = self.accounts.of(one, *kinds)
        second = self.accounts.of(one, AccountKind.SECOND)
        if second and self._chance.random() < 0.35:
            return second if self._chance.random() < 0.5 else numbers + second
        return numbers

    def _shown(self, account: Account, group: Group) -> int:
        """The hidden id of an account where the group shows no numbers, if it has one."""
        if group.hidden and not group.telegram:
            one = self.accounts.people[account.person]
            for hidden in self.accounts.of(one, AccountKind.HIDDEN):
                if hidden.alias_of == account.number:
                    return hidden.number
        return account.number


def _pull(one: Person, group: Group) -> float:
    pull = {Part.ORGANISER: 3.0, Part.DISTRIBUTOR: 3.0, Part.BRIDGE: 4.5}.get(one.part, 1.0)
    return pull * (2.5 if one.country == group.country and one.part != Part.BRIDGE else 1.0)
