"""Other agencies that a case exchanges packages with, as people registered and checked them."""

from datetime import datetime
from enum import StrEnum

from clew.records.evidence import Sha256
from clew.records.judgements import Judgement
from clew.schema import Country, FreeText, Term


class PartnerKind(StrEnum):
    """What an agency is."""

    POLICE = "police"
    COURT = "court"
    EUROPOL = "europol"
    INTERPOL = "interpol"


class Partner(Judgement, table="partners", key=("number",)):
    """A partner with the keys that were checked; of several registrations of one the latest counts.

    An agency that only receives has no key that signs, one that only sends none that opens.
    """

    partner_id: Term
    """What packages call the partner, such as ``PT``."""
    partner_name: Term
    """The agency's name."""
    country: Country | None = None
    """Its country (ISO 3166); empty of an international body."""
    partner_kind: PartnerKind
    """What it is."""
    verifier: Term | None = None
    """Key that signs its packages, as NAME+ID+KEY."""
    age_recipient: Term | None = None
    """Recipient of age that it opens packages with."""
    certificate: Term | None = None
    """Certificate that it opens packages with, in PEM."""
    certificate_sha256: Sha256 | None = None
    """SHA-256 of the certificate in DER, to compare by telephone."""
    openpgp: Term | None = None
    """OpenPGP certificate that it opens packages with, armoured."""
    checked_how: FreeText
    """How it was made sure that the keys are theirs."""
    valid_from: datetime
    """Moment from which packages are exchanged with these keys, in UTC."""
    valid_until: datetime
    """Moment until which they are."""
