"""Who was searched, what was seized there, and how much each phone kept."""

from collections import defaultdict
from random import Random

import msgspec

from clew.demo.accounts import AccountKind
from clew.demo.groups import Groups
from clew.demo.parameters import Oddity
from clew.demo.people import Part, Person, names
from clew.records import ExhibitKind

_OTHERS = {
    ExhibitKind.LAPTOP: 0.30, ExhibitKind.DISK: 0.20, ExhibitKind.USB: 0.20,
    ExhibitKind.MEMORY_CARD: 0.12, ExhibitKind.TABLET: 0.08, ExhibitKind.CAMERA: 0.06,
    ExhibitKind.OPTICAL_DISC: 0.04,
}  # fmt: skip
_HISTORY = 90


class Clock(msgspec.Struct, frozen=True):
    """How a phone's clock goes: seconds ahead on day 0, and seconds more each 30 days."""

    ahead: float
    drift: float

    def at(self, day: float) -> float:
        """Seconds that it is ahead on a day."""
        return self.ahead + self.drift * day / 30


class Device(msgspec.Struct, kw_only=True):
    """A seized device."""

    exhibit_id: str
    kind: ExhibitKind
    country: str
    force: str
    search: str
    holder: int
    """Person."""
    seized: float
    """Day."""
    accounts: list[int] = msgspec.field(default_factory=list)
    """Accounts that were used on it; none on what is no phone."""
    clock: Clock = Clock(0.0, 0.0)
    text_only: bool = False
    oddity: Oddity = Oddity.NONE
    since: dict[int, float] = msgspec.field(default_factory=dict)
    """Day from which it kept each group of its holder."""

    @property
    def is_phone(self) -> bool:
        """It is a phone."""
        return self.kind == ExhibitKind.PHONE


def search_homes(groups: Groups, chance: Random) -> list[Device]:
    """Search homes of persons of interest, the busier ones rather, and seize what is there."""
    parameters, searched = groups.parameters, _searched(groups, chance)
    phones = _spread(round(len(searched) * parameters.phones_per_search), len(searched))
    everything = _spread(round(len(searched) * parameters.devices_per_search), len(searched))
    others = {ExhibitKind.LAPTOP: 1.0} if parameters.exported_chats else _OTHERS
    devices: list[Device] = []
    count: defaultdict[str, int] = defaultdict(int)
    for number, one in enumerate(searched):
        seized = parameters.days - chance.uniform(0, 45)
        more = max(0, everything[number] - phones[number])
        kinds = [ExhibitKind.PHONE] * phones[number]
        kinds += chance.choices(list(others), list(others.values()), k=more)
        for kind in kinds:
            count[one.country] += 1
            devices.append(Device(
                exhibit_id=f"{one.country}-{count[one.country]:03d}", kind=kind,
                country=one.country, force=f"Force {one.country}", search=f"S-{number + 1:02d}",
                holder=one.number, seized=seized,
            ))  # fmt: skip
        _hand_out(devices[-len(kinds) :][: phones[number]], one, groups, chance)
    phones_seized = sorted((d for d in devices if d.is_phone), key=lambda d: d.exhibit_id)
    for phone, oddity in zip(phones_seized, parameters.oddities, strict=False):
        phone.oddity = oddity
    return devices


def _searched(groups: Groups, chance: Random) -> list[Person]:
    """Persons whose homes are searched: one in the country of each force, then the others."""
    parameters = groups.parameters
    waiting = [p for p in groups.accounts.people if p.of_interest]
    wanted = max(1, round(parameters.coverage * len(waiting)))
    countries = list(dict.fromkeys(p.country for p in waiting))[: parameters.forces]
    waiting = [p for p in waiting if p.country in countries]
    found: list[Person] = []
    for number in range(wanted):
        wherever = number >= len(countries)
        open_to = [p for p in waiting if p not in found
                   and (wherever or p.country == countries[number])]  # fmt: skip
        if not open_to:
            break
        weights = [1.6 if p.part in (Part.ORGANISER, Part.DISTRIBUTOR) else 1.0 for p in open_to]
        found.append(chance.choices(open_to, weights)[0])
    return found


def _spread(total: int, among: int) -> list[int]:
    """How many things each of so many receives, as evenly as can be; one each at least."""
    return [max(1, total // among + (n < total % among)) for n in range(among)]


def _hand_out(phones: list[Device], one: Person, groups: Groups, chance: Random) -> None:
    """Say which accounts were used on which phone of a person, and how much each kept."""
    parameters, accounts = groups.parameters, groups.accounts
    second = accounts.of(one, AccountKind.SECOND)
    main = [a for n in one.accounts if (a := accounts.all[n]) not in second]
    shares = [main, second or main[-1:]] if len(phones) > 1 else [main + second]
    for phone, used in zip(phones, [*shares, *[main[:1]] * len(phones)], strict=False):
        own = {a.number for a in used if a.since < phone.seized}
        own |= {n for n in one.accounts if accounts.all[n].alias_of in own}
        phone.accounts = sorted(own)
        phone.text_only = chance.random() < parameters.text_only
        wrong = chance.random() < parameters.wrong_clock
        ahead = (
            chance.choice((-1, 1)) * chance.uniform(30, 3 * 3600) if wrong else chance.gauss(0, 4)
        )
        phone.clock = Clock(ahead, chance.gauss(0, 1.2))
        for member in groups.of_person.get(one.number, ()):
            end = min(member.until, phone.seized)
            short = chance.random() < parameters.short_history
            since = max(member.since, end - _HISTORY) if short else member.since
            if member.account in own and member.since < phone.seized:
                before = phone.since.get(member.group, since)
                phone.since[member.group] = min(before, since)


def time_zone(device: Device) -> str:
    """IANA zone of a device."""
    return str(names()["country"][device.country][3])
