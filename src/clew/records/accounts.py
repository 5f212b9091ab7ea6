"""Accounts of messengers as each source knew them: identifiers, names, ties."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from clew.records.facts import Fact
from clew.schema import FreeText, Handle, Id, Kind, Matches, PersonName, Term

PhoneNumber = Annotated[str, Kind.NUMBER, Matches(r"\+[1-9][0-9]{4,14}")]


class IdType(StrEnum):
    """What kind of identifier names an account."""

    PHONE = "phone"
    LID = "lid"
    USER_ID = "user_id"
    ACI = "aci"
    USERNAME = "username"
    EMAIL = "email"
    LABEL = "label"
    """A name as the exporting device showed it; it means nothing outside its source."""
    OWNER = "owner"
    """The holder of the device where the source does not say which account that is."""
    SERVICE = "service"
    """The messenger itself, a bot or a channel."""


class NameKind(StrEnum):
    """Who gave an account its name."""

    ADDRESS_BOOK = "address_book"
    PUSH = "push"
    PROFILE = "profile"
    GROUP_LABEL = "group_label"
    EXPORT_LABEL = "export_label"


class Relation(StrEnum):
    """How a source ties two accounts to each other."""

    LID_OF = "lid_of"
    NUMBER_CHANGED = "number_changed"
    VCARD_WAID = "vcard_waid"
    SAME_ROW = "same_row"
    SAME_DEVICE = "same_device"
    """The device itself gives both as senders of messages sent from it."""


class Account(Fact, table="accounts", key=("exhibit_id", "source_id", "account_id")):
    """A messaging account as one source knew it; two phones that knew it give two rows."""

    account_id: Id[Account]
    """Platform, type and identifier, such as ``whatsapp:pn:34600111222``."""
    platform: Term
    """Messenger."""
    id_type: IdType
    """What kind of identifier it is."""
    identifier: Handle
    """The identifier as the messenger keeps it."""
    e164: PhoneNumber | None = None
    """Phone number in E.164 form, where the identifier is one."""
    is_owner: bool = False
    """It is the account of the device's holder."""
    about: FreeText | None = None
    """Status line of the profile."""
    company: FreeText | None = None
    """Company as in the address book."""
    is_business: bool | None = None
    """Marked as a business by the messenger."""


class AccountName(Fact, table="account_names"):
    """A name that someone gave an account."""

    account_id: Id[Account]
    """The account."""
    name: PersonName
    """The name as stored."""
    name_kind: NameKind
    """Who gave it."""


class AccountAlias(Fact, table="account_aliases"):
    """Two accounts that a source itself ties together."""

    a: Id[Account]
    """One account, such as the LID."""
    b: Id[Account]
    """The other, such as the phone number; the new one after a change of number."""
    relation: Relation
    """What ties them."""
    at: datetime | None = None
    """When, where the source says."""
