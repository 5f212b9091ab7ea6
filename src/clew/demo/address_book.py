"""The address book of one phone, ``wa.db``, and the profile pictures that it happened to fetch."""

from pathlib import Path
from random import Random

from clew.demo.accounts import Account, AccountKind
from clew.demo.database import Rows, schema
from clew.demo.messages import milliseconds
from clew.demo.people import Person, saved_name
from clew.demo.portraits import portrait
from clew.demo.retained import near
from clew.demo.seizure import Device
from clew.demo.world import DeviceWriter, World


class AddressBook(DeviceWriter):
    """Writes ``wa.db``: names as the holder saved them, and as people call themselves."""

    def __init__(self, world: World, device: Device, chance: Random, wrote: set[int]) -> None:
        super().__init__(world, device, chance)
        self._wrote = wrote
        """Accounts that wrote here, whose own name the phone knows."""
        self._entered: list[Account] = []
        self._rows = Rows()

    def write(self, folder: Path) -> None:
        """Write the database into a folder, and the pictures beside it."""
        self._fill()
        for group in self._groups() if self._world.parameters.incidentals else ():
            self._rows.add(
                "wa_group_descriptions", jid=group.jid, description=f"About {group.title}",
                description_id=1, description_time=milliseconds(group.since),
            )  # fmt: skip
        self._rows.write(folder / "wa.db", schema("whatsapp_address_book"))
        self._portraits(folder.parent / "files" / "Avatars")

    def _fill(self) -> None:
        """Entries for people around the holder; some have several numbers, and a few two people."""
        accounts, chance, me = self._world.accounts, self._chance, self._me
        around = near(self._world, self._device.holder, self._device.since, chance)
        entries = [(accounts.people[n], saved_name(accounts.people[n], me, chance)) for n in around]
        kinds = (AccountKind.FIRST, AccountKind.CHANGED, AccountKind.SECOND)
        row = 0
        for entry, (one, name) in enumerate(entries, 1):
            most = 1 + (chance.random() < 0.45) + (chance.random() < 0.2)
            numbers = [a for a in accounts.of(one, *kinds) if a.since < self._device.seized][:most]
            together = chance.random() < 0.6
            for nth, account in enumerate(numbers):
                row += 1
                saved = name if together or nth == 0 else saved_name(one, me, chance)
                self._contact(row, account, saved, entry if together else entry + 100_000 * nth)
        self._two_in_one(entries, row)
        self._met(row + 2)

    def _two_in_one(self, entries: list[tuple[Person, str]], row: int) -> None:
        """One entry that holds two people, as a couple's does."""
        if len(entries) < 2 or self._chance.random() < 0.5:
            return
        (one, name), (other, _) = self._chance.sample(entries, 2)
        for nth, person in enumerate((one, other), 1):
            self._contact(row + nth, self._world.account(person.accounts[0]), name, 90_000)

    def _met(self, row: int) -> None:
        """People of groups who are in no address book: what they call themselves is known."""
        known = {account.number for account in self._entered}
        met = [self._world.account(number) for number in sorted(self._wrote - known)]
        for nth, account in enumerate((a for a in met if a.shown), 1):
            self._contact(row + nth, account, None, -1)

    def _contact(self, row: int, account: Account, name: str | None, entry: int) -> None:
        self._entered.append(account)
        self._rows.add(
            "wa_contacts", _id=row, jid=account.jid, is_whatsapp_user=1,
            number=f"+{account.phone}" if name else None, raw_contact_id=entry, display_name=name,
            wa_name=(account.shown or None) if account.number in self._wrote else None,
        )  # fmt: skip

    def _portraits(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        for account in {a.number: a for a in self._entered}.values():
            if account.picture and self._chance.random() < self._world.parameters.pictures_kept:
                (folder / f"{account.jid}.j").write_bytes(portrait(account.picture))
