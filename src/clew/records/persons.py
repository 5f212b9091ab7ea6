"""Which accounts are one person's: links between accounts, what they rest on, how sure that is."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from clew.records.accounts import Account, PhoneNumber
from clew.records.evidence import CountryCode, Exhibit
from clew.schema import Figures, FreeText, Id, Locator, PersonName, ReasonCode, Row, Term


class LinkState(StrEnum):
    """What became of a link."""

    TAKEN = "taken"
    OFFERED = "offered"
    UNLIKELY = "unlikely"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    BARRED = "barred"


class LinkStrength(StrEnum):
    """How often links of about a weight were wrong, as a word."""

    VERY_STRONG = "very_strong"
    STRONG = "strong"
    FAIRLY_STRONG = "fairly_strong"
    MODERATE = "moderate"
    WEAK = "weak"


class LinkRule(StrEnum):
    """What ties an account to a person; the register ``link_rule`` explains each."""

    ITSELF = "itself"
    LID_OF = "lid_of"
    NUMBER_CHANGED = "number_changed"
    SAME_ROW = "same_row"
    SAME_DEVICE = "same_device"
    SAME_NUMBER = "same_number"
    SENT_HERE = "sent_here"
    SHOWN_NUMBER = "shown_number"
    EXPORT_LABEL = "export_label"
    SAME_HOLDER = "same_holder"
    JUDGEMENT = "judgement"
    LINKAGE = "linkage"


class Person(Row, table="persons", key=("person_id",)):
    """Accounts that are taken for one person's: proved by devices, judged, or inferred."""

    person_id: Id[Person]
    """The phone number's account where there is one, else the first account."""
    accounts: int
    """How many accounts."""
    inferred: int
    """How many of them are tied by inference alone; 0 where devices or judgements tie all."""
    weakest_bits: float | None = None
    """Weight of the weakest inferred link that holds the person together, in bits."""
    weakest_error: float | None = None
    """How often links of that weight were wrong; see ``linkage_errors``."""
    weakest_a: Id[Account] | None = None
    """One account of that link."""
    weakest_b: Id[Account] | None = None
    """The other."""
    e164: PhoneNumber | None = None
    """Phone number."""
    country: CountryCode | None = None
    """Country of that number."""
    names: tuple[PersonName, ...]
    """Names given to the accounts."""
    is_owner_of: tuple[Id[Exhibit], ...]
    """Exhibits whose holder's account this is."""
    named_only: bool = False
    """Known by a name that an export shows and by nothing else: such names are counted apart from
    persons, and ranked nowhere."""


class OfPerson(Row):
    """What every row about a person begins with."""

    person_id: Id[Person]
    """The person."""


class PersonAccount(OfPerson, table="person_accounts", key=("account_id",)):
    """Why an account belongs to a person."""

    account_id: Id[Account]
    """The account."""
    rule: LinkRule
    """What ties it."""
    score: float
    """1 for what is stated or judged; for an inference, 1 less how often such links were wrong."""
    inferred: bool
    """An inference stands between it and the account that stands for the person."""
    tied_to: Id[Account] | None = None
    """Account of the person that it is tied to directly; empty for the one that stands for it."""
    exhibit_id: Id[Exhibit] | None = None
    """Exhibit that ties it, where devices or searches do."""
    locator: Locator | None = None
    """Where that stands there."""
    messages: int | None = None
    """Messages that other devices or databases hold and name the sender of, where these tie it."""
    judgement: int | None = None
    """Judgement that ties it."""
    bits: float | None = None
    """Weight of the inference that ties it; the lines are in ``link_evidence``."""


class PersonLink(Row, table="person_links", key=("account_a", "account_b")):
    """Two accounts that may be one person's, by what they have in common: an inference."""

    account_a: Id[Account]
    """One account."""
    account_b: Id[Account]
    """The other, later in the order of names."""
    state: LinkState
    """What became of it."""
    bits: float
    """Weight of all evidence together, in bits, the rarity of such pairs included: 0 is even odds.
    It is no probability: lines of evidence hang together. See ``error``."""
    odds: float
    """Logarithm to base 2 of the odds that the two are one person's, with what the weights leave
    out: which lines agree together, how rare what they share is, and how many rivals each has."""
    error: float
    """Part of the links of about these odds that were wrong, on the calibration set named in
    ``linkage_errors``."""
    strength: LinkStrength
    """The same as a word."""
    lines: int
    """Lines of evidence that speak for it."""
    judgement: int | None = None
    """Judgement that decided it."""
    evidence: tuple[Figures, ...]
    """The lines of ``link_evidence``, the heaviest first, as ``full_name=+7.1``."""


class LinkEvidence(Row, table="link_evidence", key=("account_a", "account_b", "line")):
    """One line of evidence for or against a link."""

    account_a: Id[Account]
    """One account."""
    account_b: Id[Account]
    """The other."""
    line: Term
    """Line of evidence: handle, name, address_book, picture, groups, files, spans, hours, country,
    rarity."""
    agreement: ReasonCode
    """How far the two agree."""
    bits: float
    """Weight in bits; negative where it speaks against."""
    names: tuple[PersonName, ...]
    """Names and handles that they share, as found."""
    shared: tuple[FreeText, ...]
    """What else they share: address-book entries (exhibit, source, entry), hashes of pictures and
    files, groups."""


class LinkageWeight(Row, table="linkage_weights", key=("line", "agreement", "countries")):
    """How much a degree of agreement weighs, and what that was measured on."""

    line: Term
    """Line of evidence."""
    agreement: ReasonCode
    """Degree of agreement."""
    countries: Term
    """For numbers of one country, of two countries, or where one is not known."""
    m: float
    """How often accounts of one person agree so, on links that devices prove."""
    u: float
    """How often accounts of two persons do, on pairs drawn at random."""
    bits: float
    """log2(m / u)."""
    labels: int
    """Proved links that m was counted on."""
    drawn: int
    """Pairs that u was counted on."""


class LinkageError(Row, table="linkage_errors", key=("from_bits",)):
    """How often inferred links of some odds were wrong: observed on a calibration set."""

    from_bits: float
    """Odds, as their logarithm to base 2, from which on this holds."""
    links: int
    """Links of such odds in the calibration set."""
    wrong: int
    """Of these, links of two persons."""
    error: float
    """Part that was wrong; never rising with the odds, and never stated below 1 in 100."""
    calibrated_on: Term
    """Generated operations that it was counted on, each by seed and part of homes searched: this is
    no field error rate."""


class RecycledNumber(Row, table="recycled_numbers", key=("account_id",)):
    """A number that a person gave up and that was seen again after long silence.

    What is later than ``again_from`` is taken to be another person's: there the findings have
    ``later_account_id`` for it, and no inference rests on such a number.
    """

    account_id: Id[Account]
    """Account of the number."""
    next_account_id: Id[Account]
    """Account that the person who gave it up went on with."""
    given_up_at: datetime
    """When the messenger announced the change, in UTC."""
    silent_days: float
    """Days without a sign of life before it was seen again."""
    again_from: datetime
    """First sign of life after that, in UTC."""
    later_account_id: Id[Account]
    """The account from then on, as the findings name it."""
    exhibit_id: Id[Exhibit]
    """Exhibit that announces the change."""
    locator: Locator
    """Where that stands there."""
    again_exhibit_id: Id[Exhibit]
    """Exhibit that shows the first sign of life."""
    again_locator: Locator
    """Where that stands there."""
