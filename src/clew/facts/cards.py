"""Contact cards (vCard, RFC 6350) sent in messages; WhatsApp adds an account as ``waid``."""

import hashlib
import re

from clew.facts.source_columns import Readout
from clew.records import Contact
from clew.schema import Id

_FIELD = re.compile(
    r"^(?:item\d+\.)?(?P<name>[A-Z-]+)(?P<more>[^:]*):(?P<value>.*)$", re.IGNORECASE
)
_WAID = re.compile(r"waid=(\d+)", re.IGNORECASE)


def contact(base: Readout, locator: str, event: str, card: str, number: int = 0) -> Contact:
    """A vCard's names, numbers and addresses; its account where it names one.

    ``number`` counts the cards of one message: each is an entry of its own.
    """
    names: dict[str, str] = {}
    phones, emails, ids = [], [], []
    for line in re.sub(r"\r?\n[ \t]", "", card).splitlines():
        field = _FIELD.match(line)
        if not field:
            continue
        name, value = field["name"].upper(), field["value"].strip()
        ids += _WAID.findall(field["more"])
        if name == "TEL":
            phones.append(value)
        elif name == "EMAIL":
            emails.append(value)
        elif value:
            names.setdefault(name, value)
    family, given = (*names.get("N", "").split(";"), "", "")[:2]
    return Contact(
        **base.at(locator),
        account_id=Id(f"whatsapp:pn:{ids[0]}") if ids else None,
        entry=f"{locator}#{number}",
        display_name=names.get("FN"),
        given_name=given or None,
        family_name=family or None,
        nickname=names.get("NICKNAME"),
        company=names.get("ORG"),
        phones=tuple(phones),
        emails=tuple(emails),
        event_id=Id(event),
        vcard_sha256=hashlib.sha256(card.encode("utf-8", "surrogatepass")).hexdigest(),
    )
