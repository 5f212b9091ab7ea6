"""What shapes the operation; the defaults are the published outline of one that took place."""

from __future__ import annotations

import msgspec


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
    maps_known: float = 0.35
    """Part of the hidden ids whose number a phone knows."""
    telegram: float = 0.12
    """Part of the groups that are Telegram's."""
    numbers_changed: float = 0.45
    """Odds that a person of interest changes the number, again and again."""
    change_announced: float = 0.55
    """Part of these changes that groups are told of."""
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
