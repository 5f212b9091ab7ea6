"""What shapes the operation; the defaults are the published outline of one that took place."""

from enum import StrEnum
from importlib import resources

import msgspec


class Media(StrEnum):
    """Which files are drawn."""

    NONE = "none"
    SAMPLE = "sample"
    """The first few hundred contents."""
    FULL = "full"


class Oddity(StrEnum):
    """What is out of the ordinary about a phone."""

    NONE = "none"
    LEGACY = "legacy"
    """Its messenger is of the years before 2019, and knows no hidden ids and no deletions."""
    OPEN_LOG = "open log"
    """It was running: its last messages stand in the write-ahead log only."""
    SEALED = "sealed"
    """It comes as one archive, and without its address book."""
    TROUBLE = "trouble"
    """It holds hostile, encrypted and broken files, and odd names."""


class Parameters(msgspec.Struct, frozen=True, kw_only=True):
    """Every figure that the operation is made from."""

    seed: int = 2017
    """The same seed gives the same operation, byte for byte."""
    of_interest: int = 135
    """Persons of interest: those who keep the groups going."""
    accounts: int = 12_000
    """Accounts of all persons together, bystanders included."""
    groups: int = 96
    """Groups, re-created and parallel ones included."""
    most_members: int = 250
    """Members of a group at most."""
    shares: int = 360_000
    """Files shared, in cascades from group to group."""
    introducers: int = 15
    """Persons of interest who bring in what was not seen before."""
    coverage: float = 19 / 135
    """Part of the persons of interest whose homes were searched."""
    days: int = 730
    """How long the network is watched."""
    forces: int = 14
    """Police forces that search."""
    devices_per_search: float = 127 / 19
    """Devices seized in a search, phones among them."""
    phones_per_search: float = 23 / 19
    """Phones among these."""
    text_only: float = 0.12
    """Part of the phones of which chats exported as text are all there is."""
    short_history: float = 0.45
    """Odds that a phone kept the last 90 days of a group and no more."""
    lost_rows: float = 0.04
    """Part of the messages that a phone lost or its holder deleted."""
    deleted_for_all: float = 0.02
    """Part of the messages that their sender deleted for everyone."""
    deletion_missed: float = 0.15
    """Odds that a phone did not hear of such a deletion."""
    wrong_clock: float = 0.2
    """Part of the phones whose clock is off by half a minute to three hours; others by seconds."""
    hidden_ids: float = 0.35
    """Part of the groups whose members are addressed by hidden ids."""
    have_hidden_id: float = 0.16
    """Part of the accounts that have a hidden id, shown where a group shows no numbers."""
    maps_known: float = 0.35
    """Part of the hidden ids whose number a phone knows."""
    telegram: float = 0.12
    """Part of the groups that are Telegram's."""
    numbers_changed: float = 0.45
    """Odds that a person of interest changes the number, again and again."""
    change_announced: float = 0.55
    """Part of these changes that groups are notified of."""
    name_kept: float = 0.5
    """Odds that another account of a person shows the name that the first one shows."""
    pictures_kept: float = 0.3
    """Part of the profile pictures of people it knows that a phone keeps."""
    recycled: float = 0.08
    """Part of the numbers given up that get a new owner."""
    shared_accounts: float = 0.01
    """Part of the accounts that a second person writes from too."""
    impersonators: float = 0.004
    """Part of the bystanders who take the name of a person of interest."""
    chatter: float = 0.35
    """Text messages for each share in a group."""
    invites: float = 0.004
    """Part of these that are invitations to another group."""
    reshare: float = 1.75
    """Onward shares for each exposure, times how catching the content is."""
    introduced: float = 0.06
    """Part of the contents that introducers bring in."""
    imported_again: float = 0.55
    """Odds that a content which is old outside is brought in more than once."""
    known: float = 0.7
    """Part of the old contents that the known set holds; none of the new."""
    media: Media = Media.NONE
    """Which of the shared files are drawn; of the others there are hashes only."""
    ignorable: int = 0
    """Contents whose first file is in a set of files that come with the phone."""
    oddities: tuple[Oddity, ...] = ()
    """What is odd about the phones, in the order of their exhibits; nothing about the others."""
    exported_chats: int = 0
    """Groups that lie on each laptop as text; with any, all that is seized beside phones is one."""
    incidentals: bool = False
    """Phones keep receipts, changes of titles and pictures, descriptions, names of hidden ids."""
    calls: int = 0
    """Calls in the log of each phone."""
    line_breaks: float = 0.0
    """Part of the texts that have a second line."""
    edits: float = 0.0
    """Part of the texts that were changed after they were sent."""
    quotes: float = 0.0
    """Odds that a text answers the one before it."""
    reactions: float = 0.0
    """Part of the texts that somebody reacts to."""


def small(seed: int = 2017) -> Parameters:
    """Six devices with every oddity that examiners meet."""
    found = msgspec.toml.decode(resource("small.toml"), type=Parameters)
    return msgspec.structs.replace(found, seed=seed)


def resource(name: str) -> str:
    """Text of a file beside this module."""
    return resources.files("clew.demo").joinpath(name).read_text("utf-8")
